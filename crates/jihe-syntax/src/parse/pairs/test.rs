//! Pairs to tests.
//!
//! In: a `test`. Out: a [`Test`] with its records and expectations in order.
//! Invariant: labels and ranges are as written; whether they are declared is the checker's.

use super::{Builder, Node, parts};
use crate::tree::{Expect, Name, Outcome, Test, TestEntry, TestRecord};
use jihe_grammar::Rule;

impl Builder<'_> {
    pub(super) fn test(&mut self, node: Node<'_>) -> Option<Test> {
        let (mut name, mut rule) = (None, None);
        let mut entries = Vec::new();
        for part in parts(node) {
            match part.as_rule() {
                Rule::string => name = Some(self.string(&part)),
                Rule::ident => rule = Some(self.name(&part)),
                Rule::record => entries.extend(self.record(part).map(TestEntry::Record)),
                Rule::expect => entries.extend(self.expect(part).map(TestEntry::Expect)),
                _ => {}
            }
        }
        Some(Test { name: name?, rule: rule?, entries })
    }

    fn record(&mut self, node: Node<'_>) -> Option<TestRecord> {
        let span = self.span(&node);
        let entries = self.entries(node.clone(), Rule::field);
        let mut fields = Vec::new();
        for field in entries {
            let mut field = parts(field);
            let (name, value) = (field.next()?, field.next()?);
            fields.push((self.name(&name), self.expression(value)));
        }
        let mut names = Vec::new();
        let mut range = None;
        for part in parts(node) {
            match part.as_rule() {
                Rule::ident => names.push(self.name(&part)),
                Rule::label_range => {
                    let ends: Vec<i64> = parts(part).map(|end| self.integer(&end)).collect();
                    range = ends.first().copied().zip(ends.last().copied());
                }
                _ => {}
            }
        }
        let mut names = names.into_iter();
        Some(TestRecord { kind: names.next()?, label: names.next()?, range, fields, span })
    }

    fn expect(&mut self, node: Node<'_>) -> Option<Expect> {
        let span = self.span(&node);
        let (mut subject, mut outcome, mut count, mut amount, mut nature) = (None, None, None, None, None);
        for part in parts(node) {
            match part.as_rule() {
                Rule::label => subject = self.label(part),
                Rule::outcome => outcome = parts(part).next().and_then(|word| outcome_of(word.as_rule())),
                Rule::count => count = parts(part).next().map(|digits| self.integer(&digits)),
                Rule::expect_amount => amount = parts(part).last().map(|value| self.expression(value)),
                Rule::expect_nature => nature = parts(part).last().map(|name| self.name(&name)),
                _ => {}
            }
        }
        Some(Expect { subject, outcome: outcome?, count, amount, nature, span })
    }

    fn label(&mut self, node: Node<'_>) -> Option<(Name, Option<i64>)> {
        let mut parts = parts(node);
        let name = parts.next().map(|name| self.name(&name))?;
        Some((name, parts.next().map(|index| self.integer(&index))))
    }
}

fn outcome_of(rule: Rule) -> Option<Outcome> {
    Some(match rule {
        Rule::hit => Outcome::Hit,
        Rule::pass => Outcome::Pass,
        Rule::not_applicable => Outcome::NotApplicable,
        Rule::exempt => Outcome::Exempt,
        Rule::undecided => Outcome::Undecided,
        _ => return None,
    })
}
