//! A person's records under evaluation.
//!
//! In: history and claims. Out: for every rule the subjects asked again and their findings.
//! Invariant: records, frame and kept columns say the same rows in the same order.

use super::append::{self, Awaited};
use super::dirty::Delta;
use super::groups::joined;
use super::snapshot::{BadCell, SummaryRows, Supplied, supply};
use super::{Kept, LiveContext, Prepared, Rows};
use crate::context::{Context, Persons};
use crate::frame::{Frame, KindTable, attach, detach};
use crate::maps::HashMap;
use crate::plan::Plan;
use crate::run::{Run, Texts, asks_categories, categories_of, diagnosis_system, intern};
use jihe_check::typed::{RuleId, Source, SummaryId, TypedRules};
use jihe_model::finding::Finding;
use jihe_model::records::{Records, Table};
use jihe_model::schema::KindId;
use jihe_model::value::{Symbol, Symbols};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many pairs are held at once; one person has few.
const CHUNK: usize = 1 << 16;

/// Rules made ready for sessions.
pub type Engine<'a> = (&'a TypedRules, &'a Plan, &'a Prepared);

/// A person's records, and what was computed over them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Texts that the rules do not have.
    symbols: Symbols,
    /// Records in the session's symbols; netting is in `tables`.
    records: Records,
    tables: Vec<KindTable<'static>>,
    as_of: Option<i64>,
    awaited: Awaited,
    categories: HashMap<u32, i64>,
    kept: Kept,
    supplied: Vec<Supplied>,
    rules: Vec<RuleId>,
}

/// What became of a rule after a claim.
#[derive(Debug, Clone)]
pub struct Changed {
    /// Which rule.
    pub rule: RuleId,
    /// Keys of the old subjects that were asked again; none if all were.
    pub subjects: Option<Vec<String>>,
    /// The findings of those and of the new subjects, but for those that are what they were.
    pub findings: Vec<Finding>,
    /// Keys of the subjects whose finding is what it was.
    pub unchanged: Vec<String>,
}

/// What became of all rules after a claim.
#[derive(Debug, Clone)]
pub struct Added {
    /// The rules that were asked again.
    pub changed: Vec<Changed>,
    /// Kinds of which the claim has records that were there before, so that findings which did not change may name them.
    pub repeated: Vec<KindId>,
}

/// What was before a claim.
struct Before {
    firsts: Vec<u32>,
    coverage: Vec<crate::frame::Coverage>,
    as_of: Option<i64>,
    /// Kinds of which the claim has rows that were there.
    repeated: Vec<KindId>,
}

impl Person {
    /// Someone without records.
    pub fn new(rules: Vec<RuleId>) -> Self {
        Person {
            symbols: Symbols::new(),
            records: Records::default(),
            tables: Vec::new(),
            as_of: None,
            awaited: Awaited::default(),
            categories: HashMap::default(),
            kept: Kept::default(),
            supplied: Vec::new(),
            rules,
        }
    }

    /// Takes rows of a population summary, before the history.
    ///
    /// # Errors
    /// A row whose key or column is not of its type.
    pub fn supply(&mut self, engine: Engine<'_>, rows: &SummaryRows) -> Result<(), BadCell> {
        let supplied = supply(engine, &mut self.symbols, rows)?;
        self.supplied.extend(supplied);
        Ok(())
    }

    /// Takes the history, and says what every rule finds in it.
    pub fn open(&mut self, engine: Engine<'_>, history: &Records) -> Vec<Changed> {
        self.records.run = history.run.clone();
        self.records.tables = self.translated(engine, history);
        self.rebuild(engine);
        self.evaluate(engine, None)
    }

