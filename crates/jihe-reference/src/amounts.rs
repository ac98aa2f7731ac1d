//! Amounts of findings and how they lie on the lines (sentences 35–37).
//!
//! In: 违规金额 and its scope. Out: the amount, and what each line carries.
//! Invariant: what lines carry is never more than their amounts, and adds up to the amount unless that was cut or not all evidence is lines.

use crate::arithmetic::{day_of, half_up};
use crate::env::Env;
use crate::eval::eval;
use crate::rows::RowRef;
use crate::sets::rows;
use crate::value::Value;
use crate::world::World;
use jihe_check::typed::{Excess, Expr, ExprKind};
use jihe_model::types::Type;
use jihe_model::value::{CauseKind, Instant};

/// What 违规金额 comes to.
#[derive(Debug, Clone)]
pub(crate) enum Amount {
    /// Not known.
    Undecided,
    /// An amount to be spread over the offending lines.
    Whole(i64),
    /// Amounts of lines.
    Lines(Vec<(RowRef, i64)>),
}

/// The clause, choosing the branch of a 若 first.
pub(crate) fn amount(expr: &Expr, env: &Env<'_>) -> Amount {
    let lines = |lines: Result<Vec<(RowRef, i64)>, CauseKind>| lines.map_or(Amount::Undecided, Amount::Lines);
    if let ExprKind::Excess(inner) = &expr.kind {
        return lines(excess(inner, env));
    }
    if let ExprKind::ExcessDays(inner) = &expr.kind {
        return lines(excess_days(inner, env));
    }
    if let ExprKind::If(condition, then, otherwise) = &expr.kind {
        return match eval(condition, env).decide() {
            Ok(true) => amount(then, env),
            Ok(false) => amount(otherwise, env),
            Err(_) => Amount::Undecided,
        };
    }
    eval(expr, env).plain_word().map_or(Amount::Undecided, |amount| Amount::Whole(amount.max(0)))
}

/// The sum of what lines carry, where it is used as a value.
pub(crate) fn total(lines: Result<Vec<(RowRef, i64)>, CauseKind>) -> Value {
    Value::from_result(lines.map(|lines| Value::wide(Some(sum(lines.iter().map(|(_, amount)| *amount))))))
}

pub(crate) fn sum(amounts: impl Iterator<Item = i64>) -> i128 {
    amounts.map(i128::from).sum()
}

/// The amount of a line of 明细; none for any other row, or where it is missing.
pub(crate) fn line_amount(row: RowRef, world: &World<'_>) -> Option<i64> {
    let RowRef::Record(kind, place) = row else { return None };
    if !is_line(row, world) {
        return None;
    }
    let field = world.kind(kind)?.find_field("amount");
    world.record(kind, place)?.word(field)
}

/// Whether a row is a line of 明细.
pub(crate) fn is_line(row: RowRef, world: &World<'_>) -> bool {
    let item = world.schema().find_kind("item");
    matches!(row, RowRef::Record(kind, _) if Some(kind) == item)
}

/// A line with its measure and its amount.
struct Line {
    row: RowRef,
    measure: i64,
    amount: i64,
}

/// The lines of an attribution, in the total order; everything about every line must be known.
fn lines(excess: &Excess, env: &Env<'_>) -> Result<Vec<Line>, CauseKind> {
    let set = rows(&excess.set, env);
    if let Some(cause) = set.incomplete {
        return Err(cause);
    }
    let mut lines = Vec::new();
    for row in env.world.sorted(set.rows) {
        let measure = eval(&excess.value, &env.with(excess.var, row)).plain_word()?;
        let missing = || CauseKind::Field { kind: "item".into(), field: "amount".into() };
        let amount = line_amount(row, env.world).ok_or_else(missing)?;
        lines.push(Line { row, measure, amount });
    }
    Ok(lines)
}

