//! Pairs to rules and their clauses.
//!
//! In: a `rule`. Out: a [`Rule`](tree::Rule) with its clauses in the author's order.
//! Invariant: clauses are kept as often as they are written; the checker reports a second one.

use super::expression::leaf;
use super::{Builder, Node, expected, parts, unquoted};
use crate::parse::cut;
use crate::parse::errors::SyntaxError;
use crate::parse::template::{Segment, segments};
use crate::tree::{self, Clause, ClauseKind, Expr, ExprKind, Stage, Str, Template, TemplatePart};
use jihe_diagnostics::Span;
use jihe_grammar::{JiheParser, Rule};
use pest::Parser;
use std::ops::Range;

impl Builder<'_> {
    pub(super) fn rule(&mut self, node: Node<'_>) -> Option<tree::Rule> {
        let mut name = None;
        let mut clauses = Vec::new();
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => name = Some(self.name(&part)),
                Rule::clause => clauses.extend(self.clause(part)),
                _ => {}
            }
        }
        Some(tree::Rule { name: name?, clauses })
    }

    fn clause(&mut self, node: Node<'_>) -> Option<Clause> {
        let span = self.span(&node);
        let clause = parts(node).next()?;
        let rule = clause.as_rule();
        let mut words = parts(clause).filter(|part| !expected::is_clause_word(part.as_rule()));
        let kind = match rule {
            Rule::c_id => ClauseKind::Id(self.string(&words.next()?)),
            Rule::c_title => ClauseKind::Title(self.string(&words.next()?)),
            Rule::c_basis => ClauseKind::Basis(words.map(|text| self.string(&text)).collect()),
            Rule::c_stage => ClauseKind::Stages(words.filter_map(|stage| self.stage(stage)).collect()),
            Rule::c_effective => {
                let from = self.date(&words.next()?);
                ClauseKind::Effective { from, to: words.next().map(|day| self.date(&day)) }
            }
            Rule::c_precedes => ClauseKind::Precedes(words.map(|name| self.name(&name)).collect()),
            Rule::c_for => {
                let records = self.expression(words.next()?);
                ClauseKind::For { records, group: words.next().map(|group| self.group(group)) }
            }
            Rule::c_let => ClauseKind::Let(self.bind(words.next()?)?),
            Rule::c_when => ClauseKind::When(self.expression(words.next()?)),
            Rule::c_unless => {
                let condition = self.expression(words.next()?);
                ClauseKind::Unless { condition, reason: self.string(&words.next()?) }
            }
            Rule::c_nature => ClauseKind::Nature(self.expression(words.next()?)),
            Rule::c_offending => ClauseKind::Offending(self.expressions(words)),
            Rule::c_amount => ClauseKind::Amount(self.expression(words.next()?)),
            Rule::c_involving => ClauseKind::Involving(self.expressions(words)),
            Rule::c_show => ClauseKind::Show(self.expressions(words)),
            Rule::c_message => ClauseKind::Message(self.template(&words.next()?)),
            Rule::c_verify => ClauseKind::Verify(self.string(&words.next()?)),
            _ => return None,
        };
        Some(Clause { kind, span })
    }

    fn stage(&mut self, node: Node<'_>) -> Option<(Stage, Span)> {
        let span = self.span(&node);
        let stage = match parts(node).next()?.as_rule() {
            Rule::stage_pre => Stage::Pre,
            Rule::stage_live => Stage::Live,
            Rule::stage_post => Stage::Post,
            _ => return None,
        };
        Some((stage, span))
    }

    fn template(&mut self, node: &Node<'_>) -> Template {
        let Str { span, .. } = self.string(node);
        let whole = self.range(node);
        let text = unquoted(node.as_str());
        let mark = node.as_str().chars().next().map_or(0, char::len_utf8);
        let start = whole.start.saturating_add(mark);
        let segments = segments(text).unwrap_or_else(|at| {
            let at = start.saturating_add(at);
            self.fail(SyntaxError::Braces, at..at.saturating_add(1));
            Vec::new()
        });
        let parts = segments.into_iter().map(|segment| match segment {
            Segment::Text(plain) => TemplatePart::Text(plain),
            Segment::Braces(inside) => TemplatePart::Expr(
                self.interpolated(text.get(inside.clone()).unwrap_or(""), start.saturating_add(inside.start)),
            ),
        });
        Template { span, parts: parts.collect() }
    }

    /// The expression between braces, which begins at a byte of the file.
    fn interpolated(&mut self, text: &str, start: usize) -> Expr {
        let whole: Range<usize> = start..start.saturating_add(text.len());
        let missing =
            leaf(ExprKind::Missing, crate::parse::errors::span(self.context.file, whole.clone())).expr;
        if let Some(at) = text.find(['"', '“', '”']) {
            let at = start.saturating_add(at);
            self.fail(SyntaxError::Braces, at..at.saturating_add(1));
            return missing;
        }
        if cut::nests_too_deeply(text) {
            self.fail(SyntaxError::TooDeep, whole);
            return missing;
        }
        match JiheParser::parse(Rule::only_expression, text) {
            Ok(mut pairs) => {
                let outer = std::mem::replace(&mut self.base, start);
                let node = pairs.next().and_then(|all| parts(all).next());
                let expr = node.map_or(missing, |node| self.expression(node));
                self.base = outer;
                expr
            }
            Err(error) => {
                let at = super::failure(&error, start).at.min(whole.end);
                let end = self.context.text.get(at..whole.end).and_then(|rest| rest.chars().next());
                let end = end.map_or(whole.end, |c| at.saturating_add(c.len_utf8()));
                let range = if at < whole.end { at..end } else { whole };
                self.fail(SyntaxError::Braces, range);
                missing
            }
        }
    }
}
