//! The order of groups, and their keys as one text (contract 2).
//!
//! In: clocks and keys. Out: groups by clock, then by their texts bytewise.
//! Invariant: texts are compared as if they were written out, but written only where their words do not tell.

use crate::column::ix;
use crate::run::Texts;
use jihe_model::types::Type;
use std::cmp::Ordering;

/// The keys of one group as a text.
pub(super) fn text(words: impl Iterator<Item = i64>, types: &[Type], texts: Texts<'_>) -> String {
    let mut all = String::new();
    for (at, (word, ty)) in words.zip(types).enumerate() {
        if at > 0 {
            all.push('|');
        }
        all.push_str(&texts.key_text(word, *ty));
    }
    all
}

/// Sorts groups, each with its clock.
pub(super) fn sort(order: &mut [(i64, u32)], keys: &[Vec<i64>], types: &[Type], texts: Texts<'_>) {
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| compare(a.1, b.1, (keys, types), texts)));
}

fn compare(a: u32, b: u32, (keys, types): (&[Vec<i64>], &[Type]), texts: Texts<'_>) -> Ordering {
    for (column, ty) in keys.iter().zip(types) {
        let (left, right) = (column[ix(a)], column[ix(b)]);
        if left == right {
            continue;
        }
        if ty.is_symbol()
            && let Some(order) = plainly(texts.text(left), texts.text(right))
        {
            return order;
        }
        break;
    }
    let whole = |group: u32| text(keys.iter().map(|column| column[ix(group)]), types, texts);
    whole(a).cmp(&whole(b))
}

/// How two different texts stand when each is a part of a longer one: told if they differ before either ends, and neither
/// has a letter that is written otherwise in a key.
fn plainly(a: &str, b: &str) -> Option<Ordering> {
    let differ = a.bytes().zip(b.bytes()).find(|(a, b)| a != b)?;
    let written = |text: &str| text.bytes().any(|byte| matches!(byte, b'|' | b'\\'));
    (!written(a) && !written(b)).then(|| differ.0.cmp(&differ.1))
}
