//! Knowledge tables: declaration and CSV to typed rows.
//!
//! In: a 知识 declaration and the text of its file. Out: a [`Table`] with its rows.
//! Invariant: every cell is of its column's type; for one key, validity never overlaps.

mod rows;
mod unique;

use jihe_diagnostics::Diagnostic;
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_syntax::tree;
use sha2::{Digest, Sha256};

use crate::errors;
use crate::resolve::type_by_name;
use crate::typed::{Table, TableColumn};

/// Reads the declaration, and the rows if the file was supplied.
pub(crate) fn load(
    declared: &tree::Table,
    schema: &Schema,
    files: &crate::Files,
) -> (Table, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut table = declaration(declared, schema, &mut diagnostics);
    let Some(text) = files.get(&declared.source.text) else {
        diagnostics.push(errors::lints::missing_file(&declared.source));
        return (table, diagnostics);
    };
    table.hash = Some(hash(text));
    if !diagnostics.iter().any(Diagnostic::is_error) {
        let reader = rows::Reader { declared, table: &table, schema };
        let (read, lines) = rows::read(&reader, text, &mut diagnostics);
        table.unique = unique::is_unique(&table, &read);
        if table.validity.is_some() {
            unique::no_overlap(declared, &table, (&read, &lines), &mut diagnostics);
        }
        table.rows = Some(read);
    }
    (table, diagnostics)
}

/// The first column of a file of codes, header left out.
pub(crate) fn first_column(text: &str) -> Result<Vec<String>, String> {
    let mut codes = Vec::new();
    for record in rows::csv(text).records() {
        let record = record.map_err(|error| error.to_string())?;
        if let Some(code) = record.get(0)
            && !code.is_empty()
        {
            codes.push(code.to_owned());
        }
    }
    Ok(codes)
}

fn declaration(declared: &tree::Table, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> Table {
    let mut columns: Vec<TableColumn> = Vec::new();
    for column in &declared.columns {
        for name in &column.names {
            if columns.iter().any(|earlier| earlier.name == name.text) {
                diagnostics.push(errors::structure::key_named_twice(name.span, &name.text));
                continue;
            }
            let ty = column_type(column, name, schema, diagnostics);
            columns.push(TableColumn {
                name: name.text.clone(),
                ty,
                key: column.key,
                fallback: column.fallback,
            });
        }
    }
    let key = columns.iter().enumerate().filter(|(_, column)| column.key).map(|(at, _)| at).collect();
    let find = |names: [&str; 2]| {
        columns.iter().position(|column| names.contains(&column.name.as_str()) && column.ty == Type::Date)
    };
    let validity = find(["生效", "effective"]).map(|from| (from, find(["失效", "expires"])));
    Table {
        name: declared.name.text.clone(),
        file: declared.source.text.clone(),
        columns,
        key,
        validity,
        unique: true,
        rows: None,
        hash: None,
    }
}

fn column_type(
    column: &tree::Column,
    name: &tree::Name,
    schema: &Schema,
    diagnostics: &mut Vec<Diagnostic>,
) -> Type {
    let type_name = column.ty.as_ref().unwrap_or(name);
    let Some(ty) = type_by_name(schema, &type_name.text) else {
        diagnostics.push(errors::names::unknown_type(schema, type_name));
        return Type::Text;
    };
    if column.fallback && !matches!(ty, Type::Code(_)) {
        diagnostics.push(errors::tables::fallback_needs_codes(name));
    }
    if let (Type::Code(system), true) = (ty, column.set) {
        return Type::CodeSet(system);
    }
    if column.set {
        diagnostics.push(errors::tables::set_needs_codes(name));
    }
    if ty == Type::Age { Type::AgeLimit } else { ty }
}

/// SHA-256 in hex.
fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        for digit in [byte >> 4, byte & 0x0f] {
            hex.extend(char::from_digit(u32::from(digit), 16));
        }
        hex
    })
}
