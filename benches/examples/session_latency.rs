//! p50 and p99 of one claim of 20 lines against 500 lines of history and 100 rules.
//!
//! In: nothing; optionally the number of 个人 rules and of checks. Out: one line a measure.
//! Invariant: one thread; a check starts from a session that holds the history only.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement prints"
)]

use jihe_benches::{cases, person_rules};
use std::time::{Duration, Instant};

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{name}: {} times, p50 {:.3} ms, p90 {:.3} ms, p99 {:.3} ms",
        times.len(),
        at(50),
        at(90),
        at(99)
    );
}

fn main() {
    let number = |at: usize, default: usize| {
        std::env::args().nth(at).and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (rules, checks) = (number(1, 100), number(2, 2_000));
    let ruleset = person_rules(rules);
    let cases = cases(&ruleset, 1_500, 1, 60);
    let opened: Vec<_> = cases.iter().map(|case| ruleset.session(case.history.clone())).collect();
    let lines: (usize, usize) =
        cases.iter().fold((0, 0), |sum, case| (sum.0 + case.lines.0, sum.1 + case.lines.1));
    println!(
        "{} cases, {} lines of history and {} of the claim on average, {rules} rules",
        cases.len(),
        lines.0 / cases.len(),
        lines.1 / cases.len()
    );
    let (mut read, mut check, mut found) = (Vec::new(), Vec::new(), 0);
    for round in 0..checks.div_ceil(cases.len()) + 1 {
        for (case, opened) in cases.iter().zip(&opened) {
            let mut session = opened.clone();
            let start = Instant::now();
            let claim = ruleset.claims_from_json(&case.claim_text);
            let parsed = start.elapsed();
            let Ok(claim) = claim else { continue };
            let start = Instant::now();
            let checked = session.check(&claim);
            let took = start.elapsed();
            // The first round warms the caches of the processor.
            if round > 0 {
                read.push(parsed);
                check.push(took);
                found += checked.findings.len();
            }
        }
    }
    println!("{found} findings told");
    told("claim from JSON", read);
    told("check", check);
}
