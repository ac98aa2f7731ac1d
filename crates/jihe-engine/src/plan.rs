//! Typed rules to a plan: what is computed, each step once.
//!
//! In: [`TypedRules`]. Out: [`Plan`].
//! Invariant: a plan depends on the rules only, so one plan serves every run.
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use crate::ir::{Arena, ExprId, SetId};
use crate::lower::{Lowered, Lowering, Owner, Scope};
use crate::probes::Probes;
use jihe_check::typed::{
    Bound, Expr, KeyValue, MessagePart, NatureExpr, Rule, Scope as RuleScope, Set, SetKind, Source, Summary,
    SummaryId, TableId, TypedRules,
};
use jihe_model::finding::Nature;
use jihe_model::schema::KindId;
use jihe_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};

/// The steps of all rules, shared where they are the same.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) arena: Arena,
    pub(crate) rules: Vec<RulePlan>,
    pub(crate) summaries: Vec<SummaryPlan>,
    /// Conditions that an index of codes answers.
    pub(crate) probes: Probes,
}

/// One rule, every expression over its subject as slot 0.
#[derive(Debug, Clone)]
pub(crate) struct RulePlan {
    pub(crate) subject: Source,
    pub(crate) filter: Option<ExprId>,
    pub(crate) when: ExprId,
    pub(crate) exemptions: Vec<ExprId>,
    pub(crate) nature: NaturePlan,
    pub(crate) offending: Vec<SetId>,
    pub(crate) amount: Option<ExprId>,
    pub(crate) involved: Vec<SetId>,
    /// 设 of value type and 列示.
    pub(crate) values: Vec<(String, ExprId)>,
    pub(crate) message: Vec<PartPlan>,
    /// Dated tables of which the records behind a subject may see different rows.
    pub(crate) versions: Vec<VersionsPlan>,
    /// Whether whole persons suffice.
    pub(crate) by_person: bool,
}

/// A dated table read on the date of a group, and what a record behind the group sees on its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VersionsPlan {
    pub(crate) table: TableId,
    /// The records behind the group, over the group as slot 0.
    pub(crate) members: SetId,
    /// The slot of one of them.
    pub(crate) slot: u8,
    pub(crate) seen: SeenPlan,
}

/// What a record sees of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SeenPlan {
    Rows(SetId),
    Listed(ExprId),
}

/// 性质.
#[derive(Debug, Clone)]
pub(crate) enum NaturePlan {
    Is(Nature),
    If(ExprId, Box<NaturePlan>, Box<NaturePlan>),
}

/// A piece of a message.
#[derive(Debug, Clone)]
pub(crate) enum PartPlan {
    Text(String),
    Value(ExprId),
}

/// A summary.
#[derive(Debug, Clone)]
pub(crate) struct SummaryPlan {
    /// Whose rows are grouped.
    pub(crate) source: Source,
    pub(crate) filter: Option<ExprId>,
    pub(crate) keys: Vec<KeyPlan>,
    pub(crate) calendar: Option<usize>,
    pub(crate) dense: bool,
    /// The columns, over the row of the summary as slot 0.
    pub(crate) columns: Vec<ExprId>,
}

/// A key of a summary, over the record as slot 0.
#[derive(Debug, Clone)]
pub(crate) struct KeyPlan {
    pub(crate) ty: Type,
    pub(crate) value: KeyValuePlan,
}

/// How a record gets its values of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyValuePlan {
    One(ExprId),
    EachDay(ExprId),
    /// Set, slot of its element, value.
    Each(SetId, u8, ExprId),
}

/// What makes the rows of a summary what they are.
type GroupingKey = (Source, Option<ExprId>, Vec<(Type, KeyValuePlan)>, Option<usize>, bool);

impl SummaryPlan {
    /// Two summaries with equal keys have the same rows with the same members.
    fn key(&self) -> GroupingKey {
        let keys = self.keys.iter().map(|key| (key.ty, key.value)).collect();
        (self.source, self.filter, keys, self.calendar, self.dense)
    }
}

