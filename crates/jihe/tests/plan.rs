//! What `jihe explain --plan` says of steps that rules share.
//!
//! In: `plan/sharing.jihe`. Out: `plan/sharing.txt`, word for word; its shared steps stand in `docs/language.md` too.
//! Invariant: a step that several rules take is told once among the shared ones, with all of them.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads a file and may fail loudly"
)]

use jihe::RuleFiles;

const RULES: &str = include_str!("plan/sharing.jihe");
const PLAN: &str = include_str!("plan/sharing.txt");

fn plan() -> String {
    let files = RuleFiles::new().rule("sharing.jihe", RULES);
    jihe::compile(&files).map_err(|error| error.render(jihe::Language::Chinese)).unwrap().explain()
}

#[test]
fn steps_that_rules_share_are_told_once() {
    let plan = plan();
    assert_eq!(plan, PLAN, "the plan is now:\n{plan}");
    let (_, shared) = plan.split_once("\n\n").unwrap();
    let windows = shared.lines().filter(|line| line.contains("窗口 / window")).count();
    assert_eq!(windows, 1, "two rules look through one window");
    let sorts = shared.split("  #").filter(|step| step.contains("排序 / sort")).collect::<Vec<&str>>();
    assert!(sorts.iter().any(|step| step.contains("P1、P2、P3")), "a window and a neighbour share a sort");
}

#[test]
fn the_manual_shows_the_shared_steps() {
    let manual =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md")).unwrap();
    let plan = plan();
    let (_, shared) = plan.split_once("\n\n").unwrap();
    assert!(manual.contains(shared.trim_end()), "docs/language.md 16 shows something else than:\n{shared}");
}