    /// Adds a claim; a record with a known key replaces the known one.
    pub fn add(&mut self, engine: Engine<'_>, claim: &Records) -> Added {
        let claim = self.translated(engine, claim);
        if let Some(before) = self.grow(engine, &claim) {
            return Added { changed: self.evaluate(engine, Some(&before)), repeated: before.repeated };
        }
        let repeated = claim.keys().copied().collect();
        for (kind, table) in claim {
            let old = self.records.tables.remove(&kind);
            let table = old.map_or_else(|| table.clone(), |old| append::stack(&old, &table));
            self.records.tables.insert(kind, table);
        }
        self.rebuild(engine);
        Added { changed: self.evaluate(engine, None), repeated }
    }

    /// Tables with their symbols in the session's numbers.
    fn translated(&mut self, engine: Engine<'_>, records: &Records) -> BTreeMap<KindId, Table> {
        let base = &engine.2.constants.symbols;
        let mut known = vec![u32::MAX; records.symbols.len()];
        let symbols = &mut self.symbols;
        let mut symbol = |old: u32| {
            let Some(held) = usize::try_from(old).ok().and_then(|at| known.get_mut(at)) else { return old };
            if *held == u32::MAX {
                *held = intern(base, symbols, records.symbols.text(Symbol(old)));
            }
            *held
        };
        records.tables.iter().map(|(kind, table)| (*kind, append::translate(table, &mut symbol))).collect()
    }

    /// Everything anew from the records.
    fn rebuild(&mut self, engine: Engine<'_>) {
        let (rules, _, prepared) = engine;
        self.know_categories(engine, None);
        let texts = Texts { base: &prepared.constants.symbols, extra: &self.symbols };
        let frame = Frame::growing(&rules.schema, &self.records, texts);
        self.awaited = Awaited::default();
        append::await_missing(&rules.schema, &frame, &[], &mut self.awaited);
        self.as_of = frame.as_of;
        self.tables = detach(frame);
        self.kept = Kept::default();
    }

    /// Puts the claim's rows after those that are there, if that is all it takes.
    fn grow(&mut self, engine: Engine<'_>, claim: &BTreeMap<KindId, Table>) -> Option<Before> {
        let (rules, _, prepared) = engine;
        let schema = &rules.schema;
        let frame = attach(core::mem::take(&mut self.tables), schema, &self.records, self.as_of);
        let (firsts, coverage) = (append::lengths(&frame), frame.coverages());
        let mut before = Before { firsts, coverage, as_of: frame.as_of, repeated: Vec::new() };
        let rows = append::new_rows(schema, claim, (&self.records, &frame, &self.awaited));
        self.tables = detach(frame);
        let rows = rows?;
        let repeats = |(id, table): &(&KindId, &Table)| rows.get(*id).map_or(0, Vec::len) < table.rows;
        before.repeated = claim.iter().filter(repeats).map(|(id, _)| *id).collect();
        if append::is_empty(&rows) {
            return Some(before);
        }
        self.know_categories(engine, Some(claim));
        let texts = Texts { base: &prepared.constants.symbols, extra: &self.symbols };
        let grown: Vec<KindId> = rows.keys().copied().collect();
        append::extend(schema, &mut self.records, claim, (rows, texts));
        let mut frame = attach(core::mem::take(&mut self.tables), schema, &self.records, self.as_of);
        for (id, kind) in (0u16..).map(KindId).zip(&schema.kinds) {
            if grown.contains(&kind.raw_of.unwrap_or(id)) {
                frame.grow(id, kind, texts);
            }
        }
        frame.settle(schema, &self.records);
        append::await_missing(schema, &frame, &before.firsts, &mut self.awaited);
        self.as_of = frame.as_of;
        self.tables = detach(frame);
        Some(before)
    }

    /// Categories of diagnosis codes are texts too.
    fn know_categories(&mut self, engine: Engine<'_>, claim: Option<&BTreeMap<KindId, Table>>) {
        let (rules, plan, prepared) = engine;
        let Some(system) = diagnosis_system(rules).filter(|_| asks_categories(plan)) else { return };
        let codes = append::codes(&rules.schema, system, claim.unwrap_or(&self.records.tables));
        let base = &prepared.constants.symbols;
        categories_of(codes.into_iter(), (base, &mut self.symbols), &mut self.categories);
    }

