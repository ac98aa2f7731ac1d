//! Running in parts, as JSON text.
//!
//! In: a ruleset, findings of all parts. Out: the layout; money, each charge counted once.
//! Invariant: totals of findings put together from parts are those of one run.

use super::{error_json, output::text, read};
use crate::money::exact;
use crate::ruleset::Ruleset;
use jihe_model::finding::{Evidence, Finding, Nature};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// What totals need of a finding.
#[derive(Debug, Deserialize)]
struct Charged {
    rule_id: String,
    nature: String,
    amount: Option<String>,
    #[serde(default)]
    offending: Vec<Line>,
}

#[derive(Debug, Deserialize)]
struct Line {
    kind: String,
    key: String,
    amount: Option<String>,
}

impl Ruleset {
    /// How records and rules fall into parts ([`crate::Layout`]).
    pub fn layout_json(&self) -> String {
        text(&self.layout())
    }

    /// Money of findings, each charge counted once: an array of objects with at least `rule_id`, `nature`, `amount` and
    /// `offending` gives `{"amount", "by_rule": {rule_id: amount}}`, as in the totals of a coverage manifest.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn totals_json(&self, findings: &str) -> Result<String, String> {
        let charged: Vec<Charged> = read(findings).map_err(|error| error_json(&error))?;
        let findings: Vec<Finding> = charged.into_iter().map(finding).collect();
        let totals = crate::totals::totals(self.typed(), &findings);
        let by_rule: BTreeMap<&String, String> =
            totals.by_rule.iter().map(|(rule, amount)| (rule, exact(*amount))).collect();
        Ok(text(&json!({ "amount": exact(totals.amount), "by_rule": by_rule })))
    }
}

fn finding(charged: Charged) -> Finding {
    let evidence =
        |line: Line| Evidence { kind: line.kind.into(), key: line.key, amount: money(line.amount) };
    let offending = charged.offending.into_iter().map(evidence).collect();
    Finding::of_charges(charged.rule_id.into(), nature(&charged.nature), money(charged.amount), offending)
}

fn money(text: Option<String>) -> Option<i64> {
    jihe_model::decimal::parse(&text?, 4).ok()
}

fn nature(name: &str) -> Nature {
    let all = [Nature::Violation, Nature::Likely, Nature::Suspicious];
    all.into_iter().find(|nature| crate::run_tests::en_nature(*nature) == name).unwrap_or(Nature::DataQuality)
}

#[cfg(test)]
mod tests {
    use crate::RuleFiles;

    const RULES: &str = r#"
        规则包 "示例" 版本 "1"
        规则 大额 { 编号 "X1" 针对 明细 当 金额 > 100 元 性质 违规 违规金额 金额 - 100 元 说明 "大额" }
        规则 偏高 { 编号 "X2" 针对 明细 当 金额 > 150 元 性质 可疑 违规金额 金额 - 150 元 说明 "偏高" }
        规则 缺码 { 编号 "X3" 针对 明细 当 非 已知(项目编码) 性质 数据质量 说明 "缺码" }
    "#;
    const CLAIMS: &str = r#"{
        "visit": [{ "mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-01" }],
        "item": [{ "feedetl_sn": "L1", "visit": "V1", "used_time": "2024-03-01", "cnt": 1, "amount": "200" },
                 { "feedetl_sn": "L2", "visit": "V1", "used_time": "2024-03-01", "cnt": 1, "amount": "101.5" }]
    }"#;

    #[test]
    fn totals_of_findings_are_those_of_the_run() {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", RULES)).unwrap();
        let report: serde_json::Value =
            serde_json::from_str(&ruleset.audit_json(CLAIMS, "").unwrap()).unwrap();
        let totals: serde_json::Value =
            serde_json::from_str(&ruleset.totals_json(&report["findings"].to_string()).unwrap()).unwrap();
        assert_eq!(totals["amount"], "101.5000");
        assert_eq!(totals["amount"], report["coverage"]["totals"]["amount"]);
        assert_eq!(totals["by_rule"], report["coverage"]["totals"]["by_rule"]);
    }

    #[test]
    fn what_is_no_list_of_findings_is_refused() {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", RULES)).unwrap();
        assert!(ruleset.totals_json("{}").is_err_and(|error| error.contains("usage")));
    }
}
