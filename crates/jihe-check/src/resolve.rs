//! Gives every declaration of the files its name.
//!
//! In: syntax trees. Out: [`Names`], the declarations by name, and the schema with its extensions.
//! Invariant: a name stands for one declaration; a second one of the same name is reported and left out.

#![expect(
    clippy::too_many_arguments,
    reason = "a declaration, its lists and the diagnostics travel together"
)]

mod extend;

use std::collections::{BTreeMap, BTreeSet};

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::{KindId, Schema};
use jihe_model::types::YearStart;
use jihe_syntax::tree::{self, ItemKind, SyntaxTree};

use crate::errors;
use crate::typed;

pub(crate) use extend::type_by_name;

/// A derived field as declared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DerivedDeclaration<'a> {
    /// Its kind.
    pub(crate) kind: KindId,
    /// Name and value.
    pub(crate) bind: &'a tree::Bind,
}

/// A rule as declared, with the version of its package.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RuleDeclaration<'a> {
    /// The rule.
    pub(crate) rule: &'a tree::Rule,
    /// Where it stands.
    pub(crate) span: Span,
    /// The version of the package of its file.
    pub(crate) version: &'a str,
}

/// Every declaration by its place, and the places by name.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    pub(crate) package: typed::Package,
    pub(crate) parameters: Vec<&'a tree::Parameter>,
    pub(crate) code_sets: Vec<&'a tree::Codes>,
    pub(crate) tables: Vec<&'a tree::Table>,
    pub(crate) derived: Vec<DerivedDeclaration<'a>>,
    pub(crate) summaries: Vec<&'a tree::Summary>,
    pub(crate) rules: Vec<RuleDeclaration<'a>>,
    pub(crate) tests: Vec<(&'a tree::Test, Span)>,
    pub(crate) parameter_by_name: BTreeMap<&'a str, usize>,
    pub(crate) code_set_by_name: BTreeMap<&'a str, usize>,
    pub(crate) table_by_name: BTreeMap<&'a str, usize>,
    pub(crate) derived_by_name: BTreeMap<(KindId, &'a str), usize>,
    pub(crate) summary_by_name: BTreeMap<&'a str, usize>,
    pub(crate) rule_by_name: BTreeMap<&'a str, usize>,
    /// Names of declarations that could not be read, of which the parser has told.
    pub(crate) broken: BTreeSet<&'a str>,
}

/// Collects the declarations of all files, and extends the schema by what they add to it.
pub(crate) fn resolve<'a>(trees: &'a [SyntaxTree], schema: &mut Schema) -> (Names<'a>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let items = || trees.iter().flat_map(|tree| &tree.items);
    extend::extend(items().filter_map(|item| extension(&item.kind)), schema, &mut diagnostics);
    // A file without a package of its own belongs to the first package declared.
    let first = items().find_map(|item| package(&item.kind));
    let mut names = Names { package: first.map(typed_package).unwrap_or_default(), ..Names::default() };
    let starts = items().filter_map(|item| package(&item.kind)?.benefit_year);
    names.package.benefit_year = benefit_year(starts, &mut diagnostics).unwrap_or_default();
    names.broken = trees.iter().flat_map(|tree| &tree.broken).map(|name| name.text.as_str()).collect();
    for tree in trees {
        let package = tree.items.iter().find_map(|item| package(&item.kind)).or(first);
        let version = package.map_or("", |package| package.version.text.as_str());
        for item in &tree.items {
            declare(&mut names, item, version, schema, &mut diagnostics);
        }
    }
    (names, diagnostics)
}

fn extension(kind: &ItemKind) -> Option<&tree::Extend> {
    if let ItemKind::Extend(extend) = kind { Some(extend) } else { None }
}

fn package(kind: &ItemKind) -> Option<&tree::Package> {
    if let ItemKind::Package(package) = kind { Some(package) } else { None }
}

