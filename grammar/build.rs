//! Turns `jihe.pest` into tables of data for `src/walk.rs`.
//!
//! In: the grammar, read and optimised by pest's own reader. Out: `tables.rs`: the enum `Rule`, a static for each rule.
//! Invariant: what the tables say is what `pest_derive` would generate code for; `tests/derived.rs` compares the two.

mod first;

use std::path::Path;

use pest_meta::ast::RuleType;
use pest_meta::optimizer::{OptimizedExpr, OptimizedRule};
use pest_meta::parser::{self, Rule};

#[expect(clippy::disallowed_methods, reason = "a build script reads and writes files and is told where")]
fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=jihe.pest");
    let text = std::fs::read_to_string("jihe.pest").map_err(|error| format!("jihe.pest: {error}"))?;
    let pairs = parser::parse(Rule::grammar_rules, &text).map_err(|error| error.to_string())?;
    pest_meta::validator::validate_pairs(pairs.clone()).map_err(|errors| format!("{errors:?}"))?;
    let rules = parser::consume_rules(pairs).map_err(|errors| format!("{errors:?}"))?;
    let rules = pest_meta::optimizer::optimize(rules);
    let tables = [names(&rules), skipped(&rules)?, definitions(&rules)?].join("\n");
    let folder = std::env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let path = Path::new(&folder).join("tables.rs");
    std::fs::write(&path, tables).map_err(|error| format!("{}: {error}", path.display()))
}

/// The enum of the rules, and the way from each to its definition.
fn names(rules: &[OptimizedRule]) -> String {
    let each = |line: fn(&str) -> String| rules.iter().map(|rule| line(&rule.name)).collect::<String>();
    let variants = each(|name| format!("    r#{name},\n"));
    let arms = each(|name| format!("        Rule::r#{name} => &{},\n", place(name)));
    format!(
        "/// The rules of the grammar, by their names there, and the end of the text.\n\
         #[expect(missing_docs, non_camel_case_types, reason = \"the names are those of the grammar\")]\n\
         #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]\n\
         pub enum Rule {{\n    EOI,\n{variants}}}\n\n\
         #[expect(clippy::too_many_lines, reason = \"one line a rule\")]\n\
         fn definition(rule: Rule) -> &'static Definition {{\n    \
         match rule {{\n        Rule::EOI => &END,\n{arms}    }}\n}}\n"
    )
}

/// The letters that begin a blank or a comment.
fn skipped(rules: &[OptimizedRule]) -> Result<String, String> {
    let mut letters = Vec::new();
    for rule in rules.iter().filter(|rule| is_skipped(&rule.name)) {
        first_letters(&rule.expr, &mut letters)?;
    }
    Ok(format!("static SKIPPED: &[char] = &{letters:?};\n"))
}

fn definitions(rules: &[OptimizedRule]) -> Result<String, String> {
    let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let firsts = first::of_rules(rules)?;
    rules.iter().zip(&firsts).map(|(rule, first)| definition(rule, &names, *first)).collect()
}

fn definition(rule: &OptimizedRule, names: &[&str], first: first::First) -> Result<String, String> {
    let (form, joined) = match rule.ty {
        _ if is_skipped(&rule.name) => ("Skipped", true),
        RuleType::Normal => ("Normal", false),
        RuleType::Silent if is_choice(&rule.expr) => ("SilentChoice", false),
        RuleType::Silent => ("Silent", false),
        RuleType::Atomic => ("Atomic", true),
        RuleType::CompoundAtomic => ("CompoundAtomic", true),
        RuleType::NonAtomic => return Err(format!("`{}`: `!{{` is not provided for", rule.name)),
    };
    let expr = Tables { names, joined }.expr(&rule.expr)?;
    let (place, name) = (place(&rule.name), &rule.name);
    let (ascii, others, empty) = (grouped(first.ascii), grouped(first.others), first.empty);
    let first = format!("First {{ ascii: {ascii}, others: {others}, empty: {empty} }}");
    Ok(format!(
        "static {place}: Definition =\n    \
         Definition {{ rule: Rule::r#{name}, form: Form::{form}, expr: {expr}, first: {first} }};\n"
    ))
}

/// Bits as a number that can be read.
fn grouped(bits: u128) -> String {
    let digits = format!("{bits:032x}");
    let groups: Vec<String> =
        digits.chars().collect::<Vec<char>>().chunks(4).map(|four| four.iter().collect()).collect();
    format!("0x{}", groups.join("_"))
}

