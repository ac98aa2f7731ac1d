//! The explain pages of this crate's codes are true.
//!
//! In: each page E01xx. Out: its failing block fails with that code only; its repaired block has no fault.
//! Invariant: every page is run.

use crate::support::faults;
use jihe_diagnostics::{explain, explained};

#[test]
fn pages_fail_and_repair() {
    for code in explained().filter(|code| code.starts_with("E01")) {
        let page = explain(code).expect("listed");
        if let Some(broken) = block(page, "```jihe error\n") {
            let faults = faults(broken);
            assert!(faults.len() == 1 && faults[0].contains(code), "{code}: {faults:?}");
        }
        let repaired = block(page, "```jihe\n").expect("a repaired block");
        assert_eq!(faults(repaired), Vec::<String>::new(), "{code}");
    }
}

fn block<'a>(page: &'a str, mark: &str) -> Option<&'a str> {
    page.split_once(mark)?.1.split_once("\n```").map(|(block, _)| block)
}
