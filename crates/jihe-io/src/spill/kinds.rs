//! How each kind leads to persons.
//!
//! In: the layout of a ruleset. Out: for each kind the references to follow, and the order in which kinds can be routed.
//! Invariant: a kind comes after every kind it refers to, itself aside.

use crate::error::Error;
use jihe::model::schema::{FieldId, KindId, Schema};
use jihe::{KindLayout, Layout};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for the keys of negative lines: a refund of the same key is the same refund.
pub(super) const NEGATIVE_LINES: KindId = KindId(u16::MAX);

/// How a kind leads to persons.
#[derive(Debug, Default)]
pub(super) struct KindRoute {
    /// Whether records belong to persons; the others go everywhere.
    pub(super) personal: bool,
    pub(super) is_person: bool,
    /// References to kinds that belong to persons, persons first.
    pub(super) references: Vec<(FieldId, KindId)>,
    /// References to its own kind.
    pub(super) own: Vec<FieldId>,
    /// Whether equal keys have equal references, so that they have one owner.
    pub(super) owned_by_key: bool,
    /// Of a fee line: its quantity.
    pub(super) quantity: Option<FieldId>,
}

/// All kinds.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    pub(super) routes: BTreeMap<KindId, KindRoute>,
    /// Kinds that belong to persons, each after those it refers to.
    pub(super) order: Vec<KindId>,
    /// 退费.
    pub(super) refund: Option<KindId>,
}

impl Kinds {
    pub(super) fn new(schema: &Schema, layout: &Layout) -> Result<Self, Error> {
        let personal: BTreeSet<&str> =
            layout.kinds.iter().filter(|kind| kind.personal).map(|kind| kind.name.as_str()).collect();
        let mut routes = BTreeMap::new();
        for kind in &layout.kinds {
            if let Some(id) = schema.find_kind(&kind.name) {
                routes.insert(id, route(schema, (id, kind), &personal));
            }
        }
        let order = order(schema, &routes)?;
        Ok(Self { routes, order, refund: schema.find_kind("refund") })
    }

    /// The place of a kind in the order; kinds that go everywhere come first.
    pub(super) fn place(&self, kind: KindId) -> usize {
        self.order.iter().position(|held| *held == kind).map_or(0, |at| at.saturating_add(1))
    }
}

fn route(schema: &Schema, (id, kind): (KindId, &KindLayout), personal: &BTreeSet<&str>) -> KindRoute {
    let (mut references, mut own) = (Vec::new(), Vec::new());
    for (at, field) in (0u16..).map(FieldId).zip(&kind.fields) {
        let Some(to) = field.refers_to.as_deref() else { continue };
        let Some(target) = schema.find_kind(to).filter(|_| personal.contains(to)) else { continue };
        if target == id {
            own.push(at);
        } else {
            references.push((at, target));
        }
    }
    references.sort_by_key(|(_, to)| schema.kind(*to).is_none_or(|kind| kind.en != "person"));
    let in_key = |field: &FieldId| {
        kind.fields.get(usize::from(field.0)).is_some_and(|field| kind.key.contains(&field.name))
    };
    let owned_by_key = references.iter().any(|(field, _)| in_key(field));
    let quantity = schema.kind(id).and_then(|kind| kind.find_field("quantity"));
    KindRoute {
        personal: kind.personal,
        is_person: kind.name == "person",
        references: if kind.personal { references } else { Vec::new() },
        own,
        owned_by_key,
        quantity: quantity.filter(|_| kind.name == "item"),
    }
}

fn order(schema: &Schema, routes: &BTreeMap<KindId, KindRoute>) -> Result<Vec<KindId>, Error> {
    let mut waiting: Vec<KindId> =
        routes.iter().filter(|(_, route)| route.personal).map(|(kind, _)| *kind).collect();
    let mut order = Vec::new();
    while !waiting.is_empty() {
        let free = |kind: &KindId| {
            routes.get(kind).is_some_and(|route| route.references.iter().all(|(_, to)| !waiting.contains(to)))
        };
        let (ready, rest): (Vec<KindId>, Vec<KindId>) = waiting.iter().partition(|kind| free(kind));
        if ready.is_empty() {
            let names = rest.iter().filter_map(|kind| schema.kind(*kind));
            let names = names.map(|kind| kind.en.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Error::usage(
                format!("记录种类互相指向，不能按人分开：{names}；请不用 --memory"),
                format!(
                    "kinds refer to each other in a circle and cannot be cut by person: {names}; leave out --memory"
                ),
            ));
        }
        order.extend(ready);
        waiting = rest;
    }
    Ok(order)
}
