//! Rows and sets of rows.
//!
//! In: a typed row or set and its scope. Out: a [`RowState`] or [`RowSet`].
//! Invariant: a set without period is complete if its kind was supplied.

use crate::densest::densest;
use crate::env::{Env, LetValue};
use crate::eval::eval;
use crate::fields::{of_kind, reference};
use crate::lookups::lookup;
use crate::rows::{RowRef, RowSet, RowState};
use crate::value::{Datum, Value, mismatch};
use crate::windows::window;
use crate::world::World;
use jihe_check::typed::{Bound, DerivedId, Expr, Pick, Row, Set, SetKind, Source, VarId, Which};
use jihe_model::schema::{FieldId, KindId};
use jihe_model::value::CauseKind;
use std::cmp::Ordering;

/// One record at most.
pub(crate) fn row_state(row: &Row, env: &Env<'_>) -> RowState {
    match row {
        Row::Var(var) => env.var(*var),
        Row::Follow { reference, to } => follow(eval(reference, env), *to, env.world),
        Row::Pick(pick) => self::pick(pick, env),
        Row::Let(id) => match env.bound(*id) {
            Some(LetValue::Row(row)) => row,
            Some(LetValue::Value(_) | LetValue::Set(_)) | None => RowState::Undecided(mismatch()),
        },
        Row::Derived(record, id) => derived_row(&row_state(record, env), *id, env.world),
    }
}

/// The record whose key a reference is.
fn follow(reference: Value, to: KindId, world: &World<'_>) -> RowState {
    match reference {
        Value::Known(Datum::Text(key)) => match world.kinds.get(&to).and_then(|rows| rows.by_key.get(&key)) {
            Some(place) => RowState::Row(RowRef::Record(to, *place)),
            None => RowState::Dangling(to, Some(key)),
        },
        Value::Known(_) => RowState::Undecided(mismatch()),
        Value::Missing(CauseKind::Field { .. } | CauseKind::Kind(_)) => RowState::Dangling(to, None),
        Value::Missing(CauseKind::Empty) => RowState::None(CauseKind::Empty),
        Value::AtLeast(_, cause) | Value::Missing(cause) => RowState::Undecided(cause),
    }
}

fn derived_row(record: &RowState, id: DerivedId, world: &World<'_>) -> RowState {
    let Some(derived) = world.rules.derived.get(id.index()) else { return RowState::Undecided(mismatch()) };
    match (record, of_kind(record, world, |_| derived.name.clone())) {
        (RowState::None(cause), _) => RowState::None(cause.clone()),
        (_, Err(cause)) => RowState::Undecided(cause),
        (_, Ok((kind, place))) => {
            let env = Env::owner(world, derived.var, RowRef::Record(kind, place));
            match &derived.value {
                Bound::Row(row) => row_state(row, &env),
                Bound::Value(_) | Bound::Set(_) => RowState::Undecided(mismatch()),
            }
        }
    }
}

fn derived_set(record: &RowState, id: DerivedId, world: &World<'_>) -> RowSet {
    let Some(derived) = world.rules.derived.get(id.index()) else { return RowSet::unknown(mismatch()) };
    match of_kind(record, world, |_| derived.name.clone()) {
        Err(cause) => RowSet::unknown(cause),
        Ok((kind, place)) => {
            let env = Env::owner(world, derived.var, RowRef::Record(kind, place));
            match &derived.value {
                Bound::Set(set) => rows(set, &env),
                Bound::Value(_) | Bound::Row(_) => RowSet::unknown(mismatch()),
            }
        }
    }
}

fn pick(pick: &Pick, env: &Env<'_>) -> RowState {
    let set = rows(&pick.set, env);
    if let Some(cause) = set.incomplete {
        return RowState::Undecided(cause);
    }
    let chosen = match &pick.which {
        Which::First => Ok(set.rows.first().copied()),
        Which::Last => Ok(set.rows.last().copied()),
        Which::Max(var, value) => extreme(&set, (*var, value), Ordering::Greater, env),
        Which::Min(var, value) => extreme(&set, (*var, value), Ordering::Less, env),
    };
    match (chosen, &pick.set.kind) {
        (Err(cause), _) => RowState::Undecided(cause),
        (Ok(Some(row)), _) => RowState::Row(row),
        (Ok(None), SetKind::Lookup(lookup)) => {
            let table = env.world.table(lookup.table).map_or_else(String::new, |table| table.name.clone());
            RowState::None(CauseKind::Row(table))
        }
        (Ok(None), _) => RowState::None(CauseKind::Empty),
    }
}

/// The earliest of the rows with the greatest or least value.
fn extreme(
    set: &RowSet,
    (var, value): (VarId, &Expr),
    better: Ordering,
    env: &Env<'_>,
) -> Result<Option<RowRef>, CauseKind> {
    let mut best: Option<(RowRef, Datum)> = None;
    for row in &set.rows {
        let datum = eval(value, &env.with(var, *row)).plain()?;
        if best.as_ref().is_none_or(|(_, held)| datum.cmp(held) == better) {
            best = Some((*row, datum));
        }
    }
    Ok(best.map(|(row, _)| row))
}

