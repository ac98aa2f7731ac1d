//! A report read page by page, and what to draw its evidence with.
//!
//! In: rules, claims, a report. Out: JSON of the part asked for.
//! Invariant: the pages of a report in their order are its findings; nothing is computed twice.

use super::faults::{RejectLine, error_json, reject_line};
use super::output::{FindingLine, finding_line, text};
use super::{AuditOptions, read, read_options};
use crate::audit::{Claims, Report};
use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, scope_name};
use crate::ruleset::Ruleset;
use crate::run_tests::en_nature;
use jihe_check::typed::{NatureExpr, Rule};
use jihe_diagnostics::Sources;
use jihe_model::display::display;
use jihe_model::finding::Nature;
use jihe_model::records::{Records, RunDates, Table};
use jihe_model::schema::{Kind, Schema};
use jihe_model::value::Symbol;
use serde::Serialize;
use std::collections::BTreeMap;

/// A report without its findings.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Summary"))]
pub struct SummaryLine<'a> {
    /// How many findings there are.
    findings: usize,
    /// What the run looked at.
    coverage: &'a Manifest,
}

/// A rule, for people.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "RuleText"))]
pub struct RuleTextLine<'a> {
    /// 编号
    id: &'a str,
    /// 名称
    name: &'a str,
    /// 性质, the gravest it can take.
    #[cfg_attr(test, ts(type = "Nature"))]
    nature: &'static str,
    /// `person` or `population`.
    #[cfg_attr(test, ts(type = "\"person\" | \"population\""))]
    scope: &'static str,
    /// 依据, joined by `；`
    basis: String,
    /// As its author wrote it.
    text: &'a str,
}

/// What became of a file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "FileRead"))]
pub struct FileLine<'a> {
    /// Its name; for a sheet of a workbook `book.xlsx#sheet`.
    pub file: &'a str,
    /// English name of the record kind it holds, several joined by `+`; null if it is not known.
    pub kind: Option<&'a str>,
    /// Data rows it holds.
    pub rows: u64,
    /// Rows that were taken.
    pub accepted: u64,
    /// Rows of which something was rejected.
    pub rejected: u64,
    /// Its columns, in order.
    pub columns: Vec<ColumnLine<'a>>,
    /// What is wrong with the file as a whole, Chinese; null if nothing.
    pub problem: Option<&'a str>,
    /// The same, English.
    pub problem_en: Option<&'a str>,
}

/// A column of a file.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "ColumnRead"))]
pub struct ColumnLine<'a> {
    /// Its name in the file.
    pub header: &'a str,
    /// English name of the field it holds; null for a column that is left out.
    pub field: Option<&'a str>,
}

