//! CSV rows to typed cells.
//!
//! In: a file's text and the columns declared. Out: rows in file order, with their line numbers.
//! Invariant: a row has a cell for every declared column; wrong cells are reported and read as empty.

use jihe_diagnostics::{Diagnostic, Text};
use jihe_model::schema::{CodeSystem, Schema};
use jihe_model::types::Type;
use jihe_syntax::tree;

use crate::errors;
use crate::infer::read_pattern;
use crate::typed::{Cell, CodeSet, Literal, Pattern, Table, TableColumn};

/// At most so many faults of one file are reported.
const MOST_FAULTS: usize = 20;

/// What reading a file needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) declared: &'a tree::Table,
    pub(super) table: &'a Table,
    pub(super) schema: &'a Schema,
}

/// A CSV reader as knowledge files want it.
pub(super) fn csv(text: &str) -> csv::Reader<&[u8]> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    csv::ReaderBuilder::new()
        .flexible(true)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// Every row, and the line each starts at.
pub(super) fn read(
    reader: &Reader<'_>,
    text: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Vec<Cell>>, Vec<usize>) {
    let mut source = csv(text);
    let file = &reader.declared.source;
    let header: Vec<String> = match source.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => {
            diagnostics.push(errors::tables::unreadable(file.span, &file.text, &error.to_string()));
            return (Vec::new(), Vec::new());
        }
    };
    let places = places(reader, &header, diagnostics);
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for record in source.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                diagnostics.push(errors::tables::unreadable(file.span, &file.text, &error.to_string()));
                break;
            }
        };
        if diagnostics.len() > MOST_FAULTS {
            break;
        }
        let line = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        let cells = reader.table.columns.iter().zip(&places).map(|(column, place)| {
            let text = place.and_then(|place| record.get(place)).unwrap_or("");
            cell(reader, column, text, line).unwrap_or_else(|error| {
                diagnostics.push(*error);
                Cell::Empty
            })
        });
        rows.push(cells.collect());
        lines.push(line);
    }
    (rows, lines)
}

/// Where each declared column stands in the file.
fn places(reader: &Reader<'_>, header: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<Option<usize>> {
    let file = &reader.declared.source;
    let names: Vec<&tree::Name> = reader.declared.columns.iter().flat_map(|column| &column.names).collect();
    for column in header {
        if !names.iter().any(|name| name.text == *column) {
            diagnostics.push(errors::tables::undeclared_column(file.span, &file.text, column));
        }
    }
    names
        .iter()
        .map(|name| {
            let place = header.iter().position(|column| *column == name.text);
            if place.is_none() {
                diagnostics.push(errors::tables::missing_column(name, &file.text, header));
            }
            place
        })
        .collect()
}

fn cell(reader: &Reader<'_>, column: &TableColumn, text: &str, line: usize) -> Result<Cell, Box<Diagnostic>> {
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    let file = &reader.declared.source;
    let refuse = |reason: &Text| {
        let place = format!("{} 第 {line} 行 {}", file.text, column.name);
        Box::new(errors::tables::bad_cell(file.span, &place, text, reason))
    };
    match column.ty {
        Type::Text | Type::Reference(_) => Ok(Cell::Value(Literal::Text(text.to_owned()))),
        Type::Code(system) => code(reader.schema.system(system), text)
            .map(|code| Cell::Value(Literal::Text(code)))
            .map_err(|reason| refuse(&reason)),
        Type::CodeSet(system) => {
            let patterns: Result<Vec<Pattern>, Text> = text
                .split([';', '；', '|'])
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| pattern(reader.schema.system(system), part))
                .collect();
            let include = patterns.map_err(|reason| refuse(&reason))?;
            Ok(Cell::Codes(CodeSet { name: None, system: Some(system), include, exclude: Vec::new() }))
        }
        Type::Bool
        | Type::Number
        | Type::Money
        | Type::UnitPrice
        | Type::Date
        | Type::Instant
        | Type::Duration(_)
        | Type::Months
        | Type::Age
        | Type::AgeLimit
        | Type::Interval
        | Type::Period(_) => jihe_model::cell::parse_word(column.ty, text)
            .map(|word| Cell::Value(Literal::Word(word)))
            .map_err(|error| refuse(&error.text())),
    }
}

fn pattern(system: Option<&CodeSystem>, text: &str) -> Result<Pattern, Text> {
    match read_pattern(text) {
        Pattern::Exact(code) => self::code(system, &code).map(Pattern::Exact),
        other @ (Pattern::Prefix(_) | Pattern::Range(..)) => Ok(other),
    }
}

fn code(system: Option<&CodeSystem>, text: &str) -> Result<String, Text> {
    let Some(system) = system else { return Ok(text.to_owned()) };
    if system.values.iter().any(|(code, _)| code == text) {
        return Ok(text.to_owned());
    }
    let mut named = system.values.iter().filter(|(_, name)| name == text).map(|(code, _)| code);
    match (named.next(), named.next()) {
        (Some(code), None) => Ok(code.clone()),
        (None, _) if !system.closed => Ok(text.to_owned()),
        _ => Err(Text::new(format!("不是{}", system.zh), format!("is not a value of {}", system.en))),
    }
}
