//! Codes of the « nomenclatures des objets de santé » (ANS) the official files write, as data.
//!
//! Sources: JDV_J106 « Ensemble des professions du RASS » of 2026-03-30 and JDV_J01 of 2024-12-13 (professions and ordinal
//! specialities), TRE_R23 (modes), JDV_J02 of 2024-12-13 (sectors). A code that is not here keeps the label of its file.

use super::entry::Coded;

/// The newest of these lists.
pub const VERSION: &str = "2026-03-30";

/// A code and what it is called; `feminine` is empty where the word does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profession {
    pub code: &'static str,
    pub label: &'static str,
    pub feminine: &'static str,
}

const fn profession(code: &'static str, label: &'static str, feminine: &'static str) -> Profession {
    Profession { code, label, feminine }
}

/// « Code profession »: TRE_G15, and the few of TRE_R94 and TRE_R95 the same column holds.
pub const PROFESSIONS: [Profession; 34] = [
    profession("10", "Médecin", ""),
    profession("21", "Pharmacien", "Pharmacienne"),
    profession("26", "Audioprothésiste", ""),
    profession("28", "Opticien-lunetier", "Opticienne-lunetière"),
    profession("31", "Assistant dentaire", "Assistante dentaire"),
    profession("32", "Physicien médical", "Physicienne médicale"),
    profession("35", "Aide-soignant", "Aide-soignante"),
    profession("36", "Ambulancier", "Ambulancière"),
    profession("37", "Auxiliaire de puériculture", ""),
    profession("38", "Préparateur en pharmacie hospitalière", "Préparatrice en pharmacie hospitalière"),
    profession("39", "Préparateur en pharmacie", "Préparatrice en pharmacie"),
    profession("40", "Chirurgien-dentiste", "Chirurgienne-dentiste"),
    profession("41", "Assistant de service social", "Assistante de service social"),
    profession("50", "Sage-femme", ""),
    profession("60", "Infirmier", "Infirmière"),
    profession("69", "Infirmier psychiatrique", "Infirmière psychiatrique"),
    profession("70", "Masseur-kinésithérapeute", "Masseuse-kinésithérapeute"),
    profession("71", "Ostéopathe", ""),
    profession("72", "Psychothérapeute", ""),
    profession("73", "Chiropracteur", "Chiropractrice"),
    profession("80", "Pédicure-podologue", ""),
    profession("81", "Orthoprothésiste", ""),
    profession("82", "Podo-orthésiste", ""),
    profession("83", "Orthopédiste-orthésiste", ""),
    profession("84", "Oculariste", ""),
    profession("85", "Épithésiste", ""),
    profession("86", "Technicien de laboratoire médical", "Technicienne de laboratoire médical"),
    profession("91", "Orthophoniste", ""),
    profession("92", "Orthoptiste", ""),
    profession("93", "Psychologue", ""),
    profession("94", "Ergothérapeute", ""),
    profession("95", "Diététicien", "Diététicienne"),
    profession("96", "Psychomotricien", "Psychomotricienne"),
    profession("98", "Manipulateur d’électroradiologie médicale", "Manipulatrice d’électroradiologie médicale"),
];

