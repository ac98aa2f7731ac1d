//! The clauses of a rule: collected once each, and typed.
//!
//! In: the clauses as written. Out: natures, evidence, amounts and messages.
//! Invariant: a clause of one kind stands once, except 设 and 除非.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::finding::Nature;
use jihe_model::types::Type;
use jihe_syntax::tree::{
    self, Bind, ClauseKind, Date, Expr as Tree, ExprKind as Node, Group, Name, Str, Template,
};

use super::rules::Subject;
use super::{Infer, Scope};
use crate::errors;
use crate::typed::{Expr, ExprKind, MessagePart, NatureExpr, Set, Stage};

/// The clauses of a rule by kind.
#[derive(Debug, Default)]
pub(super) struct Clauses<'a> {
    pub(super) id: Option<&'a Str>,
    pub(super) title: Option<&'a Str>,
    pub(super) basis: &'a [Str],
    pub(super) stages: &'a [(tree::Stage, Span)],
    pub(super) effective: Option<(Date, Option<Date>)>,
    pub(super) precedes: &'a [Name],
    pub(super) subject: Option<(&'a Tree, Option<&'a Group>)>,
    pub(super) lets: Vec<&'a Bind>,
    pub(super) when: Option<&'a Tree>,
    pub(super) unless: Vec<(&'a Tree, &'a Str)>,
    pub(super) nature: Option<&'a Tree>,
    pub(super) offending: &'a [Tree],
    pub(super) amount: Option<&'a Tree>,
    pub(super) involving: &'a [Tree],
    pub(super) show: &'a [Tree],
    pub(super) message: Option<&'a Template>,
    pub(super) verify: Option<&'a Str>,
}

impl Clauses<'_> {
    /// 环节, by default 事后.
    pub(super) fn typed_stages(&self) -> Vec<Stage> {
        let stages: Vec<Stage> = self
            .stages
            .iter()
            .map(|(stage, _)| match stage {
                tree::Stage::Pre => Stage::Pre,
                tree::Stage::Live => Stage::Live,
                tree::Stage::Post => Stage::Post,
            })
            .collect();
        if stages.is_empty() { vec![Stage::Post] } else { stages }
    }
}

/// Sorts clauses by kind and reports what stands twice.
pub(super) fn collect<'a>(rule: &'a tree::Rule, diagnostics: &mut Vec<Diagnostic>) -> Clauses<'a> {
    let mut clauses = Clauses::default();
    let mut seen: Vec<(std::mem::Discriminant<ClauseKind>, Span)> = Vec::new();
    for clause in &rule.clauses {
        let repeatable = matches!(clause.kind, ClauseKind::Let(_) | ClauseKind::Unless { .. });
        let which = std::mem::discriminant(&clause.kind);
        if let Some((_, first)) = seen.iter().find(|(kind, _)| *kind == which)
            && !repeatable
        {
            diagnostics.push(errors::structure::clause_twice(*first, clause.span));
            continue;
        }
        seen.push((which, clause.span));
        put(&mut clauses, &clause.kind);
    }
    clauses
}

fn put<'a>(clauses: &mut Clauses<'a>, kind: &'a ClauseKind) {
    match kind {
        ClauseKind::Id(id) => clauses.id = Some(id),
        ClauseKind::Title(title) => clauses.title = Some(title),
        ClauseKind::Basis(basis) => clauses.basis = basis,
        ClauseKind::Stages(stages) => clauses.stages = stages,
        ClauseKind::Effective { from, to } => clauses.effective = Some((*from, *to)),
        ClauseKind::Precedes(names) => clauses.precedes = names,
        ClauseKind::For { records, group } => clauses.subject = Some((records, group.as_ref())),
        ClauseKind::Let(bind) => clauses.lets.push(bind),
        ClauseKind::When(condition) => clauses.when = Some(condition),
        ClauseKind::Unless { condition, reason } => clauses.unless.push((condition, reason)),
        ClauseKind::Nature(nature) => clauses.nature = Some(nature),
        ClauseKind::Offending(sets) => clauses.offending = sets,
        ClauseKind::Amount(amount) => clauses.amount = Some(amount),
        ClauseKind::Involving(sets) => clauses.involving = sets,
        ClauseKind::Show(values) => clauses.show = values,
        ClauseKind::Message(message) => clauses.message = Some(message),
        ClauseKind::Verify(verify) => clauses.verify = Some(verify),
    }
}

/// What a finding shows.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) offending: Vec<Set>,
    pub(super) amount: Option<Expr>,
    pub(super) involved: Vec<Set>,
    pub(super) show: Vec<(String, Expr)>,
}

