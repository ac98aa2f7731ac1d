//! Every rule of the design draft, adapted to the language as built, runs over the synthetic city and shows its cost.
//!
//! In: `crates/jihe-check/tests/rules-draft/rules.jihe` and a city. Out: a line of coverage and a cost class a rule.
//! Invariant: the draft's tables are not shipped, so rules that need one are undecided or not applicable, by name, never silent.

use jihe::{Options, RuleFiles};
use jihe_tests::{city, city_on_disk, compile, read, root, text};

#[test]
fn every_rule_of_the_draft_runs_and_shows_its_cost() {
    let draft = text(root().join("crates/jihe-check/tests/rules-draft/rules.jihe"));
    let mut files = RuleFiles::new().rule("rules-draft.jihe", draft.as_str());
    // The shipped tables serve where the draft names the same file with the same columns.
    for (name, table) in jihe_rulebook::tables() {
        let with_table = files.clone().table(*name, *table);
        if draft.contains(name) && jihe::compile(&with_table).is_ok() {
            files = with_table;
        }
    }
    // A code set whose file is absent would let everything pass, so the checker wants it.
    if !draft.contains("重点监控药 : 项目 = ") {
        files = files.table("重点监控药.csv", "编码\nXA02BCA001*\n");
    }
    let ruleset = compile(&files);
    assert!(ruleset.typed().rules.len() >= 65, "only {} rules", ruleset.typed().rules.len());

    let folder = city_on_disk(&city(300, 3), "draft");
    let input = read(&ruleset, folder.path());
    let report = ruleset.audit(&input.claims, &Options { threads: 2 });
    let plan = ruleset.explain();
    let mut hits = 0;
    for rule in &ruleset.typed().rules {
        let line = report.manifest().rules.iter().find(|line| line.rule_id == rule.id);
        let counted = line.is_some_and(|line| {
            hits += line.hit;
            line.seen == line.not_applicable + line.pass + line.hit + line.exempt + line.undecided
        });
        assert!(counted, "{}: {line:?}", rule.id);
        let told = plan.lines().find(|line| line.starts_with(&format!("{} ", rule.id)));
        assert!(told.is_some_and(|line| line.contains("O(n")), "{}: no cost class in the plan", rule.id);
    }
    assert!(hits > 20, "the draft finds next to nothing: {hits}");
}
