//! Findings: evidence, common values, message, identity (contract 1–8).
//!
//! In: a rule, a subject that it hits, and its evidence. Out: a [`Finding`].
//! Invariant: no record is named twice, and the order is total.

use crate::env::{Env, LetValue};
use crate::eval::eval;
use crate::fields::related;
use crate::print::shown;
use crate::rows::{Order, RowRef};
use crate::versions::several_versions;
use crate::world::World;
use jihe_check::typed::{Bound, LetId, MessagePart, Rule, Source};
use jihe_model::finding::{Evidence, Finding, Nature, SEVERAL_VERSIONS};
use sha2::{Digest, Sha256};
use std::rc::Rc;
use std::sync::Arc;

/// A hit with everything that was found about it.
#[derive(Debug)]
pub(crate) struct Evidenced {
    pub(crate) row: RowRef,
    pub(crate) nature: Nature,
    pub(crate) amount: Option<i64>,
    pub(crate) offending: Vec<RowRef>,
    /// What lines carry.
    pub(crate) lines: Vec<(RowRef, i64)>,
    pub(crate) involved: Vec<RowRef>,
}

pub(crate) fn finding(rule: &Rule, hit: &Evidenced, env: &Env<'_>) -> Finding {
    let world = env.world;
    let carried = |row: RowRef| hit.lines.iter().find(|(line, _)| *line == row).map(|(_, amount)| *amount);
    let offending = evidence(&hit.offending, world, carried);
    let involved = evidence(&hit.involved, world, |_| None);
    let common = |kind: &str| common(hit, kind, world);
    let subject_key = subject_key(hit.row, world);
    Finding {
        finding_id: finding_id(rule, &subject_key, &offending, &involved),
        rule_id: rule.id.as_str().into(),
        rule_name: rule.title.as_str().into(),
        rule_version: rule.version.as_str().into(),
        nature: hit.nature,
        subject_kind: subject_kind(rule, world).into(),
        subject_key,
        person: common("person"),
        institution: common("institution"),
        practitioner: common("practitioner"),
        visit: common("visit"),
        service_date: world.service_day(hit.row).ok(),
        amount: hit.amount,
        message: message(rule, env),
        verify: rule.verify.as_str().into(),
        basis: rule.basis.as_slice().into(),
        offending,
        involved,
        values: values(rule, hit.row, env),
    }
}

/// The records named as evidence, in the total order, then by kind.
fn evidence(rows: &[RowRef], world: &World<'_>, amount: impl Fn(RowRef) -> Option<i64>) -> Vec<Evidence> {
    let mut named: Vec<(Order, Evidence)> = Vec::new();
    for row in rows {
        if let Some((kind, key)) = name(*row, world) {
            named.push((world.order(*row), Evidence { kind: kind.into(), key, amount: amount(*row) }));
        }
    }
    named.sort_by(|left, right| left.0.cmp(&right.0).then_with(|| left.1.kind.cmp(&right.1.kind)));
    named.into_iter().map(|(_, evidence)| evidence).collect()
}

/// Kind and key of a record or group.
fn name(row: RowRef, world: &World<'_>) -> Option<(String, String)> {
    match row {
        RowRef::Record(kind, place) => {
            world.record(kind, place).map(|record| (world.kind_name(kind), record.key.to_string()))
        }
        RowRef::Summary(id, place) => {
            let summary = world.rules.summaries.get(id.index())?;
            Some((summary.name.clone(), world.summary_row(id, place)?.text.to_string()))
        }
        RowRef::Table(..) => None,
    }
}

pub(crate) fn subject_key(row: RowRef, world: &World<'_>) -> String {
    name(row, world).map_or_else(String::new, |(_, key)| key)
}

/// The records behind a subject: itself, or the members of a group.
pub(crate) fn members(row: RowRef, world: &World<'_>) -> Vec<(String, String)> {
    records_of(row, world).into_iter().filter_map(|row| name(row, world)).collect()
}

