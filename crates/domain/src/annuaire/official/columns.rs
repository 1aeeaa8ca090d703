//! The first line of a file whose columns are separated by `|`: what is where, or why it is not that file.

use super::reason::{Reason, Unreadable};

pub(super) const SEPARATOR: u8 = b'|';
const BLOCK: usize = 64;

/// Where the wanted columns of one file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// By position in the file, the rank of the column in the wanted names.
    pub(super) ranks: Vec<Option<usize>>,
}

impl Header {
    /// Finds the wanted names, folded, wherever they are; `required` are ranks among them.
    pub(super) fn read(line: &[u8], names: &[&'static str], required: &[usize]) -> Result<Self, Unreadable> {
        let found = titles(line)?;
        let wanted: Vec<String> = names.iter().map(|name| folded(name)).collect();
        let rank_of = |title: &String| wanted.iter().position(|name| name == title);
        let ranks: Vec<Option<usize>> = found.iter().map(rank_of).collect();
        let missing = |rank: &&usize| !ranks.contains(&Some(**rank));
        let missing: Vec<&'static str> = required.iter().filter(missing).map(|rank| names[*rank]).collect();
        if missing.is_empty() { Ok(Self { ranks }) } else { Err(Unreadable::Missing(missing)) }
    }

    /// Where the wanted column of this rank is.
    pub(super) fn position(&self, rank: usize) -> Option<usize> {
        self.ranks.iter().position(|one| *one == Some(rank))
    }

    /// Why a line, without its end, is not as long as the header. A separator too many or too few moves every cell after
    /// it: nobody can tell where such a row belongs. What follows a trailing separator is no cell.
    pub(super) fn misfit(&self, line: &[u8]) -> Option<Reason> {
        let separators = separators(line);
        let expected = self.ranks.len();
        // The header may have a trailing separator where its rows have none, and the reverse.
        if separators + 1 == expected || (separators == expected && line.ends_with(&[SEPARATOR])) {
            return None;
        }
        let found = separators + usize::from(!line.ends_with(&[SEPARATOR]));
        Some(Reason::Columns { found, expected })
    }
}

/// By blocks small enough to be counted in single bytes, which processors do many at a time.
fn separators(bytes: &[u8]) -> usize {
    let count = |block: &[u8]| block.iter().map(|byte| u8::from(*byte == SEPARATOR)).sum::<u8>();
    bytes.chunks(BLOCK).map(count).map(usize::from).sum()
}

/// The cell at this position; empty when the line has fewer. Counting a block is many times faster than looking at each of
/// its bytes in turn, so only the block where the cell begins is looked into: this is what reads 2.4 million rows.
pub(super) fn cell(line: &[u8], position: usize) -> &[u8] {
    let (mut rest, mut before) = (line, position);
    while let Some((block, after)) = rest.split_at_checked(BLOCK) {
        let inside = separators(block);
        if inside >= before {
            break;
        }
        (rest, before) = (after, before - inside);
    }
    rest.split(|byte| *byte == SEPARATOR).nth(before).unwrap_or_default()
}

/// The folded titles of a header, without what a trailing separator leaves.
pub(super) fn titles(line: &[u8]) -> Result<Vec<String>, Unreadable> {
    let line = without_end(without_bom(line));
    if let Some(other) = foreign(line) {
        return Err(other);
    }
    let text = std::str::from_utf8(line).map_err(|_| Unreadable::Windows1252)?;
    if !text.contains(char::from(SEPARATOR)) {
        let count = |separator: char| text.matches(separator).count();
        let used = [';', '\t', ','].into_iter().max_by_key(|separator| count(*separator));
        return Err(match used.filter(|separator| count(*separator) > 2) {
            Some(separator) => Unreadable::Separator(separator),
            None if text.trim().is_empty() => Unreadable::Empty,
            None => Unreadable::Unknown,
        });
    }
    let text = text.strip_suffix(char::from(SEPARATOR)).unwrap_or(text);
    Ok(text.split(char::from(SEPARATOR)).map(folded).collect())
}

/// Case, accents, apostrophes and runs of spaces told alike.
pub(super) fn folded(title: &str) -> String {
    let folded = crate::french::fold(title);
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

pub(super) fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What the first bytes of a file of another nature say.
pub(super) fn foreign(bytes: &[u8]) -> Option<Unreadable> {
    let start = bytes.trim_ascii_start();
    let holds = |sign: &[u8]| bytes.windows(sign.len()).any(|part| part == sign);
    if bytes.starts_with(b"PK\x03\x04") {
        return Some(if holds(b"[Content_Types]") || holds(b"mimetype") {
            Unreadable::Spreadsheet
        } else {
            Unreadable::Archive
        });
    }
    if bytes.starts_with(b"\x1f\x8b") {
        return Some(Unreadable::Archive);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(Unreadable::Spreadsheet);
    }
    if bytes.starts_with(b"%PDF") {
        return Some(Unreadable::Pdf);
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(Unreadable::Utf16);
    }
    match start.first() {
        Some(b'<') => Some(Unreadable::WebPage),
        Some(b'{' | b'[') => Some(Unreadable::Json),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cell_is_the_same_by_blocks_as_one_by_one(line in "[|ab]{0,300}", position in 0_usize..120) {
            let expected = line.split('|').nth(position).unwrap_or_default();
            prop_assert_eq!(cell(line.as_bytes(), position), expected.as_bytes());
        }
    }
}
