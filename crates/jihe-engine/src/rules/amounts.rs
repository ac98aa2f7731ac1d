//! Amounts of findings and how they lie on the lines (sentences 35–37).
//!
//! In: 违规金额 over the hits. Out: for each hit what it comes to, and what each line carries.
//! Invariant: what lines carry is never more than their amounts.

use crate::column::{Column, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::{moment, present};
use crate::ir::{ExcessOp, ExprId, ExprOp};
use crate::run::OVERFLOW;
use jihe_check::typed::Source;
use jihe_model::decimal::round_half_up;
use jihe_model::types::Type;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// A row with its source.
pub(crate) type Place = (Source, u32);

/// What 违规金额 comes to for one hit.
#[derive(Debug, Clone)]
pub(crate) enum Amount {
    Undecided,
    /// An amount to be spread over the offending lines.
    Whole(i64),
    /// Amounts of lines.
    Lines(Vec<(Place, i64)>),
}

type Shares = Result<Vec<(u32, i64)>, Cause>;

impl Context<'_> {
    /// The clause for every hit, choosing the branch of a 若 first.
    pub(crate) fn amounts(&self, clause: ExprId, domain: &Rc<Domain>) -> Vec<Amount> {
        match &self.run.plan.arena.expr(clause).op {
            ExprOp::If(condition, yes, no) => {
                let condition = self.eval(*condition, domain);
                let mut all = vec![Amount::Undecided; domain.len];
                for (branch, wanted) in [(*yes, true), (*no, false)] {
                    let chosen =
                        |at: &u32| present(condition.get(ix(*at))).is_ok_and(|word| (word != 0) == wanted);
                    let picks: Vec<u32> = (0..small(domain.len)).filter(chosen).collect();
                    let amounts = self.amounts(branch, &Domain::select(domain, picks.clone()));
                    for (at, amount) in picks.into_iter().zip(amounts) {
                        all[ix(at)] = amount;
                    }
                }
                all
            }
            ExprOp::Excess(of) => {
                let source = self.run.plan.arena.set(of.set).source;
                let place = |(row, amount)| ((source, row), amount);
                let lines = |shares: Shares| {
                    shares.map_or(Amount::Undecided, |shares| {
                        Amount::Lines(shares.into_iter().map(place).collect())
                    })
                };
                self.excess(of, domain).into_iter().map(lines).collect()
            }
            _ => {
                let amounts = self.eval(clause, domain);
                let whole = |at| match amounts.get(at) {
                    Value::Known(amount) => Amount::Whole(amount.max(0)),
                    Value::AtLeast(..) | Value::Missing(_) => Amount::Undecided,
                };
                (0..domain.len).map(whole).collect()
            }
        }
    }

    /// The sum of an attribution, where it is used as a value.
    pub(crate) fn excess_total(&self, of: &ExcessOp, domain: &Rc<Domain>) -> Column {
        let total =
            |shares: Vec<(u32, i64)>| shares.iter().try_fold(0i64, |sum, (_, share)| sum.checked_add(*share));
        Column::collect(self.excess(of, domain).into_iter().map(|shares| match shares.map(total) {
            Ok(Some(total)) => Value::Known(total),
            Ok(None) => Value::Missing(OVERFLOW),
            Err(cause) => Value::Missing(cause),
        }))
    }

    fn excess(&self, of: &ExcessOp, domain: &Rc<Domain>) -> Vec<Shares> {
        let sets = self.eval_set(of.set, domain);
        let source = self.run.plan.arena.set(of.set).source;
        let limits = self.eval(of.limit, domain);
        let (value_type, limit_type) = (self.type_of(of.value), self.type_of(of.limit));
        let mut all = Vec::with_capacity(domain.len);
        self.elements(&sets, Some((of.slot, of.value)), source, domain, &mut |tuple, rows, values| {
            let lines = match sets.why(tuple) {
                Some(cause) => Err(cause),
                None => self.lines(rows, values, source),
            };
            let limit = match limits.get(tuple) {
                Value::Known(limit) => Ok(limit.max(0)),
                Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
            };
            all.push(match (lines, limit) {
                (Err(cause), _) | (_, Err(cause)) => Err(cause),
                (Ok(lines), Ok(limit)) if of.days => Ok(late(&lines, limit, (value_type, limit_type))),
                (Ok(lines), Ok(limit)) => over(&lines, limit),
            });
        });
        all
    }

    /// Everything about every line must be known.
    fn lines(&self, rows: &[u32], values: &[Value], source: Source) -> Result<Vec<Line>, Cause> {
        let mut lines = Vec::with_capacity(rows.len());
        for (row, value) in rows.iter().zip(values) {
            let measure = match value {
                Value::Known(word) => *word,
                Value::AtLeast(_, cause) | Value::Missing(cause) => return Err(*cause),
            };
            let amount = self.line_amount((source, *row)).ok_or_else(|| self.no_amount())?;
            lines.push(Line { row: *row, measure, amount });
        }
        Ok(lines)
    }

    fn no_amount(&self) -> Cause {
        let schema = &self.run.rules.schema;
        let item = schema.find_kind("item");
        let field = item.and_then(|item| schema.kind(item)).and_then(|kind| kind.find_field("amount"));
        item.zip(field).map_or(crate::run::EMPTY, |(item, field)| self.run.causes.field(item, field))
    }

    /// Whether a row is a line of 明细.
    pub(crate) fn is_line(&self, place: Place) -> bool {
        matches!(place.0, Source::Kind(kind) if self.run.item.is_some_and(|(item, _)| item == kind))
    }

    /// The net amount of a line.
    pub(crate) fn line_amount(&self, place: Place) -> Option<i64> {
        let (Source::Kind(kind), Some((item, amount))) = (place.0, self.run.item) else { return None };
        if kind != item {
            return None;
        }
        let table = self.kind(kind)?;
        table.column(amount?)?.get(table.origin(place.1))
    }

    /// An amount over offending rows in proportion to their amounts.
    pub(crate) fn spread(&self, amount: i64, offending: &[Place]) -> Spread {
        let positive = |place: &Place| Some((*place, self.line_amount(*place).filter(|line| *line > 0)?));
        let lines: Vec<(Place, i64)> = offending.iter().filter_map(positive).collect();
        let total: i128 = lines.iter().map(|(_, line)| i128::from(*line)).sum();
        let only_lines = !offending.is_empty() && offending.iter().all(|place| self.is_line(*place));
        let cut = only_lines && i128::from(amount) > total;
        let carried = i64::try_from(i128::from(amount).min(total)).unwrap_or(i64::MAX);
        let amount = if cut { carried } else { amount };
        if carried == 0 {
            return Spread { amount, lines: Vec::new(), cut };
        }
        let share = |line: i64| {
            let exact = i128::from(carried).saturating_mul(i128::from(line));
            let share = round_half_up(exact, total).and_then(|share| i64::try_from(share).ok());
            share.unwrap_or(0).min(line)
        };
        let mut shares: Vec<i64> = lines.iter().map(|(_, line)| share(*line)).collect();
        settle(carried, &lines, &mut shares);
        Spread {
            amount,
            lines: lines.into_iter().zip(shares).map(|((place, _), share)| (place, share)).collect(),
            cut,
        }
    }
}

