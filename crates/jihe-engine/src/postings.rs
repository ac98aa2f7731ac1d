//! Rows by code: which rows of a bucket have a word in a field, for every word that occurs.
//!
//! In: a source and an expression of one row. Out: [`Postings`], made once a bucket and asked by every condition on that
//! field, so that a condition costs what it finds.
//! Invariant: places of a word are in the order of the rows; hidden rows are nowhere.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, and counts of them"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of rows"
)]

use crate::column::{ix, small};
use crate::context::Context;
use crate::ir::ExprId;
use crate::maps::HashMap;
use crate::probes::{Probe, Test};
use jihe_check::typed::{Source, TableId};
use jihe_model::types::Type;
use jihe_model::value::{Cause, Value};
use std::cell::OnceCell;
use std::rc::Rc;

/// Rows by word.
#[derive(Debug)]
pub(crate) struct Postings {
    numbers: HashMap<i64, u32>,
    words: Vec<i64>,
    /// Where the places of each word start, and the end of the last.
    starts: Vec<u32>,
    places: Vec<u32>,
    /// Rows without a word, and why.
    pub(crate) missing: Rc<[(u32, Cause)]>,
    /// How many rows in all.
    pub(crate) visible: u32,
    /// The numbers of the words, by text.
    by_text: OnceCell<Vec<u32>>,
}

/// Rows that may satisfy a condition.
pub(crate) struct Candidates {
    /// Their places in the bucket, ascending.
    pub(crate) places: Vec<u32>,
    pub(crate) postings: Rc<Postings>,
    /// Whether they do satisfy it.
    pub(crate) exact: bool,
}

impl Postings {
    fn places_of(&self, number: u32) -> &[u32] {
        &self.places[ix(self.starts[ix(number)])..ix(self.starts[ix(number) + 1])]
    }

    fn count(&self, numbers: &[u32]) -> usize {
        numbers.iter().map(|number| self.places_of(*number).len()).sum()
    }

    fn all(&self, numbers: &[u32]) -> Vec<u32> {
        let mut places = Vec::with_capacity(self.count(numbers));
        for number in numbers {
            places.extend_from_slice(self.places_of(*number));
        }
        if numbers.len() > 1 {
            places.sort_unstable();
        }
        places
    }
}