/// Ordinal specialities of physicians (TRE_R38), the first kind of « savoir-faire ».
pub const SPECIALITIES: [(&str, &str); 95] = [
    ("SM01", "Anatomie et Cytologie pathologiques"),
    ("SM02", "Anesthésie-réanimation"),
    ("SM03", "Biologie médicale"),
    ("SM04", "Cardiologie et maladies vasculaires"),
    ("SM05", "Chirurgie générale"),
    ("SM06", "Chirurgie maxillo-faciale"),
    ("SM07", "Chirurgie maxillo-faciale et Stomatologie"),
    ("SM08", "Chirurgie orthopédique et Traumatologie"),
    ("SM09", "Chirurgie infantile"),
    ("SM10", "Chirurgie plastique reconstruct et esthétique"),
    ("SM11", "Chirurgie thoracique et cardio-vasculaire"),
    ("SM12", "Chirurgie urologique"),
    ("SM13", "Chirurgie vasculaire"),
    ("SM14", "Chirurgie viscérale et digestive"),
    ("SM15", "Dermatologie et Vénéréologie"),
    ("SM16", "Endocrinologie et métabolisme"),
    ("SM17", "Génétique médicale"),
    ("SM18", "Gériatrie"),
    ("SM19", "Gynécologie médicale"),
    ("SM20", "Gynécologie-obstétrique"),
    ("SM21", "Hématologie"),
    ("SM22", "Hématologie, opt Maladie du sang"),
    ("SM23", "Hématologie, opt Onco-hématologie"),
    ("SM24", "Gastro-entérologie et hépatologie"),
    ("SM25", "Médecine du travail"),
    ("SM26", "Qualifié en Médecine Générale"),
    ("SM27", "Médecine interne"),
    ("SM28", "Médecine nucléaire"),
    ("SM29", "Médecine physique et réadaptation"),
    ("SM30", "Néphrologie"),
    ("SM31", "Neuro-chirurgie"),
    ("SM32", "Neurologie"),
    ("SM33", "Neuro-psychiatrie"),
    ("SM34", "ORL et Chirurgie cervico-faciale"),
    ("SM35", "Oncologie, opt Onco-hématologie"),
    ("SM36", "Oncologie, opt médicale"),
    ("SM37", "Oncologie, opt radiothérapie"),
    ("SM38", "Ophtalmologie"),
    ("SM39", "Oto-rhino-laryngologie"),
    ("SM40", "Pédiatrie"),
    ("SM41", "Pneumologie"),
    ("SM42", "Psychiatrie"),
    ("SM43", "Psychiatrie, opt enfant et adolescent"),
    ("SM44", "Radio-diagnostic"),
    ("SM45", "Radio-thérapie"),
    ("SM46", "Médecine intensive-réanimation"),
    ("SM47", "Recherche médicale"),
    ("SM48", "Rhumatologie"),
    ("SM49", "Santé publique et Médecine sociale"),
    ("SM50", "Stomatologie"),
    ("SM51", "Gynéco-obstétrique et Gynéco méd, opt Gyn-obs"),
    ("SM52", "Gynéco-obstétrique et Gynéco méd, opt Gyn-méd"),
    ("SM53", "Spécialiste en Médecine Générale"),
    ("SM54", "Médecine Générale"),
    ("SM55", "Radio-diagnostic et Radio-Thérapie"),
    ("SM56", "Chirurgie orale"),
    ("SM57", "Allergologie"),
    ("SM58", "Maladies infectieuses et tropicales"),
    ("SM59", "Médecine d’urgence"),
    ("SM60", "Médecine légale et expertises médicales"),
    ("SM61", "Médecine vasculaire"),
    ("SM62", "Endocrinologie, diabétologie, nutrition"),
    ("SM63", "Biologie médicale option biologie générale"),
    ("SM64", "Biologie médicale option médecine moléculaire, génétique et pharmacologie"),
    ("SM65", "Biologie médicale option hématologie et immunologie"),
    ("SM66", "Biologie médicale option agents infectieux"),
    ("SM67", "Biologie médicale option biologie de la reproduction"),
    ("SM68", "Chirurgie maxillo-faciale (réforme 2017)"),
    ("SM69", "Chirurgie pédiatrique option chirurgie viscérale pédiatrique"),
    ("SM70", "Chirurgie pédiatrique option orthopédie pédiatrique"),
    ("SM71", "Hématologie (réforme 2017)"),
    ("SM72", "Médecine interne et immunologie clinique"),
    ("SM73", "Médecine cardiovasculaire"),
    ("SM74", "Radiologie et imagerie médicale"),
    ("SM75", "Santé publique"),
    ("SM76", "Anesthésie-réanimation option anesthésie-pédiatrique"),
    ("SM77", "Chirurgie maxillo-faciale option orthodontie des dysmorphies maxillo-faciales"),
    ("SM78", "Chirurgie viscérale et digestive option endoscopie chirurgicale"),
    ("SM79", "Médecine cardiovasculaire option cardiologie interventionnelle"),
    ("SM80", "Médecine cardiovasculaire option imagerie cardio d’expert"),
    ("SM81", "Médecine cardiovasculaire option rythmologie interventionnelle et stimulation cardiaque"),
    ("SM82", "Médecine intensive-réanimation option réanimation pédiatrique"),
    ("SM83", "Néphrologie option soins intensifs néphrologiques"),
    ("SM84", "Neurologie option traitement interventionnel de l’ischémie cérébrale aigüe"),
    ("SM85", "Ophtalmo option chirurgie ophtalmopédiatrique et strabologique"),
    ("SM86", "ORL et chirurgie cervico-faciale option audiophonologie"),
    ("SM87", "Pédiatrie option néonatologie"),
    ("SM88", "Pédiatrie option neuropédiatrie"),
    ("SM89", "Pédiatrie option pneumopédiatrie"),
    ("SM90", "Pédiatrie option réanimation pédiatrique"),
    ("SM91", "Pneumologie option soins intensifs respiratoires"),
    ("SM92", "Psychiatrie option enfant et adolescent"),
    ("SM93", "Psychiatrie option psychiatrie personne âgée"),
    ("SM94", "Radiologie imagerie médicale option radiologie interventionnelle avancée"),
    ("SM95", "Santé publique option administration de la santé"),
];

