//! What a reading is for: the kinds and fields that a run of the rules looks at.
//!
//! In: typed rules. Out: [`Needs`].
//! Invariant: a run over what was read for these needs finds what a run over everything finds, if the visit of every record
//! is there.

use crate::parts::{Follows, common_fields, reached};
use crate::requirements::{Requirements, whole};
use jihe_check::typed::TypedRules;
use jihe_model::ingest::{NeededKind, Needs};
use jihe_model::schema::{Field, FieldId, Kind, KindId, Schema};
use jihe_model::types::Type;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn needs(rules: &TypedRules) -> Needs {
    let schema = &rules.schema;
    let (required, compared) = whole(rules);
    let origin = |id: KindId| schema.kind(id).and_then(|kind| kind.raw_of).unwrap_or(id);
    let compared: BTreeSet<KindId> = compared.into_iter().map(origin).collect();
    let follows = |kind: &Kind, field: &Field| tells_more(schema, &required, (kind, field));
    let kinds: BTreeSet<KindId> = reached(schema, &required, &follows).into_iter().map(origin).collect();
    let mut needed = BTreeMap::new();
    for id in &kinds {
        let Some(kind) = schema.kind(*id) else { continue };
        let keys_shown = !compared.contains(id) && !is_referred_to(schema, &kinds, *id);
        let fields = fields(kind, (&required, &follows), keys_shown);
        needed.insert(*id, NeededKind { fields, keys_shown });
    }
    Needs::only(needed)
}

/// Whether a reference is read by a rule, or may tell whom a finding names. What is known by a visit and nothing else (结算)
/// tells nothing of a record that has a visit itself; but refunds go by settlements where rules look at them.
fn tells_more(schema: &Schema, required: &Requirements, (kind, field): (&Kind, &Field)) -> bool {
    let visit = schema.find_kind("visit");
    let targets = |kind: &Kind| -> Vec<KindId> {
        let target = |field: &Field| if let Type::Reference(to) = field.ty { Some(to) } else { None };
        kind.fields.iter().filter_map(target).collect()
    };
    let Type::Reference(to) = field.ty else { return false };
    let is_read = required.kinds.get(&kind.en).is_some_and(|read| read.fields.contains(&field.en));
    let of_visit = |id: &KindId| Some(*id) == visit;
    let beyond = schema.kind(to).map(targets).unwrap_or_default();
    let only_visit = !beyond.is_empty() && beyond.iter().all(of_visit);
    let refunds = required.kinds.contains_key("refund");
    is_read || refunds || !only_visit || !targets(kind).iter().any(of_visit)
}

/// What every run and the rules read of a kind. A key that is only shown is no field of its own unless a rule reads it.
fn fields(
    kind: &Kind,
    (required, follows): (&Requirements, Follows<'_>),
    keys_shown: bool,
) -> BTreeSet<FieldId> {
    let read = required.kinds.get(&kind.en).map(|wanted| &wanted.fields);
    let all = common_fields(kind, required, follows)
        .into_iter()
        .filter_map(|at| u16::try_from(at).ok().map(FieldId));
    let named = |field: &FieldId| {
        let name = kind.fields.get(usize::from(field.0)).map(|field| &field.en);
        read.zip(name).is_some_and(|(read, name)| read.contains(name))
    };
    all.filter(|field| !keys_shown || !kind.key.contains(field) || named(field)).collect()
}

/// Whether records of another kind that is read refer to a kind. Lines that refund records and negative lines refer to are
/// few: they are pointed out once all rows are there.
fn is_referred_to(schema: &Schema, kinds: &BTreeSet<KindId>, id: KindId) -> bool {
    let is_line = schema.kind(id).is_some_and(|kind| kind.en == "item");
    kinds.iter().filter(|from| **from != id).filter_map(|from| schema.kind(*from)).any(|from| {
        let points = from.fields.iter().any(|field| field.ty == Type::Reference(id));
        points && !(is_line && from.en == "refund")
    })
}