    /// Asks every rule about its new subjects, and about the old ones that may have changed.
    fn evaluate(&mut self, engine: Engine<'_>, before: Option<&Before>) -> Vec<Changed> {
        let (rules, plan, prepared) = engine;
        let texts = Texts { base: &prepared.constants.symbols, extra: &self.symbols };
        let frame = attach(core::mem::take(&mut self.tables), &rules.schema, &self.records, self.as_of);
        let run = Run::new((rules, plan, &prepared.constants), frame, texts, CHUNK);
        let run = run.with_categories(&self.categories);
        let mut context = Context::new(&run, Persons::All);
        context.kin.replace(core::mem::take(&mut self.kept.kin));
        context.live =
            Some(LiveContext::new(&prepared.locality, core::mem::take(&mut self.kept), &self.supplied));
        let mut found = Vec::new();
        match before {
            None => found.extend(self.rules.iter().map(|rule| whole(&context, *rule))),
            Some(before) => {
                let of = (&prepared.reads, &prepared.locality);
                let moved = before.as_of != run.frame.as_of;
                let mut delta = Delta::new(&context, of, (&before.firsts, &before.coverage), moved);
                found.extend(self.rules.iter().filter_map(|rule| changed(&mut delta, *rule)));
            }
        }
        let kept = context.into_kept();
        let tables = detach(run.into_frame());
        (self.kept, self.tables) = (kept, tables);
        found
    }
}

/// A rule over all its subjects.
fn whole(context: &Context<'_>, rule: RuleId) -> Changed {
    context.ask_again(rule.index(), &Rows::All);
    let tally = context.run_rule(rule.index(), false);
    Changed { rule, subjects: None, findings: tally.findings, unchanged: tally.unchanged }
}

/// A rule over the groups that new records join.
fn joined_groups(delta: &Delta<'_, '_>, rule: RuleId, groups: SummaryId) -> Option<Changed> {
    let data = Rc::new(joined(delta, groups)?);
    let context = delta.context;
    let subjects = data.texts(context.run.texts);
    // The groups may be those of other rules too, which ask for all of them.
    context.put_summary(groups, Some(data));
    let changed = Changed { subjects: Some(subjects), ..whole(context, rule) };
    context.put_summary(groups, None);
    Some(changed)
}

/// A rule over the subjects a claim may have changed; none if there are none.
fn changed(delta: &mut Delta<'_, '_>, rule: RuleId) -> Option<Changed> {
    let context = delta.context;
    let (reads, plan) = (delta.reads.rules.get(rule.index())?, context.run.plan.rules.get(rule.index())?);
    if let Some(groups) = reads.groups {
        return joined_groups(delta, rule, groups);
    }
    let old = match delta.subjects(reads, plan.subject) {
        Rows::All => return Some(whole(context, rule)),
        Rows::None => Vec::new(),
        Rows::Some(rows) => rows,
    };
    let Source::Kind(kind) = plan.subject else { return None };
    let (from, to) = delta.added(kind);
    let old: Vec<u32> = old.into_iter().filter(|row| !context.is_hidden(plan.subject, *row)).collect();
    if old.is_empty() && from == to {
        return None;
    }
    let subjects = old.iter().map(|row| context.key_text(plan.subject, *row)).collect();
    let mut changed = Changed { rule, subjects: Some(subjects), findings: Vec::new(), unchanged: Vec::new() };
    let old = Rows::sorted(old);
    context.ask_again(rule.index(), &old);
    let asks = from < to && plan.filter.is_none_or(|filter| delta.may_hold(kind, filter));
    let new = asks.then(|| delta.fresh(kind));
    let old = (old != Rows::None).then(|| context.rows_domain(plan.subject, old.listed()));
    for subjects in new.into_iter().chain(old) {
        let tally = context.run_rule_over(rule.index(), &subjects);
        changed.findings.extend(tally.findings);
        changed.unchanged.extend(tally.unchanged);
    }
    Some(changed)
}
