//! Knowledge tables with their rows.
//!
//! In: nothing. Out: the typed form of a 知识.
//! Invariant: a row has a cell for every column, each of the column's type.

use jihe_model::types::Type;

use super::{CodeSet, Literal};

/// 知识
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// The key columns, in declared order.
    pub key: Vec<usize>,
    /// The columns 生效 and 失效, both ends included; an empty cell is open.
    pub validity: Option<(usize, Option<usize>)>,
    /// Whether, at any one time, one key has one row at most. A lookup of a unique table is a record, else a set.
    pub unique: bool,
    /// The rows in file order; none when the file was not supplied.
    pub rows: Option<Vec<Vec<Cell>>>,
    /// SHA-256 of the file, hex.
    pub hash: Option<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// 键
    pub key: bool,
    /// 逐级: a region code; the row of the longest matching ancestor is taken.
    pub fallback: bool,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Empty: missing, or in a key column "any".
    Empty,
    /// A value of the column's type.
    Value(Literal),
    /// The patterns of a `集` column.
    Codes(CodeSet),
}
