//! What the tests share.
//!
//! In: rule texts. Out: trees without places, diagnostics with lines and columns.
//! Invariant: `shape` shows everything of a tree but where it stood.

use jihe_diagnostics::{Diagnostic, Language, Sources};
use jihe_syntax::tree::{ClauseKind, ExprKind, Item, ItemKind, Rule, SyntaxTree};

/// A text read as one file.
pub(crate) struct Read {
    pub(crate) sources: Sources,
    pub(crate) tree: SyntaxTree,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

pub(crate) fn read(text: &str) -> Read {
    let mut sources = Sources::new();
    let file = sources.add("a.jihe", text);
    let (tree, diagnostics) = jihe_syntax::parse(&sources, file);
    Read { sources, tree, diagnostics }
}

/// The tree of a text without faults.
pub(crate) fn good(text: &str) -> SyntaxTree {
    let read = read(text);
    assert!(read.diagnostics.is_empty(), "{text}\n{:?}", faults(text));
    read.tree
}

/// `line:column code message` of each diagnostic.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let read = read(text);
    let fault = |diagnostic: &Diagnostic| {
        let span = diagnostic.span();
        let place = read.sources.place(span.file, span.start);
        let message = diagnostic.message.get(Language::Chinese);
        format!("{}:{} {} {message}", place.line, place.column, diagnostic.code)
    };
    read.diagnostics.iter().map(fault).collect()
}

pub(crate) fn formatted(text: &str, language: Option<Language>) -> String {
    let read = read(text);
    jihe_syntax::format(&read.tree, &read.sources, language)
}

/// A rule around clauses.
pub(crate) fn in_rule(clauses: &str) -> String {
    format!("规则 甲 {{\n  针对 明细\n  {clauses}\n}}\n")
}

/// The condition of a rule whose 当 is this, without places.
pub(crate) fn condition(expression: &str) -> String {
    let tree = good(&in_rule(&format!("当 {expression}")));
    let rule = rule_of(&tree.items[0]);
    let when = rule.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::When(condition) => Some(&condition.kind),
        _ => None,
    });
    bare(when.expect("a condition"))
}

/// What a 设 is set to, without places.
pub(crate) fn set_value(expression: &str) -> ExprKind {
    let tree = good(&in_rule(&format!("设 值 = {expression}")));
    let rule = rule_of(&tree.items[0]);
    let value = rule.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Let(bind) => Some(bind.value.kind.clone()),
        _ => None,
    });
    value.expect("a value")
}

pub(crate) fn rule_of(item: &Item) -> &Rule {
    match &item.kind {
        ItemKind::Rule(rule) => rule,
        other => panic!("{other:?} is no rule"),
    }
}

/// The tree in words, without places, comments and the order of clauses.
pub(crate) fn shape(tree: &SyntaxTree) -> String {
    let mut tree = tree.clone();
    for item in &mut tree.items {
        if let ItemKind::Rule(rule) = &mut item.kind {
            rule.clauses.sort_by_key(|clause| std::mem::discriminant(&clause.kind).hash_order());
        }
    }
    let items: Vec<String> = tree.items.iter().map(|item| bare(&item.kind)).collect();
    items.join("\n")
}

/// Debug text without spans.
pub(crate) fn bare(value: &impl std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Span { file: FileId(") {
        out.push_str(before);
        rest = after.split_once(" }").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("span: , ", "").replace(", span: ", "").replace("span: ", "")
}

trait HashOrder {
    fn hash_order(&self) -> String;
}

impl HashOrder for std::mem::Discriminant<ClauseKind> {
    /// A stable sort needs only some fixed order of kinds.
    fn hash_order(&self) -> String {
        format!("{self:?}")
    }
}
