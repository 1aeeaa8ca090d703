//! Reads the rows of an official file with the `csv` crate and does nothing with them: what `cargo xtask bench import`
//! compares our reader with. Here rather than beside the server, whose build it would change.

use std::io;

use csv::{ByteRecord, ReaderBuilder};

/// As many bytes at a time as our reader takes.
const PIECE: usize = 1 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or_else(|| io::Error::other("which file?"))?;
    let mut reader =
        ReaderBuilder::new().delimiter(b'|').quoting(false).flexible(true).buffer_capacity(PIECE).from_path(file)?;
    let (mut record, mut rows, mut cells) = (ByteRecord::new(), 0_u64, 0_u64);
    while reader.read_byte_record(&mut record)? {
        rows += 1;
        cells += record.len() as u64;
    }
    println!("{rows} rows, {cells} cells");
    Ok(())
}