/// The rows of a set.
pub(crate) fn rows(set: &Set, env: &Env<'_>) -> RowSet {
    match &set.kind {
        SetKind::All => all(set.source, env.world),
        SetKind::Window(inner) => window(inner, set.source, env),
        SetKind::Children { of, field } => children(of, *field, set.source, env),
        SetKind::Members(row) => members(&row_state(row, env), env.world),
        SetKind::Each { set: outer, var, inner } => each(rows(outer, env), env, |env| rows(inner, env), *var),
        SetKind::FollowEach { set: outer, var, row } => {
            each(rows(outer, env), env, |env| single(&row_state(row, env), env.world), *var)
        }
        SetKind::Filter { set: inner, var, condition } => filter(rows(inner, env), (*var, condition), env),
        SetKind::Except(from, taken) => except(rows(from, env), rows(taken, env)),
        SetKind::Single(row) => single(&row_state(row, env), env.world),
        SetKind::Densest(inner) => densest(inner, env),
        SetKind::Lookup(inner) => lookup(inner, env),
        SetKind::Let(id) => match env.bound(*id) {
            Some(LetValue::Set(set)) => set,
            Some(LetValue::Row(row)) => single(&row, env.world),
            Some(LetValue::Value(_)) | None => RowSet::unknown(mismatch()),
        },
        SetKind::Derived(row, id) => derived_set(&row_state(row, env), *id, env.world),
    }
}

/// Why nothing is known of a source; none if it was supplied.
pub(crate) fn not_supplied(source: Source, world: &World<'_>) -> Option<CauseKind> {
    if let Source::Table(id) = source {
        let table = world.table(id)?;
        return table.rows.is_none().then(|| CauseKind::Table(table.name.clone()));
    }
    let kind = world.base_kind(source)?;
    (!world.supplied(kind)).then(|| CauseKind::Kind(world.kind_name(kind)))
}

fn all(source: Source, world: &World<'_>) -> RowSet {
    match not_supplied(source, world) {
        Some(cause) => RowSet::unknown(cause),
        None => RowSet::of(world.all(source)),
    }
}

/// The rows of a kind whose field is the key of a record.
fn children(of: &Row, field: FieldId, source: Source, env: &Env<'_>) -> RowSet {
    let Source::Kind(kind) = source else { return RowSet::unknown(mismatch()) };
    if let Some(cause) = not_supplied(source, env.world) {
        return RowSet::unknown(cause);
    }
    // A row that surely is not there has no children.
    if let RowState::None(_) = row_state(of, env) {
        return RowSet::default();
    }
    let key = match reference(of, env).plain() {
        Ok(key) => key,
        Err(cause) => return RowSet::unknown(cause),
    };
    let refers = |row: &RowRef| match row {
        RowRef::Record(_, place) => {
            env.world.record(kind, *place).and_then(|record| record.field(field)) == Some(&key)
        }
        RowRef::Summary(..) | RowRef::Table(..) => false,
    };
    RowSet::of(env.world.all(source).into_iter().filter(refers).collect())
}

fn members(row: &RowState, world: &World<'_>) -> RowSet {
    match row {
        RowState::Row(RowRef::Summary(id, place)) => {
            RowSet::of(world.summary_row(*id, *place).map_or_else(Vec::new, |row| row.members.clone()))
        }
        RowState::Row(RowRef::Record(..) | RowRef::Table(..)) => RowSet::unknown(mismatch()),
        RowState::None(_) => RowSet::default(),
        RowState::Undecided(cause) => RowSet::unknown(cause.clone()),
        RowState::Dangling(kind, _) => RowSet::unknown(world.key_cause(*kind)),
    }
}

pub(crate) fn single(row: &RowState, world: &World<'_>) -> RowSet {
    match row {
        RowState::Row(row) => RowSet::of(vec![*row]),
        RowState::None(_) => RowSet::default(),
        RowState::Undecided(cause) => RowSet::unknown(cause.clone()),
        RowState::Dangling(kind, _) => RowSet::unknown(world.key_cause(*kind)),
    }
}

/// The union of an inner set over the rows of an outer one, each row once, in the total order.
fn each<'w>(outer: RowSet, env: &Env<'w>, inner: impl Fn(&Env<'w>) -> RowSet, var: VarId) -> RowSet {
    let mut union = RowSet { rows: Vec::new(), incomplete: outer.incomplete };
    for row in outer.rows {
        let found = inner(&env.with(var, row));
        union.rows.extend(found.rows);
        union.incomplete = union.incomplete.or(found.incomplete);
    }
    RowSet { rows: env.world.sorted(union.rows), ..union }
}

/// The set's own cause comes before that of an undecided condition.
fn filter(set: RowSet, (var, condition): (VarId, &Expr), env: &Env<'_>) -> RowSet {
    let mut kept = RowSet { rows: Vec::new(), incomplete: set.incomplete };
    for row in set.rows {
        match eval(condition, &env.with(var, row)).decide() {
            Ok(true) => kept.rows.push(row),
            Ok(false) => {}
            Err(cause) => kept.incomplete = kept.incomplete.or(Some(cause)),
        }
    }
    kept
}

/// With an incomplete second set, no member of the first is sure to stay.
fn except(from: RowSet, taken: RowSet) -> RowSet {
    if from == RowSet::default() {
        return from;
    }
    match taken.incomplete {
        Some(cause) => RowSet::unknown(from.incomplete.unwrap_or(cause)),
        None => {
            RowSet { rows: from.rows.into_iter().filter(|row| !taken.rows.contains(row)).collect(), ..from }
        }
    }
}
