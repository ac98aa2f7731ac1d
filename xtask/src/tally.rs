//! The sum of what the test runners said of themselves.
//!
//! In: the lines that cargo test, pytest and Node's test runner print. Out: tests passed, failed, skipped.
//! Invariant: only a runner's own closing line is counted; nothing is estimated.

use std::fmt;

/// Tests passed, failed and skipped so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// How many tests ran.
    pub(crate) fn ran(&self) -> u64 {
        self.passed.saturating_add(self.failed)
    }

    /// Counts one printed line, if it is a runner's closing line.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.read_counts(rest);
        } else if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")) {
            self.read_node(rest);
        } else if line.starts_with("==") && line.contains(" in ") {
            self.read_counts(line);
        }
    }

    /// `ok. 3 passed; 0 failed; 1 ignored` of cargo and `== 3 passed, 1 skipped in 0.2s ==` of pytest.
    fn read_counts(&mut self, text: &str) {
        let words: Vec<&str> = text.split([' ', ';', ',', '=']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            if let [number, word] = pair
                && let Ok(count) = number.parse()
            {
                self.add(word, count);
            }
        }
    }

    /// `pass 3` of Node's runner, which prints one count a line.
    fn read_node(&mut self, text: &str) {
        if let Some((word, number)) = text.split_once(' ')
            && let Ok(count) = number.parse()
        {
            self.add(word, count);
        }
    }

    fn add(&mut self, word: &str, count: u64) {
        let counter = match word {
            "passed" | "pass" => &mut self.passed,
            "failed" | "fail" | "error" | "errors" => &mut self.failed,
            "ignored" | "skipped" => &mut self.skipped,
            _ => return,
        };
        *counter = counter.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn counts_the_closing_lines_of_three_runners() {
        let mut tally = Tally::default();
        tally.read(
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.1s",
        );
        tally.read("===== 1 failed, 4 passed, 2 skipped in 0.20s =====");
        tally.read("# tests 7");
        tally.read("# pass 5");
        tally.read("ℹ fail 0");
        tally.read("test some_test_with_3 passed ... ok");
        assert_eq!(tally, Tally { passed: 12, failed: 1, skipped: 3 });
    }
}