/// The groups that rules have of their own (按).
fn own_groups(rules: &TypedRules) -> BTreeSet<SummaryId> {
    let own = |rule: &Rule| match rule.subject {
        Source::Summary(id) if rule.grouped => Some(id),
        Source::Summary(_) | Source::Kind(_) | Source::Table(_) => None,
    };
    rules.rules.iter().filter_map(own).collect()
}

/// Plans rules.
pub fn plan(rules: &TypedRules) -> Plan {
    let mut lowering = Lowering::new(rules);
    let mut summaries: Vec<SummaryPlan> = Vec::with_capacity(rules.summaries.len());
    let own = own_groups(rules);
    let mut known: BTreeMap<(RuleScope, GroupingKey), SummaryId> = BTreeMap::new();
    for (id, summary) in (0u32..).map(SummaryId).zip(&rules.summaries) {
        let plan = lowering.summary(summary);
        if own.contains(&id) {
            let first = *known.entry((summary.scope, plan.key())).or_insert(id);
            lowering.same.insert(id, first);
        }
        summaries.push(plan);
    }
    for (id, (plan, summary)) in (0u32..).map(SummaryId).zip(summaries.iter_mut().zip(&rules.summaries)) {
        plan.columns =
            (0..summary.columns.len()).filter_map(|column| lowering.summary_column(id, column)).collect();
    }
    let mut planned: Vec<RulePlan> = Vec::new();
    for rule in &rules.rules {
        let mut one = lowering.rule(rule);
        one.by_person =
            rule.scope == RuleScope::Person && belongs_to_persons(rules, base_of(&summaries, rule.subject));
        planned.push(one);
    }
    let probes = Probes::new(rules, &lowering.arena, (&planned, &summaries));
    Plan { arena: lowering.arena, rules: planned, summaries, probes }
}

/// The kind whose records a source is made of.
pub(crate) fn base_of(summaries: &[SummaryPlan], source: Source) -> Option<KindId> {
    match source {
        Source::Kind(kind) => Some(kind),
        Source::Table(_) => None,
        // Summaries read summaries before them only, so this ends.
        Source::Summary(id) => {
            summaries.get(id.index()).and_then(|summary| base_of(summaries, summary.source))
        }
    }
}

/// Whether a kind's rows are cut into buckets of persons.
fn belongs_to_persons(rules: &TypedRules, kind: Option<KindId>) -> bool {
    fn reaches(rules: &TypedRules, kind: KindId, depth: u8) -> bool {
        let Some(held) = rules.schema.kind(kind) else { return false };
        if held.en == "person" {
            return true;
        }
        if depth == 0 || held.impersonal {
            return false;
        }
        held.fields.iter().any(|field| match field.ty {
            Type::Reference(to) => to != kind && reaches(rules, to, depth.saturating_sub(1)),
            _ => false,
        })
    }
    kind.is_some_and(|kind| reaches(rules, kind, 6))
}

impl Plan {
    /// Whether each rule needs whole persons only, in the order of the rules: such rules may run over any part of the
    /// records that is closed under their references, the others need all records at once.
    pub fn by_person(&self) -> impl Iterator<Item = bool> {
        self.rules.iter().map(|rule| rule.by_person)
    }
}

/// Whether records of a kind belong to persons: they refer to one, but not through a place or a professional.
pub fn is_personal(rules: &TypedRules, kind: KindId) -> bool {
    belongs_to_persons(rules, Some(kind))
}