fn declare<'a>(
    names: &mut Names<'a>,
    item: &'a tree::Item,
    version: &'a str,
    schema: &Schema,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match &item.kind {
        ItemKind::Package(_) | ItemKind::Extend(_) => {}
        ItemKind::Parameter(parameter) => {
            add(&mut names.parameter_by_name, &mut names.parameters, &parameter.name, parameter, diagnostics);
        }
        ItemKind::Codes(codes) => {
            add(&mut names.code_set_by_name, &mut names.code_sets, &codes.name, codes, diagnostics);
        }
        ItemKind::Table(table) => {
            add(&mut names.table_by_name, &mut names.tables, &table.name, table, diagnostics);
        }
        ItemKind::Derive(derive) => declare_derived(names, derive, schema, diagnostics),
        ItemKind::Summary(summary) => {
            add(&mut names.summary_by_name, &mut names.summaries, &summary.name, summary, diagnostics);
        }
        ItemKind::Rule(rule) => {
            let declaration = RuleDeclaration { rule, span: item.span, version };
            add(&mut names.rule_by_name, &mut names.rules, &rule.name, declaration, diagnostics);
        }
        ItemKind::Test(test) => names.tests.push((test, item.span)),
    }
}

/// The day on which the benefit year begins; what several packages say must be the same.
pub(crate) fn benefit_year(
    written: impl Iterator<Item = tree::MonthDay>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<YearStart> {
    let mut first: Option<(YearStart, Span)> = None;
    for day in written {
        match (YearStart::new(day.month, day.day), first) {
            (None, _) => diagnostics.push(errors::structure::no_such_year_start(day.span)),
            (Some(start), None) => first = Some((start, day.span)),
            (Some(start), Some((held, at))) if start != held => {
                diagnostics.push(errors::structure::two_year_starts(day.span, at));
            }
            (Some(_), Some(_)) => {}
        }
    }
    first.map(|(start, _)| start)
}

fn typed_package(package: &tree::Package) -> typed::Package {
    typed::Package {
        name: package.name.text.clone(),
        version: package.version.text.clone(),
        region: package.region.as_ref().map(|region| region.text.clone()),
        benefit_year: YearStart::NATURAL,
    }
}

/// What a declaration's name looks like, so that a duplicate can point at the first.
trait Declared {
    fn name_span(&self) -> Span;
}

impl Declared for &tree::Parameter {
    fn name_span(&self) -> Span {
        self.name.span
    }
}
impl Declared for &tree::Codes {
    fn name_span(&self) -> Span {
        self.name.span
    }
}
impl Declared for &tree::Table {
    fn name_span(&self) -> Span {
        self.name.span
    }
}
impl Declared for &tree::Summary {
    fn name_span(&self) -> Span {
        self.name.span
    }
}
impl Declared for RuleDeclaration<'_> {
    fn name_span(&self) -> Span {
        self.rule.name.span
    }
}

fn add<'a, T: Declared>(
    by_name: &mut BTreeMap<&'a str, usize>,
    list: &mut Vec<T>,
    name: &'a tree::Name,
    item: T,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if let Some(first) = by_name.get(name.text.as_str()).and_then(|at| list.get(*at)) {
        diagnostics.push(errors::names::declared_twice(name, first.name_span()));
        return;
    }
    by_name.insert(&name.text, list.len());
    list.push(item);
}

fn declare_derived<'a>(
    names: &mut Names<'a>,
    derive: &'a tree::Derive,
    schema: &Schema,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(kind) = schema.find_kind(&derive.kind.text) else {
        diagnostics.push(errors::names::unknown_kind(schema, &derive.kind));
        return;
    };
    for bind in &derive.binds {
        let known = (kind, bind.name.text.as_str());
        if let Some(first) = names.derived_by_name.get(&known).and_then(|at| names.derived.get(*at)) {
            diagnostics.push(errors::names::declared_twice(&bind.name, first.bind.name.span));
        } else if schema.kind(kind).is_some_and(|kind| kind.find_field(&bind.name.text).is_some()) {
            diagnostics.push(errors::names::clashes_with_field(&bind.name, &derive.kind.text));
        } else {
            names.derived_by_name.insert(known, names.derived.len());
            names.derived.push(DerivedDeclaration { kind, bind });
        }
    }
}