fn records_of(row: RowRef, world: &World<'_>) -> Vec<RowRef> {
    match row {
        RowRef::Record(..) => vec![row],
        RowRef::Summary(id, place) => {
            let members = world.summary_row(id, place).map_or(&[][..], |row| row.members.as_slice());
            members.iter().flat_map(|member| records_of(*member, world)).collect()
        }
        RowRef::Table(..) => Vec::new(),
    }
}

/// A group of a rule's own is named for its records, a summary for itself.
fn subject_kind(rule: &Rule, world: &World<'_>) -> String {
    let source = match rule.subject {
        Source::Summary(id) => match world.rules.summaries.get(id.index()) {
            Some(summary) if rule.grouped => summary.records.source,
            _ => rule.subject,
        },
        Source::Kind(_) | Source::Table(_) => rule.subject,
    };
    match source {
        Source::Kind(kind) => world.kind_name(kind),
        Source::Summary(id) => {
            world.rules.summaries.get(id.index()).map_or_else(String::new, |summary| summary.name.clone())
        }
        Source::Table(_) => String::new(),
    }
}

/// The value that all evidence shares; records without one do not count.
fn common(hit: &Evidenced, kind: &str, world: &World<'_>) -> Option<String> {
    let target = world.schema().find_kind(kind)?;
    let evidence =
        [hit.row].into_iter().chain(hit.offending.iter().copied()).chain(hit.involved.iter().copied());
    let records = evidence.flat_map(|row| records_of(row, world));
    let mut values: Vec<Rc<str>> = records.filter_map(|row| related(row, target, world)).collect();
    values.sort();
    values.dedup();
    match values.as_slice() {
        [only] => Some(only.to_string()),
        _ => None,
    }
}

/// What a message shows for a value that is missing.
const UNKNOWN: &str = "未知";

fn message(rule: &Rule, env: &Env<'_>) -> String {
    let mut text = String::new();
    for part in &rule.message {
        match part {
            MessagePart::Text(part) => text.push_str(part),
            MessagePart::Expr(expr) => {
                let printed = shown(&eval(expr, env), expr.ty, env.world.schema());
                text.push_str(printed.as_deref().unwrap_or(UNKNOWN));
            }
        }
    }
    text
}

/// Every 设 that is a value, then 列示, then 跨有效期 if there is any.
fn values(rule: &Rule, row: RowRef, env: &Env<'_>) -> Vec<(Arc<str>, Option<String>)> {
    let schema = env.world.schema();
    let mut values = Vec::new();
    for (number, bound) in (0_u32..).zip(&rule.lets) {
        if let (Bound::Value(expr), Some(LetValue::Value(value))) = (&bound.value, env.bound(LetId(number))) {
            values.push((bound.name.as_str().into(), shown(&value, expr.ty, schema)));
        }
    }
    for (name, expr) in &rule.show {
        values.push((name.as_str().into(), shown(&eval(expr, env), expr.ty, schema)));
    }
    let tables = several_versions(rule, row, env);
    if !tables.is_empty() {
        values.push((SEVERAL_VERSIONS.into(), Some(tables.join("、"))));
    }
    values
}

/// Contract 6; lists are preceded by their length.
fn finding_id(rule: &Rule, subject_key: &str, offending: &[Evidence], involved: &[Evidence]) -> String {
    let mut bytes = Vec::new();
    for text in [rule.id.as_str(), rule.version.as_str(), subject_key] {
        push_text(&mut bytes, text);
    }
    for list in [offending, involved] {
        let mut keys: Vec<&str> = list.iter().map(|evidence| evidence.key.as_str()).collect();
        keys.sort_unstable();
        push_length(&mut bytes, keys.len());
        for key in keys {
            push_text(&mut bytes, key);
        }
    }
    let digest = Sha256::digest(&bytes);
    let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    digest.iter().take(16).flat_map(|byte| [hex(byte.div_euclid(16)), hex(byte.rem_euclid(16))]).collect()
}

fn push_length(bytes: &mut Vec<u8>, length: usize) {
    bytes.extend(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    push_length(bytes, text.len());
    bytes.extend(text.as_bytes());
}
