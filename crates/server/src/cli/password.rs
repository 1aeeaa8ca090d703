//! Asking for a password: typed twice without being shown, or one line of the standard input.

use std::io::BufRead;

use anyhow::{Result, ensure};

/// Characters, at least.
const SHORTEST: usize = 12;

#[derive(Debug, clap::Args)]
pub struct Source {
    /// Read the password from the first line of the standard input.
    #[arg(long)]
    password_stdin: bool,
}

impl Source {
    pub fn read(&self) -> Result<String> {
        let password = if self.password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        } else {
            let password = rpassword::prompt_password("Password (12 characters at least): ")?;
            ensure!(password == rpassword::prompt_password("The same again: ")?, "the two passwords differ");
            password
        };
        ensure!(password.chars().count() >= SHORTEST, "a password has {SHORTEST} characters at least");
        Ok(password)
    }
}
