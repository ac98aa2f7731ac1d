//! Declarations other than rules.
//!
//! In: an [`Item`]. Out: its lines.
//! Invariant: a block without comments that fits on a line stands on one where its kind may; every other has a line an entry.

use super::comments::{self, Unit};
use super::expression::date;
use super::width::{LINE, padded, width};
use super::{Printer, quoted, range};
use crate::keywords as words;
use crate::tree::{
    Bind, CodePattern, CodeTerm, Codes, CodesBody, Column, Expect, Extend, Item, ItemKind, Package,
    Parameter, Summary, Table, Test, TestEntry, TestRecord, Unit as UnitOfLiteral,
};
use jihe_diagnostics::Span;

/// Whether a block may stand on one line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OneLine {
    Never,
    IfSingle,
    IfItFits,
}

impl Printer<'_> {
    pub(super) fn item(&self, item: &Item) -> Vec<String> {
        match &item.kind {
            ItemKind::Package(package) => self.above(vec![self.package(package)]),
            ItemKind::Parameter(parameter) => self.above(self.parameter(parameter)),
            ItemKind::Codes(codes) => self.above(self.codes(codes)),
            ItemKind::Table(table) => self.table(table),
            ItemKind::Extend(extend) => self.extend(extend),
            ItemKind::Derive(derive) => {
                let header = format!("{} {}", self.word(words::DERIVE), derive.kind.text);
                self.block(&header, self.binds(&derive.binds), OneLine::Never)
            }
            ItemKind::Summary(summary) => self.summary(summary),
            ItemKind::Rule(rule) => self.rule(rule),
            ItemKind::Test(test) => self.test(test),
        }
    }

    /// Lines with every comment of the declaration above them.
    fn above(&self, lines: Vec<String>) -> Vec<String> {
        self.comments.iter().map(|comment| comment.text.clone()).chain(lines).collect()
    }

    fn package(&self, package: &Package) -> String {
        let mut line = format!(
            "{} {} {} {}",
            self.word(words::PACKAGE),
            quoted(&package.name.text),
            self.word(words::VERSION),
            quoted(&package.version.text)
        );
        if let Some(region) = &package.region {
            line = format!("{line} {} {}", self.word(words::REGION), quoted(&region.text));
        }
        if let Some(start) = &package.benefit_year {
            let (word, since) = (self.word(words::BENEFIT_YEAR), self.word(words::SINCE));
            line = format!("{line} {word} {since} {:02}-{:02}", start.month, start.day);
        }
        line
    }

    fn parameter(&self, parameter: &Parameter) -> Vec<String> {
        let mut line = format!(
            "{} {} = {}",
            self.word(words::PARAMETER),
            parameter.name.text,
            self.expr(&parameter.value)
        );
        if let Some(range) = &parameter.range {
            line = format!("{line} {} {}", self.word(words::RANGE), self.expr(range));
        }
        let dated = parameter.dated.iter().map(|(day, value)| {
            format!("  {} {} = {}", self.word(words::SINCE), date(day), self.expr(value))
        });
        std::iter::once(line).chain(dated).collect()
    }

    fn codes(&self, codes: &Codes) -> Vec<String> {
        let head = format!("{} {} : {}", self.word(words::CODES), codes.name.text, codes.system.text);
        match &codes.body {
            CodesBody::File(file) => {
                vec![format!("{head} {} {}", self.word(words::SOURCE), quoted(&file.text))]
            }
            CodesBody::Terms { base, except } => {
                let except = except
                    .iter()
                    .map(|term| format!(" {} {}", self.word(words::EXCEPT), self.code_term(term)));
                let line = format!("{head} = {}{}", self.code_term(base), except.collect::<String>());
                if width(&line) <= LINE { vec![line] } else { self.long_codes(&head, base, codes) }
            }
        }
    }

    /// A list of codes that does not fit, filled into lines.
    fn long_codes(&self, head: &str, base: &CodeTerm, codes: &Codes) -> Vec<String> {
        let CodeTerm::List(patterns) = base else {
            return vec![format!("{head} = {}", self.code_term(base))];
        };
        let mut lines = vec![format!("{head} = {{")];
        let mut line = String::new();
        for pattern in patterns {
            let code = format!("{},", self.code_pattern(pattern));
            let full = width(&line).saturating_add(width(&code)).saturating_add(3) > LINE;
            if full && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(if line.is_empty() { "  " } else { " " });
            line.push_str(&code);
        }
        lines.push(line);
        let mut end = "}".to_owned();
        if let CodesBody::Terms { except, .. } = &codes.body {
            for term in except {
                end = format!("{end} {} {}", self.word(words::EXCEPT), self.code_term(term));
            }
        }
        lines.push(end);
        lines.retain(|line| !line.is_empty());
        lines
    }

    fn code_term(&self, term: &CodeTerm) -> String {
        match term {
            CodeTerm::List(codes) => self.code_list(codes),
            CodeTerm::Name(name) => name.text.clone(),
        }
    }

    pub(super) fn code_list(&self, codes: &[CodePattern]) -> String {
        if codes.is_empty() {
            return "{ }".to_owned();
        }
        let codes: Vec<String> = codes.iter().map(|code| self.code_pattern(code)).collect();
        format!("{{ {} }}", codes.join(", "))
    }

    fn code_pattern(&self, code: &CodePattern) -> String {
        match &code.to {
            Some(to) => format!("{} {} {}", quoted(&code.from.text), self.word(words::TO), quoted(&to.text)),
            None => quoted(&code.from.text),
        }
    }

    fn table(&self, table: &Table) -> Vec<String> {
        let header = format!(
            "{} {} {} {}",
            self.word(words::TABLE),
            table.name.text,
            self.word(words::SOURCE),
            quoted(&table.source.text)
        );
        self.block(&header, self.columns(&table.columns), OneLine::IfItFits)
    }

    fn extend(&self, extend: &Extend) -> Vec<String> {
        let header = format!("{} {}", self.word(words::EXTEND), extend.kind.text);
        self.block(&header, self.columns(&extend.fields), OneLine::IfItFits)
    }

    fn columns(&self, columns: &[Column]) -> Vec<Unit> {
        let unit = |column: &Column| {
            let spans = column.names.iter().chain(&column.ty).map(|name| name.span);
            let span = spans.reduce(Span::to).unwrap_or_default();
            Unit::new(range(span), vec![self.column(column)])
        };
        columns.iter().map(unit).collect()
    }

    fn column(&self, column: &Column) -> String {
        let names: Vec<&str> = column.names.iter().map(|name| name.text.as_str()).collect();
        let mut line = names.join(", ");
        if let Some(ty) = &column.ty {
            line = format!("{line} : {}", ty.text);
        }
        let flags = [(column.key, words::KEY), (column.set, words::SET), (column.fallback, words::FALLBACK)];
        for (_, flag) in flags.into_iter().filter(|(set, _)| *set) {
            line = format!("{line} {}", self.word(flag));
        }
        line
    }

    fn binds(&self, binds: &[Bind]) -> Vec<Unit> {
        let column = binds.iter().map(|bind| width(&bind.name.text)).max().unwrap_or(0);
        let unit = |bind: &Bind| {
            let line = format!("{} = {}", padded(&bind.name.text, column), self.expr(&bind.value));
            Unit::new(range(bind.name.span.to(bind.value.span)), vec![line])
        };
        binds.iter().map(unit).collect()
    }

    fn summary(&self, summary: &Summary) -> Vec<String> {
        let head =
            format!("{} {} = {}", self.word(words::SUMMARY), summary.name.text, self.expr(&summary.records));
        let group = self.group(&summary.group);
        let one = format!("{head} {group}");
        let header = if width(&one) > LINE { format!("{head}\n  {group}") } else { one };
        self.block(&header, self.binds(&summary.columns), OneLine::IfSingle)
    }

    fn test(&self, test: &Test) -> Vec<String> {
        let header = format!(
            "{} {} {} {}",
            self.word(words::TEST),
            quoted(&test.name.text),
            self.word(words::RULE),
            test.rule.text
        );
        let unit = |entry: &TestEntry| match entry {
            TestEntry::Record(record) => Unit::new(range(record.span), vec![self.record(record)]),
            TestEntry::Expect(expect) => Unit::new(range(expect.span), vec![self.expect(expect)]),
        };
        self.block(&header, test.entries.iter().map(unit).collect(), OneLine::Never)
    }

    fn record(&self, record: &TestRecord) -> String {
        let range = record.range.map_or(String::new(), |(from, to)| format!("[{from}..{to}]"));
        let fields: Vec<String> =
            record.fields.iter().map(|(name, value)| format!("{} {}", name.text, self.expr(value))).collect();
        let body = if fields.is_empty() { "{ }".to_owned() } else { format!("{{ {} }}", fields.join("; ")) };
        format!("{} {}{range} {body}", record.kind.text, record.label.text)
    }

    fn expect(&self, expect: &Expect) -> String {
        let mut line = self.word(words::EXPECT).to_owned();
        if let Some((label, index)) = &expect.subject {
            let index = index.map_or(String::new(), |index| format!("[{index}]"));
            line = format!("{line} {}{index}", label.text);
        }
        line = format!("{line} {}", self.outcome(expect.outcome));
        if let Some(count) = expect.count {
            let count = count.to_string();
            line = format!("{line} {count} {}", self.unit(UnitOfLiteral::Times, &count));
        }
        if let Some(amount) = &expect.amount {
            line = format!("{line} {} {}", self.word(words::AMOUNT), self.expr(amount));
        }
        if let Some(nature) = &expect.nature {
            let nature = self.known(&nature.text, words::Class::Contextual);
            line = format!("{line} {} {nature}", self.word(words::NATURE));
        }
        line
    }

    fn block(&self, header: &str, mut units: Vec<Unit>, one_line: OneLine) -> Vec<String> {
        let others = comments::distribute(&self.comments, &mut units, self.source);
        let bare = self.comments.is_empty();
        let may = match one_line {
            OneLine::Never => false,
            OneLine::IfSingle => units.len() == 1,
            OneLine::IfItFits => true,
        };
        if bare && may {
            let entries: Vec<String> = units.iter().map(|unit| unit.lines.join(" ")).collect();
            let line = format!("{header} {{ {} }}", entries.join("; "));
            if line.lines().all(|line| width(line) <= LINE) {
                return vec![line.replace("{  }", "{ }")];
            }
        }
        let opening = others.opening.map_or(String::new(), |comment| format!("  {comment}"));
        let mut lines = vec![format!("{header} {{{opening}")];
        let inner = units.into_iter().flat_map(Unit::written).chain(others.closing);
        lines.extend(inner.map(|line| format!("  {line}")));
        lines.push("}".to_owned());
        lines
    }
}
