//! Pairs to declarations other than rules and tests.
//!
//! In: a `declaration`. Out: an [`Item`].
//! Invariant: columns, derived fields and test fields on one line have a separator between them.

use super::{Builder, Node, parts};
use crate::tree::{
    Bind, CodeTerm, Codes, CodesBody, Column, Date, Derive, Expr, ExprKind, Extend, Item, ItemKind, Package,
    Parameter, Summary, Table,
};
use jihe_diagnostics::Language;
use jihe_grammar::Rule;

impl Builder<'_> {
    pub(super) fn item(&mut self, node: Node<'_>) -> Option<Item> {
        let span = self.span(&node);
        let language = if node.as_str().starts_with(|c: char| c.is_ascii()) {
            Language::English
        } else {
            Language::Chinese
        };
        let declared = parts(node).next()?;
        let kind = match declared.as_rule() {
            Rule::package => self.package(declared).map(ItemKind::Package),
            Rule::parameter => self.parameter(declared).map(ItemKind::Parameter),
            Rule::codes => self.codes(declared).map(ItemKind::Codes),
            Rule::table => self.table(declared).map(ItemKind::Table),
            Rule::extend => self.extend(declared).map(ItemKind::Extend),
            Rule::derive => self.derive(declared).map(ItemKind::Derive),
            Rule::summary => self.summary(declared).map(ItemKind::Summary),
            Rule::rule_block => self.rule(declared).map(|rule| ItemKind::Rule(Box::new(rule))),
            Rule::test => self.test(declared).map(ItemKind::Test),
            _ => None,
        }?;
        Some(Item { kind, span, language })
    }

    fn package(&mut self, node: Node<'_>) -> Option<Package> {
        let first_day = parts(node.clone()).find(|part| part.as_rule() == Rule::month_day);
        let mut strings = parts(node).filter(|part| part.as_rule() == Rule::string);
        let (name, version) = (strings.next()?, strings.next()?);
        let region = strings.next().map(|region| self.string(&region));
        let benefit_year = first_day.map(|day| self.month_day(&day));
        Some(Package { name: self.string(&name), version: self.string(&version), region, benefit_year })
    }

    fn parameter(&mut self, node: Node<'_>) -> Option<Parameter> {
        let (mut name, mut value, mut range) = (None, None, None);
        let mut dated = Vec::new();
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => name = Some(self.name(&part)),
                Rule::expr => value = Some(self.expression(part)),
                Rule::param_range => {
                    range = parts(part)
                        .find(|part| part.as_rule() == Rule::expr)
                        .map(|part| self.expression(part));
                }
                Rule::dated => dated.extend(self.dated(part)),
                _ => {}
            }
        }
        Some(Parameter { name: name?, value: value?, range, dated })
    }

    fn dated(&mut self, node: Node<'_>) -> Option<(Date, Expr)> {
        let mut inner = parts(node).filter(|part| part.as_rule() != Rule::w_since);
        let (day, value) = (inner.next()?, inner.next()?);
        Some((self.date(&day), self.expression(value)))
    }

    fn codes(&mut self, node: Node<'_>) -> Option<Codes> {
        let mut names = Vec::new();
        let mut terms = Vec::new();
        let mut file = None;
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => names.push(self.name(&part)),
                Rule::string => file = Some(self.string(&part)),
                Rule::code_term => terms.extend(self.code_term(part)),
                _ => {}
            }
        }
        let mut names = names.into_iter();
        let (name, system) = (names.next()?, names.next()?);
        let mut terms = terms.into_iter();
        let body = if let Some(file) = file {
            CodesBody::File(file)
        } else {
            CodesBody::Terms { base: terms.next()?, except: terms.collect() }
        };
        Some(Codes { name, system, body })
    }

    fn code_term(&mut self, node: Node<'_>) -> Option<CodeTerm> {
        let term = parts(node).next()?;
        Some(match term.as_rule() {
            Rule::code_list => CodeTerm::List(self.code_list(term)),
            _ => CodeTerm::Name(self.name(&term)),
        })
    }

    fn table(&mut self, node: Node<'_>) -> Option<Table> {
        let columns = self.columns(node.clone());
        let mut head = parts(node).filter(|part| matches!(part.as_rule(), Rule::ident | Rule::string));
        let (name, source) = (head.next()?, head.next()?);
        Some(Table { name: self.name(&name), source: self.string(&source), columns })
    }

    fn extend(&mut self, node: Node<'_>) -> Option<Extend> {
        let fields = self.columns(node.clone());
        let kind = parts(node).find(|part| part.as_rule() == Rule::ident)?;
        Some(Extend { kind: self.name(&kind), fields })
    }

    fn columns(&mut self, node: Node<'_>) -> Vec<Column> {
        let entries = self.entries(node, Rule::column);
        entries.into_iter().map(|entry| self.column(entry)).collect()
    }

    fn column(&mut self, node: Node<'_>) -> Column {
        let mut column = Column { names: Vec::new(), ty: None, key: false, set: false, fallback: false };
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => column.names.push(self.name(&part)),
                Rule::column_type => column.ty = parts(part).next().map(|ty| self.name(&ty)),
                Rule::column_flag => match parts(part).next().map(|flag| flag.as_rule()) {
                    Some(Rule::w_key) => column.key = true,
                    Some(Rule::w_set) => column.set = true,
                    Some(Rule::w_fallback) => column.fallback = true,
                    _ => {}
                },
                _ => {}
            }
        }
        column
    }

    /// The entries of a block that are of one rule; those on one line must have a separator between them.
    pub(super) fn entries<'i>(&mut self, node: Node<'i>, rule: Rule) -> Vec<Node<'i>> {
        let mut entries = Vec::new();
        let mut before = None;
        for part in parts(node) {
            if part.as_rule() == Rule::separator {
                before = None;
            }
            if part.as_rule() != rule {
                continue;
            }
            let range = self.range(&part);
            if let Some(before) = before.replace(range.clone()) {
                self.separated(&before, &range);
            }
            entries.push(part);
        }
        entries
    }

    fn derive(&mut self, node: Node<'_>) -> Option<Derive> {
        let binds = self.binds(node.clone());
        let kind = parts(node).find(|part| part.as_rule() == Rule::ident)?;
        Some(Derive { kind: self.name(&kind), binds })
    }

    fn summary(&mut self, node: Node<'_>) -> Option<Summary> {
        let columns = self.binds(node.clone());
        let (mut name, mut records, mut group) = (None, None, None);
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => name = Some(self.name(&part)),
                Rule::arg => records = Some(self.expression(part)),
                Rule::group => group = Some(self.group(part)),
                _ => {}
            }
        }
        Some(Summary { name: name?, records: records?, group: group?, columns })
    }

    fn binds(&mut self, node: Node<'_>) -> Vec<Bind> {
        let entries = self.entries(node, Rule::bind);
        entries.into_iter().filter_map(|entry| self.bind(entry)).collect()
    }

    pub(super) fn bind(&mut self, node: Node<'_>) -> Option<Bind> {
        let span = self.span(&node);
        let mut parts = parts(node);
        let name = parts.next().map(|name| self.name(&name))?;
        let value =
            parts.next().map_or(Expr { kind: ExprKind::Missing, span }, |value| self.expression(value));
        Some(Bind { name, value })
    }
}
