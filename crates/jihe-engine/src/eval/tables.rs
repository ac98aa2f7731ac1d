//! Code sets and knowledge tables.
//!
//! In: codes, tuples, keys. Out: membership, and the rows of a lookup.
//! Invariant: rows that are not valid on the day asked for are not there.

use super::calls::moment;
use super::{map, map2, present};
use crate::column::{Column, Segments, SegmentsBuilder, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::maps::HashMap;
use crate::run::TableData;
use jihe_check::typed::{Table, TableId};
use jihe_model::types::Type;
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

impl Context<'_> {
    pub(super) fn in_code_set(&self, a: ExprId, codes: usize, domain: &Rc<Domain>) -> Column {
        let a = self.eval(a, domain);
        map(&a, domain.len, |value| match present(value) {
            Ok(word) => Value::Known(i64::from(self.in_codes(codes, word))),
            Err(missing) => missing,
        })
    }

    pub(super) fn in_cell(&self, a: ExprId, cell: ExprId, domain: &Rc<Domain>) -> Column {
        let (a, cell) = (self.eval(a, domain), self.eval(cell, domain));
        map2(&a, &cell, domain.len, |a, cell| match (present(a), present(cell)) {
            (Ok(word), Ok(codes)) => Value::Known(i64::from(self.in_codes(place(codes), word))),
            (Err(missing), _) | (_, Err(missing)) => missing,
        })
    }

    pub(super) fn contains(&self, a: ExprId, b: ExprId, domain: &Rc<Domain>) -> Column {
        let (a, b) = (self.eval(a, domain), self.eval(b, domain));
        let text = |word: i64| self.run.texts.text(word);
        map2(&a, &b, domain.len, |a, b| match (present(a), present(b)) {
            (Ok(a), Ok(b)) => Value::Known(i64::from(text(a).contains(text(b)))),
            (Err(missing), _) | (_, Err(missing)) => missing,
        })
    }

    pub(super) fn in_table(
        &self,
        table: TableId,
        values: &[ExprId],
        on: (&[usize], Option<ExprId>),
        domain: &Rc<Domain>,
    ) -> Column {
        let (columns, as_of) = on;
        let Some(data) = self.run.tables.get(table.index()).filter(|data| data.supplied) else {
            return Column::constant(Value::Missing(self.run.causes.table(table)));
        };
        let Some(typed) = self.run.rules.tables.get(table.index()) else {
            return Column::constant(Value::Missing(self.run.causes.table(table)));
        };
        let patterned = patterned(typed, columns);
        let Some(index) = self.table_index(table, columns, &patterned) else {
            return Column::constant(Value::Missing(self.run.causes.table(table)));
        };
        let values: Vec<Rc<Column>> = values.iter().map(|value| self.eval(*value, domain)).collect();
        let days = self.days(as_of.filter(|_| data.valid.is_some()), domain);
        let holds = |row: u32, words: &[i64], day: Option<i64>| {
            data.valid_on(row, day)
                && words
                    .iter()
                    .zip(columns)
                    .all(|(word, column)| self.cell_holds(data, typed, (*column, row), *word))
        };
        let mut words = Vec::with_capacity(values.len());
        // One code and no date: the answer is the code's alone.
        let mut answered: Option<HashMap<i64, bool>> =
            (values.len() == 1 && days.is_none()).then(HashMap::default);
        let mut answer = |at: usize| -> Result<bool, Cause> {
            words.clear();
            for value in &values {
                words.push(known(value.get(at))?);
            }
            let day = days.as_ref().map(|days| days(at)).transpose()?;
            if let Some(held) = answered.as_ref().and_then(|answered| answered.get(&words[0])) {
                return Ok(*held);
            }
            let found = index.exact(&words).iter().any(|row| data.valid_on(*row, day))
                || index.loose.iter().any(|row| holds(*row, &words, day));
            if let Some(answered) = &mut answered {
                answered.insert(words[0], found);
            }
            Ok(found)
        };
        Column::collect((0..domain.len).map(|at| match answer(at) {
            Ok(holds) => Value::Known(i64::from(holds)),
            Err(cause) => Value::Missing(cause),
        }))
    }

    fn cell_holds(&self, data: &TableData, table: &Table, at: (usize, u32), word: i64) -> bool {
        let (column, row) = at;
        let Some(typed) = table.columns.get(column) else { return false };
        match data.columns.get(column).map(|cells| cells.get(ix(row))) {
            Some(Value::Known(cell)) if matches!(typed.ty, Type::CodeSet(_)) => {
                self.in_codes(place(cell), word)
            }
            Some(Value::Known(cell)) => cell == word,
            Some(Value::AtLeast(..) | Value::Missing(_)) | None => typed.key,
        }
    }

    /// The day of a date or instant, a tuple.
    fn days<'d>(
        &'d self,
        as_of: Option<ExprId>,
        domain: &'d Rc<Domain>,
    ) -> Option<impl Fn(usize) -> Result<i64, Cause> + 'd> {
        let as_of = as_of?;
        let ty = self.type_of(as_of);
        let days = self.eval(as_of, domain);
        Some(move |at: usize| known(days.get(at)).map(|word| moment(word, ty).day()))
    }

    pub(crate) fn lookup(
        &self,
        table: TableId,
        keys: &[(usize, ExprId)],
        as_of: Option<ExprId>,
        domain: &Rc<Domain>,
    ) -> Segments {
        let absent = self.run.causes.table(table);
        let data = self.run.tables.get(table.index()).filter(|data| data.supplied);
        let (Some(data), Some(typed)) = (data, self.run.rules.tables.get(table.index())) else {
            return Segments::empty(domain.len, Some(absent));
        };
        let keys = crate::run::key_order(self.run.rules, table, keys);
        let columns: Vec<usize> = keys.iter().map(|key| key.0).collect();
        let patterned = patterned(typed, &columns);
        let Some(index) = self.table_index(table, &columns, &patterned) else {
            return Segments::empty(domain.len, Some(absent));
        };
        let values: Vec<Rc<Column>> = keys.iter().map(|key| self.eval(key.1, domain)).collect();
        let days = self.days(as_of.filter(|_| data.valid.is_some()), domain);
        let search = Search { context: self, data, table: typed, columns: &columns };
        let mut sets = SegmentsBuilder::default();
        for at in 0..domain.len {
            let words: Result<Vec<i64>, Cause> = values.iter().map(|value| known(value.get(at))).collect();
            let day = days.as_ref().map(|days| days(at)).transpose();
            match (words, day) {
                (Ok(words), Ok(day)) => {
                    for row in search.best(&words, day, index) {
                        sets.member(row);
                    }
                    sets.close(None);
                }
                (Err(cause), _) | (_, Err(cause)) => sets.close(Some(cause)),
            }
        }
        sets.done()
    }
}