/// What became of files, as JSON.
pub fn files_json(files: &[FileLine<'_>]) -> String {
    text(&files)
}

/// An error object of kind `usage` as JSON text.
pub fn usage_json(zh: &str, en: &str) -> String {
    error_json(&Error::plain(ErrorKind::Usage, zh, en))
}

/// A record as people read it: texts by English name of the field.
type RecordLine<'a> = BTreeMap<&'a str, Option<String>>;

impl Report {
    /// The report without its findings: `{"findings": number, "coverage"}`.
    pub fn summary_json(&self) -> String {
        text(&SummaryLine { findings: self.findings().len(), coverage: self.manifest() })
    }

    /// An array of at most `limit` findings from place `offset` on.
    pub fn findings_page_json(&self, offset: usize, limit: usize) -> String {
        let page: Vec<FindingLine<'_>> =
            self.findings().iter().skip(offset).take(limit).map(finding_line).collect();
        text(&page)
    }
}

impl Claims {
    /// An array of at most `limit` rejected rows from place `offset` on.
    pub fn rejects_page_json(&self, offset: usize, limit: usize) -> String {
        let page: Vec<RejectLine<'_>> =
            self.rejects.iter().skip(offset).take(limit).map(reject_line).collect();
        text(&page)
    }
}

impl Ruleset {
    /// The dates of a run from the options of an audit, `{"as_of", "coverage"}`.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn run_dates_json(&self, options: &str) -> Result<RunDates, String> {
        let options: Result<AuditOptions, Error> = read_options(options);
        options.and_then(|options| options.run(self.schema())).map_err(|error| error_json(&error))
    }

    /// Every rule with its text: `[{"id", "name", "nature", "scope", "basis", "text"}]`, in the order written.
    pub fn rules_json(&self) -> String {
        let rules: Vec<RuleTextLine<'_>> =
            self.typed().rules.iter().map(|rule| rule_line(rule, self.sources())).collect();
        text(&rules)
    }

    /// Records of a kind by key, `keys` a JSON array of texts: for each key an object of texts by English field name,
    /// null where missing; an empty object for a key that no record has.
    ///
    /// # Errors
    /// An error object as JSON text: no such kind, or keys that are no array of texts.
    pub fn records_json(&self, records: &Records, kind: &str, keys: &str) -> Result<String, String> {
        let found = || -> Result<String, Error> {
            let keys: Vec<String> = read(keys)?;
            let id = self.schema().find_kind(kind).ok_or_else(|| {
                Error::plain(
                    ErrorKind::Usage,
                    format!("没有记录种类 `{kind}`"),
                    format!("no record kind `{kind}`"),
                )
            })?;
            let declared = self.schema().kind(id);
            let id = declared.and_then(|kind| kind.raw_of).unwrap_or(id);
            let Some((kind, table)) = self.schema().kind(id).zip(records.tables.get(&id)) else {
                return Ok(text(&vec![RecordLine::new(); keys.len()]));
            };
            let source = (records, table);
            let rows = rows_of(source, &keys);
            let line = |row: Option<usize>| row.map(|row| record_line(self.schema(), kind, source, row));
            let lines: Vec<RecordLine<'_>> =
                rows.into_iter().map(|row| line(row).unwrap_or_default()).collect();
            Ok(text(&lines))
        };
        found().map_err(|error| error_json(&error))
    }
}

fn rule_line<'a>(rule: &'a Rule, sources: &'a Sources) -> RuleTextLine<'a> {
    let range = || Some(usize::try_from(rule.span.start).ok()?..usize::try_from(rule.span.end).ok()?);
    let written = sources.get(rule.span.file).and_then(|source| source.text.get(range()?));
    RuleTextLine {
        id: &rule.id,
        name: &rule.title,
        nature: en_nature(gravest(&rule.nature)),
        scope: scope_name(rule.scope),
        basis: rule.basis.join("；"),
        text: written.unwrap_or_default(),
    }
}

/// Natures are ordered from the gravest to the mildest.
fn gravest(nature: &NatureExpr) -> Nature {
    match nature {
        NatureExpr::Is(nature) => *nature,
        NatureExpr::If(_, then, otherwise) => gravest(then).min(gravest(otherwise)),
    }
}

/// The first row of each key. Keys that are only shown ([`jihe_model::ingest::NeededKind`]) are not looked up by their
/// texts, so for a text that is no symbol the texts of the rows are read.
fn rows_of((records, table): (&Records, &Table), keys: &[String]) -> Vec<Option<usize>> {
    let symbols: Vec<Option<u32>> =
        keys.iter().map(|key| records.symbols.find(key).map(|symbol| symbol.0)).collect();
    let mut by_symbol: BTreeMap<u32, Option<usize>> =
        symbols.iter().flatten().map(|key| (*key, None)).collect();
    let unknown = keys.iter().zip(&symbols).filter(|(_, symbol)| symbol.is_none());
    let mut by_text: BTreeMap<&str, Option<usize>> = unknown.map(|(key, _)| (key.as_str(), None)).collect();
    for (row, held) in table.keys.iter().enumerate() {
        let mut found = by_symbol.get_mut(held);
        if found.is_none() && !by_text.is_empty() {
            found = by_text.get_mut(records.symbols.text(Symbol(*held)));
        }
        if let Some(first) = found {
            first.get_or_insert(row);
        }
    }
    let row = |(key, symbol): (&String, &Option<u32>)| match symbol {
        Some(symbol) => by_symbol.get(symbol).copied().flatten(),
        None => by_text.get(key.as_str()).copied().flatten(),
    };
    keys.iter().zip(&symbols).map(row).collect()
}

