//! A session with a snapshot of population summaries finds what the batch finds (sentences 41 and 42).
//!
//! In: a small population, the rows of its summaries. Out: equal findings, and clear refusals.
//! Invariant: the snapshot goes through JSON, as a bureau ships it.
#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test may fail loudly")]

use jihe::model::finding::Finding;
use jihe::{Claims, Options, RuleFiles, Ruleset, Session};
use serde_json::{Value, json};

const RULES: &str = r#"
规则包 "快照" 版本 "1"
统计 院月 = 就诊 按 (机构, 月份 = 月(时间)) 补零 {
  人次 = 计数(本组)
  均费 = 平均(本组.总费用)
  首日 = 最小(本组.时间)
}
统计 项目价 = 明细 按 (项目编码) { 均价 = 平均(本组.金额); 总量 = 合计(本组.数量) }
规则 单价偏高 {
  编号 "S1" 环节 事前, 事中
  针对 明细
  设   同类 = 项目价 同一(项目编码)
  当   金额 > 2 × 最大(同类.均价)
  性质 可疑 违规金额 金额 涉及 同类 列示 最大(同类.总量)
  说明 "{金额}，均价{最大(同类.均价)}"
}
规则 费用偏高 {
  编号 "S2" 环节 事中
  针对 就诊
  设   上月 = 院月 同一(机构) 此前 1 月
  当   存在(上月) 且 总费用 > 1.4 × 最大(上月.均费)
  性质 可疑 涉及 上月 说明 "{总费用}，上月均费{最大(上月.均费)}，{最大(上月.人次)}人次，首日{最小(上月.首日)}"
}
规则 院月人次 { 编号 "S3" 针对 院月 当 人次 > 2 性质 可疑 说明 "{人次}" }
规则 同院多次 { 编号 "S4" 针对 就诊 设 近 = 就诊 同一(机构) 最近 30 天 当 计数(近) > 2 性质 可疑 说明 "{计数(近)}" }
"#;

fn ruleset() -> Ruleset {
    let files = RuleFiles::new().rule("snapshot.jihe", RULES);
    jihe::compile(&files).map_err(|error| error.render(jihe::Language::Chinese)).unwrap()
}

/// The records of one person: a visit a month, each dearer than the one before.
fn person(number: u32) -> Value {
    let visits: Vec<Value> = (1..=4u32)
        .map(|month| {
            json!({ "visit_id": format!("V{number}-{month}"), "person": format!("P{number}"), "institution": format!("H{}", number % 2),
                "time": format!("2024-{month:02}-{:02}", 3 + number), "total_amount": (10 * month * month * number).to_string() })
        })
        .collect();
    let items: Vec<Value> = (1..=4u32)
        .map(|month| {
            json!({ "item_id": format!("F{number}-{month}"), "visit": format!("V{number}-{month}"), "item_code": format!("A{}", month % 2),
                "quantity": "1", "amount": (5 + 20 * (number / 5) * month).to_string() })
        })
        .collect();
    json!({ "visit": visits, "item": items })
}

fn claims(ruleset: &Ruleset, persons: impl Iterator<Item = u32>) -> Claims {
    let all: Vec<Value> = persons.map(person).collect();
    let rows = |kind: &str| -> Vec<Value> {
        all.iter().flat_map(|one| one[kind].as_array().cloned().unwrap_or_default()).collect()
    };
    let text = json!({ "visit": rows("visit"), "item": rows("item") }).to_string();
    let mut claims = ruleset.claims_from_json(&text).unwrap();
    claims.records.run.coverage = Some((19_723, 19_843));
    claims
}

