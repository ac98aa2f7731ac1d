//! Netting of refunds (sentence 39).
//!
//! In: the records as read. Out: 明细 with net quantities and amounts, and 退费 with an event for every refund.
//! Invariant: rows that are no longer lines stay, hidden, so that references still find them.

use crate::value::Datum;
use crate::world::Record;
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The kinds that netting changes, and what it could not place.
#[derive(Debug, Default)]
pub(crate) struct Netted {
    pub(crate) views: BTreeMap<KindId, Vec<Record>>,
    pub(crate) unmatched_refunds: u64,
    pub(crate) over_refunded: u64,
}

/// What is taken off a line; a part that is missing makes the net part missing.
#[derive(Debug, Clone, Copy)]
struct Taken {
    line: usize,
    quantity: Option<i64>,
    amount: Option<i64>,
}

/// The fields of 明细 that netting reads.
struct ItemFields {
    original: Option<FieldId>,
    visit: Option<FieldId>,
    settlement: Option<FieldId>,
    code: Option<FieldId>,
    price: Option<FieldId>,
    quantity: Option<FieldId>,
    amount: Option<FieldId>,
}

pub(crate) fn net(schema: &Schema, raw: &BTreeMap<KindId, Vec<Record>>) -> Netted {
    let mut netted = Netted::default();
    let Some((item, item_kind)) = schema.find_kind("item").and_then(|id| Some((id, schema.kind(id)?))) else {
        return netted;
    };
    let fields = item_fields(item_kind);
    let lines = raw.get(&item).cloned().unwrap_or_default();
    let refund = schema.find_kind("refund").and_then(|id| Some((id, schema.kind(id)?)));
    let refunds = refund.and_then(|(id, _)| raw.get(&id)).cloned().unwrap_or_default();

    let by_rows = refund.map_or_else(Vec::new, |(_, kind)| taken_by_rows(kind, &refunds, &lines, &fields));
    let originals = originals(item_kind, &fields, &lines, &by_rows);
    let mut taken = by_rows;
    taken.extend(taken_by_lines(&originals, &lines, &fields));
    if let Some((id, kind)) = refund
        && (raw.contains_key(&id) || raw.contains_key(&item))
    {
        let (fields, lines, refunds) = (&fields, &lines, &refunds);
        let claims = Claims { schema, raw, item_kind, fields, lines, refund_kind: kind, refunds };
        netted.views.insert(id, events(&claims, &originals));
    }
    if raw.contains_key(&item) {
        let negatives = lines.iter().filter(|line| is_negative(line, &fields)).count();
        netted.unmatched_refunds = u64::try_from(negatives.saturating_sub(originals.len())).unwrap_or(0);
        let net = net_lines(&lines, &fields, &taken);
        let below = |line: &Record| line.word(fields.quantity).is_some_and(|quantity| quantity < 0);
        let over =
            lines.iter().zip(&net).filter(|(read, line)| !is_negative(read, &fields) && below(line)).count();
        netted.over_refunded = u64::try_from(over).unwrap_or(0);
        netted.views.insert(item, net);
    }
    netted
}

fn item_fields(kind: &Kind) -> ItemFields {
    ItemFields {
        original: kind.find_field("original_item"),
        visit: kind.find_field("visit"),
        settlement: kind.find_field("settlement"),
        code: kind.find_field("item_code"),
        price: kind.find_field("unit_price"),
        quantity: kind.find_field("quantity"),
        amount: kind.find_field("amount"),
    }
}

fn is_negative(line: &Record, fields: &ItemFields) -> bool {
    line.word(fields.quantity).is_some_and(|quantity| quantity < 0)
}

