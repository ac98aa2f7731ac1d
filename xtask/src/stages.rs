//! The stages of `cargo xtask test`, in the order they run, and the table of what each took.
//!
//! In: the names of the stages wanted, none for all. Out: `Ok`, or the first stage that failed.
//! Invariant: a stage that cannot run fails by name; none is ever skipped silently.

use std::time::{Duration, Instant};

use crate::shell::Outcome;
use crate::tally::Tally;
use crate::{python, rust, setup, site, tidy, wasm};

struct Stage {
    name: &'static str,
    run: fn(&mut Tally) -> Outcome,
}

/// Cheap checks first, so that a slip costs seconds and not the whole run.
const STAGES: &[Stage] = &[
    Stage { name: "setup", run: setup::install },
    Stage { name: "format", run: rust::format },
    Stage { name: "tidy", run: tidy::check },
    Stage { name: "clippy", run: rust::clippy },
    Stage { name: "rust", run: rust::tests },
    Stage { name: "docs", run: rust::doc_tests },
    Stage { name: "package", run: rust::package },
    Stage { name: "python", run: python::test },
    Stage { name: "wasm", run: wasm::build },
    Stage { name: "node", run: wasm::node_tests },
    Stage { name: "chromium", run: wasm::chromium_tests },
    Stage { name: "site", run: site::test },
];

/// The names of all stages, for the usage text.
pub(crate) fn names() -> String {
    STAGES.iter().map(|stage| stage.name).collect::<Vec<_>>().join(" ")
}

/// Runs the wanted stages and stops at the first failure.
pub(crate) fn run(wanted: &[&str]) -> Outcome {
    if let Some(unknown) = wanted.iter().find(|name| STAGES.iter().all(|stage| stage.name != **name)) {
        return Err(format!("no stage is called `{unknown}`; stages: {}", names()));
    }
    let mut tally = Tally::default();
    let mut times = Vec::new();
    let mut outcome = Ok(());
    for stage in STAGES.iter().filter(|stage| wanted.is_empty() || wanted.contains(&stage.name)) {
        println!("\n== {} ==", stage.name);
        let start = Instant::now();
        outcome =
            (stage.run)(&mut tally).map_err(|reason| format!("stage `{}` failed: {reason}", stage.name));
        times.push((stage.name, start.elapsed()));
        if outcome.is_err() {
            break;
        }
    }
    print_table(&times);
    println!("\n{tally}");
    outcome
}

fn print_table(times: &[(&str, Duration)]) {
    println!("\nseconds a stage");
    for (name, time) in times {
        println!("{name:<10} {:>6}.{}", time.as_secs(), time.subsec_millis() / 100);
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    println!("{:<10} {:>6}.{}", "total", total.as_secs(), total.subsec_millis() / 100);
}
