//! Rows of population summaries that a host supplies to a session (sentences 41 and 42).
//!
//! In: a batch, or rows as texts. Out: [`SummaryRows`], and the same as columns.
//! Invariant: a row says its keys and columns exactly as the batch computed them; its members are not there, so a rule that
//! asks for them does not run.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use super::reads::roots;
use crate::column::{Column, ix, small};
use crate::context::{Context, Persons};
use crate::domain::Domain;
use crate::frame::{Coverage, Frame, NO_TIME};
use crate::ir::{ExprId, ExprOp, Node, SetOp};
use crate::live::person::Engine;
use crate::plan::Plan;
use crate::run::{Causes, Constants, Run, Texts, intern};
use crate::summaries::{SummaryData, period_start};
use jihe_check::typed::{Rule, RuleId, Scope, Source, SummaryId, TypedRules};
use jihe_model::calendar;
use jihe_model::cell::parse_word;
use jihe_model::records::Records;
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{Instant, Symbols, Value};
use std::collections::BTreeSet;
use std::rc::Rc;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryCell {
    /// As a cell of a table is written.
    Known(String),
    /// Known from below: the bound, and the cause as the manifest names it.
    AtLeast(String, String),
    /// Missing, with the cause.
    Missing(String),
}

/// A summary's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRows {
    /// Its name.
    pub name: String,
    /// Names of its keys, in the order of the rows.
    pub keys: Vec<String>,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// First and last day its records cover; none without bounds.
    pub coverage: Option<(i64, i64)>,
    /// Keys and columns of each row.
    pub rows: Vec<(Vec<String>, Vec<SummaryCell>)>,
}

/// A row that cannot be taken: its place, and the key or column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCell {
    /// Row, from 0.
    pub row: usize,
    /// Key or column.
    pub name: String,
    /// What stands there.
    pub text: String,
}

/// Supplied rows, ready for evaluation.
#[derive(Debug, Clone)]
pub(crate) struct Supplied {
    id: SummaryId,
    keys: Vec<Vec<i64>>,
    texts: Vec<String>,
    clock: Vec<i64>,
    columns: Vec<Column>,
    coverage: Coverage,
}

impl Supplied {
    pub(crate) fn coverage(&self) -> Coverage {
        self.coverage
    }
}

/// The population summaries a 群体 rule needs to run in a session; none if no snapshot suffices.
pub fn snapshot_needs(rules: &TypedRules, plan: &Plan, rule: RuleId) -> Option<BTreeSet<SummaryId>> {
    let typed = rules.rules.get(rule.index()).filter(|rule| rule.by_snapshot)?;
    let mut walk = Walk { rules, plan, seen: BTreeSet::new(), needs: BTreeSet::new(), suffices: true };
    for root in roots(plan.rules.get(rule.index())?) {
        walk.node(root);
    }
    walk.own_groups(typed);
    walk.suffices.then_some(walk.needs)
}

struct Walk<'p> {
    rules: &'p TypedRules,
    plan: &'p Plan,
    seen: BTreeSet<Node>,
    needs: BTreeSet<SummaryId>,
    suffices: bool,
}

impl Walk<'_> {
    fn population(&self, source: Source) -> Option<SummaryId> {
        let Source::Summary(id) = source else { return None };
        let summary = self.rules.summaries.get(id.index())?;
        (summary.scope == Scope::Population).then_some(id)
    }

    /// A rule over groups or a summary of persons is about them; what those groups read is not followed.
    fn own_groups(&mut self, rule: &Rule) {
        self.suffices &= self.population(rule.subject).is_none();
    }

    fn node(&mut self, node: Node) {
        if !self.seen.insert(node) {
            return;
        }
        let arena = &self.plan.arena;
        match node {
            Node::Expr(id) => {
                if let ExprOp::At(row, source, body, _) = &arena.expr(id).op
                    && let Some(summary) = self.population(*source)
                    && self.is_column(summary, *body)
                {
                    self.needs.insert(summary);
                    return self.node(Node::Row(*row));
                }
            }
            Node::Row(_) => {}
            Node::Set(id) => {
                let set = arena.set(id);
                if let Some(summary) = self.population(set.source) {
                    self.needs.insert(summary);
                    self.suffices &= self.is_timed(summary) || !is_placed(&set.op);
                }
                if let SetOp::Members(row) = &set.op {
                    self.suffices &= self.population(arena.row(*row).source).is_none();
                }
            }
        }
        arena.parts(node).into_iter().for_each(|part| self.node(part));
    }

    /// Whether rows have a time of their own: they do if a key is a calendar period.
    fn is_timed(&self, summary: SummaryId) -> bool {
        self.plan.summaries.get(summary.index()).is_some_and(|held| held.calendar.is_some())
    }

    fn is_column(&self, summary: SummaryId, body: ExprId) -> bool {
        self.plan.summaries.get(summary.index()).is_some_and(|held| held.columns.contains(&body))
    }
}