#[test]
fn sessions_with_a_snapshot_find_what_the_batch_finds() {
    let ruleset = ruleset();
    let everyone = claims(&ruleset, 1..=6);
    let report = ruleset.audit(&everyone, &Options::default());
    let of = |rule: &str| report.findings().iter().filter(|finding| *finding.rule_id == *rule).count();
    assert!(of("S1") > 0 && of("S2") > 0, "{} and {}", of("S1"), of("S2"));

    let shipped = ruleset.snapshot(&everyone, &["项目价", "院月"]).unwrap().to_json().to_string();
    let snapshot = ruleset.snapshot_from_json(&serde_json::from_str(&shipped).unwrap()).unwrap();
    assert_eq!(snapshot.to_json().to_string(), shipped);
    let mut found: Vec<Finding> = Vec::new();
    for number in 1..=6 {
        let mut session = Session::open_with(&ruleset, claims(&ruleset, 0..0), &snapshot).unwrap();
        let check = session.check(&claims(&ruleset, number..=number));
        let told: Vec<Finding> = check.findings.iter().map(|finding| (**finding).clone()).collect();
        assert_eq!(told, session.findings().cloned().collect::<Vec<_>>());
        found.extend(told);
    }
    // Whose records the members of a summary's row are, the session does not know: it names those of its own.
    let shared = |finding: &Finding| Finding {
        person: None,
        institution: None,
        practitioner: None,
        visit: None,
        ..finding.clone()
    };
    assert!(found.iter().all(|finding| finding.person.is_some() && finding.visit.is_some()));
    let mut found: Vec<Finding> = found.iter().map(shared).collect();
    found.sort_by(|a, b| (&a.rule_id, &a.subject_key).cmp(&(&b.rule_id, &b.subject_key)));
    let expected: Vec<Finding> = report
        .findings()
        .iter()
        .filter(|finding| ["S1", "S2"].contains(&&*finding.rule_id))
        .map(shared)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_is_not_evaluated_says_what_it_needs() {
    let ruleset = ruleset();
    let told = |session: &mut Session| -> Vec<(String, Vec<String>, bool)> {
        let check = session.check(&claims(&ruleset, 1..=1));
        check.not_evaluated.into_iter().map(|rule| (rule.rule_id, rule.needs, rule.by_snapshot)).collect()
    };
    let none = told(&mut ruleset.session(claims(&ruleset, 0..0)));
    let names: Vec<(&str, &[String], bool)> =
        none.iter().map(|(rule, needs, by)| (rule.as_str(), needs.as_slice(), *by)).collect();
    assert_eq!(names[0], ("S1", ["项目价".to_owned()].as_slice(), true));
    assert_eq!(names[1], ("S2", ["院月".to_owned()].as_slice(), true));
    // About the population itself, or of its records: no snapshot suffices.
    assert_eq!(
        names.iter().map(|told| (told.0, told.2)).skip(2).collect::<Vec<_>>(),
        [("S3", false), ("S4", false)]
    );
    let snapshot =
        ruleset.snapshot_from_json(&json!({ "项目价": [{ "项目编码": "A1", "均价": "3" }] })).unwrap();
    let some = told(&mut Session::open_with(&ruleset, claims(&ruleset, 0..0), &snapshot).unwrap());
    assert_eq!(some.iter().map(|told| told.0.as_str()).collect::<Vec<_>>(), ["S2", "S3", "S4"]);
}

#[test]
fn rows_by_hand_decide_and_what_they_lack_is_undecided() {
    let ruleset = ruleset();
    let keys = |snapshot: Value| -> Vec<String> {
        let snapshot = ruleset.snapshot_from_json(&snapshot).unwrap();
        let mut session = Session::open_with(&ruleset, claims(&ruleset, 0..0), &snapshot).unwrap();
        session
            .check(&claims(&ruleset, 6..=6))
            .findings
            .into_iter()
            .map(|finding| finding.subject_key.clone())
            .collect()
    };
    // Amounts of person 6 are 25, 45, 65, 85, of A1 and A0 in turn.
    let a1 = |price: Value| json!({ "项目价": [{ "项目编码": "A1", "均价": price }, { "项目编码": "A0", "均价": 1000 }] });
    assert_eq!(keys(a1(json!("32"))), ["F6-3"]);
    assert_eq!(keys(a1(json!("32.5"))), [""; 0]);
    assert_eq!(keys(a1(json!(null))), [""; 0]);
    assert_eq!(
        keys(json!({ "version": 1, "summaries": { "项目价": { "coverage": null, "rows": [] } } })),
        [""; 0]
    );
}

#[test]
fn names_and_values_that_are_none_are_refused() {
    let ruleset = ruleset();
    let refused = |value: Value| {
        ruleset.snapshot_from_json(&value).unwrap_err().message(jihe::Language::Chinese).to_owned()
    };
    assert_eq!(refused(json!({ "项目价格": [] })), "快照：没有名为 `项目价格` 的统计；相近的名称：`项目价`");
    assert!(
        refused(json!({ "项目价": [{ "项目编码": "A1", "平均价": "3" }] })).contains("`平均价` 的键或列")
    );
    assert_eq!(
        refused(json!({ "项目价": [{ "均价": "3" }] })),
        "快照：统计 `项目价` 的一行没有键 `项目编码`"
    );
    assert!(refused(json!({ "version": 2 })).starts_with("快照应为"));
    let error = ruleset.snapshot(&claims(&ruleset, 1..=1), &["院年"]).unwrap_err();
    assert!(error.message(jihe::Language::English).contains("no summary named `院年`"));
    let wrong = |rows: Value| {
        let snapshot = ruleset.snapshot_from_json(&rows).unwrap();
        let error = Session::open_with(&ruleset, claims(&ruleset, 0..0), &snapshot).unwrap_err();
        error.message(jihe::Language::Chinese).to_owned()
    };
    assert_eq!(
        wrong(json!({ "项目价": [{ "项目编码": "A1", "均价": "贵" }] })),
        "快照：统计 `项目价` 第 1 行的 `均价` 不能读：`贵`"
    );
    assert_eq!(
        wrong(json!({ "院月": [{ "机构": "H1", "月份": "2024-13" }] })),
        "快照：统计 `院月` 第 1 行的 `月份` 不能读：`2024-13`"
    );
}
