//! Sessions and requirements as JSON text.
//!
//! In: a person's history, then claims, in the shape an audit takes them. Out: checks, findings, requirements.
//! Invariant: a finding has the shape it has in a report; nothing is decided here.

use super::faults::{RejectLine, error_json, reject_line};
use super::output::{FindingLine, finding_line, findings_json, text};
use super::read_options;
use crate::audit::Claims;
use crate::error::Error;
use crate::ruleset::Ruleset;
use crate::session::{Check, NotEvaluated, Session};
use jihe_model::ingest::Reject;
use serde::{Deserialize, Serialize};

/// What `session_json` takes beside the history.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SessionOptions {
    as_of: Option<String>,
    coverage: Option<super::dates::Coverage>,
    snapshot: Option<serde_json::Value>,
}

/// What one claim changes.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Check"))]
pub struct CheckLine<'a> {
    /// Findings that are new, changed, or name a record of the claim.
    findings: Vec<FindingLine<'a>>,
    /// Findings that no longer hold.
    withdrawn: Vec<WithdrawnLine<'a>>,
    /// 群体 rules, which one person's records cannot decide.
    not_evaluated: Vec<NotEvaluatedLine<'a>>,
    /// Rows of the claim that could not be read.
    rejects: Vec<RejectLine<'a>>,
}

/// A finding that no longer holds.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Withdrawn"))]
pub struct WithdrawnLine<'a> {
    /// 编号
    rule_id: &'a str,
    /// The subject it named.
    subject_key: &'a str,
}

/// A rule that a session cannot decide.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "NotEvaluated"))]
pub struct NotEvaluatedLine<'a> {
    /// 编号
    rule_id: &'a str,
    /// The summaries it reads; for a rule with 按 its own groups, under the rule's name.
    needs: &'a [String],
}

impl Ruleset {
    /// Opens a session over one person's history, claims as an audit takes them; `options` is empty or
    /// `{"as_of", "coverage": [from, to], "snapshot": {summary: [row]}}` (a snapshot may also be what
    /// [`crate::Snapshot::to_json`] gives). Rows that cannot be read are in [`Session::rejects_json`].
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn session_json(&self, history: &str, options: &str) -> Result<Session, String> {
        let claims = self.claims_from_json(history).map_err(|error| error_json(&error))?;
        self.session_of_json(claims, options)
    }

    /// As [`Ruleset::session_json`], for a history that was read from elsewhere.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn session_of_json(&self, history: Claims, options: &str) -> Result<Session, String> {
        let open = || -> Result<Session, Error> {
            let options: SessionOptions = read_options(options)?;
            let snapshot = options.snapshot.map(|value| self.snapshot_from_json(&value)).transpose()?;
            let mut claims = history;
            claims.records.run =
                super::dates::run_dates(self.schema(), options.as_of.as_ref(), options.coverage.as_ref())?;
            Session::open_with(self, claims, &snapshot.unwrap_or_default())
        };
        open().map_err(|error| error_json(&error))
    }

    /// The rows of summaries over a batch ([`Ruleset::snapshot`]) as JSON text.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn snapshot_json(&self, claims: &Claims, names: &[&str]) -> Result<String, String> {
        let snapshot = self.snapshot(claims, names).map_err(|error| error_json(&error))?;
        Ok(snapshot.to_json().to_string())
    }

    /// What a host must fetch: `{"kinds": {kind: {"fields", "look_back", "look_ahead"}}, "tables", "code_sets"}`;
    /// a reach is `"claim"`, `{"days": n}` or `"unbounded"`.
    pub fn requirements_json(&self) -> String {
        text(&self.requirements())
    }
}

impl Session {
    /// Adds a claim, in the shape of an audit's claims: `{"findings", "withdrawn": [{"rule_id", "subject_key"}],
    /// "not_evaluated": [{"rule_id", "needs": [summary]}], "rejects"}`. An error leaves the session as it was.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn check_json(&mut self, claim: &str) -> Result<String, String> {
        let claims = self.ruleset().claims_from_json(claim).map_err(|error| error_json(&error))?;
        Ok(self.check_claims_json(&claims))
    }

    /// As [`Session::check_json`], for a claim that was read from elsewhere.
    pub fn check_claims_json(&mut self, claims: &crate::Claims) -> String {
        let check = self.check(claims);
        text(&check_line(&check, &claims.rejects))
    }

    /// Everything that holds now: an array of findings, by rule id, then subject key.
    pub fn findings_json(&self) -> String {
        findings_json(self.findings())
    }

    /// Rows of the history that could not be read: an array of rejects.
    pub fn rejects_json(&self) -> String {
        text(&self.rejects().iter().map(reject_line).collect::<Vec<_>>())
    }
}

