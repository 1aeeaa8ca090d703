//! `cardabelle synthetic rpps|savoir-faire|diplomas|mssante|finess`: invented official files of any size.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::ValueEnum;
use domain::annuaire::synthetic::Synthetic;

use crate::annuaire::communes::by_code;

/// Where the invented people work when no commune is named.
const COMMUNES: [&str; 3] = ["31033", "31345", "09282"];

#[derive(Debug, clap::Args)]
pub struct Files {
    #[arg(value_enum)]
    kind: Kind,
    /// Fichier à écrire ; ne remplace rien.
    file: PathBuf,
    #[arg(long, default_value_t = 1000)]
    rows: u64,
    /// Les mêmes rangs et la même graine donnent le même fichier.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Codes INSEE du territoire.
    #[arg(long, value_name = "INSEE", value_delimiter = ',', default_values_t = COMMUNES.map(String::from))]
    communes: Vec<String>,
    /// Combien de personnes sur mille sont du territoire.
    #[arg(long, default_value_t = 100)]
    share: u64,
    /// 56 colonnes, ou 52 comme avant 2021.
    #[arg(long, default_value_t = 56)]
    columns: usize,
    /// Une ligne sur cinq cents est fausse.
    #[arg(long)]
    faults: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Rpps,
    SavoirFaire,
    Diplomas,
    Mssante,
    Finess,
}

impl Files {
    pub fn run(self) -> Result<()> {
        let commune = |code: &String| {
            let found = by_code(code).with_context(|| format!("« {code} » n’est pas le code INSEE d’une commune."))?;
            Ok(found.commune())
        };
        let communes = self.communes.iter().map(commune).collect::<Result<Vec<_>>>()?;
        let Self { seed, share, columns, faults, rows, .. } = self;
        let made = Synthetic { seed, communes: &communes, share, columns, faults };
        let mut to = BufWriter::with_capacity(
            1 << 20,
            File::create_new(&self.file).with_context(|| format!("{} ne peut pas être écrit.", self.file.display()))?,
        );
        let header = match self.kind {
            Kind::Rpps => made.rpps_header(),
            Kind::SavoirFaire => made.savoir_faire_header(),
            Kind::Diplomas => made.diplomas_header(),
            Kind::Mssante => made.mssante_header(),
            Kind::Finess => made.finess_header(),
        };
        writeln!(to, "{header}")?;
        for n in 0..rows {
            let row = match self.kind {
                Kind::Rpps => made.rpps_row(n),
                Kind::SavoirFaire => made.savoir_faire_row(n),
                Kind::Diplomas => made.diplomas_row(n),
                Kind::Mssante => made.mssante_row(n),
                Kind::Finess => made.finess_row(n),
            };
            writeln!(to, "{row}")?;
        }
        Ok(to.flush()?)
    }
}