/// 超出部分: the first units up to the limit are allowed, the rest are in excess.
pub(crate) fn excess(excess: &Excess, env: &Env<'_>) -> Result<Vec<(RowRef, i64)>, CauseKind> {
    let lines = lines(excess, env)?;
    let mut allowed = eval(&excess.limit, env).plain_word()?.max(0);
    let mut carried = Vec::new();
    for line in lines.into_iter().filter(|line| line.measure > 0) {
        let free = line.measure.min(allowed);
        allowed = allowed.saturating_sub(free);
        let over = line.measure.saturating_sub(free);
        if over > 0 {
            let share = i128::from(line.amount).saturating_mul(i128::from(over));
            let share = half_up(share, i128::from(line.measure)).and_then(|share| i64::try_from(share).ok());
            carried.push((line.row, share.ok_or(CauseKind::Overflow)?));
        }
    }
    Ok(carried)
}

/// 超出天数部分: the lines on days after the first so many distinct days.
pub(crate) fn excess_days(excess: &Excess, env: &Env<'_>) -> Result<Vec<(RowRef, i64)>, CauseKind> {
    let lines = lines(excess, env)?;
    let limit = eval(&excess.limit, env).plain_word()?.max(0);
    let unit = if matches!(excess.limit.ty, Type::Duration(_)) { Instant::DAY } else { 1_000_000 };
    let allowed = usize::try_from(limit.div_euclid(unit)).unwrap_or(usize::MAX);
    let mut days: Vec<i64> = lines.iter().map(|line| day_of(line.measure, excess.value.ty)).collect();
    days.sort_unstable();
    days.dedup();
    let late =
        |line: &Line| days.iter().skip(allowed).any(|day| *day == day_of(line.measure, excess.value.ty));
    Ok(lines.iter().filter(|line| late(line)).map(|line| (line.row, line.amount)).collect())
}

/// A whole amount spread over offending rows: what remains of it, what each line carries, whether it was cut.
pub(crate) struct Spread {
    pub(crate) amount: i64,
    pub(crate) lines: Vec<(RowRef, i64)>,
    pub(crate) cut: bool,
}

/// In proportion to the lines' amounts, `HALF_UP`; the remainder on the last line.
pub(crate) fn spread(amount: i64, offending: &[RowRef], world: &World<'_>) -> Spread {
    let mut lines: Vec<(RowRef, i64)> = Vec::new();
    for row in offending {
        if let Some(line) = line_amount(*row, world)
            && line > 0
        {
            lines.push((*row, line));
        }
    }
    let total = sum(lines.iter().map(|(_, line)| *line));
    let only_lines = !offending.is_empty() && offending.iter().all(|row| is_line(*row, world));
    let cut = only_lines && i128::from(amount) > total;
    let carried = i64::try_from(i128::from(amount).min(total)).unwrap_or(i64::MAX);
    if carried == 0 {
        return Spread { amount: if cut { 0 } else { amount }, lines: Vec::new(), cut };
    }
    let mut shares: Vec<i64> = Vec::new();
    for (_, line) in &lines {
        let share = half_up(i128::from(carried).saturating_mul(i128::from(*line)), total);
        shares.push(share.and_then(|share| i64::try_from(share).ok()).unwrap_or(0).min(*line));
    }
    settle_remainder(carried, &lines, &mut shares);
    let lines = lines.iter().zip(shares).map(|((row, _), share)| (*row, share)).collect();
    Spread { amount: if cut { carried } else { amount }, lines, cut }
}

/// From the last line backwards, as far as each line can give or take.
fn settle_remainder(amount: i64, lines: &[(RowRef, i64)], shares: &mut [i64]) {
    let given = sum(shares.iter().copied());
    let mut remainder = i64::try_from(i128::from(amount).saturating_sub(given)).unwrap_or(0);
    for ((_, line), share) in lines.iter().zip(shares).rev() {
        let settled = share.saturating_add(remainder).clamp(0, *line);
        remainder = remainder.saturating_sub(settled.saturating_sub(*share));
        *share = settled;
    }
}
