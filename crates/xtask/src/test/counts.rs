//! How many tests passed and failed, read from what each harness prints.

use std::ops::AddAssign;

/// Results of one stage or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
    /// Present, but unable to run here; never counted as passed.
    pub skipped: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Sum of every `test result:` line (libtest, wasm-bindgen-test) and of nextest's summary.
pub fn from_output(text: &str) -> Counts {
    let mut sum = Counts::default();
    for line in text.lines() {
        let line = without_colours(line);
        // At the beginning of the line only: nextest repeats the lines of failed tests, indented.
        let numbers = if let Some(rest) = line.strip_prefix("test result: ") {
            rest
        } else if let Some((before, rest)) = line.split_once(" run: ")
            && before.contains("Summary [")
        {
            rest
        } else {
            continue;
        };
        sum.passed += number_before(numbers, "passed");
        sum.failed += number_before(numbers, "failed")
            + number_before(numbers, "timed out")
            + number_before(numbers, "exec failed");
        sum.skipped += number_before(numbers, "ignored");
    }
    sum
}

/// From the `stats` of Playwright's JSON report.
pub fn from_playwright(report: &str) -> Option<Counts> {
    let report: serde_json::Value = serde_json::from_str(report).ok()?;
    let stat = |name: &str| u32::try_from(report["stats"][name].as_u64()?).ok();
    Some(Counts {
        passed: stat("expected")?,
        // A journey that passes only when tried again is a journey that fails.
        failed: stat("unexpected")? + stat("flaky")?,
        skipped: stat("skipped")?,
    })
}

/// `4` in "ok. 3 passed; 4 failed", asked for "failed"; 0 when the word is not there.
fn number_before(text: &str, word: &str) -> u32 {
    text.split([';', ',', '.'])
        .filter_map(|part| {
            let (number, rest) = part.trim().split_once(' ')?;
            // "3 passed (1 slow)"
            rest.starts_with(word).then(|| number.parse().ok())?
        })
        .next()
        .unwrap_or(0)
}

fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u32, failed: u32, skipped: u32) -> Counts {
        Counts { passed, failed, skipped }
    }

    #[test]
    fn sums_the_lines_of_libtest_and_of_the_browser_runner() {
        let text = "running 2 tests\n\
            test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s\n\
            test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: ok. 5 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.25s\n";
        assert_eq!(from_output(text), counts(20, 2, 1));
    }

    #[test]
    fn reads_the_summary_of_nextest() {
        let text = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; finished in 0.29s\n\
                         Summary [   0.002s] 12 tests run: 9 passed (1 slow), 2 failed, 1 timed out, 4 skipped\n\
                    \u{1b}[32;1m     Summary\u{1b}[0m [   0.010s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped\n";
        assert_eq!(from_output(text), counts(10, 3, 0));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(from_output("7 tests run: fine\n3 passed, 1 failed\n"), counts(0, 0, 0));
    }

    #[test]
    fn a_flaky_journey_has_failed() {
        let report = r#"{"stats":{"expected":5,"unexpected":1,"flaky":2,"skipped":3}}"#;
        assert_eq!(from_playwright(report), Some(counts(5, 3, 3)));
        assert_eq!(from_playwright("{}"), None);
    }
}
