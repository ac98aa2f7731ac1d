//! 跨有效期: which hits are about records that see different rows of a dated table (sentence 21).
//!
//! In: hits and what the records behind them see. Out: the tables, a hit.
//! Invariant: a record whose own view cannot be told says nothing either way.

use crate::column::{ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::present;
use crate::plan::{SeenPlan, VersionsPlan};
use std::rc::Rc;

impl Context<'_> {
    /// For each hit the names of the tables of which its records see different rows, in the order of the rule.
    pub(super) fn versions(&self, all: &[VersionsPlan], hits: &Rc<Domain>) -> Vec<Option<String>> {
        let mut named: Vec<Vec<&str>> = vec![Vec::new(); hits.len];
        for versions in all {
            let Some(table) = self.run.rules.tables.get(versions.table.index()) else { continue };
            for (names, differ) in named.iter_mut().zip(self.differing(versions, hits)) {
                if differ && !names.contains(&table.name.as_str()) {
                    names.push(&table.name);
                }
            }
        }
        named.into_iter().map(|names| (!names.is_empty()).then(|| names.join("、"))).collect()
    }

    fn differing(&self, versions: &VersionsPlan, hits: &Rc<Domain>) -> Vec<bool> {
        let members = self.eval_set(versions.members, hits);
        let (mut of, mut rows) = (Vec::new(), Vec::new());
        for hit in 0..hits.len {
            for row in members.members(hit) {
                of.push(small(hit));
                rows.push(row);
            }
        }
        let pairs = Domain::pairs(hits, of.clone(), rows, versions.slot);
        let mut differ = vec![false; hits.len];
        // What the first record of each hit sees.
        let mut first: Vec<Option<Vec<i64>>> = vec![None; hits.len];
        let mut compare = |hit: u32, view: Vec<i64>| match &first[ix(hit)] {
            Some(held) => differ[ix(hit)] |= *held != view,
            None => first[ix(hit)] = Some(view),
        };
        match versions.seen {
            SeenPlan::Rows(set) => {
                let seen = self.eval_set(set, &pairs);
                for (at, hit) in of.iter().enumerate().filter(|(at, _)| seen.why(*at).is_none()) {
                    compare(*hit, seen.members(at).map(i64::from).collect());
                }
            }
            SeenPlan::Listed(expr) => {
                let listed = self.eval(expr, &pairs);
                for (at, hit) in of.iter().enumerate() {
                    if let Ok(word) = present(listed.get(at)) {
                        compare(*hit, vec![word]);
                    }
                }
            }
        }
        differ
    }
}
