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

/// Three conditions on one code are worth an index: an equality, a code set, a condition of a window.
#[test]
fn rules_that_an_index_by_code_serves_are_told() {
    let rules = r#"
        规则包 "索引" 版本 "1"
        规则 甲 { 编号 "C1" 针对 明细 其中 项目编码 = "A01" 当 金额 > 1 元 性质 可疑 说明 "甲" }
        规则 乙 { 编号 "C2" 针对 明细 其中 项目编码 属于 {"B01", "B02"} 且 数量 > 2 当 金额 > 1 元 性质 可疑 说明 "乙" }
        规则 丙 { 编号 "C3" 针对 就诊 设 药 = 明细 同一(就诊) 其中 项目编码 = "C01" 当 计数(药) > 1 涉及 药 性质 可疑 说明 "丙" }
        规则 丁 { 编号 "C4" 针对 明细 其中 项目名称 = "针" 当 金额 > 1 元 性质 可疑 说明 "丁" }
    "#;
    let told = |rules: &str| {
        let compiled = jihe::compile(&RuleFiles::new().rule("索引.jihe", rules));
        compiled.map_err(|error| error.render(jihe::Language::Chinese)).unwrap().explain()
    };
    let plan = told(rules);
    let (_, indexes) = plan.rsplit_once("\n\n").unwrap();
    assert_eq!(
        indexes,
        "按编码索引，条件只看编码相符的行 / indexes by code, a condition looks at rows of its codes only：1\n  \
         明细 按 / by 项目编码：3 条规则 / rules：C1、C2、C3\n"
    );
    let two = rules.replace("其中 项目编码 = \"C01\"", "其中 数量 > 3");
    assert!(!told(&two).contains("indexes by code"), "two conditions are asked of all rows");
}

#[test]
fn the_manual_shows_the_shared_steps() {
    let manual =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/language.md")).unwrap();
    let plan = plan();
    let (_, shared) = plan.split_once("\n\n").unwrap();
    assert!(manual.contains(shared.trim_end()), "docs/language.md 16 shows something else than:\n{shared}");
}
