//! Pairs to sets of records.
//!
//! In: an `arg` with prefixes or suffixes. Out: a [`SetExpr`] node.
//! Invariant: the order of prefixes and suffixes is the author's; what it means is the checker's.

use super::expression::{Tall, leaf};
use super::{Builder, Node, parts};
use crate::tree::{
    Calendar, Expr, ExprKind, Group, IntervalPeriod, IntervalWord, Rolling, RollingWord, SetExpr, SetPrefix,
    SetSuffix,
};
use jihe_diagnostics::Span;
use jihe_grammar::Rule;

impl Builder<'_> {
    pub(super) fn set(&mut self, node: Node<'_>, span: Span) -> Tall {
        let mut prefixes = Vec::new();
        let mut suffixes = Vec::new();
        let mut base = leaf(ExprKind::Missing, span);
        let mut below = 0;
        for part in parts(node) {
            let at = self.span(&part);
            match part.as_rule() {
                Rule::k_other => prefixes.push((SetPrefix::Other, at)),
                Rule::k_prev => prefixes.push((SetPrefix::Previous, at)),
                Rule::k_following => prefixes.push((SetPrefix::Following, at)),
                Rule::expr => base = self.tall(part),
                _ => {
                    let (suffix, height) = self.suffix(part);
                    below = below.max(height);
                    suffixes.extend(suffix.map(|suffix| (suffix, at)));
                }
            }
        }
        let below = below.max(base.height);
        self.over(ExprKind::Set(Box::new(SetExpr { prefixes, base: base.expr, suffixes })), span, below)
    }

    fn suffix(&mut self, node: Node<'_>) -> (Option<SetSuffix>, u32) {
        match node.as_rule() {
            Rule::same => {
                let keys = parts(node).filter(|part| part.as_rule() == Rule::key);
                let (keys, heights): (Vec<_>, Vec<_>) = keys.map(|key| self.key(key)).unzip();
                (Some(SetSuffix::Same(keys)), heights.into_iter().max().unwrap_or(0))
            }
            Rule::calendar => (calendar(node.as_str()).map(SetSuffix::Calendar), 0),
            Rule::rolling => self.rolling(node),
            Rule::interval => self.interval(node),
            Rule::where_ => {
                let (condition, height) = self.operand_of(node);
                (Some(SetSuffix::Where(condition)), height)
            }
            Rule::except => {
                let (records, height) = self.operand_of(node);
                (Some(SetSuffix::Except(records)), height)
            }
            _ => (None, 0),
        }
    }

    /// The one expression among words.
    fn operand_of(&mut self, node: Node<'_>) -> (Expr, u32) {
        let span = self.span(&node);
        let operand = parts(node).find(|part| {
            !matches!(
                part.as_rule(),
                Rule::k_where
                    | Rule::k_except
                    | Rule::k_anchor
                    | Rule::k_clock
                    | Rule::k_on
                    | Rule::k_clock_end
            )
        });
        let built = operand.map_or_else(|| leaf(ExprKind::Missing, span), |operand| self.tall(operand));
        (built.expr, built.height)
    }

    fn rolling(&mut self, node: Node<'_>) -> (Option<SetSuffix>, u32) {
        let mut word = None;
        let (mut length, mut from, mut clock) = (None, None, None);
        let mut until_this = false;
        let mut below = 0;
        for part in parts(node) {
            let target = match part.as_rule() {
                Rule::roll_word => {
                    word = parts(part).next().and_then(|word| rolling_word(word.as_rule()));
                    continue;
                }
                Rule::until_this => {
                    until_this = true;
                    continue;
                }
                Rule::length => &mut length,
                Rule::anchor => &mut from,
                Rule::clock => &mut clock,
                _ => continue,
            };
            let (expr, height) = self.operand_of(part);
            below = below.max(height);
            *target = Some(expr);
        }
        (word.map(|word| SetSuffix::Rolling(Rolling { word, length, until_this, from, clock })), below)
    }

    fn interval(&mut self, node: Node<'_>) -> (Option<SetSuffix>, u32) {
        let mut word = None;
        let mut value = leaf(ExprKind::Missing, self.span(&node));
        let mut clock = None;
        let mut below = 0;
        for part in parts(node) {
            match part.as_rule() {
                Rule::interval_word => {
                    word = parts(part).next().and_then(|word| interval_word(word.as_rule()));
                }
                Rule::clock => {
                    let (expr, height) = self.operand_of(part);
                    below = height;
                    clock = Some(expr);
                }
                _ => value = self.tall(part),
            }
        }
        let below = below.max(value.height);
        (word.map(|word| SetSuffix::Interval(IntervalPeriod { word, value: value.expr, clock })), below)
    }

    /// `按 (…) 补零`
    pub(super) fn group(&mut self, node: Node<'_>) -> Group {
        let span = self.span(&node);
        let mut keys = Vec::new();
        let mut dense = false;
        for part in parts(node) {
            match part.as_rule() {
                Rule::key => keys.push(self.key(part).0),
                Rule::k_dense => dense = true,
                _ => {}
            }
        }
        Group { keys, dense, span }
    }
}

fn rolling_word(rule: Rule) -> Option<RollingWord> {
    Some(match rule {
        Rule::roll_last => RollingWord::Last,
        Rule::roll_next => RollingWord::Next,
        Rule::roll_around => RollingWord::Around,
        Rule::roll_before => RollingWord::Before,
        Rule::roll_after => RollingWord::After,
        _ => return None,
    })
}

fn interval_word(rule: Rule) -> Option<IntervalWord> {
    Some(match rule {
        Rule::during => IntervalWord::During,
        Rule::overlapping => IntervalWord::Overlapping,
        Rule::valid_at => IntervalWord::ValidAt,
        _ => return None,
    })
}

fn calendar(text: &str) -> Option<Calendar> {
    let unit = text.strip_prefix("same").map_or(text, str::trim);
    Some(match unit {
        "本次" | "visit" => Calendar::Visit,
        "同一小时" | "hour" => Calendar::Hour,
        "当日" | "day" => Calendar::Day,
        "当周" | "week" => Calendar::Week,
        "当月" | "month" => Calendar::Month,
        "当季" | "quarter" => Calendar::Quarter,
        "当年" | "year" => Calendar::Year,
        "医保年度" | "benefit_year" => Calendar::BenefitYear,
        _ => return None,
    })
}
