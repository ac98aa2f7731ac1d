//! Money of findings of several parts, each charge counted once.
//!
//! In: findings on disk. Out: [`Totals`].
//! Invariant: all that is charged on a line is seen together, whatever part it came from; one partition of the lines is in
//! memory at a time.

use super::finding;
use super::keys::KeyHash;
use super::runs::Runs;
use super::scratch::Scratch;
use crate::error::Error;
use jihe::model::finding::{Finding, Nature};
use jihe::model::schema::KindId;
use jihe::{Ruleset, Totals};

/// Partitions of the lines.
const PARTITIONS: usize = 32;
const BUFFERED: usize = 1 << 16;

/// Totals of all findings.
pub(super) fn of(ruleset: &Ruleset, runs: &Runs, scratch: &Scratch) -> Result<Totals, Error> {
    let mut buffers: Vec<Vec<u8>> = vec![Vec::new(); PARTITIONS];
    let mut sum = Totals::default();
    runs.each(scratch, |found| {
        if found.nature == Nature::DataQuality {
            return Ok(());
        }
        let mut on_lines: i64 = 0;
        for line in &found.offending {
            let Some(amount) = line.amount else { continue };
            on_lines = on_lines.saturating_add(amount);
            let kind = ruleset.schema().find_kind(&line.kind).unwrap_or(KindId(u16::MAX));
            let at = KeyHash::of(kind, &line.key).partition(PARTITIONS);
            let Some(buffer) = buffers.get_mut(at) else { continue };
            finding::put(&Finding { offending: vec![line.clone()], ..charge(found, amount) }, buffer);
            if buffer.len() >= BUFFERED {
                scratch.append(&file(at), buffer)?;
                buffer.clear();
            }
        }
        let rest = found.amount.unwrap_or(0).saturating_sub(on_lines).max(0);
        sum.add(&ruleset.totals(&[charge(found, rest)]));
        Ok(())
    })?;
    for (at, buffer) in buffers.iter().enumerate() {
        scratch.append(&file(at), buffer)?;
        let Some(mut input) = scratch.open(&file(at))? else { continue };
        let mut charges = Vec::new();
        while let Some(charge) = finding::read(&mut input).map_err(|_| scratch.damaged(&file(at)))? {
            charges.push(charge);
        }
        sum.add(&ruleset.totals(&charges));
    }
    Ok(sum)
}

/// What totals need of a finding, with another amount and no lines.
fn charge(found: &Finding, amount: i64) -> Finding {
    Finding::of_charges(found.rule_id.clone(), found.nature, Some(amount), Vec::new())
}

fn file(at: usize) -> String {
    format!("charges-{at}")
}