/// Whether a window goes by the time of its candidates.
fn is_placed(op: &SetOp) -> bool {
    let SetOp::Window(window) = op else { return false };
    window.period.is_some() || window.neighbour.is_some() || window.until_anchor
}

/// The rows of a summary over all records of a batch.
pub fn summary_rows(
    rules: &TypedRules,
    plan: &Plan,
    records: &Records,
    id: SummaryId,
) -> Option<SummaryRows> {
    let constants = Constants::after(rules, plan, records);
    let texts = Texts { base: &records.symbols, extra: &constants.symbols };
    let frame = Frame::build(&rules.schema, records, texts, 1);
    let run = Run::new((rules, plan, &constants), frame, texts, 1 << 20);
    let context = Context::new(&run, Persons::All);
    let (typed, planned) = (rules.summaries.get(id.index())?, plan.summaries.get(id.index())?);
    let source = Source::Summary(id);
    let (data, full) = (context.summary(id), context.full(source));
    let columns: Vec<(Type, Rc<Column>)> =
        planned.columns.iter().map(|body| (context.type_of(*body), context.eval(*body, &full))).collect();
    let cause = |cause| run.causes.text(cause);
    let row = |row: u32| {
        let keys = data.keys.iter().zip(&planned.keys);
        let cell = |(ty, column): &(Type, Rc<Column>)| match column.get(ix(row)) {
            Value::Known(word) => SummaryCell::Known(written(word, *ty, texts)),
            Value::AtLeast(word, why) => SummaryCell::AtLeast(written(word, *ty, texts), cause(why)),
            Value::Missing(why) => SummaryCell::Missing(cause(why)),
        };
        (
            keys.map(|(words, key)| written(words[ix(row)], key.ty, texts)).collect(),
            columns.iter().map(cell).collect(),
        )
    };
    let coverage = match context.coverage(source) {
        Coverage::Days(from, to) => Some((from, to)),
        Coverage::Always | Coverage::Never => None,
    };
    Some(SummaryRows {
        name: typed.name.clone(),
        keys: typed.keys.iter().map(|key| key.name.clone()).collect(),
        columns: typed.columns.iter().map(|column| column.name.clone()).collect(),
        coverage,
        rows: (0..data.len).map(row).collect(),
    })
}

/// A word as a cell of a table is written.
fn written(word: i64, ty: Type, texts: Texts<'_>) -> String {
    if ty.is_symbol() { texts.text(word).to_owned() } else { texts.key_text(word, ty) }
}

/// Rows as columns, in a session's symbols.
pub(super) fn supply(
    engine: Engine<'_>,
    symbols: &mut Symbols,
    rows: &SummaryRows,
) -> Result<Option<Supplied>, BadCell> {
    let (rules, plan, prepared) = engine;
    let Some(at) = rules.summaries.iter().position(|summary| summary.name == rows.name) else {
        return Ok(None);
    };
    let id = SummaryId(small(at));
    let (Some(typed), Some(planned)) = (rules.summaries.get(at), plan.summaries.get(at)) else {
        return Ok(None);
    };
    let place = |names: &[String], name: &str| names.iter().position(|held| held == name);
    let key_places: Vec<Option<usize>> = typed.keys.iter().map(|key| place(&rows.keys, &key.name)).collect();
    let column_places: Vec<Option<usize>> =
        typed.columns.iter().map(|column| place(&rows.columns, &column.name)).collect();
    let base = &prepared.constants.symbols;
    let mut drafts: Vec<(i64, String, Vec<i64>, Vec<Value>)> = Vec::with_capacity(rows.rows.len());
    for (row, (keys, columns)) in rows.rows.iter().enumerate() {
        let mut word = |text: &str, ty: Type, name: &str| {
            let bad = || BadCell { row, name: name.to_owned(), text: text.to_owned() };
            read(text, ty, (base, symbols)).ok_or_else(bad)
        };
        let mut words = Vec::with_capacity(keys.len());
        for (key, place) in typed.keys.iter().zip(&key_places) {
            let text = place.and_then(|place| keys.get(place)).map_or("", String::as_str);
            words.push(word(text, key.ty, &key.name)?);
        }
        let mut values = Vec::with_capacity(columns.len());
        for (column, place) in typed.columns.iter().zip(&column_places) {
            values.push(match place.and_then(|place| columns.get(place)) {
                None => Value::Missing(crate::run::EMPTY),
                Some(SummaryCell::Known(text)) => Value::Known(word(text, column.value.ty, &column.name)?),
                Some(SummaryCell::AtLeast(text, why)) => Value::AtLeast(
                    word(text, column.value.ty, &column.name)?,
                    cause(&prepared.constants.causes, why),
                ),
                Some(SummaryCell::Missing(why)) => Value::Missing(cause(&prepared.constants.causes, why)),
            });
        }
        let start =
            planned.calendar.and_then(|key| Some(period_start(planned.keys.get(key)?.ty, *words.get(key)?)));
        let texts = Texts { base, extra: symbols };
        let parts = words.iter().zip(&planned.keys).map(|(word, key)| texts.key_text(*word, key.ty));
        let text = parts.collect::<Vec<String>>().join("|");
        drafts.push((start.unwrap_or(NO_TIME), text, words, values));
    }
    drafts.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let column = |at: usize| Column::collect(drafts.iter().filter_map(|draft| draft.3.get(at)).copied());
    let key = |at: usize| drafts.iter().filter_map(|draft| draft.2.get(at)).copied().collect();
    Ok(Some(Supplied {
        id,
        keys: (0..typed.keys.len()).map(key).collect(),
        columns: (0..typed.columns.len()).map(column).collect(),
        clock: drafts.iter().map(|draft| draft.0).collect(),
        texts: drafts.into_iter().map(|draft| draft.1).collect(),
        coverage: rows.coverage.map_or(Coverage::Always, |(from, to)| Coverage::Days(from, to)),
    }))
}

