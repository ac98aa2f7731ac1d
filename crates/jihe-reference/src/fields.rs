//! Reading one thing of one row: a field, a key, a column, a cell.
//!
//! In: what stands for a row. Out: a value.
//! Invariant: a row that is not there gives a missing value with the reason why.

use crate::env::Env;
use crate::eval::eval;
use crate::rows::{RowRef, RowState};
use crate::sets::row_state;
use crate::value::{Datum, Value, mismatch};
use crate::world::World;
use jihe_check::typed::{Bound, Cell, DerivedId, Row};
use jihe_model::schema::{FieldId, KindId};
use jihe_model::types::Type;
use jihe_model::value::CauseKind;
use std::rc::Rc;

/// A stored field.
pub(crate) fn field(row: &RowState, id: FieldId, world: &World<'_>) -> Value {
    let name = |kind| world.schema().field(kind, id).map_or_else(String::new, |field| field.en.clone());
    match of_kind(row, world, name) {
        Err(cause) => Value::Missing(cause),
        Ok((kind, place)) => match world.record(kind, place).and_then(|record| record.field(id)) {
            Some(datum) => Value::Known(datum.clone()),
            None => Value::Missing(CauseKind::Field { kind: world.kind_name(kind), field: name(kind) }),
        },
    }
}

/// The clock of a record, as an instant.
pub(crate) fn clock(row: &RowState, world: &World<'_>) -> Value {
    match row {
        RowState::Row(row) => match (world.row_clock(*row), row) {
            (Some(clock), _) => Value::word(clock),
            (None, RowRef::Record(kind, _)) => Value::Missing(world.clock_cause(*kind)),
            (None, RowRef::Summary(..) | RowRef::Table(..)) => Value::Missing(CauseKind::Empty),
        },
        RowState::None(cause) | RowState::Undecided(cause) => Value::Missing(cause.clone()),
        RowState::Dangling(kind, _) => Value::Missing(world.clock_cause(*kind)),
    }
}

/// A derived field holding a value.
pub(crate) fn derived_value(row: &RowState, id: DerivedId, world: &World<'_>) -> Value {
    let Some(derived) = world.rules.derived.get(id.index()) else { return Value::Missing(mismatch()) };
    let record = match of_kind(row, world, |_| derived.name.clone()) {
        Err(cause) => return Value::Missing(cause),
        Ok((kind, place)) => RowRef::Record(kind, place),
    };
    let known = world.derived.borrow().get(&(id, record)).cloned();
    if let Some(known) = known {
        return known;
    }
    let value = match &derived.value {
        Bound::Value(expr) => eval(expr, &Env::owner(world, derived.var, record)),
        Bound::Row(_) | Bound::Set(_) => Value::Missing(mismatch()),
    };
    world.derived.borrow_mut().insert((id, record), value.clone());
    value
}

/// The record a state stands for, or why what is asked of it is missing.
pub(crate) fn of_kind(
    row: &RowState,
    world: &World<'_>,
    asked: impl Fn(KindId) -> String,
) -> Result<(KindId, usize), CauseKind> {
    match row {
        RowState::Row(RowRef::Record(kind, place)) => Ok((*kind, *place)),
        RowState::Row(RowRef::Summary(..) | RowRef::Table(..)) => Err(mismatch()),
        RowState::None(cause) | RowState::Undecided(cause) => Err(cause.clone()),
        RowState::Dangling(kind, _) => Err(world.field_cause(*kind, &asked(*kind))),
    }
}

/// A key of a group.
pub(crate) fn key(row: &RowState, place: usize, world: &World<'_>) -> Value {
    group(row, world).map_or_else(Value::Missing, |row| {
        row.keys.get(place).map_or_else(|| Value::Missing(mismatch()), |datum| Value::Known(datum.clone()))
    })
}

/// A column of a summary.
pub(crate) fn column(row: &RowState, place: usize, world: &World<'_>) -> Value {
    group(row, world).map_or_else(Value::Missing, |row| {
        row.columns.get(place).cloned().unwrap_or_else(|| Value::Missing(mismatch()))
    })
}

