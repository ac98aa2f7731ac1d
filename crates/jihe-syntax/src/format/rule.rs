//! Rules.
//!
//! In: a [`Rule`]. Out: its lines, clauses in the order of the reference.
//! Invariant: clauses of one kind keep the author's order; comments travel with their clause.

use super::comments::{self, Unit};
use super::expression::date;
use super::width::{LINE, padded, width};
use super::{Printer, quoted, range};
use crate::keywords::{self as words, Class, Keyword};
use crate::tree::{
    BinaryOp, ClauseKind, Expr, ExprKind, Group, Outcome, Rule, Stage, Str, Template, TemplatePart,
};
use jihe_diagnostics::Language;

impl Printer<'_> {
    pub(super) fn rule(&self, rule: &Rule) -> Vec<String> {
        let mut units: Vec<Unit> = rule
            .clauses
            .iter()
            .map(|clause| Unit::new(range(clause.span), self.clause(&clause.kind)))
            .collect();
        let others = comments::distribute(&self.comments, &mut units, self.source);
        let mut ordered: Vec<(usize, Unit)> =
            rule.clauses.iter().map(|clause| place(&clause.kind)).zip(units).collect();
        ordered.sort_by_key(|(place, _)| *place);
        let opening = others.opening.map_or(String::new(), |comment| format!("  {comment}"));
        let mut lines = vec![format!("{} {} {{{opening}", self.word(words::RULE), rule.name.text)];
        let inner = ordered.into_iter().flat_map(|(_, unit)| unit.written()).chain(others.closing);
        lines.extend(inner.map(|line| format!("  {line}")));
        lines.push("}".to_owned());
        lines
    }

    fn clause(&self, clause: &ClauseKind) -> Vec<String> {
        let Some(keyword) = words::CLAUSES.get(place(clause)) else { return Vec::new() };
        let word = self.clause_word(*keyword);
        if let ClauseKind::When(condition) = clause {
            return self.condition(&word, condition);
        }
        if let ClauseKind::For { records, group: Some(group) } = clause {
            return self.grouped(&word, records, group);
        }
        vec![format!("{word}{}", self.body(clause))]
    }

    /// The word of a clause with the blanks after it: Chinese bodies begin in one column.
    fn clause_word(&self, keyword: Keyword) -> String {
        const COLUMN: usize = 4;
        match self.language {
            Language::Chinese => format!("{} ", padded(keyword.zh, COLUMN)),
            Language::English => format!("{} ", keyword.en),
        }
    }

    fn body(&self, clause: &ClauseKind) -> String {
        match clause {
            ClauseKind::Id(text) | ClauseKind::Title(text) | ClauseKind::Verify(text) => quoted(&text.text),
            ClauseKind::Basis(texts) => listed(texts, |text: &Str| quoted(&text.text)),
            ClauseKind::Stages(stages) => listed(stages, |(stage, _)| self.stage(*stage).to_owned()),
            ClauseKind::Effective { from, to: Some(to) } => {
                format!("{} {} {}", date(from), self.word(words::TO), date(to))
            }
            ClauseKind::Effective { from, to: None } => {
                format!("{} {}", date(from), self.word(words::ONWARD))
            }
            ClauseKind::Precedes(names) => listed(names, |name| name.text.clone()),
            ClauseKind::For { records, .. } => self.expr(records),
            ClauseKind::Let(bind) => format!("{} = {}", bind.name.text, self.expr(&bind.value)),
            ClauseKind::When(expr) | ClauseKind::Amount(expr) => self.expr(expr),
            ClauseKind::Unless { condition, reason } => {
                format!("{} {} {}", self.expr(condition), self.word(words::BECAUSE), quoted(&reason.text))
            }
            ClauseKind::Nature(expr) => self.nature(expr),
            ClauseKind::Offending(all) | ClauseKind::Involving(all) | ClauseKind::Show(all) => {
                listed(all, |expr| self.expr(expr))
            }
            ClauseKind::Message(template) => self.template(template),
        }
    }

    /// 当, broken before its outermost 且 or 或 if it does not fit.
    fn condition(&self, word: &str, condition: &Expr) -> Vec<String> {
        let line = format!("{word}{}", self.expr(condition));
        let ExprKind::Binary(_, outer @ (BinaryOp::And | BinaryOp::Or), _, _) = &condition.kind else {
            return vec![line];
        };
        if width(&line) <= LINE {
            return vec![line];
        }
        let indent = " ".repeat(width(word));
        let mut lines = Vec::new();
        let mut rest = condition;
        while let ExprKind::Binary(left, operator, _, right) = &rest.kind {
            if operator != outer {
                break;
            }
            lines.push(format!("{indent}{} {}", self.operator(*operator), self.expr(right)));
            rest = left;
        }
        lines.push(format!("{word}{}", self.expr(rest)));
        lines.reverse();
        lines
    }

    fn grouped(&self, word: &str, records: &Expr, group: &Group) -> Vec<String> {
        let records = format!("{word}{}", self.expr(records));
        let group = self.group(group);
        let line = format!("{records} {group}");
        if width(&line) <= LINE {
            vec![line]
        } else {
            vec![records, format!("{}{group}", " ".repeat(width(word)))]
        }
    }

    /// An expression whose results are natures, which are words of the language.
    fn nature(&self, expr: &Expr) -> String {
        if let ExprKind::Name(name) = &expr.kind {
            return self.known(name, Class::Contextual).to_owned();
        }
        if let ExprKind::Paren(inner) = &expr.kind {
            return format!("({})", self.nature(inner));
        }
        let ExprKind::If(condition, then, other) = &expr.kind else { return self.expr(expr) };
        let [if_word, then_word, else_word] =
            [words::IF, words::THEN, words::ELSE].map(|word| self.word(word));
        format!(
            "{if_word} {} {then_word} {} {else_word} {}",
            self.expr(condition),
            self.nature(then),
            self.nature(other)
        )
    }

    fn template(&self, template: &Template) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Text(plain) => plain.replace('{', "{{").replace('}', "}}"),
            TemplatePart::Expr(expr) => format!("{{{}}}", self.expr(expr)),
        };
        quoted(&template.parts.iter().map(part).collect::<String>())
    }

    fn stage(&self, stage: Stage) -> &'static str {
        self.word(match stage {
            Stage::Pre => words::PRE,
            Stage::Live => words::LIVE,
            Stage::Post => words::POST,
        })
    }

    pub(super) fn outcome(&self, outcome: Outcome) -> &'static str {
        self.word(match outcome {
            Outcome::Hit => words::HIT,
            Outcome::Pass => words::PASS,
            Outcome::NotApplicable => words::NOT_APPLICABLE,
            Outcome::Exempt => words::EXEMPT,
            Outcome::Undecided => words::UNDECIDED,
        })
    }
}

/// The place of a clause in the canonical order, which is that of [`words::CLAUSES`].
fn place(clause: &ClauseKind) -> usize {
    match clause {
        ClauseKind::Id(_) => 0,
        ClauseKind::Title(_) => 1,
        ClauseKind::Basis(_) => 2,
        ClauseKind::Stages(_) => 3,
        ClauseKind::Effective { .. } => 4,
        ClauseKind::Precedes(_) => 5,
        ClauseKind::For { .. } => 6,
        ClauseKind::Let(_) => 7,
        ClauseKind::When(_) => 8,
        ClauseKind::Unless { .. } => 9,
        ClauseKind::Nature(_) => 10,
        ClauseKind::Offending(_) => 11,
        ClauseKind::Amount(_) => 12,
        ClauseKind::Involving(_) => 13,
        ClauseKind::Show(_) => 14,
        ClauseKind::Message(_) => 15,
        ClauseKind::Verify(_) => 16,
    }
}

fn listed<T>(all: &[T], text: impl Fn(&T) -> String) -> String {
    all.iter().map(text).collect::<Vec<String>>().join(", ")
}
