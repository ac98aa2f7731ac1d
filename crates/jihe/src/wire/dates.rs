//! The dates of a run, as JSON gives them.
//!
//! In: texts such as `2024-12-31`, and the schema. Out: [`RunDates`].
//! Invariant: a kind that does not exist is refused, with the nearest name.

use crate::error::{Error, ErrorKind};
use jihe_model::records::RunDates;
use jihe_model::schema::{KindId, Schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// `[from, to]` for every kind, or `{kind: [from, to]}` for some; the others go by their own rows.
#[derive(Debug, Clone)]
pub(super) enum Coverage {
    All([String; 2]),
    Kinds(BTreeMap<String, [String; 2]>),
}

impl<'de> Deserialize<'de> for Coverage {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_any(CoverageReader)
    }
}

/// An array is for all kinds, an object for those it names.
struct CoverageReader;

impl<'de> Visitor<'de> for CoverageReader {
    type Value = Coverage;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("[from, to] or {kind: [from, to]}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, days: A) -> Result<Coverage, A::Error> {
        Deserialize::deserialize(SeqAccessDeserializer::new(days)).map(Coverage::All)
    }

    fn visit_map<A: MapAccess<'de>>(self, kinds: A) -> Result<Coverage, A::Error> {
        Deserialize::deserialize(MapAccessDeserializer::new(kinds)).map(Coverage::Kinds)
    }
}

pub(super) fn run_dates(
    schema: &Schema,
    as_of: Option<&String>,
    coverage: Option<&Coverage>,
) -> Result<RunDates, Error> {
    let mut dates = RunDates { as_of: as_of.map(day).transpose()?, ..RunDates::default() };
    match coverage {
        None => {}
        Some(Coverage::All(days)) => dates.coverage = Some(span(days)?),
        Some(Coverage::Kinds(kinds)) => {
            for (name, days) in kinds {
                dates.kinds.insert(kind(schema, name)?, span(days)?);
            }
        }
    }
    Ok(dates)
}

fn kind(schema: &Schema, name: &str) -> Result<KindId, Error> {
    let found = schema.find_kind(name);
    let origin = |id: KindId| schema.kind(id).and_then(|kind| kind.raw_of).unwrap_or(id);
    found.map(origin).ok_or_else(|| {
        let known = schema.kinds.iter().flat_map(|kind| [kind.en.as_str(), kind.zh.as_str()]);
        let near = jihe_model::nearest::nearest(name, known);
        Error::plain(
            ErrorKind::Usage,
            format!("coverage：没有记录种类 `{name}`{}", hint("，是否为 ", &near)),
            format!("coverage: there is no record kind `{name}`{}", hint("; perhaps ", &near)),
        )
    })
}

fn hint(lead: &str, near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("{lead}{}", near.join("、")) }
}

fn span([from, to]: &[String; 2]) -> Result<(i64, i64), Error> {
    let days = (day(from)?, day(to)?);
    if days.0 <= days.1 {
        return Ok(days);
    }
    Err(Error::plain(
        ErrorKind::Usage,
        format!("coverage 的首日 {from} 晚于末日 {to}"),
        format!("coverage ends on {to}, before it begins on {from}"),
    ))
}

fn day(text: &String) -> Result<i64, Error> {
    jihe_model::calendar::parse_date(text).ok_or_else(|| {
        Error::plain(
            ErrorKind::Usage,
            format!("`{text}` 不是日期，写作 2024-12-31"),
            format!("`{text}` is not a day such as 2024-12-31"),
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::RuleFiles;
    use serde_json::{Value, json};

    const RULES: &str = r#"
        规则 再诊 {
          编号 "X1" 针对 就诊
          设 以前 = 其他 就诊 同一(参保人) 此前 10 天
          当 存在(以前) 性质 可疑 涉及 以前 说明 "再诊"
        }
    "#;
    const CLAIMS: &str =
        r#"{ "visit": [{ "mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-08" }], "settlement": [] }"#;

    fn audit(options: &Value) -> Result<Value, String> {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", RULES)).unwrap();
        ruleset.audit_json(CLAIMS, &options.to_string()).map(|text| serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn coverage_does_not_end_before_it_begins() {
        for coverage in
            [json!(["2024-12-31", "2024-01-01"]), json!({ "visit": ["2024-12-31", "2024-01-01"] })]
        {
            let refused = audit(&json!({ "coverage": coverage })).unwrap_err();
            let refused: Value = serde_json::from_str(&refused).unwrap();
            assert_eq!((&refused["kind"], &refused["code"]), (&json!("usage"), &json!("E0002")));
        }
        assert!(audit(&json!({ "coverage": ["2024-01-01", "2024-01-01"] })).is_ok());
    }

    fn undecided(report: &Value) -> &Value {
        &report["coverage"]["rules"][0]["undecided"]
    }

    #[test]
    fn a_kind_goes_by_the_coverage_given_for_it() {
        // The window reaches back beyond the only visit: known to hold nothing only where the days are covered.
        assert_eq!(undecided(&audit(&json!({})).unwrap()), 1);
        let wide = audit(&json!({ "coverage": { "就诊": ["2024-02-01", "2024-03-31"] } })).unwrap();
        assert_eq!(undecided(&wide), 0);
        assert_eq!(wide["coverage"]["coverage"]["visit"], json!(["2024-02-01", "2024-03-31"]));
        assert_eq!(wide["coverage"]["coverage"]["settlement"], Value::Null);
        let other = audit(&json!({ "coverage": { "settlement": ["2024-02-01", "2024-03-31"] } })).unwrap();
        assert_eq!(undecided(&other), 1);
        let all = audit(&json!({ "coverage": ["2024-02-01", "2024-03-31"] })).unwrap();
        assert_eq!(undecided(&all), 0);
    }

    #[test]
    fn a_kind_that_does_not_exist_is_refused() {
        let refused = audit(&json!({ "coverage": { "visits": ["2024-02-01", "2024-03-31"] } })).unwrap_err();
        assert!(refused.contains("visits") && refused.contains("usage"), "{refused}");
    }
}