/// « Code mode exercice » (TRE_R23).
pub const MODES: [(&str, &str); 4] =
    [("S", "Salarié"), ("L", "Libéral, indépendant, artisan, commerçant"), ("B", "Bénévole"), ("I", "Indirect")];

/// « Code secteur d’activité » (TRE_R02).
pub const SECTORS: [(&str, &str); 67] = [
    ("SA01", "Établissement public de santé"),
    ("SA02", "Hôpital militaire du Service de santé des armées"),
    ("SA03", "Établissement privé PSPH"),
    ("SA04", "Établissement privé non PSPH"),
    ("SA05", "Centre de santé"),
    ("SA06", "Autre structure du Service de santé des armées"),
    ("SA07", "Cabinet individuel"),
    ("SA08", "Cabinet de groupe"),
    ("SA09", "Exercice en société"),
    ("SA10", "Transporteur sanitaire"),
    ("SA12", "Établissement de soins et prévention"),
    ("SA13", "Prévention et soins en entreprise"),
    ("SA14", "Établissements scolaires, universitaires et de formation hors champ FINESS"),
    ("SA15", "PMI et Planification familiale"),
    ("SA16", "Établissement pour personnes handicapées"),
    ("SA17", "Établissement pour personnes âgées"),
    ("SA18", "Établissement aide à la famille"),
    ("SA19", "Établissements FINESS de formation aux professions sanitaires et sociales"),
    ("SA20", "Établissement pour la protection de l’enfance"),
    ("SA21", "Établissement d’hébergement et de réadaptation"),
    ("SA22", "Recherche"),
    ("SA23", "Assurance privée"),
    ("SA24", "Organisme de sécurité sociale"),
    ("SA25", "Laboratoire de biologie médicale"),
    ("SA26", "Ministère ou Service déconcentré"),
    ("SA27", "Collectivité territoriale"),
    ("SA28", "Association ou organisme humanitaire"),
    ("SA29", "Laboratoire d’analyses et de biologie médicale"),
    ("SA30", "Autre établissement sanitaire"),
    ("SA31", "Répartition et Distribution de médicaments et dispositifs médicaux"),
    ("SA32", "Fabrication, Exploitation et Importation de médicaments et dispositifs médicaux"),
    ("SA33", "Pharmacie d’officine"),
    ("SA34", "Centre de dialyse"),
    ("SA35", "Para-pharmacie"),
    ("SA36", "Centre anti-cancer"),
    ("SA37", "Centre de transfusion sanguine"),
    ("SA38", "Pharmacie minière"),
    ("SA39", "Pharmacie mutualiste"),
    ("SA40", "Secteur privé, praticien hospitalier temps plein"),
    ("SA41", "Autre établissement du domaine social ou médico-social"),
    ("SA42", "Appareillage médical"),
    ("SA43", "Secteur non défini"),
    ("SA44", "Recrutement ou Gestion RH"),
    ("SA45", "Communication, Marketing, Consulting, Média"),
    ("SA46", "Fabrication, Exploitation, Importation, Répartition, Distribution médicaments et dispositifs médicaux"),
    ("SA47", "Incendie et secours"),
    ("SA48", "Entreprise industrielle et tertiaire hors industrie pharmaceutique"),
    ("SA49", "Entité Outre-Mer"),
    ("SA50", "Permanence des soins ambulatoires hors cabinet"),
    ("SA51", "Structure de coopération avec autorisation de soins"),
    ("SA52", "Maison de santé ou Pôle de santé"),
    ("SA53", "Siège administratif d’un établissement de santé"),
    ("SA54", "Centre de dépistage et de prévention"),
    ("SA55", "Laboratoire pharmaceutique préparant et délivrant des allergènes"),
    ("SA56", "Propharmacie"),
    ("SA57", "Structure de coopération avec mission de coordination de soins"),
    ("SA58", "Entreprise de taxis"),
    ("SA59", "Laboratoire de biologie médicale hors catégorie standard"),
    ("SA60", "Centres médicaux SNCF"),
    ("SA61", "Structure Dispensatrice à domicile d’Oxygène à usage médical"),
    ("SA63", "Communauté professionnelle territoriale de santé et équipe de soins spécialisés"),
    ("SA64", "Société de téléconsultation"),
    ("SA65", "Antenne de pharmacie"),
    ("SA66", "Services de Prévention et de Santé au Travail (SPST)"),
    ("SA67", "Maisons médicales de garde (MMG)"),
    ("SA68", "Services départementaux d’incendie et de secours"),
    ("SA69", "Maisons de naissance"),
];

