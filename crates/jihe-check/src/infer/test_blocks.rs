//! Test blocks: records and expectations as constants.
//!
//! In: a 测试 of the syntax tree. Out: a [`typed::Test`], ranges expanded and 序 counted out.
//! Invariant: every value is a literal of its field's type; every label stands for a record of the test.

use jihe_diagnostics::Span;
use jihe_model::finding;
use jihe_model::schema::{FieldId, KindId};
use jihe_model::types::Type;
use jihe_syntax::tree::{self, Expr as Tree, ExprKind as Node, Name, TestEntry};

use super::Infer;
use super::constants::Constants;
use super::rule_clauses::nature_of;
use crate::errors;
use crate::typed::{Expectation, Literal, RuleId, Test, TestRecord};

/// The most records one line of a test may stand for.
const MOST_RECORDS: i64 = 10_000;

/// A label of a test.
#[derive(Debug, Clone)]
struct Label {
    name: String,
    span: Span,
    kind: KindId,
    range: Option<(i64, i64)>,
}

impl Infer<'_> {
    pub(super) fn all_tests(&mut self) {
        let names = self.names;
        for (test, span) in &names.tests {
            if let Some(typed) = self.test(test, *span) {
                self.typed.tests.push(typed);
            }
        }
    }

    fn test(&mut self, test: &tree::Test, span: Span) -> Option<Test> {
        let Some(rule) = self.names.rule_by_name.get(test.rule.text.as_str()).copied() else {
            let known: Vec<String> = self.names.rule_by_name.keys().map(|name| (*name).to_owned()).collect();
            return self.report(errors::names::unknown_rule(&test.rule, &known));
        };
        let labels = self.labels(test);
        let mut records = Vec::new();
        let mut expectations = Vec::new();
        for entry in &test.entries {
            match entry {
                TestEntry::Record(record) => self.test_record(record, &labels, &mut records),
                TestEntry::Expect(expect) => expectations.extend(self.expectation(expect, &labels)),
            }
        }
        let rule = RuleId(u32::try_from(rule).ok()?);
        Some(Test { name: test.name.text.clone(), rule, records, expectations, span })
    }

    fn labels(&mut self, test: &tree::Test) -> Vec<Label> {
        let mut labels: Vec<Label> = Vec::new();
        for entry in &test.entries {
            let TestEntry::Record(record) = entry else { continue };
            let Some(kind) = self.schema().find_kind(&record.kind.text) else {
                let error = errors::names::unknown_kind(self.schema(), &record.kind);
                self.diagnostics.push(error);
                continue;
            };
            let twice = labels.iter().find(|label| label.name == record.label.text && label.kind == kind);
            if let Some(first) = twice {
                self.diagnostics.push(errors::tests::label_twice(&record.label, first.span));
                continue;
            }
            let (name, span) = (record.label.text.clone(), record.label.span);
            labels.push(Label { name, span, kind, range: record.range });
        }
        labels
    }

    fn test_record(&mut self, record: &tree::TestRecord, labels: &[Label], records: &mut Vec<TestRecord>) {
        let Some(kind) = self.schema().find_kind(&record.kind.text) else { return };
        let (from, to) = record.range.unwrap_or((0, 0));
        if to < from || to.saturating_sub(from) >= MOST_RECORDS {
            self.diagnostics.push(errors::tests::bad_range(record.span));
            return;
        }
        for index in from..=to {
            let counted = record.range.map(|_| index);
            let before = self.diagnostics.len();
            let mut fields = Vec::new();
            for (name, value) in &record.fields {
                fields.extend(self.test_field((kind, name), value, counted, labels));
            }
            let label = match counted {
                Some(index) => format!("{}[{index}]", record.label.text),
                None => record.label.text.clone(),
            };
            records.push(TestRecord { kind, label, fields });
            // The same fault would stand once for every record of the range.
            if self.diagnostics.len() > before {
                return;
            }
        }
    }

    fn test_field(
        &mut self,
        (kind, name): (KindId, &Name),
        value: &Tree,
        index: Option<i64>,
        labels: &[Label],
    ) -> Option<(FieldId, Literal)> {
        let Some(field) = self.schema().kind(kind).and_then(|kind| kind.find_field(&name.text)) else {
            let mut known = Vec::new();
            self.names_of(crate::typed::Source::Kind(kind), &mut known);
            let of = self.source_name(crate::typed::Source::Kind(kind));
            return self.report(errors::names::unknown_field(name, &of, &known));
        };
        let ty = self.schema().field(kind, field)?.ty;
        let literal = match ty {
            Type::Reference(to) => self.test_reference(value, to, index, labels)?,
            Type::Code(_) | Type::Text => self.test_text((name, ty), value)?,
            _ => {
                let constants = Constants { index };
                let Some(word) = constants.of(value, ty) else {
                    let error = errors::tests::wrong_value(self.schema(), value.span, (name, ty));
                    return self.report(error);
                };
                Literal::Word(word)
            }
        };
        Some((field, literal))
    }

    /// A code may be written as a bare word.
    fn test_text(&mut self, (name, ty): (&Name, Type), value: &Tree) -> Option<Literal> {
        let written = match &value.kind {
            Node::Text(text) | Node::Name(text) | Node::Number(text) => Some(text),
            Node::Missing => return None,
            _ => None,
        };
        let bare_text = ty == Type::Text && !matches!(value.kind, Node::Text(_));
        match (written, ty) {
            (Some(text), Type::Code(system)) => self.code(system, text, value.span).map(Literal::Text),
            (Some(text), _) if !bare_text => Some(Literal::Text(text.clone())),
            _ => {
                let error = errors::tests::wrong_value(self.schema(), value.span, (name, ty));
                self.report(error)
            }
        }
    }

    /// A label, `众[序 + 90]`, or a key as text.
    fn test_reference(
        &mut self,
        value: &Tree,
        to: KindId,
        index: Option<i64>,
        labels: &[Label],
    ) -> Option<Literal> {
        let (name, at) = match &value.kind {
            Node::Text(text) => return Some(Literal::Text(text.clone())),
            Node::Missing => return None,
            Node::Name(name) => (name.as_str(), None),
            Node::Index { base, keys, .. } => match (&base.kind, keys.as_slice()) {
                (Node::Name(name), [key]) => {
                    let constants = Constants { index };
                    (name.as_str(), Some(constants.whole(&key.value)?))
                }
                _ => return self.report(errors::tests::unknown_label("…", value.span)),
            },
            _ => {
                return self
                    .report(errors::tests::unknown_label(self.input.sources.text(value.span), value.span));
            }
        };
        self.label(labels, (name, at), Some(to), value.span).map(|(_, label)| Literal::Text(label))
    }

    fn label(
        &mut self,
        labels: &[Label],
        (name, at): (&str, Option<i64>),
        kind: Option<KindId>,
        span: Span,
    ) -> Option<(KindId, String)> {
        let fits = |label: &&Label| label.name == name && kind.is_none_or(|kind| label.kind == kind);
        let Some(label) = labels.iter().find(fits) else {
            return self.report(errors::tests::unknown_label(name, span));
        };
        match (label.range, at) {
            (None, None) => Some((label.kind, label.name.clone())),
            (Some((from, to)), Some(at)) if (from..=to).contains(&at) => {
                Some((label.kind, format!("{}[{at}]", label.name)))
            }
            (Some(_), None) => {
                let name = Name { text: name.to_owned(), span };
                self.report(errors::tests::needs_index(&name))
            }
            (_, Some(at)) => self.report(errors::tests::unknown_label(&format!("{name}[{at}]"), span)),
        }
    }

    fn expectation(&mut self, expect: &tree::Expect, labels: &[Label]) -> Option<Expectation> {
        let subject = match &expect.subject {
            Some((name, at)) => Some(self.label(labels, (&name.text, *at), None, name.span)?),
            None => None,
        };
        let amount = match &expect.amount {
            Some(amount) => Some(self.expected_amount(amount, expect.span)?),
            None => None,
        };
        let nature = match &expect.nature {
            Some(name) => match nature_of(&name.text) {
                Some(nature) => Some(nature),
                None => return self.report(errors::structure::unknown_nature(name.span, &name.text)),
            },
            None => None,
        };
        let count = expect.count.and_then(|count| u64::try_from(count).ok());
        Some(Expectation {
            subject,
            outcome: outcome(expect.outcome),
            count,
            amount,
            nature,
            span: expect.span,
        })
    }

    fn expected_amount(&mut self, amount: &Tree, span: Span) -> Option<i64> {
        let word = Constants { index: None }.of(amount, Type::Money);
        if word.is_none() {
            let name = Name { text: "违规金额".to_owned(), span };
            let error = errors::tests::wrong_value(self.schema(), amount.span, (&name, Type::Money));
            return self.report(error);
        }
        word
    }
}

fn outcome(outcome: tree::Outcome) -> finding::Outcome {
    match outcome {
        tree::Outcome::Hit => finding::Outcome::Hit,
        tree::Outcome::Pass => finding::Outcome::Pass,
        tree::Outcome::NotApplicable => finding::Outcome::NotApplicable,
        tree::Outcome::Exempt => finding::Outcome::Exempt,
        tree::Outcome::Undecided => finding::Outcome::Undecided,
    }
}
