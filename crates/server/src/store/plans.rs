//! Left to itself, SQLite reads the whole log to find one record in it: it takes the primary key, whose first column is
//! the same on every row. Queries name their index; one that could not use it would fail.

use std::path::Path;

#[test]
fn the_log_is_never_read_whole_for_one_record() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut read = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for call in source.split("::query").skip(1) {
            let sql = call.split('"').nth(1).unwrap_or_default();
            let aside = sql.contains("quarantine =") || sql.contains("quarantine IS NOT NULL");
            let narrow = sql.contains("record = ?") || sql.contains("operation.record = ?") || aside;
            if sql.contains("FROM operation") && narrow {
                assert!(sql.contains("FROM operation INDEXED BY operation_"), "{sql}");
                read += 1;
            }
        }
    }
    assert!(read >= 7, "only {read} queries read: the test no longer finds them");
}
