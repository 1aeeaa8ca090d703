//! Asking for a password: typed twice without being shown, or one line of the standard input. Nobody is asked for one by
//! default: its owner chooses it, with a one-time link.

use std::io::BufRead;

use anyhow::{Result, ensure};

use crate::secret::SHORTEST_PASSWORD;

#[derive(Debug, clap::Args)]
pub struct Source {
    /// Read the password from the first line of the standard input, in place of a one-time link.
    #[arg(long)]
    password_stdin: bool,
    /// Ask for the password here, in place of a one-time link.
    #[arg(long, conflicts_with = "password_stdin")]
    ask_password: bool,
}

impl Source {
    /// The password, or `None`: a link is to be made.
    pub fn read(&self) -> Result<Option<String>> {
        let password = if self.password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        } else if self.ask_password {
            let password = rpassword::prompt_password("Password (12 characters at least): ")?;
            ensure!(password == rpassword::prompt_password("The same again: ")?, "the two passwords differ");
            password
        } else {
            return Ok(None);
        };
        let length = password.chars().count();
        ensure!(length >= SHORTEST_PASSWORD, "a password has {SHORTEST_PASSWORD} characters at least");
        Ok(Some(password))
    }
}