impl Infer<'_> {
    pub(super) fn evidence(
        &mut self,
        clauses: &Clauses<'_>,
        scope: &Scope,
        subject: &Subject,
    ) -> Option<Evidence> {
        let offending = self.sets(clauses.offending, scope);
        let amount = clauses.amount.map(|amount| self.amount(amount, clauses, scope, subject));
        let involved = self.sets(clauses.involving, scope);
        let show: Vec<Option<(String, Expr)>> = clauses
            .show
            .iter()
            .map(|tree| {
                let text = self.input.sources.text(tree.span).trim().to_owned();
                Some((text, self.value(tree, scope, None)?))
            })
            .collect();
        Some(Evidence {
            offending: offending?,
            amount: match amount {
                Some(amount) => Some(amount?),
                None => None,
            },
            involved: involved?,
            show: show.into_iter().collect::<Option<_>>()?,
        })
    }

    fn sets(&mut self, trees: &[Tree], scope: &Scope) -> Option<Vec<Set>> {
        let sets: Vec<Option<Set>> =
            trees.iter().map(|tree| self.set_value(tree, scope).map(|set| set.set)).collect();
        sets.into_iter().collect()
    }

    fn amount(
        &mut self,
        tree: &Tree,
        clauses: &Clauses<'_>,
        scope: &Scope,
        subject: &Subject,
    ) -> Option<Expr> {
        let amount = self.value(tree, scope, Some(Type::Money))?;
        if amount.ty != Type::Money {
            let error = errors::types::not_an_amount(self.schema(), &amount);
            return self.report(error);
        }
        if let Some(span) = hidden_excess(&amount, true) {
            return self.report(errors::structure::excess_inside(span));
        }
        let is_zero = matches!(amount.kind, ExprKind::Literal(_));
        if clauses.offending.is_empty() && !subject.is_lines(self) && !attributes(&amount) && !is_zero {
            return self.report(errors::structure::amount_without_lines(tree.span));
        }
        Some(amount)
    }

    pub(super) fn nature_clause(
        &mut self,
        rule: &tree::Rule,
        clauses: &Clauses<'_>,
        scope: &Scope,
    ) -> Option<NatureExpr> {
        match clauses.nature {
            Some(tree) => self.nature(tree, scope),
            None => self.report(errors::structure::missing_clause(&rule.name, "性质", "nature")),
        }
    }

    fn nature(&mut self, tree: &Tree, scope: &Scope) -> Option<NatureExpr> {
        match &tree.kind {
            Node::Paren(inner) => self.nature(inner, scope),
            Node::If(condition, then, otherwise) => {
                let condition = self.condition(condition, scope);
                let then = self.nature(then, scope);
                let otherwise = self.nature(otherwise, scope);
                Some(NatureExpr::If(condition?, Box::new(then?), Box::new(otherwise?)))
            }
            Node::Name(name) => match nature_of(name) {
                Some(nature) => Some(NatureExpr::Is(nature)),
                None => self.report(errors::structure::unknown_nature(tree.span, name)),
            },
            Node::Missing => None,
            _ => {
                self.report(errors::structure::unknown_nature(tree.span, self.input.sources.text(tree.span)))
            }
        }
    }

    pub(super) fn message(
        &mut self,
        rule: &tree::Rule,
        clauses: &Clauses<'_>,
        scope: &Scope,
    ) -> Option<Vec<MessagePart>> {
        let Some(template) = clauses.message else {
            let title = clauses.title.map_or(&rule.name.text, |title| &title.text);
            return Some(vec![MessagePart::Text(title.clone())]);
        };
        let scope = Scope { message: true, ..scope.clone() };
        let parts: Vec<Option<MessagePart>> = template
            .parts
            .iter()
            .map(|part| match part {
                tree::TemplatePart::Text(text) => Some(MessagePart::Text(text.clone())),
                tree::TemplatePart::Expr(tree) => self.printed(tree, &scope).map(MessagePart::Expr),
            })
            .collect();
        parts.into_iter().collect()
    }

    fn printed(&mut self, tree: &Tree, scope: &Scope) -> Option<Expr> {
        let value = self.value(tree, scope, None)?;
        if matches!(value.ty, Type::CodeSet(_)) {
            let error = errors::types::not_printable(self.schema(), &value);
            return self.report(error);
        }
        Some(value)
    }
}

/// A nature by either name.
pub(crate) fn nature_of(name: &str) -> Option<Nature> {
    match name {
        "违规" | "violation" => Some(Nature::Violation),
        "高度可疑" | "likely" => Some(Nature::Likely),
        "可疑" | "suspicious" => Some(Nature::Suspicious),
        "数据质量" | "data_quality" => Some(Nature::DataQuality),
        _ => None,
    }
}

/// Whether every branch says itself which lines carry how much.
fn attributes(amount: &Expr) -> bool {
    match &amount.kind {
        ExprKind::Excess(_) | ExprKind::ExcessDays(_) => true,
        ExprKind::If(_, then, otherwise) => attributes(then) && attributes(otherwise),
        _ => false,
    }
}

/// 超出部分 that is not a whole branch of 若.
fn hidden_excess(amount: &Expr, whole: bool) -> Option<Span> {
    match &amount.kind {
        ExprKind::Excess(_) | ExprKind::ExcessDays(_) => (!whole).then_some(amount.span),
        ExprKind::If(_, then, otherwise) => {
            hidden_excess(then, whole).or_else(|| hidden_excess(otherwise, whole))
        }
        ExprKind::Arithmetic(_, left, right) | ExprKind::Default(left, right) => {
            hidden_excess(left, false).or_else(|| hidden_excess(right, false))
        }
        ExprKind::Negate(inner) => hidden_excess(inner, false),
        ExprKind::Call(_, operands) => operands.iter().find_map(|operand| hidden_excess(operand, false)),
        _ => None,
    }
}