/// Which line each negative row takes from: first by reference, then, in the total order, by likeness.
fn originals(
    kind: &Kind,
    fields: &ItemFields,
    lines: &[Record],
    by_rows: &[Taken],
) -> BTreeMap<usize, usize> {
    let mut found = BTreeMap::new();
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| is_negative(line, fields)) {
        let named = line.text(fields.original);
        let original =
            lines.iter().position(|other| Some(&other.key) == named.as_ref() && !is_negative(other, fields));
        if let Some(original) = original {
            found.insert(place, original);
        }
    }
    for (place, line) in lines.iter().enumerate().filter(|(_, line)| is_negative(line, fields)) {
        if line.text(fields.original).is_some() {
            continue;
        }
        let mut taken = by_rows.to_vec();
        taken.extend(taken_by_lines(&found, lines, fields));
        let fits = |at: &usize| {
            let other = lines.get(*at);
            other.is_some_and(|other| matches(kind, fields, line, (other, left(other, *at, fields, &taken))))
        };
        if let Some(original) = (0..lines.len()).rev().find(fits) {
            found.insert(place, original);
        }
    }
    found
}

/// What is left of a line's quantity.
fn left(line: &Record, place: usize, fields: &ItemFields, taken: &[Taken]) -> Option<i64> {
    let mut left = line.word(fields.quantity)?;
    for part in taken.iter().filter(|part| part.line == place) {
        left = left.checked_sub(part.quantity?)?;
    }
    Some(left)
}

/// A refund without reference takes from an earlier line of the same visit, item and price with enough left.
fn matches(kind: &Kind, fields: &ItemFields, refund: &Record, (line, left): (&Record, Option<i64>)) -> bool {
    let same_text = |field| refund.text(field).is_some() && refund.text(field) == line.text(field);
    let same_price =
        refund.word(fields.price).is_some() && refund.word(fields.price) == line.word(fields.price);
    let asked = refund.word(fields.quantity).and_then(i64::checked_neg);
    let enough = asked.zip(left).is_some_and(|(asked, left)| left >= asked);
    !is_negative(line, fields)
        && same_text(fields.visit)
        && same_text(fields.code)
        && same_price
        && enough
        && line.order(kind) < refund.order(kind)
}

fn taken_by_lines(originals: &BTreeMap<usize, usize>, lines: &[Record], fields: &ItemFields) -> Vec<Taken> {
    let part = |line: &Record, field| line.word(field).and_then(i64::checked_neg);
    let taken = originals.iter().filter_map(|(place, original)| Some((lines.get(*place)?, *original)));
    taken
        .map(|(line, original)| Taken {
            line: original,
            quantity: part(line, fields.quantity),
            amount: part(line, fields.amount),
        })
        .collect()
}

/// Rows of 退费 that refer to a line, unless the same refund is a negative row already.
fn taken_by_rows(kind: &Kind, refunds: &[Record], lines: &[Record], fields: &ItemFields) -> Vec<Taken> {
    let (item, quantity, amount) =
        (kind.find_field("item"), kind.find_field("quantity"), kind.find_field("amount"));
    let counted = refunds
        .iter()
        .filter(|refund| !lines.iter().any(|line| line.key == refund.key && is_negative(line, fields)));
    let mut taken = Vec::new();
    for refund in counted {
        let named = refund.text(item);
        let line =
            lines.iter().position(|line| Some(&line.key) == named.as_ref() && !is_negative(line, fields));
        if let Some(line) = line {
            taken.push(Taken { line, quantity: refund.word(quantity), amount: refund.word(amount) });
        }
    }
    taken
}

fn net_lines(lines: &[Record], fields: &ItemFields, taken: &[Taken]) -> Vec<Record> {
    let mut net = lines.to_vec();
    for (place, line) in net.iter_mut().enumerate() {
        let parts: Vec<&Taken> = taken.iter().filter(|part| part.line == place).collect();
        if parts.is_empty() {
            line.hidden = is_negative(line, fields);
            continue;
        }
        let less = |whole: Option<i64>, part: fn(&Taken) -> Option<i64>| {
            parts.iter().try_fold(whole?, |rest, taken| rest.checked_sub(part(taken)?))
        };
        let quantity = less(line.word(fields.quantity), |taken| taken.quantity);
        let amount = less(line.word(fields.amount), |taken| taken.amount);
        set(line, fields.quantity, quantity.map(Datum::Word));
        set(line, fields.amount, amount.map(Datum::Word));
        line.hidden = quantity.is_some_and(|quantity| quantity <= 0);
    }
    net
}