fn cause(causes: &Causes, text: &str) -> jihe_model::value::Cause {
    causes.find(text).unwrap_or(crate::run::EMPTY)
}

fn read(text: &str, ty: Type, (base, extra): (&Symbols, &mut Symbols)) -> Option<i64> {
    if ty.is_symbol() {
        return Some(i64::from(intern(base, extra, text)));
    }
    match ty {
        Type::Period(unit) => read_period(text, unit),
        _ => parse_word(ty, text).ok(),
    }
}

/// A calendar period as keys are written (contract 2).
fn read_period(text: &str, unit: PeriodUnit) -> Option<i64> {
    let year = text.get(..4)?;
    let number = |from: usize| text.get(from..)?.parse::<i64>().ok();
    let word = match unit {
        PeriodUnit::Hour => calendar::parse_instant(&format!("{}:00", text.replace('T', " ")))?.0,
        PeriodUnit::Day => calendar::parse_date(text)?,
        PeriodUnit::Week => {
            let fourth = calendar::parse_date(&format!("{year}-01-04"))?;
            let first = calendar::period_start(PeriodUnit::Week, Instant::of_day(fourth))?;
            number(6)?.checked_sub(1)?.checked_mul(7)?.checked_add(first)?
        }
        PeriodUnit::Month => calendar::parse_date(&format!("{text}-01"))?,
        PeriodUnit::Quarter => {
            let month = number(6)?.checked_mul(3)?.checked_sub(2)?;
            calendar::parse_date(&format!("{year}-{month:02}-01"))?
        }
        PeriodUnit::Year => calendar::parse_date(&format!("{year}-01-01"))?,
        PeriodUnit::BenefitYear(_) => {
            let last = calendar::parse_date(&format!("{year}-12-31"))?;
            calendar::period_start(unit, Instant::of_day(last))?
        }
    };
    let none = Symbols::new();
    (jihe_model::display::key_text(word, Type::Period(unit), &none) == text).then_some(word)
}

impl Context<'_> {
    /// The rows a host supplied for a summary.
    pub(crate) fn supplied(&self, source: Source) -> Option<&Supplied> {
        let Source::Summary(id) = source else { return None };
        self.live.as_ref()?.supplied.iter().find(|held| held.id == id)
    }

    /// The same as data of the summary.
    pub(crate) fn supplied_data(&self, id: SummaryId) -> Option<SummaryData> {
        let held = self.supplied(Source::Summary(id))?;
        Some(SummaryData::given(held.keys.clone(), held.texts.clone(), held.clock.clone()))
    }

    /// Puts supplied columns where computed ones would be.
    pub(crate) fn supply_columns(&self, source: Source, domain: &Domain) {
        let (Some(held), Source::Summary(id)) = (self.supplied(source), source) else { return };
        let Some(plan) = self.run.plan.summaries.get(id.index()) else { return };
        let columns = plan.columns.iter().zip(&held.columns);
        domain.exprs.borrow_mut().extend(columns.map(|(body, column)| (*body, Rc::new(column.clone()))));
    }
}