impl Lowering<'_> {
    fn summary(&mut self, summary: &Summary) -> SummaryPlan {
        let source = self.source(record_source(&summary.records));
        let mut conditions = Vec::new();
        self.record_conditions(&summary.records, &mut conditions);
        let filter = self.all_of(conditions);
        self.owner = Owner { subject: summary.var, source, lets: Vec::new() };
        let scope = Scope::of(summary.var, source);
        let keys = summary
            .keys
            .iter()
            .map(|key| KeyPlan {
                ty: key.ty,
                value: match &key.value {
                    KeyValue::One(expr) => KeyValuePlan::One(self.expr(expr, &scope)),
                    KeyValue::EachDay(expr) => KeyValuePlan::EachDay(self.expr(expr, &scope)),
                    KeyValue::Each(each) => {
                        let (set, slot, value) = self.each(&each.set, each.var, &each.value, &scope);
                        KeyValuePlan::Each(set, slot, value)
                    }
                },
            })
            .collect();
        let (calendar, dense) = (summary.calendar, summary.dense);
        SummaryPlan { source, filter, keys, calendar, dense, columns: Vec::new() }
    }

    fn record_conditions(&mut self, set: &Set, conditions: &mut Vec<ExprId>) {
        if let SetKind::Filter { set: inner, var, condition } = &set.kind {
            self.record_conditions(inner, conditions);
            let source = self.source(inner.source);
            self.owner = Owner { subject: *var, source, lets: Vec::new() };
            let condition = self.expr(condition, &Scope::of(*var, source));
            conditions.push(condition);
        }
    }

    fn rule(&mut self, rule: &Rule) -> RulePlan {
        let subject = self.source(rule.subject);
        self.owner = Owner { subject: rule.var, source: subject, lets: Vec::new() };
        let scope = Scope::of(rule.var, subject);
        let filter = rule.filter.as_ref().map(|filter| self.expr(filter, &scope));
        let mut values = Vec::new();
        for bound in &rule.lets {
            let lowered = self.bound(&bound.value, &scope);
            self.owner.lets.push(lowered);
            if let (Lowered::Expr(expr), Bound::Value(_)) = (lowered, &bound.value) {
                values.push((bound.name.clone(), expr));
            }
        }
        let when = self.expr(&rule.when, &scope);
        let exemptions = rule.exemptions.iter().map(|(expr, _)| self.expr(expr, &scope)).collect();
        let nature = self.nature(&rule.nature, &scope);
        let offending = self.sets(&rule.offending, &scope);
        let involved = self.sets(&rule.involved, &scope);
        let amount = rule.amount.as_ref().map(|amount| self.expr(amount, &scope));
        for (name, expr) in &rule.show {
            let expr = self.expr(expr, &scope);
            values.push((name.clone(), expr));
        }
        let message = rule.message.iter().map(|part| self.part(part, &scope)).collect();
        RulePlan {
            subject,
            filter,
            when,
            exemptions,
            nature,
            offending,
            amount,
            involved,
            values,
            message,
            versions: self.versions(rule),
            by_person: false,
        }
    }

    fn sets(&mut self, sets: &[Set], scope: &Scope) -> Vec<SetId> {
        sets.iter().map(|set| self.set(set, scope)).collect()
    }

    fn part(&mut self, part: &MessagePart, scope: &Scope) -> PartPlan {
        match part {
            MessagePart::Text(text) => PartPlan::Text(text.clone()),
            MessagePart::Expr(expr) => PartPlan::Value(self.expr(expr, scope)),
        }
    }

    fn nature(&mut self, nature: &NatureExpr, scope: &Scope) -> NaturePlan {
        match nature {
            NatureExpr::Is(nature) => NaturePlan::Is(*nature),
            NatureExpr::If(condition, yes, no) => NaturePlan::If(
                self.expr(condition, scope),
                Box::new(self.nature(yes, scope)),
                Box::new(self.nature(no, scope)),
            ),
        }
    }

    pub(crate) fn each(
        &mut self,
        set: &Set,
        var: jihe_check::typed::VarId,
        value: &Expr,
        scope: &Scope,
    ) -> (SetId, u8, ExprId) {
        let source = self.source(set.source);
        let set = self.set(set, scope);
        let mut inner = scope.clone();
        let slot = u8::try_from(inner.vars.len()).unwrap_or(u8::MAX);
        inner.vars.push((var, source));
        (set, slot, self.expr(value, &inner))
    }
}

fn record_source(set: &Set) -> Source {
    match &set.kind {
        SetKind::Filter { set, .. } => record_source(set),
        _ => set.source,
    }
}
