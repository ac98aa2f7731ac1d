//! How many rules run over a bucket at once, so that what they find fits in memory before it goes to disk.
//!
//! In: how much rules found in buckets before. Out: how many of the next to run.
//! Invariant: the number grows by steps, because the rules that come may find more than those that ran.

use jihe::model::finding::Finding;

/// Rules that run first, when nothing is known of what they find.
const FIRST: usize = 8;

/// How much more rules than before may run at once.
const GROWTH: usize = 4;

/// Findings may take one part in so many of all memory; as much again while they are put in order and written.
const PART: u64 = 5;

/// What is known of findings so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    memory: u64,
    /// Rules that may run at once by the steps of growth.
    step: usize,
    /// The most bytes of findings that rules made, and of what: bytes of records, times rules.
    densest: (u64, u128),
}

impl Share {
    pub(super) fn of(memory: u64) -> Self {
        Self { memory, step: FIRST, densest: (0, 1) }
    }

    /// How many rules to run over records of so many bytes.
    pub(super) fn rules(&self, bytes: u64) -> usize {
        let room = u128::from(self.memory.div_euclid(PART));
        let (found, asked) = self.densest;
        let a_rule = u128::from(found).saturating_mul(u128::from(bytes)).div_euclid(asked);
        let fit =
            room.checked_div(a_rule).map_or(usize::MAX, |fit| usize::try_from(fit).unwrap_or(usize::MAX));
        self.step.min(fit).max(1)
    }

    /// Takes in what so many rules found in records of so many bytes.
    pub(super) fn learn(&mut self, findings: &[Finding], rules: usize, bytes: u64) {
        let found = findings.iter().map(size).fold(0, u64::saturating_add);
        let count = u128::try_from(rules.max(1)).unwrap_or(u128::MAX);
        let asked = u128::from(bytes.max(1)).saturating_mul(count);
        let denser = u128::from(found).saturating_mul(self.densest.1)
            > u128::from(self.densest.0).saturating_mul(asked);
        if denser {
            self.densest = (found, asked);
        }
        self.step = self.step.max(rules.saturating_mul(GROWTH));
    }
}

/// About how many bytes a finding takes in memory, beside what it shares with others of its rule.
fn size(finding: &Finding) -> u64 {
    /// What an allocator keeps for each piece.
    const PIECE: usize = 16;
    let evidence = finding.offending.iter().chain(&finding.involved);
    let evidence =
        evidence.map(|line| size_of_val(line).saturating_add(line.key.len()).saturating_add(PIECE));
    let values = finding.values.iter().map(|value| {
        let text = value.1.as_ref().map_or(0, String::len);
        size_of_val(value).saturating_add(text).saturating_add(PIECE)
    });
    let keys =
        [&finding.person, &finding.institution, &finding.practitioner, &finding.visit].into_iter().flatten();
    let texts = keys.chain([&finding.finding_id, &finding.subject_key, &finding.message]);
    let texts = texts.map(|text| text.len().saturating_add(PIECE));
    let all = evidence.chain(values).chain(texts).fold(size_of_val(finding), usize::saturating_add);
    u64::try_from(all).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{FIRST, GROWTH, Share};
    use jihe::model::finding::{Finding, Nature};

    fn findings(count: usize) -> Vec<Finding> {
        vec![Finding::of_charges("X1".into(), Nature::Suspicious, None, Vec::new()); count]
    }

    #[test]
    fn rules_that_find_much_run_few_at_once() {
        let mut share = Share::of(64 << 20);
        assert_eq!(share.rules(1 << 20), FIRST, "nothing is known yet");
        share.learn(&findings(0), FIRST, 1 << 20);
        assert_eq!(share.rules(1 << 20), FIRST * GROWTH, "they may find more, so it grows by steps");
        share.learn(&findings(80_000), FIRST, 1 << 20);
        let few = share.rules(1 << 20);
        assert!((1..FIRST).contains(&few), "{few}");
        assert!(share.rules(1 << 18) > few, "of fewer records more rules fit");
        assert_eq!(share.rules(u64::MAX), 1, "never none");
        share.learn(&findings(1), 1, 1 << 20);
        assert_eq!(share.rules(1 << 20), few, "the most that was found counts");
    }
}