impl Context<'_> {
    /// The rows a condition may hold of, by the most selective of its probes; none if it has no probe.
    pub(crate) fn likely(&self, source: Source, condition: ExprId) -> Option<Candidates> {
        if self.is_live() || matches!(source, Source::Table(_)) {
            return None;
        }
        let shared = |probe: &&Probe| probe.shared >= self.run.index_from;
        let asked = self.run.plan.probes.of(condition).iter().filter(shared).filter_map(|probe| {
            let postings = self.postings(source, probe.key)?;
            let numbers = self.numbers(probe, &postings)?;
            Some((postings.count(&numbers), numbers, postings, probe.whole))
        });
        let (_, numbers, postings, exact) = asked.min_by_key(|asked| asked.0)?;
        Some(Candidates { places: postings.all(&numbers), postings, exact })
    }

    fn postings(&self, source: Source, key: ExprId) -> Option<Rc<Postings>> {
        if let Some(held) = self.postings.borrow().get(&(source, key)) {
            return held.clone();
        }
        let built = self.build_postings(source, key).map(Rc::new);
        self.postings.borrow_mut().insert((source, key), built.clone());
        built
    }

    fn build_postings(&self, source: Source, key: ExprId) -> Option<Postings> {
        let full = self.full(source);
        let (from, _) = self.range(source);
        let column = self.eval(key, &full);
        if column.is_constant() {
            return None;
        }
        let hidden = self.hidden(source);
        let mut numbers: HashMap<i64, u32> = HashMap::default();
        let (mut words, mut counts): (Vec<i64>, Vec<u32>) = (Vec::new(), Vec::new());
        let (mut taken, mut missing) = (Vec::with_capacity(full.len), Vec::new());
        for at in 0..small(full.len) {
            let row = from.saturating_add(at);
            if hidden.is_some_and(|hidden| hidden.get(ix(row)) == Some(&true)) {
                continue;
            }
            match column.get(ix(at)) {
                Value::Known(word) => {
                    let fresh = small(words.len());
                    let number = *numbers.entry(word).or_insert(fresh);
                    if number == fresh {
                        words.push(word);
                        counts.push(0);
                    }
                    counts[ix(number)] += 1;
                    taken.push((at, number));
                }
                Value::Missing(cause) => missing.push((row, cause)),
                Value::AtLeast(..) => return None,
            }
        }
        let visible = small(taken.len() + missing.len());
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut end = 0u32;
        for count in &counts {
            starts.push(end);
            end += count;
        }
        let mut next = starts.clone();
        starts.push(end);
        let mut places = vec![0u32; taken.len()];
        for (at, number) in taken {
            let place = &mut next[ix(number)];
            places[ix(*place)] = at;
            *place += 1;
        }
        let missing = Rc::from(missing);
        Some(Postings { numbers, words, starts, places, missing, visible, by_text: OnceCell::new() })
    }

    /// The words of an index that a probe accepts.
    fn numbers(&self, probe: &Probe, postings: &Postings) -> Option<Vec<u32>> {
        let mut found = match &probe.test {
            Test::Is(texts) => {
                let number = |text: &ExprId| match self.eval(*text, &self.unit).get(0) {
                    Value::Known(word) => postings.numbers.get(&word).copied(),
                    Value::AtLeast(..) | Value::Missing(_) => None,
                };
                texts.iter().filter_map(number).collect()
            }
            Test::Codes(codes) => self.numbers_in_codes(*codes, postings),
            Test::Table(table, column) => self.numbers_in_table(*table, *column, postings)?,
        };
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn numbers_in_codes(&self, codes: usize, postings: &Postings) -> Vec<u32> {
        let Some(matcher) = self.run.codes.get(codes) else { return Vec::new() };
        let texts = self.run.texts;
        let text = |number: u32| texts.text(postings.words[ix(number)]);
        let few = matcher.size().saturating_mul(4) < postings.words.len();
        if !few || matcher.has_ranges() {
            return (0..small(postings.words.len()))
                .filter(|number| matcher.contains(text(*number)))
                .collect();
        }
        let sorted = postings.by_text.get_or_init(|| {
            let mut numbers: Vec<u32> = (0..small(postings.words.len())).collect();
            numbers.sort_unstable_by(|a, b| text(*a).cmp(text(*b)));
            numbers
        });
        let mut found = Vec::new();
        for head in matcher.heads() {
            let from = sorted.partition_point(|number| text(*number) < head);
            let same = sorted[from..].iter().take_while(|number| text(**number).starts_with(head));
            found.extend(same.copied().filter(|number| matcher.contains(text(*number))));
        }
        found
    }

    fn numbers_in_table(&self, table: TableId, column: usize, postings: &Postings) -> Option<Vec<u32>> {
        let data = self.run.tables.get(table.index()).filter(|data| data.supplied)?;
        let typed = self.run.rules.tables.get(table.index())?;
        if typed.columns.get(column).is_none_or(|held| matches!(held.ty, Type::CodeSet(_))) {
            return None;
        }
        let index = self.table_index(table, &[column], &[false])?;
        if !index.loose.is_empty() {
            return None;
        }
        let number = |word: i64| postings.numbers.get(&word).copied();
        if ix(data.rows) < postings.words.len() {
            let word = |row: u32| match data.columns.get(column).map(|cells| cells.get(ix(row))) {
                Some(Value::Known(word)) => number(word),
                Some(Value::AtLeast(..) | Value::Missing(_)) | None => None,
            };
            return Some((0..data.rows).filter_map(word).collect());
        }
        let known = |word: &&i64| !index.exact(&[**word]).is_empty();
        Some(postings.words.iter().filter(known).filter_map(|word| number(*word)).collect())
    }
}