fn check_line<'a>(check: &'a Check, rejects: &'a [Reject]) -> CheckLine<'a> {
    let not_evaluated =
        |rule: &'a NotEvaluated| NotEvaluatedLine { rule_id: &rule.rule_id, needs: &rule.needs };
    CheckLine {
        findings: check.findings.iter().map(|finding| finding_line(finding)).collect(),
        withdrawn: check
            .withdrawn
            .iter()
            .map(|(rule_id, subject_key)| WithdrawnLine { rule_id, subject_key })
            .collect(),
        not_evaluated: check.not_evaluated.iter().map(not_evaluated).collect(),
        rejects: rejects.iter().map(reject_line).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{RuleFiles, Ruleset};
    use serde_json::{Value, json};

    const RULES: &str = r#"
        规则包 "示例" 版本 "1"
        统计 机构单价 = 明细 按 (就诊.机构) { 均价 = 平均(本组.单价) }
        规则 当日重复 {
          编号 "X2" 针对 明细
          设 同日 = 其他 明细 同一(就诊.参保人, 项目编码) 最近 2 天
          当 存在(同日) 性质 可疑 涉及 同日 说明 "重复"
        }
        规则 单价偏高 { 编号 "X9" 针对 机构单价 当 均价 > 100 元 性质 可疑 说明 "{均价}" }
    "#;

    fn ruleset() -> Ruleset {
        crate::compile(&RuleFiles::new().rule("demo.jihe", RULES))
            .map_err(|error| error.render(crate::Language::Chinese))
            .unwrap()
    }

    fn line(visit: &str, key: &str, code: &str) -> String {
        json!({
            "visit": [{ "mdtrt_id": visit, "psn_no": "P1", "time": "2024-03-01" }],
            "item": [{ "feedetl_sn": key, "visit": visit, "used_time": "2024-03-01", "med_list_codg": code }],
        })
        .to_string()
    }

    fn parse(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_check_says_what_it_finds_withdraws_and_leaves_open() {
        let ruleset = ruleset();
        let mut session =
            ruleset.session_json(&line("V1", "L1", "A"), r#"{ "as_of": "2024-12-31" }"#).unwrap();
        assert_eq!(parse(&session.findings_json()), json!([]));
        let check = parse(&session.check_json(&line("V2", "L2", "A")).unwrap());
        let keys: Vec<&Value> =
            check["findings"].as_array().unwrap().iter().map(|one| &one["subject_key"]).collect();
        assert_eq!(keys, ["L1", "L2"]);
        assert_eq!(check["not_evaluated"], json!([{ "rule_id": "X9", "needs": ["机构单价"] }]));
        assert_eq!(parse(&session.findings_json()), check["findings"]);

        let corrected = parse(&session.check_json(&line("V2", "L2", "B")).unwrap());
        let gone =
            json!([{ "rule_id": "X2", "subject_key": "L1" }, { "rule_id": "X2", "subject_key": "L2" }]);
        assert_eq!(corrected["withdrawn"], gone);
        assert_eq!(parse(&session.findings_json()), json!([]));
    }

    #[test]
    fn rows_that_cannot_be_read_are_told() {
        let bad = json!({ "visit": [{ "mdtrt_id": "V1", "psn_no": "P1", "time": "someday" }] }).to_string();
        let mut session = ruleset().session_json(&bad, "").unwrap();
        assert_eq!(parse(&session.rejects_json())[0]["value"], "someday");
        assert_eq!(parse(&session.check_json(&bad).unwrap())["rejects"][0]["value"], "someday");
    }

    #[test]
    fn a_refused_claim_leaves_the_session_as_it_was() {
        let ruleset = ruleset();
        let mut session = ruleset.session_json(&line("V1", "L1", "A"), "").unwrap();
        let refused = parse(&session.check_json(r#"{ "nothing": [] }"#).unwrap_err());
        assert_eq!(refused["kind"], "claims");
        let check = parse(&session.check_json(&line("V2", "L2", "A")).unwrap());
        assert_eq!(check["findings"].as_array().unwrap().len(), 2);
        let refused = ruleset.session_json("{}", r#"{ "as_of": "soon" }"#).err().unwrap();
        assert_eq!(parse(&refused)["kind"], "usage");
    }

    #[test]
    fn requirements_name_kinds_fields_and_reach() {
        let wanted = parse(&ruleset().requirements_json());
        assert_eq!(wanted["kinds"]["item"]["look_back"], json!({ "days": 2 }));
        assert!(wanted["kinds"]["visit"]["fields"].as_array().unwrap().contains(&json!("person")));
    }
}