fn record_line<'a>(
    schema: &'a Schema,
    kind: &'a Kind,
    (records, table): (&Records, &Table),
    row: usize,
) -> RecordLine<'a> {
    let fields = kind.fields.iter().zip(&table.columns);
    let shown = fields.filter_map(|(field, column)| {
        let word = column.as_ref()?.get(row);
        Some((field.en.as_str(), word.map(|word| display(word, field.ty, &records.symbols, schema))))
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use crate::{Options, Portion, RuleFiles, Watch};
    use jihe_model::ingest::RecordsBuilder;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    const RULES: &str = r#"规则包 "示例" 版本 "1"
规则 大额 { 编号 "X1" 针对 明细 当 金额 > 10 元 性质 若 金额 > 50 元 则 违规 否则 可疑 依据 "甲", "乙" 说明 "单笔{金额}" }
"#;

    #[test]
    fn pages_and_records_are_parts_of_the_whole() {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", RULES))
            .map_err(|error| error.render(crate::Language::Chinese))
            .unwrap();
        let lines: Vec<Value> = (1..=5)
            .map(|at| json!({ "feedetl_sn": format!("L{at}"), "visit": "V1", "used_time": "2024-03-01", "amount": "20" }))
            .collect();
        let claims =
            json!({ "visit": [{ "mdtrt_id": "V1", "psn_no": "P1", "time": "2024-03-01" }], "item": lines });
        let claims = ruleset.claims_from_json(&claims.to_string()).unwrap();
        let report = ruleset.audit(&claims, &Options::default());
        let parse = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        assert_eq!(parse(&report.summary_json())["findings"], 5);
        let told = Arc::new(AtomicUsize::new(0));
        let hears = Arc::clone(&told);
        let watch = Watch(Arc::new(move |done, all| hears.store(done * 100 / all, Ordering::Relaxed)));
        let portion = Portion { only: None, watch: Some(watch) };
        let watched = ruleset.audit_portion(&claims, &Options::default(), portion).unwrap();
        assert_eq!(told.load(Ordering::Relaxed), 100);
        assert_eq!(watched.findings_page_json(0, 10), report.findings_page_json(0, 10));
        assert_eq!(watched.summary_json(), report.summary_json());
        let page = parse(&report.findings_page_json(3, 10));
        let keys: Vec<&Value> = page.as_array().unwrap().iter().map(|one| &one["subject_key"]).collect();
        assert_eq!(keys, ["L4", "L5"]);
        let rules = parse(&ruleset.rules_json());
        assert_eq!(rules[0]["nature"], "violation");
        assert_eq!(rules[0]["basis"], "甲；乙");
        assert!(rules[0]["text"].as_str().unwrap().starts_with("规则 大额"));
        let records = parse(&ruleset.records_json(&claims.records, "明细", r#"["L2", "none"]"#).unwrap());
        assert_eq!(records[0]["amount"], "20.00元");
        assert_eq!(records[0]["visit"], "V1");
        assert_eq!(records[1], json!({}));
        let refused = ruleset.records_json(&claims.records, "nothing", "[]").unwrap_err();
        assert_eq!(parse(&refused)["kind"], "usage");
    }

    #[test]
    fn records_are_found_by_keys_that_are_only_shown() {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", RULES))
            .map_err(|error| error.render(crate::Language::Chinese))
            .unwrap();
        let lines = json!([{ "feedetl_sn": "L1", "amount": "20" }, { "feedetl_sn": "L2", "amount": "30" }]);
        let mut builder = RecordsBuilder::new(ruleset.schema()).reading(ruleset.needs());
        builder.push_json("item", &lines.to_string()).unwrap();
        let records = builder.finish().records;
        assert!(records.symbols.find("L2").is_none());
        let found = ruleset.records_json(&records, "item", r#"["L2", "none", "L1", "L2"]"#).unwrap();
        let found: Value = serde_json::from_str(&found).unwrap();
        let line = |amount: &str| json!({ "amount": amount });
        assert_eq!(found, json!([line("30.00元"), {}, line("20.00元"), line("30.00元")]));
    }
}
