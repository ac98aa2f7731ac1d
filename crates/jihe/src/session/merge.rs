//! Two sets of records as one.
//!
//! In: history and a claim. Out: both, the claim's records in the place of history's with the same key.
//! Invariant: texts of both live in one table of symbols; run dates are history's.

use jihe_model::records::{Column, Records, Table, Words};
use std::collections::{BTreeMap, BTreeSet};

/// Lays a claim over a history.
pub(super) fn merge(history: &Records, claim: &Records) -> Records {
    let mut symbols = history.symbols.clone();
    let translated: Vec<u32> = claim.symbols.iter().map(|(_, text)| symbols.intern(text).0).collect();
    let mut tables: BTreeMap<_, Table> = BTreeMap::new();
    for kind in history.tables.keys().chain(claim.tables.keys()) {
        let table = match (history.tables.get(kind), claim.tables.get(kind)) {
            (Some(old), Some(new)) => stack(old, &translate(new, &translated)),
            (Some(old), None) => old.clone(),
            (None, Some(new)) => translate(new, &translated),
            (None, None) => Table::default(),
        };
        tables.insert(*kind, table);
    }
    Records { symbols, tables, run: history.run.clone() }
}

/// A table with its symbols in the history's numbers.
fn translate(table: &Table, translated: &[u32]) -> Table {
    let symbol =
        |old: &u32| usize::try_from(*old).ok().and_then(|at| translated.get(at)).copied().unwrap_or(*old);
    let words = |words: &Words| match words {
        Words::Symbols(old) => Words::Symbols(old.iter().map(symbol).collect()),
        Words::Bits(_) | Words::Days(_) | Words::Wide(_) => words.clone(),
    };
    let column = |column: &Column| Column { words: words(&column.words), present: column.present.clone() };
    Table {
        rows: table.rows,
        columns: table.columns.iter().map(|old| old.as_ref().map(column)).collect(),
        keys: table.keys.iter().map(symbol).collect(),
    }
}

/// The rows of the old table whose keys are not in the new one, then the new one's.
fn stack(old: &Table, new: &Table) -> Table {
    let replaced: BTreeSet<u32> = new.keys.iter().copied().collect();
    let kept: Vec<usize> =
        (0..old.rows).filter(|row| old.keys.get(*row).is_none_or(|key| !replaced.contains(key))).collect();
    let width = old.columns.len().max(new.columns.len());
    let rows: Vec<(&Table, usize)> =
        kept.iter().map(|row| (old, *row)).chain((0..new.rows).map(|row| (new, row))).collect();
    let columns = (0..width).map(|column| stack_column(&rows, column)).collect();
    let keys = rows.iter().filter_map(|(table, row)| table.keys.get(*row).copied()).collect();
    Table { rows: rows.len(), columns, keys }
}

fn stack_column(rows: &[(&Table, usize)], column: usize) -> Option<Column> {
    let of = |table: &Table| table.columns.get(column).and_then(Option::as_ref).cloned();
    let sample = rows.iter().find_map(|(table, _)| of(table))?;
    let cells: Vec<Option<i64>> = rows
        .iter()
        .map(|(table, row)| {
            table.columns.get(column).and_then(Option::as_ref).and_then(|column| column.get(*row))
        })
        .collect();
    let word = |cell: &Option<i64>| cell.unwrap_or(0);
    let words = match sample.words {
        Words::Bits(_) => Words::Bits(cells.iter().map(|cell| word(cell) == 1).collect()),
        Words::Symbols(_) => {
            Words::Symbols(cells.iter().map(|cell| u32::try_from(word(cell)).unwrap_or(0)).collect())
        }
        Words::Days(_) | Words::Wide(_) => Words::Wide(cells.iter().map(word).collect()),
    };
    Some(Column { words, present: Some(cells.iter().map(Option::is_some).collect()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jihe_model::schema::KindId;
    use jihe_model::value::{Symbol, Symbols};

    fn records(rows: &[(&str, i64)]) -> Records {
        let mut symbols = Symbols::new();
        let keys = rows.iter().map(|(key, _)| symbols.intern(key).0).collect();
        let words = Words::Wide(rows.iter().map(|(_, word)| *word).collect());
        let table = Table { rows: rows.len(), columns: vec![Some(Column { words, present: None })], keys };
        Records { symbols, tables: BTreeMap::from([(KindId(0), table)]), ..Records::default() }
    }

    #[test]
    fn a_claim_replaces_rows_of_the_same_key_and_adds_the_others() {
        let merged = merge(&records(&[("a", 1), ("b", 2)]), &records(&[("c", 3), ("a", 4)]));
        let table = &merged.tables[&KindId(0)];
        let rows: Vec<(&str, Option<i64>)> = (0..table.rows)
            .map(|row| {
                (merged.symbols.text(Symbol(table.keys[row])), table.columns[0].as_ref().unwrap().get(row))
            })
            .collect();
        assert_eq!(rows, [("b", Some(2)), ("c", Some(3)), ("a", Some(4))]);
    }
}