/// What stands between two parts of a sequence.
fn is_skipped(name: &str) -> bool {
    matches!(name, "WHITESPACE" | "COMMENT")
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what the grammar does not use ends the build")]
fn first_letters(expr: &OptimizedExpr, letters: &mut Vec<char>) -> Result<(), String> {
    match expr {
        OptimizedExpr::Str(text) => letters.extend(text.chars().next()),
        OptimizedExpr::Seq(first, _) => first_letters(first, letters)?,
        OptimizedExpr::Choice(one, other) => {
            first_letters(one, letters)?;
            first_letters(other, letters)?;
        }
        other => return Err(format!("blanks and comments begin with a text, not with {other:?}")),
    }
    Ok(())
}

/// Where pest's own code looks whether the stack still suffices.
fn is_choice(expr: &OptimizedExpr) -> bool {
    matches!(expr, OptimizedExpr::Ident(_) | OptimizedExpr::Choice(..))
}

fn place(name: &str) -> String {
    format!("RULE_{}", name.to_uppercase())
}

/// Writes expressions; within `joined` ones nothing is skipped.
struct Tables<'a> {
    names: &'a [&'a str],
    joined: bool,
}

impl Tables<'_> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "what the grammar does not use ends the build")]
    fn expr(&self, expr: &OptimizedExpr) -> Result<String, String> {
        let joined = if self.joined { "Joined" } else { "" };
        let held = |name: &str, inner: &OptimizedExpr| Ok(format!("Expr::{name}(&{})", self.expr(inner)?));
        match expr {
            OptimizedExpr::Str(text) => Ok(format!("Expr::Text({text:?})")),
            OptimizedExpr::Range(first, last) => {
                Ok(format!("Expr::Range({}, {})", letter(first)?, letter(last)?))
            }
            OptimizedExpr::Ident(name) => self.named(name),
            OptimizedExpr::PosPred(inner) => held("Ahead", inner),
            OptimizedExpr::NegPred(inner) => held("NotAhead", inner),
            OptimizedExpr::Opt(inner) => held("Optional", inner),
            OptimizedExpr::Rep(inner) => held(&format!("{joined}Repeated"), inner),
            OptimizedExpr::Skip(texts) => Ok(format!("Expr::Until(&{texts:?})")),
            OptimizedExpr::Seq(first, rest) => {
                let parts = flattened(first, rest, |expr| match expr {
                    OptimizedExpr::Seq(next, last) => Some((next, last)),
                    _ => None,
                });
                self.list(&format!("{joined}Sequence"), &parts)
            }
            OptimizedExpr::Choice(first, rest) => {
                let parts = flattened(first, rest, |expr| match expr {
                    OptimizedExpr::Choice(next, last) => Some((next, last)),
                    _ => None,
                });
                self.list("Choice", &parts)
            }
            other => Err(format!("{other:?} is not provided for")),
        }
    }

    fn list(&self, name: &str, parts: &[&OptimizedExpr]) -> Result<String, String> {
        let parts: Vec<String> = parts.iter().map(|part| self.expr(part)).collect::<Result<_, _>>()?;
        Ok(format!("Expr::{name}(&[{}])", parts.join(", ")))
    }

    /// A rule of the grammar, or one that pest brings.
    fn named(&self, name: &str) -> Result<String, String> {
        if self.names.contains(&name) {
            return Ok(format!("Expr::Rule(&{})", place(name)));
        }
        let built_in = match name {
            "SOI" => "Expr::Start",
            "EOI" => "Expr::Rule(&END)",
            "ANY" => "Expr::Any",
            "ASCII" => "Expr::Range('\\0', '\\u{7f}')",
            "ASCII_DIGIT" => "Expr::Range('0', '9')",
            "ASCII_ALPHA" => "Expr::Choice(&[Expr::Range('a', 'z'), Expr::Range('A', 'Z')])",
            "XID_CONTINUE" => "Expr::Letter(pest::unicode::XID_CONTINUE)",
            _ => return Err(format!("`{name}` is not provided for")),
        };
        Ok(built_in.to_owned())
    }
}

fn letter(text: &str) -> Result<String, String> {
    text.chars().next().map(|letter| format!("{letter:?}")).ok_or_else(|| "an empty range".to_owned())
}

/// The parts of a chain that leans to the right.
fn flattened<'e>(
    first: &'e OptimizedExpr,
    mut rest: &'e OptimizedExpr,
    split: impl Fn(&'e OptimizedExpr) -> Option<(&'e OptimizedExpr, &'e OptimizedExpr)>,
) -> Vec<&'e OptimizedExpr> {
    let mut parts = vec![first];
    while let Some((next, last)) = split(rest) {
        parts.push(next);
        rest = last;
    }
    parts.push(rest);
    parts
}