struct Search<'s, 'a> {
    context: &'s Context<'a>,
    data: &'s TableData,
    table: &'s Table,
    columns: &'s [usize],
}

impl Search<'_, '_> {
    /// The valid matching rows of the greatest specificity.
    fn best(&self, words: &[i64], day: Option<i64>, index: &crate::run::TableIndex) -> Vec<u32> {
        let steps = self.columns.iter().any(|column| self.column(*column).is_some_and(|held| held.fallback));
        let exact: Vec<u32> =
            index.exact(words).iter().copied().filter(|row| self.data.valid_on(*row, day)).collect();
        if !steps && (index.loose.is_empty() || !exact.is_empty()) {
            return exact;
        }
        let all: Vec<u32> = if steps { (0..self.data.rows).collect() } else { index.loose.clone() };
        let mut best: Vec<u32> = Vec::new();
        let mut most: Vec<usize> = Vec::new();
        for row in all.into_iter().filter(|row| self.data.valid_on(*row, day)) {
            let Some(specific) = self.specificity(row, words) else { continue };
            match specific.cmp(&most) {
                std::cmp::Ordering::Greater => {
                    most = specific;
                    best = vec![row];
                }
                std::cmp::Ordering::Equal => best.push(row),
                std::cmp::Ordering::Less => {}
            }
        }
        best
    }

    fn column(&self, column: usize) -> Option<&jihe_check::typed::TableColumn> {
        self.table.columns.get(column)
    }

    /// How specifically a row matches, key column by key column; none if it does not.
    fn specificity(&self, row: u32, words: &[i64]) -> Option<Vec<usize>> {
        let mut specific = Vec::with_capacity(words.len().saturating_add(1));
        specific.push(1);
        for (column, word) in self.columns.iter().zip(words) {
            let typed = self.column(*column)?;
            let cell = self.data.columns.get(*column).map(|cells| cells.get(ix(row)));
            specific.push(match cell {
                Some(Value::Known(cell)) if typed.fallback => self.kept(cell, *word)?,
                Some(Value::Known(cell)) if matches!(typed.ty, Type::CodeSet(_)) => {
                    self.context.in_codes(place(cell), *word).then_some(1)?
                }
                Some(Value::Known(cell)) => (cell == *word).then_some(1)?,
                Some(Value::AtLeast(..) | Value::Missing(_)) | None => typed.key.then_some(0)?,
            });
        }
        Some(specific)
    }

    /// How many characters of a region a cell keeps, if it is the region or an ancestor: `640400` keeps four of `640402`.
    fn kept(&self, cell: i64, word: i64) -> Option<usize> {
        if cell == word {
            return Some(self.context.run.texts.text(word).len().saturating_add(1));
        }
        let (cell, region) = (self.context.run.texts.text(cell), self.context.run.texts.text(word));
        let mut length = region.len();
        while length >= 2 {
            length = length.saturating_sub(2);
            let mut ancestor = region.get(..length)?.to_owned();
            while ancestor.len() < region.len() {
                ancestor.push('0');
            }
            if cell == ancestor {
                return Some(length.saturating_add(1));
            }
        }
        None
    }
}

fn known(value: Value) -> Result<i64, Cause> {
    match value {
        Value::Known(word) => Ok(word),
        Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
    }
}

fn place(word: i64) -> usize {
    usize::try_from(word).unwrap_or(usize::MAX)
}

fn patterned(table: &Table, columns: &[usize]) -> Vec<bool> {
    let is =
        |column: &usize| table.columns.get(*column).is_some_and(|held| matches!(held.ty, Type::CodeSet(_)));
    columns.iter().map(is).collect()
}
