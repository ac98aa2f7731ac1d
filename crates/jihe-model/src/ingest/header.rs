//! Which column of a file holds which field.
//!
//! In: a kind and the names of a file's columns. Out: a [`Header`].
//! Invariant: a field takes the first non-empty of its columns, main names before synonyms, whatever the order of columns.

use super::Cell;
use super::needs::{Needs, Reading};
use crate::nearest::nearest;
use crate::schema::{Field, FieldId, Kind, KindId, Schema};
use crate::types::Type;

/// The columns of one file, resolved.
#[derive(Debug, Clone)]
pub struct Header {
    pub(super) kind: KindId,
    pub(super) file: usize,
    pub(super) width: usize,
    /// The fields that are read.
    pub(super) plan: Vec<Planned>,
    /// The columns of fields that nobody needs.
    passed_over: Vec<(usize, FieldId)>,
    pub(super) key: Vec<(FieldId, Type)>,
    /// The key, where it is held as a text and not as a word; it is not in `plan` then.
    pub(super) key_text: Option<Planned>,
    /// Whether rows are only counted, and the fields whose days are looked at.
    pub(super) counted: Option<Vec<(FieldId, Type)>>,
    /// Columns that hold no field of the kind; they are left out.
    pub unknown: Vec<UnknownColumn>,
}

impl Header {
    /// Each column that holds a field: its place in the file, and the field.
    pub fn columns(&self) -> impl Iterator<Item = (usize, FieldId)> {
        self.columns_read().chain(self.passed_over.iter().copied())
    }

    /// The same without columns of fields that nobody needs.
    pub fn columns_read(&self) -> impl Iterator<Item = (usize, FieldId)> {
        let planned = self.key_text.iter().chain(&self.plan);
        planned.flat_map(|planned| planned.columns.iter().map(|(at, _)| (*at, planned.field)))
    }

    /// The kind of the rows; a view such as 原始明细 is read as its origin.
    pub fn kind(&self) -> KindId {
        self.kind
    }
}

/// A column no field goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownColumn {
    /// Its name in the file.
    pub name: String,
    /// Fields with a similar name, nearest first.
    pub nearest: Vec<String>,
}

/// Why a file cannot be read as a kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The kind is not in the schema.
    #[error("unknown kind of record")]
    UnknownKind,
    /// No column holds a key field: the Chinese and the English name of the field.
    #[error("no column for the key `{1}` ({0})")]
    NoKey(String, String),
}

/// A field and the columns it may come from.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) field: FieldId,
    pub(super) ty: Type,
    pub(super) required: bool,
    /// Place and name of each column, main names first.
    pub(super) columns: Vec<(usize, String)>,
}

impl Planned {
    /// The first column with a value: its place in `columns`, and the cell.
    pub(super) fn first_value<'a>(&self, cell: &impl Fn(usize) -> Cell<'a>) -> (usize, Cell<'a>) {
        for (at, (column, _)) in self.columns.iter().enumerate() {
            let found = cell(*column);
            let missing = match found {
                Cell::Missing => true,
                Cell::Text(text) => super::is_missing(text.trim()),
                Cell::Word(_) | Cell::Unreadable => false,
            };
            if !missing {
                return (at, found);
            }
        }
        (0, Cell::Missing)
    }
}

pub(super) fn resolve(
    schema: &Schema,
    kind: KindId,
    (file, needs): (usize, &Needs),
    columns: &[&str],
) -> Result<Header, HeaderError> {
    let declared = schema.kind(kind).ok_or(HeaderError::UnknownKind)?;
    let origin = declared.raw_of.unwrap_or(kind);
    let columns: Vec<&str> = columns.iter().map(|name| clean(name)).collect();
    let mut plan = Vec::new();
    let mut known = vec![false; columns.len()];
    for (at, field) in (0u16..).zip(&declared.fields) {
        let mut found: Vec<(usize, usize)> = Vec::new();
        for ((column, name), known) in columns.iter().enumerate().zip(&mut known) {
            if let Some(rank) = rank(field, name) {
                found.push((rank, column));
                *known = true;
            }
        }
        if found.is_empty() {
            if field.required {
                return Err(HeaderError::NoKey(field.zh.clone(), field.en.clone()));
            }
            continue;
        }
        found.sort_unstable();
        let named = |(_, column): (usize, usize)| {
            (column, columns.get(column).map(|name| (*name).to_owned()).unwrap_or_default())
        };
        plan.push(Planned {
            field: FieldId(at),
            ty: field.ty,
            required: field.required,
            columns: found.into_iter().map(named).collect(),
        });
    }
    let typed = |fields: &[FieldId]| -> Vec<(FieldId, Type)> {
        fields.iter().filter_map(|id| Some((*id, declared.fields.get(usize::from(id.0))?.ty))).collect()
    };
    let as_text = needs.keys_as_texts(origin, declared);
    let (key_text, plan): (Vec<Planned>, Vec<Planned>) =
        plan.into_iter().partition(|planned| as_text && declared.key.contains(&planned.field));
    let (mut plan, others): (Vec<Planned>, Vec<Planned>) =
        plan.into_iter().partition(|planned| needs.reads((origin, declared), planned.field));
    let counted = matches!(needs.reading(origin), Reading::Counted(_)).then(|| typed(&declared.clock));
    if counted.is_some() {
        for planned in &mut plan {
            planned.required = false;
        }
    }
    Ok(Header {
        kind: origin,
        file,
        width: declared.fields.len(),
        plan,
        passed_over: others
            .iter()
            .flat_map(|planned| planned.columns.iter().map(|(at, _)| (*at, planned.field)))
            .collect(),
        key: typed(&declared.key),
        key_text: key_text.into_iter().next(),
        counted,
        unknown: unknown(declared, columns.iter().zip(known)),
    })
}

/// Spreadsheets write a byte order mark and blanks around names.
fn clean(name: &str) -> &str {
    name.trim_start_matches('\u{feff}').trim()
}

/// How early a name stands among the names of a field; letters of Latin names match in either case.
fn rank(field: &Field, name: &str) -> Option<usize> {
    // Lengths first: nearly every name differs in it, and claims resolve their columns every time.
    let same = |known: &str| known.len() == name.len() && known.eq_ignore_ascii_case(name);
    let main = [Some(field.zh.as_str()), Some(field.en.as_str()), field.national.as_deref()];
    if let Some(rank) = main.into_iter().flatten().position(same) {
        return Some(rank);
    }
    let further = field.synonyms.iter().position(|synonym| same(synonym));
    further.map(|at| at.saturating_add(main.into_iter().flatten().count()))
}

fn unknown<'a>(kind: &Kind, columns: impl Iterator<Item = (&'a &'a str, bool)>) -> Vec<UnknownColumn> {
    columns
        .filter(|(name, known)| !known && !name.is_empty())
        .map(|(name, _)| UnknownColumn { name: (*name).to_owned(), nearest: nearest_fields(kind, name) })
        .collect()
}

/// Field names near to a name, in the language it is written in.
pub(super) fn nearest_fields(kind: &Kind, name: &str) -> Vec<String> {
    let names = kind.fields.iter().flat_map(|field| {
        [field.zh.as_str(), field.en.as_str()].into_iter().chain(field.national.as_deref())
    });
    nearest(name, names).into_iter().map(str::to_owned).collect()
}