fn set(record: &mut Record, field: Option<FieldId>, value: Option<Datum>) {
    if let Some(place) = field.and_then(|field| record.fields.get_mut(usize::from(field.0))) {
        *place = value;
    }
}

/// What events are made from.
struct Claims<'a> {
    schema: &'a Schema,
    raw: &'a BTreeMap<KindId, Vec<Record>>,
    item_kind: &'a Kind,
    fields: &'a ItemFields,
    lines: &'a [Record],
    refund_kind: &'a Kind,
    refunds: &'a [Record],
}

/// The rows of 退费, and an event for every negative row that is not one of them.
fn events(claims: &Claims<'_>, originals: &BTreeMap<usize, usize>) -> Vec<Record> {
    let mut events = claims.refunds.to_vec();
    for (place, line) in claims.lines.iter().enumerate().filter(|(_, line)| is_negative(line, claims.fields))
    {
        if claims.refunds.iter().any(|refund| refund.key == line.key) {
            continue;
        }
        let matched = originals.get(&place).and_then(|original| claims.lines.get(*original));
        events.push(event(claims, line, matched.map(|line| Rc::clone(&line.key))));
    }
    let (visit, settlement) =
        (claims.refund_kind.find_field("visit"), claims.refund_kind.find_field("settlement"));
    for event in &mut events {
        if event.text(settlement).is_none() {
            let found = line_of(claims, event).and_then(|line| line.text(claims.fields.settlement));
            set(event, settlement, found.map(Datum::Text));
        }
        if event.text(visit).is_none() {
            let found = visit_of(claims, event);
            set(event, visit, found.map(Datum::Text));
        }
    }
    events
}

/// A negative row as an event with positive quantity and amount.
fn event(claims: &Claims<'_>, line: &Record, matched: Option<Rc<str>>) -> Record {
    let (kind, fields) = (claims.refund_kind, claims.fields);
    let mut event =
        Record { key: Rc::clone(&line.key), fields: vec![None; kind.fields.len()], hidden: false };
    let text = |text: Option<Rc<str>>| text.map(Datum::Text);
    let positive = |word: Option<i64>| word.and_then(i64::checked_neg).map(Datum::Word);
    set(&mut event, kind.find_field("refund_id"), Some(Datum::Text(Rc::clone(&line.key))));
    set(&mut event, kind.find_field("item"), text(matched.or_else(|| line.text(fields.original))));
    set(&mut event, kind.find_field("settlement"), text(line.text(fields.settlement)));
    set(&mut event, kind.find_field("visit"), text(line.text(fields.visit)));
    set(&mut event, kind.find_field("time"), line.clock(claims.item_kind).map(Datum::Word));
    set(&mut event, kind.find_field("quantity"), positive(line.word(fields.quantity)));
    set(&mut event, kind.find_field("amount"), positive(line.word(fields.amount)));
    event
}

/// The row an event refers to, whatever became of it.
fn line_of<'a>(claims: &Claims<'a>, event: &Record) -> Option<&'a Record> {
    let item = event.text(claims.refund_kind.find_field("item"))?;
    claims.lines.iter().find(|line| line.key == item)
}

/// An event without visit has that of its line, else of its settlement.
fn visit_of(claims: &Claims<'_>, event: &Record) -> Option<Rc<str>> {
    if let Some(visit) = line_of(claims, event).and_then(|line| line.text(claims.fields.visit)) {
        return Some(visit);
    }
    let settlement = claims.schema.find_kind("settlement")?;
    let named = event.text(claims.refund_kind.find_field("settlement"))?;
    let found = claims.raw.get(&settlement)?.iter().find(|record| record.key == named)?;
    found.text(claims.schema.kind(settlement)?.find_field("visit"))
}
