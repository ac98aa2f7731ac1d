//! Knowledge tables: lookups and membership (sentences 26–28).
//!
//! In: keys and a date. Out: rows, or whether a tuple is listed.
//! Invariant: a row counts only on the days it is valid.

use crate::arithmetic::plain_day;
use crate::env::Env;
use crate::eval::eval;
use crate::rows::{RowRef, RowSet};
use crate::value::{Datum, Value, mismatch};
use crate::world::World;
use jihe_check::typed::{Cell, Expr, InTable, Literal, Lookup, Table};
use jihe_model::types::Type;
use jihe_model::value::CauseKind;

/// 表[键]: of the matching valid rows those that match most specifically.
pub(crate) fn lookup(lookup: &Lookup, env: &Env<'_>) -> RowSet {
    let Some(table) = env.world.table(lookup.table) else { return RowSet::unknown(mismatch()) };
    let Some(table_rows) = &table.rows else {
        return RowSet::unknown(CauseKind::Table(table.name.clone()));
    };
    let mut keys = Vec::new();
    for (column, value) in &lookup.keys {
        match eval(value, env).plain() {
            Ok(datum) => keys.push((*column, datum, value.ty)),
            Err(cause) => return RowSet::unknown(cause),
        }
    }
    let day = match day_of_lookup(table, lookup.as_of.as_ref(), env) {
        Ok(day) => day,
        Err(cause) => return RowSet::unknown(cause),
    };
    keys.sort_by_key(|(column, _, _)| declared_place(table, *column));
    let mut found: Vec<(Vec<usize>, RowRef)> = Vec::new();
    for (place, cells) in table_rows.iter().enumerate().filter(|(_, cells)| is_valid(table, cells, day)) {
        let levels =
            keys.iter().map(|(column, datum, ty)| specificity((table, cells, *column), (datum, *ty), env));
        if let Some(levels) = levels.collect::<Option<Vec<usize>>>() {
            found.push((levels, RowRef::Table(lookup.table, place)));
        }
    }
    let best = found.iter().map(|(levels, _)| levels).max().cloned();
    RowSet::of(
        found.into_iter().filter(|(levels, _)| Some(levels) == best.as_ref()).map(|(_, row)| row).collect(),
    )
}

fn declared_place(table: &Table, column: usize) -> usize {
    table.key.iter().position(|key| *key == column).unwrap_or(usize::MAX)
}

/// The day whose rows count; none where the table is undated.
fn day_of_lookup(table: &Table, as_of: Option<&Expr>, env: &Env<'_>) -> Result<Option<i64>, CauseKind> {
    match (table.validity, as_of) {
        (Some(_), Some(as_of)) => plain_day(eval(as_of, env), as_of.ty).map(Some),
        _ => Ok(None),
    }
}

/// 生效 ≤ day ≤ 失效; an empty cell is open.
fn is_valid(table: &Table, cells: &[Cell], day: Option<i64>) -> bool {
    let (Some((from, to)), Some(day)) = (table.validity, day) else { return true };
    let date = |column: usize| match cells.get(column) {
        Some(Cell::Value(Literal::Word(word))) => Some(*word),
        _ => None,
    };
    date(from).is_none_or(|from| from <= day) && to.and_then(date).is_none_or(|to| day <= to)
}

/// How specifically a key cell matches: an empty cell 0, a value 1, a region the number of its digit pairs kept.
fn specificity(
    (table, cells, column): (&Table, &[Cell], usize),
    key: (&Datum, Type),
    env: &Env<'_>,
) -> Option<usize> {
    let declared = table.columns.get(column)?;
    let cell = cells.get(column)?;
    if let (true, Datum::Text(code), Cell::Value(Literal::Text(region))) = (declared.fallback, key.0, cell) {
        return ancestors(code).into_iter().find(|(ancestor, _)| ancestor == region).map(|(_, kept)| kept);
    }
    match cell {
        Cell::Empty => Some(0),
        Cell::Value(_) | Cell::Codes(_) => cell_matches(cell, declared.ty, key, env.world).then_some(1),
    }
}

/// A region code and its ancestors, longest first: 640402, 640400, 640000, 000000.
fn ancestors(code: &str) -> Vec<(String, usize)> {
    let characters: Vec<char> = code.chars().collect();
    let pairs = characters.chunks(2).count();
    let significant = (0..pairs).rev().find(|pair| {
        characters.chunks(2).nth(*pair).is_some_and(|digits| digits.iter().any(|digit| *digit != '0'))
    });
    let most = significant.map_or(0, |pair| pair.saturating_add(1));
    let mut found = Vec::new();
    for kept in (0..=most).rev() {
        let kept_characters = kept.saturating_mul(2);
        let keep =
            |(place, character): (usize, &char)| if place < kept_characters { *character } else { '0' };
        found.push((characters.iter().enumerate().map(keep).collect(), kept));
    }
    found
}

fn cell_matches(cell: &Cell, column_type: Type, value: (&Datum, Type), world: &World<'_>) -> bool {
    match (cell, value.0) {
        (Cell::Codes(patterns), Datum::Text(code)) => patterns.contains(code),
        (Cell::Value(literal), datum) => {
            let listed = match literal {
                Literal::Word(number) => Datum::Word(*number),
                Literal::Text(text) => Datum::Text(text.as_str().into()),
            };
            crate::compare::same(world.schema(), (&listed, column_type), (datum, value.1))
        }
        (Cell::Codes(_) | Cell::Empty, _) => false,
    }
}

/// `(甲, 乙) 属于 表`
pub(crate) fn in_table(membership: &InTable, env: &Env<'_>) -> Value {
    Value::from_result(is_listed(membership, env).map(Value::truth))
}

fn is_listed(membership: &InTable, env: &Env<'_>) -> Result<bool, CauseKind> {
    let table = env.world.table(membership.table).ok_or_else(mismatch)?;
    let table_rows = table.rows.as_ref().ok_or_else(|| CauseKind::Table(table.name.clone()))?;
    let mut values = Vec::new();
    for value in &membership.values {
        values.push((eval(value, env).plain()?, value.ty));
    }
    let day = day_of_lookup(table, membership.as_of.as_ref(), env)?;
    let matches = |cells: &[Cell]| {
        values.iter().zip(&membership.columns).all(|((datum, ty), column)| {
            let declared = table.columns.get(*column);
            match (cells.get(*column), declared) {
                (Some(Cell::Empty), Some(declared)) => declared.key,
                (Some(cell), Some(declared)) => cell_matches(cell, declared.ty, (datum, *ty), env.world),
                _ => false,
            }
        })
    };
    Ok(table_rows.iter().any(|cells| is_valid(table, cells, day) && matches(cells)))
}

/// A code belongs to the patterns of a cell.
pub(crate) fn in_cell(code: Value, patterns: Value, world: &World<'_>) -> Value {
    let both = code.plain_text().and_then(|code| Ok((code, patterns.plain()?)));
    let (code, patterns) = match both {
        Ok(both) => both,
        Err(cause) => return Value::Missing(cause),
    };
    let Datum::Codes(table, row, column) = patterns else { return Value::Missing(mismatch()) };
    let rows = world.table(table).and_then(|table| table.rows.as_ref());
    match rows.and_then(|rows| rows.get(row)).and_then(|cells| cells.get(column)) {
        Some(Cell::Codes(set)) => Value::truth(set.contains(&code)),
        Some(Cell::Empty | Cell::Value(_)) | None => Value::Missing(mismatch()),
    }
}