/// An amount spread.
pub(crate) struct Spread {
    pub(crate) amount: i64,
    pub(crate) lines: Vec<(Place, i64)>,
    pub(crate) cut: bool,
}

struct Line {
    row: u32,
    measure: i64,
    amount: i64,
}

/// 超出部分: the first units up to the limit are allowed, the rest are in excess.
fn over(lines: &[Line], limit: i64) -> Shares {
    let mut allowed = limit;
    let mut shares = Vec::new();
    for line in lines.iter().filter(|line| line.measure > 0) {
        let free = line.measure.min(allowed);
        allowed = allowed.saturating_sub(free);
        let excess = line.measure.saturating_sub(free);
        if excess > 0 {
            let exact = i128::from(line.amount).saturating_mul(i128::from(excess));
            let share =
                round_half_up(exact, i128::from(line.measure)).and_then(|share| i64::try_from(share).ok());
            shares.push((line.row, share.ok_or(OVERFLOW)?));
        }
    }
    Ok(shares)
}

/// 超出天数部分: the lines on days after the first so many distinct days.
fn late(lines: &[Line], limit: i64, types: (Type, Type)) -> Vec<(u32, i64)> {
    let unit = if matches!(types.1, Type::Duration(_)) { Instant::DAY } else { 1_000_000 };
    let allowed = usize::try_from(limit.div_euclid(unit)).unwrap_or(usize::MAX);
    let day = |line: &Line| moment(line.measure, types.0).day();
    let mut days: Vec<i64> = lines.iter().map(day).collect();
    days.sort_unstable();
    days.dedup();
    let first_late = days.get(allowed).copied();
    let is_late = |line: &&Line| first_late.is_some_and(|first| day(line) >= first);
    lines.iter().filter(is_late).map(|line| (line.row, line.amount)).collect()
}

/// The rounding remainder, from the last line backwards, as far as each can give or take.
fn settle(amount: i64, lines: &[(Place, i64)], shares: &mut [i64]) {
    let given: i128 = shares.iter().map(|share| i128::from(*share)).sum();
    let mut remainder = i64::try_from(i128::from(amount).saturating_sub(given)).unwrap_or(0);
    for ((_, line), share) in lines.iter().zip(shares).rev() {
        let settled = share.saturating_add(remainder).clamp(0, *line);
        remainder = remainder.saturating_sub(settled.saturating_sub(*share));
        *share = settled;
    }
}
