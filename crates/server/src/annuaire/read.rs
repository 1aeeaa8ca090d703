//! Reading official files from the disk: a piece at a time, whatever their size, telling how far it is.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use domain::annuaire::official::{Counts, FileKind, Intake, Refusal, Unreadable};

/// Bytes read at a time.
const PIECE: usize = 1 << 20;
/// Between two words on how far it is.
const PATIENCE: Duration = Duration::from_millis(200);

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("Le fichier ne peut pas être lu\u{a0}: {0}. Rien n’a été importé.")]
    File(#[from] io::Error),
    #[error("{0}")]
    Unreadable(Unreadable),
}

/// Takes a file in. `refused` is told of each line left out, as it is met.
pub fn read(
    intake: &mut Intake,
    file: &Path,
    kind: FileKind,
    refused: &mut dyn FnMut(&Refusal) -> io::Result<()>,
) -> Result<Counts, ReadError> {
    let mut from = File::open(file)?;
    let mut progress = Progress::of(from.metadata()?.len());
    let mut piece = vec![0; PIECE];
    intake.begin(Some(kind));
    loop {
        let count = match from.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            count => count?,
        };
        if count == 0 {
            break;
        }
        intake.push(&piece[..count]).map_err(ReadError::Unreadable)?;
        // Handed on at once: a file made of errors fills no memory.
        intake.refusals.drain(..).try_for_each(|one| refused(&one))?;
        progress.advance(count, intake.counts());
    }
    let counts = intake.end().map_err(ReadError::Unreadable)?;
    intake.refusals.drain(..).try_for_each(|one| refused(&one))?;
    progress.end();
    Ok(counts)
}

/// One line of a terminal, written over and over; nothing where nobody looks.
struct Progress {
    whole: u64,
    done: u64,
    shown: Option<Instant>,
    begun: Instant,
    watched: bool,
}

impl Progress {
    fn of(whole: u64) -> Self {
        Self { whole, done: 0, shown: None, begun: Instant::now(), watched: io::stderr().is_terminal() }
    }

    fn advance(&mut self, count: usize, counts: Counts) {
        self.done += count as u64;
        if !self.watched || self.shown.unwrap_or(self.begun).elapsed() < PATIENCE {
            return;
        }
        self.shown = Some(Instant::now());
        let line = line(self.done, self.whole, counts);
        // A terminal that is gone stops nothing.
        let _ = write!(io::stderr(), "\r{line}\u{1b}[K").and_then(|()| io::stderr().flush());
    }

    fn end(&self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

/// « [████████░░░░░░░░░░░░]  42 %  412 000 lignes, 1 204 gardées »
fn line(done: u64, whole: u64, counts: Counts) -> String {
    let share = |of: u64| (done.min(whole) * of).checked_div(whole).unwrap_or(of);
    let full = usize::try_from(share(20)).unwrap_or(0);
    let bar = "█".repeat(full) + &"░".repeat(20 - full);
    let counted =
        |count: u64, one, many| domain::french::counted(usize::try_from(count).unwrap_or(usize::MAX), one, many);
    let (lines, kept) = (counted(counts.lines, "ligne", "lignes"), counted(counts.kept, "gardée", "gardées"));
    format!("[{bar}] {:>3}\u{a0}%  {lines}, {kept}", share(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_it_is() {
        let counts = Counts { lines: 412_000, kept: 1204, refused: 0 };
        let plain = |text: String| text.replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(plain(line(42, 100, counts)), "[████████░░░░░░░░░░░░]  42 %  412 000 lignes, 1 204 gardées");
        assert_eq!(plain(line(0, 0, Counts::default())), "[████████████████████] 100 %  0 ligne, 0 gardée");
        assert!(line(7, 5, counts).contains("100"), "a file that grows while it is read");
    }
}