fn group<'w>(row: &RowState, world: &'w World<'_>) -> Result<&'w crate::world::SummaryRow, CauseKind> {
    match row {
        RowState::Row(RowRef::Summary(id, place)) => world.summary_row(*id, *place).ok_or_else(mismatch),
        RowState::Row(RowRef::Record(..) | RowRef::Table(..)) | RowState::Dangling(..) => Err(mismatch()),
        RowState::None(cause) | RowState::Undecided(cause) => Err(cause.clone()),
    }
}

/// A cell of a table row; an empty one is missing.
pub(crate) fn cell(row: &RowState, column: usize, world: &World<'_>) -> Value {
    let (id, place) = match row {
        RowState::Row(RowRef::Table(id, place)) => (*id, *place),
        RowState::Row(RowRef::Record(..) | RowRef::Summary(..)) | RowState::Dangling(..) => {
            return Value::Missing(mismatch());
        }
        RowState::None(cause) | RowState::Undecided(cause) => return Value::Missing(cause.clone()),
    };
    let Some(table) = world.table(id) else { return Value::Missing(mismatch()) };
    let found = table.rows.as_ref().and_then(|rows| rows.get(place)).and_then(|cells| cells.get(column));
    match found {
        Some(Cell::Value(literal)) => Value::literal(literal),
        Some(Cell::Codes(_)) => Value::Known(Datum::Codes(id, place, column)),
        Some(Cell::Empty) | None => Value::Missing(CauseKind::Row(table.name.clone())),
    }
}

/// The key of a row as a reference. A reference followed is itself the answer, whether or not it leads anywhere.
pub(crate) fn reference(row: &Row, env: &Env<'_>) -> Value {
    if let Row::Follow { reference, .. } = row {
        return eval(reference, env);
    }
    match row_state(row, env) {
        RowState::Row(RowRef::Record(kind, place)) => {
            let record = env.world.record(kind, place);
            record.map_or_else(
                || Value::Missing(mismatch()),
                |record| Value::Known(Datum::Text(Rc::clone(&record.key))),
            )
        }
        RowState::Row(RowRef::Summary(id, place)) => {
            let row = env.world.summary_row(id, place);
            row.map_or_else(
                || Value::Missing(mismatch()),
                |row| Value::Known(Datum::Text(Rc::clone(&row.text))),
            )
        }
        RowState::Row(RowRef::Table(..)) => Value::Missing(mismatch()),
        RowState::None(cause) | RowState::Undecided(cause) => Value::Missing(cause),
        RowState::Dangling(_, Some(key)) => Value::Known(Datum::Text(key)),
        RowState::Dangling(kind, None) => Value::Missing(env.world.key_cause(kind)),
    }
}

/// The first field of a record that refers to a kind, followed over the records it refers to (contract 7).
///
/// Breadth first: the record itself, its own fields of that kind, then the records its references lead to.
pub(crate) fn related(row: RowRef, target: KindId, world: &World<'_>) -> Option<Rc<str>> {
    let mut level = vec![row];
    let mut seen = Vec::new();
    while !level.is_empty() {
        if let Some(found) = level.iter().find_map(|row| direct(*row, target, world)) {
            return Some(found);
        }
        let parents: Vec<RowRef> = level.iter().flat_map(|row| parents(*row, world)).collect();
        seen.append(&mut level);
        level = parents.into_iter().filter(|row| !seen.contains(row)).collect();
    }
    None
}

fn direct(row: RowRef, target: KindId, world: &World<'_>) -> Option<Rc<str>> {
    let RowRef::Record(id, place) = row else { return None };
    let record = world.record(id, place)?;
    if id == target {
        return Some(Rc::clone(&record.key));
    }
    let fields = world.schema().references(id, target);
    fields.into_iter().find_map(|field| record.text(Some(field)))
}

fn parents(row: RowRef, world: &World<'_>) -> Vec<RowRef> {
    let RowRef::Record(id, place) = row else { return Vec::new() };
    let (Some(kind), Some(record)) = (world.kind(id), world.record(id, place)) else { return Vec::new() };
    let mut found = Vec::new();
    for (number, field) in (0_u16..).zip(&kind.fields) {
        if let Type::Reference(to) = field.ty
            && let Some(key) = record.text(Some(FieldId(number)))
            && let Some(place) = world.kinds.get(&to).and_then(|rows| rows.by_key.get(&key))
        {
            found.push(RowRef::Record(to, *place));
        }
    }
    found
}