/// Three generations of diplomas, one trade: « médecin généraliste ».
pub const GENERAL_PRACTICE: [&str; 3] = ["SM26", "SM53", "SM54"];

#[must_use]
pub fn is_general_practice(savoir_faire: &str) -> bool {
    GENERAL_PRACTICE.contains(&savoir_faire)
}

/// How a profession is called for somebody of this civilité (`MME`, `M`, `DR`…), else as the file writes it.
#[must_use]
pub fn profession_label<'a>(profession: &'a Coded, title: Option<&str>) -> &'a str {
    match PROFESSIONS.iter().find(|known| known.code == profession.code) {
        Some(known) if title == Some("MME") && !known.feminine.is_empty() => known.feminine,
        Some(known) => known.label,
        None => &profession.label,
    }
}

/// What a physician is called by speciality: « Médecin généraliste » for its three codes, else as the list or the file say.
#[must_use]
pub fn savoir_faire_label(savoir_faire: &Coded) -> &str {
    if is_general_practice(&savoir_faire.code) {
        return "Médecin généraliste";
    }
    labelled(&SPECIALITIES, savoir_faire)
}

#[must_use]
pub fn mode_label(mode: &Coded) -> &str {
    labelled(&MODES, mode)
}

#[must_use]
pub fn sector_label(sector: &Coded) -> &str {
    labelled(&SECTORS, sector)
}

fn labelled<'a>(list: &[(&'static str, &'static str)], coded: &'a Coded) -> &'a str {
    list.iter().find(|(code, _)| *code == coded.code).map_or(&coded.label, |(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coded(code: &str, label: &str) -> Coded {
        Coded { code: code.into(), label: label.into() }
    }

    #[test]
    fn a_profession_is_named_for_who_practises_it() {
        let nurse = coded("60", "Infirmier");
        assert_eq!(profession_label(&nurse, Some("MME")), "Infirmière");
        assert_eq!(profession_label(&nurse, Some("M")), "Infirmier");
        assert_eq!(profession_label(&nurse, None), "Infirmier");
        assert_eq!(profession_label(&coded("50", "Sage-Femme"), Some("MME")), "Sage-femme");
        assert_eq!(profession_label(&coded("70", ""), Some("MME")), "Masseuse-kinésithérapeute");
    }

    #[test]
    fn three_codes_are_one_trade_and_an_unknown_code_keeps_the_label_of_its_file() {
        for code in ["SM26", "SM53", "SM54"] {
            assert_eq!(savoir_faire_label(&coded(code, "Qualifié en Médecine Générale")), "Médecin généraliste");
        }
        assert_eq!(savoir_faire_label(&coded("SM18", "")), "Gériatrie");
        assert_eq!(savoir_faire_label(&coded("SM999", "Médecine lunaire")), "Médecine lunaire");
        assert_eq!(profession_label(&coded("97", "Vétérinaire des anges"), Some("MME")), "Vétérinaire des anges");
        assert_eq!(sector_label(&coded("SA52", "MSP")), "Maison de santé ou Pôle de santé");
        assert_eq!(sector_label(&coded("SA99", "Autre")), "Autre");
        assert_eq!(mode_label(&coded("L", "")), "Libéral, indépendant, artisan, commerçant");
    }

    #[test]
    fn a_code_is_listed_once() {
        let professions = PROFESSIONS.iter().map(|profession| profession.code);
        for list in [
            professions.collect::<Vec<_>>(),
            SPECIALITIES.map(|(code, _)| code).to_vec(),
            SECTORS.map(|(code, _)| code).to_vec(),
        ] {
            assert!(list.is_sorted_by(|one, next| one < next), "{list:?}");
        }
    }
}
