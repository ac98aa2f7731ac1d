//! A region's parameters, code sets and tables in place of the package's (contract 12).
//!
//! In: a tree with only 参数, 编码集 and 知识. Out: names that stand for the new declarations.
//! Invariant: what is replaced keeps its name, its type and its legal range.

use jihe_diagnostics::Diagnostic;
use jihe_syntax::tree::{self, ItemKind, SyntaxTree};

use crate::errors;
use crate::resolve::{Names, benefit_year};
use crate::typed::{Literal, TypedRules};

/// A parameter that was replaced: its place and its former declaration.
pub(crate) type Replaced<'a> = Vec<(usize, &'a tree::Parameter)>;

/// Puts the declarations of the override in place of those of the same name.
pub(crate) fn apply<'a>(
    names: &mut Names<'a>,
    tree: &'a SyntaxTree,
    diagnostics: &mut Vec<Diagnostic>,
) -> Replaced<'a> {
    let mut replaced = Vec::new();
    for item in &tree.items {
        match &item.kind {
            ItemKind::Package(package) => {
                let start = benefit_year(package.benefit_year.into_iter(), diagnostics);
                names.package.benefit_year = start.unwrap_or(names.package.benefit_year);
            }
            ItemKind::Parameter(parameter) => match names.parameter_by_name.get(parameter.name.text.as_str())
            {
                Some(at) => {
                    if let Some(place) = names.parameters.get_mut(*at) {
                        replaced.push((*at, *place));
                        *place = parameter;
                    }
                }
                None => diagnostics.push(unknown(
                    &parameter.name,
                    ("参数", "parameter"),
                    &names.parameter_by_name,
                )),
            },
            ItemKind::Codes(codes) => match names.code_set_by_name.get(codes.name.text.as_str()) {
                Some(at) => {
                    if let Some(place) = names.code_sets.get_mut(*at) {
                        *place = codes;
                    }
                }
                None => {
                    diagnostics.push(unknown(&codes.name, ("编码集", "code set"), &names.code_set_by_name));
                }
            },
            ItemKind::Table(table) => match names.table_by_name.get(table.name.text.as_str()) {
                Some(at) => {
                    if let Some(place) = names.tables.get_mut(*at) {
                        *place = table;
                    }
                }
                None => diagnostics.push(unknown(&table.name, ("知识表", "table"), &names.table_by_name)),
            },
            ItemKind::Extend(_)
            | ItemKind::Derive(_)
            | ItemKind::Summary(_)
            | ItemKind::Rule(_)
            | ItemKind::Test(_) => diagnostics.push(errors::structure::not_an_override(item.span)),
        }
    }
    replaced
}

fn unknown(
    name: &tree::Name,
    (zh, en): (&str, &str),
    known: &std::collections::BTreeMap<&str, usize>,
) -> Diagnostic {
    let known: Vec<String> = known.keys().map(|name| (*name).to_owned()).collect();
    errors::names::unknown_override(name, zh, en, &known)
}

/// Whether every new value has the former type and lies in the former range.
pub(crate) fn within_ranges(
    names: &Names<'_>,
    typed: &TypedRules,
    replaced: &Replaced<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (at, former) in replaced {
        let (Some(parameter), Some(now)) = (typed.parameters.get(*at), names.parameters.get(*at)) else {
            continue;
        };
        let Some((former_type, range)) = crate::infer::constant_range(former) else { continue };
        if !crate::infer::alike(parameter.ty, former_type) {
            diagnostics.push(errors::types::wrong_constant(
                &typed.schema,
                (parameter.ty, now.value.span),
                (former_type, former.value.span),
            ));
            continue;
        }
        let Some((low, high)) = range else { continue };
        let outside = |value: &Literal| matches!(value, Literal::Word(word) if *word < low || *word > high);
        if parameter.values.iter().any(|(_, value)| outside(value)) {
            let span = former.range.as_ref().map_or(former.name.span, |range| range.span);
            diagnostics.push(errors::structure::out_of_range(&now.name, now.value.span, span));
        }
    }
}
