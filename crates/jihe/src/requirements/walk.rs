//! Walks the typed tree and notes what it reads.
//!
//! In: typed rules. Out: [`Requirements`].
//! Invariant: every variable has its source noted before an expression that uses it is walked.

use super::{Reach, Requirements};
use jihe_check::typed::{
    Aggregate, Bound, Direction, Expr, ExprKind, KeyValue, Let, LetId, Literal, Lookup, MessagePart,
    NatureExpr, ParameterId, Period, Row, Rule, Set, SetKind, Source, SummaryId, TypedRules, VarId, Which,
    Window,
};
use jihe_model::schema::{FieldId, KindId};
use jihe_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// Days a month may have at most.
const MONTH: i64 = 31;
const DAY: i64 = 86_400;

pub(super) struct Walk<'a> {
    rules: &'a TypedRules,
    found: Requirements,
    sources: BTreeMap<VarId, Source>,
    lets: Vec<Let>,
    summaries: BTreeSet<SummaryId>,
    /// Kinds whose records are values: compared, grouped by, counted.
    compared: BTreeSet<KindId>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(rules: &'a TypedRules) -> Self {
        Self {
            rules,
            found: Requirements::default(),
            sources: BTreeMap::new(),
            lets: Vec::new(),
            summaries: BTreeSet::new(),
            compared: BTreeSet::new(),
        }
    }

    /// Names of the summaries a rule reads; a rule's own groups are a summary under its name.
    pub(super) fn summaries(mut self, rule: &Rule) -> Vec<String> {
        self.rule(rule);
        let known = self.summaries.iter().filter_map(|id| self.rules.summaries.get(id.index()));
        known.map(|summary| summary.name.clone()).collect()
    }

    /// What a rule itself reads.
    pub(super) fn only(mut self, rule: &Rule) -> Requirements {
        self.rule(rule);
        self.found
    }

    /// All summaries and derived fields, and the rules wanted.
    pub(super) fn run(self, wanted: &dyn Fn(&Rule) -> bool) -> Requirements {
        self.walked(wanted).found
    }

    /// What all rules read, and the kinds whose records they compare.
    pub(super) fn whole(self) -> (Requirements, BTreeSet<KindId>) {
        let walked = self.walked(&|_| true);
        (walked.found, walked.compared)
    }

    fn walked(mut self, wanted: &dyn Fn(&Rule) -> bool) -> Self {
        for derived in &self.rules.derived {
            self.own(&[]);
            self.source(derived.var, Source::Kind(derived.kind));
            self.bound(&derived.value);
        }
        for (at, summary) in self.rules.summaries.iter().enumerate() {
            self.own(&[]);
            self.set(&summary.records);
            self.source(summary.var, summary.records.source);
            self.source(summary.row, Source::Summary(SummaryId(u32::try_from(at).unwrap_or(u32::MAX))));
            for key in &summary.keys {
                self.key(&key.value);
            }
            summary.columns.iter().for_each(|column| self.expr(&column.value));
        }
        for rule in self.rules.rules.iter().filter(|rule| wanted(rule)) {
            self.rule(rule);
        }
        self
    }

    fn key(&mut self, key: &KeyValue) {
        match key {
            KeyValue::One(value) | KeyValue::EachDay(value) => self.expr(value),
            KeyValue::Each(each) => {
                self.element(&each.set, each.var);
                self.expr(&each.value);
            }
        }
    }

    fn own(&mut self, lets: &[Let]) {
        self.sources.clear();
        self.lets = lets.to_vec();
    }

    fn rule(&mut self, rule: &Rule) {
        self.own(&rule.lets);
        self.source(rule.var, rule.subject);
        rule.filter.iter().for_each(|filter| self.expr(filter));
        rule.lets.iter().for_each(|bound| self.bound(&bound.value));
        self.expr(&rule.when);
        rule.exemptions.iter().for_each(|(condition, _)| self.expr(condition));
        self.nature(&rule.nature);
        rule.offending.iter().chain(&rule.involved).for_each(|set| self.set(set));
        rule.amount.iter().for_each(|amount| self.expr(amount));
        rule.show.iter().for_each(|(_, value)| self.expr(value));
        for part in &rule.message {
            if let MessagePart::Expr(value) = part {
                self.expr(value);
            }
        }
    }

    fn nature(&mut self, nature: &NatureExpr) {
        if let NatureExpr::If(condition, then, otherwise) = nature {
            self.expr(condition);
            self.nature(then);
            self.nature(otherwise);
        }
    }

    fn bound(&mut self, bound: &Bound) {
        match bound {
            Bound::Value(value) => self.expr(value),
            Bound::Row(row) => self.row(row),
            Bound::Set(set) => self.set(set),
        }
    }

    /// Notes where a variable's rows come from, and that their kind is wanted.
    fn source(&mut self, var: VarId, source: Source) {
        self.sources.insert(var, source);
        self.summary(source);
        if let Source::Kind(kind) = source {
            self.kind(kind);
            let clock = self.rules.schema.kind(kind).map(|kind| kind.clock.clone()).unwrap_or_default();
            for field in clock {
                self.field(kind, field);
            }
        }
    }

    fn element(&mut self, set: &Set, var: VarId) {
        self.set(set);
        self.source(var, set.source);
    }

    fn kind(&mut self, kind: KindId) -> Option<&mut super::KindRequirement> {
        let declared = self.rules.schema.kind(kind)?;
        let declared = declared.raw_of.and_then(|origin| self.rules.schema.kind(origin)).unwrap_or(declared);
        Some(self.found.kinds.entry(declared.en.clone()).or_default())
    }

    fn field(&mut self, kind: KindId, field: FieldId) {
        let Some(name) = self.rules.schema.field(kind, field).map(|field| field.en.clone()) else { return };
        if let Some(wanted) = self.kind(kind) {
            wanted.fields.insert(name);
        }
    }

    /// The source of a row, as far as it is known without running.
    fn source_of(&self, row: &Row) -> Option<Source> {
        match row {
            Row::Var(var) => self.sources.get(var).copied(),
            Row::Follow { to, .. } => Some(Source::Kind(*to)),
            Row::Pick(pick) => Some(pick.set.source),
            Row::Let(id) => self.let_source(*id),
            Row::Derived(_, id) => match self.rules.derived.get(id.index()).map(|derived| &derived.value) {
                Some(Bound::Row(row)) => self.source_of(row),
                Some(Bound::Set(set)) => Some(set.source),
                Some(Bound::Value(_)) | None => None,
            },
        }
    }

    fn let_source(&self, id: LetId) -> Option<Source> {
        match self.lets.get(id.index()).map(|bound| &bound.value) {
            Some(Bound::Row(row)) => self.source_of(row),
            Some(Bound::Set(set)) => Some(set.source),
            Some(Bound::Value(_)) | None => None,
        }
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Var(_) | Row::Let(_) => {}
            Row::Follow { reference, to } => {
                self.expr(reference);
                self.kind(*to);
            }
            Row::Pick(pick) => {
                self.set(&pick.set);
                if let Which::Max(var, value) | Which::Min(var, value) = &pick.which {
                    self.source(*var, pick.set.source);
                    self.expr(value);
                }
            }
            Row::Derived(of, _) => self.row(of),
        }
    }

    fn summary(&mut self, source: Source) {
        if let Source::Summary(summary) = source {
            self.summaries.insert(summary);
        }
    }

    fn set(&mut self, set: &Set) {
        self.summary(set.source);
        if let Source::Kind(kind) = set.source {
            self.kind(kind);
        }
        match &set.kind {
            SetKind::All | SetKind::Let(_) => {}
            SetKind::Window(window) => self.window(window, set.source),
            SetKind::Children { of, field } => {
                self.row(of);
                if let Source::Kind(kind) = set.source {
                    self.field(kind, *field);
                }
            }
            SetKind::Members(row) | SetKind::Single(row) | SetKind::Derived(row, _) => self.row(row),
            SetKind::Each { set, var, inner } => {
                self.element(set, *var);
                self.set(inner);
            }
            SetKind::FollowEach { set, var, row } => {
                self.element(set, *var);
                self.row(row);
            }
            SetKind::Filter { set, var, condition } => {
                self.element(set, *var);
                self.expr(condition);
            }
            SetKind::Except(set, less) => {
                self.set(set);
                self.set(less);
            }
            SetKind::Densest(densest) => {
                self.element(&densest.set, densest.var);
                self.expr(&densest.value);
                self.expr(&densest.width);
            }
            SetKind::Lookup(lookup) => self.lookup(lookup),
        }
    }

    fn lookup(&mut self, lookup: &Lookup) {
        self.table(lookup.table);
        lookup.keys.iter().for_each(|(_, key)| self.expr(key));
        lookup.as_of.iter().for_each(|as_of| self.expr(as_of));
    }

    fn table(&mut self, table: jihe_check::typed::TableId) {
        if let Some(table) = self.rules.tables.get(table.index()) {
            self.found.tables.insert(table.name.clone());
        }
    }

    fn window(&mut self, window: &Window, source: Source) {
        self.row(&window.anchor);
        self.source(window.var, source);
        for (candidate, anchor) in &window.keys {
            self.expr(candidate);
            self.expr(anchor);
        }
        window.filter.iter().for_each(|filter| self.expr(filter));
        let (back, ahead) = self.reach(window);
        if let Some(period) = &window.period {
            self.period(period);
        }
        let kind = match source {
            Source::Kind(kind) => Some(kind),
            Source::Summary(summary) => {
                match self.rules.summaries.get(summary.index()).map(|found| found.records.source) {
                    Some(Source::Kind(kind)) => Some(kind),
                    Some(Source::Summary(_) | Source::Table(_)) | None => None,
                }
            }
            Source::Table(_) => None,
        };
        if let Some(wanted) = kind.and_then(|kind| self.kind(kind)) {
            wanted.look_back = wanted.look_back.max(back);
            wanted.look_ahead = wanted.look_ahead.max(ahead);
        }
    }

    /// How far a window looks back and ahead.
    fn reach(&self, window: &Window) -> (Reach, Reach) {
        let none = Reach::Claim;
        match &window.period {
            Some(Period::Rolling { direction, length, .. }) => {
                let days = length.as_ref().map_or(Reach::Unbounded, |length| self.days(length));
                match direction {
                    Direction::Last | Direction::Before => (days, none),
                    Direction::Next | Direction::After => (none, days),
                    Direction::Around => (days, days),
                }
            }
            Some(Period::Nearest { direction: Direction::Next | Direction::After, .. }) => {
                (none, Reach::Unbounded)
            }
            Some(Period::Nearest { .. }) => (Reach::Unbounded, none),
            Some(Period::During { .. } | Period::Overlapping { .. } | Period::ValidAt { .. }) | None => {
                (Reach::Unbounded, if window.until_anchor { none } else { Reach::Unbounded })
            }
        }
    }

    /// The longest a length can be, over all values of a parameter.
    fn days(&self, length: &Expr) -> Reach {
        let of_word = |word: i64| {
            if length.ty == Type::Months {
                word.saturating_mul(MONTH)
            } else {
                word.saturating_add(DAY.saturating_sub(1)).div_euclid(DAY)
            }
        };
        let of_literal = |literal: &Literal| match literal {
            Literal::Word(word) => u32::try_from(of_word(*word)).map_or(Reach::Unbounded, Reach::Days),
            Literal::Text(_) => Reach::Unbounded,
        };
        if let ExprKind::Literal(literal) = &length.kind {
            return of_literal(literal);
        }
        let ExprKind::Parameter(id) = &length.kind else { return Reach::Unbounded };
        self.parameter(*id).map(of_literal).max().unwrap_or(Reach::Unbounded)
    }

    fn parameter(&self, id: ParameterId) -> impl Iterator<Item = &Literal> {
        self.rules
            .parameters
            .get(id.index())
            .into_iter()
            .flat_map(|found| found.values.iter().map(|(_, value)| value))
    }

    fn period(&mut self, period: &Period) {
        match period {
            Period::Rolling { length, from, clock, .. } => {
                if let Some(length) = length {
                    self.expr(length);
                }
                self.expr(from);
                self.expr(clock);
            }
            Period::Nearest { count, .. } => self.expr(count),
            Period::During { interval, clock } => {
                self.expr(interval);
                self.expr(clock);
            }
            Period::Overlapping { interval: one, candidate } | Period::ValidAt { at: one, candidate } => {
                self.expr(one);
                self.expr(candidate);
            }
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) {
        self.element(&aggregate.set, aggregate.var);
        aggregate.value.iter().chain(&aggregate.argument).for_each(|value| self.expr(value));
    }

    fn expr(&mut self, expr: &Expr) {
        if let Type::Reference(kind) = expr.ty {
            self.compared.insert(kind);
        }
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Parameter(_) | ExprKind::AsOf | ExprKind::Let(_) => {}
            ExprKind::Field(row, field) => {
                if let Some(Source::Kind(kind)) = self.source_of(row) {
                    self.field(kind, *field);
                }
                self.row(row);
            }
            ExprKind::Clock(row)
            | ExprKind::Derived(row, _)
            | ExprKind::Key(row, _)
            | ExprKind::Column(row, _)
            | ExprKind::Cell(row, _)
            | ExprKind::Reference(row) => self.row(row),
            ExprKind::Not(one) | ExprKind::Negate(one) | ExprKind::IsKnown(one) => self.expr(one),
            ExprKind::InCodes(one, set) => {
                if let Some(name) = self.rules.code_sets.get(set.index()).and_then(|set| set.name.clone()) {
                    self.found.code_sets.insert(name);
                }
                self.expr(one);
            }
            ExprKind::And(all) | ExprKind::Or(all) | ExprKind::Call(_, all) => {
                for one in all {
                    self.expr(one);
                }
            }
            ExprKind::Compare(_, left, right)
            | ExprKind::Arithmetic(_, left, right)
            | ExprKind::InCell(left, right)
            | ExprKind::Contains(left, right)
            | ExprKind::Default(left, right)
            | ExprKind::Interval(left, right) => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::If(condition, then, otherwise) => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            ExprKind::InTable(test) => {
                self.table(test.table);
                test.values.iter().chain(&test.as_of).for_each(|value| self.expr(value));
            }
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate),
            ExprKind::Excess(excess) | ExprKind::ExcessDays(excess) => {
                self.element(&excess.set, excess.var);
                self.expr(&excess.value);
                self.expr(&excess.limit);
            }
        }
    }
}
