//! The stages of the checker in order.
//!
//! In: syntax trees, texts, schema, knowledge files, overrides. Out: typed rules and diagnostics.
//! Invariant: diagnostics come in the order of the text, file by file.

use std::collections::BTreeMap;

use jihe_diagnostics::{Diagnostic, Sources};
use jihe_model::schema::Schema;
use jihe_syntax::tree::SyntaxTree;

use crate::infer::{self, Texts};
use crate::overrides;
use crate::resolve::resolve;
use crate::typed::TypedRules;

/// Knowledge and code-set files: name as written in the rules → text.
pub type Files = BTreeMap<String, String>;

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The rule files, in order.
    pub trees: &'a [SyntaxTree],
    /// A package with only 参数, 编码集 and 知识 (contract 12): each replaces the one of its name.
    pub overrides: Option<&'a SyntaxTree>,
    /// The built-in kinds and code systems.
    pub schema: &'a Schema,
    /// Knowledge and code-set files.
    pub files: &'a Files,
}

/// Gives every name a meaning and every expression a type.
///
/// The typed rules are there only if no diagnostic is an error and no declaration of the trees is broken.
pub fn check(input: &Input<'_>, sources: &Sources) -> (Option<TypedRules>, Vec<Diagnostic>) {
    let mut schema = input.schema.clone();
    let (mut names, mut diagnostics) = resolve(input.trees, &mut schema);
    let mut ranges = Vec::new();
    if let Some(tree) = input.overrides {
        ranges = overrides::apply(&mut names, tree, &mut diagnostics);
    }
    let start = TypedRules { package: names.package.clone(), schema, ..TypedRules::default() };
    let (typed, mut found) = infer::infer(&names, Texts { sources, files: input.files }, start);
    diagnostics.append(&mut found);
    overrides::within_ranges(&names, &typed, &ranges, &mut diagnostics);
    diagnostics
        .sort_by_key(|diagnostic| (diagnostic.span().file, diagnostic.span().start, diagnostic.span().end));
    diagnostics.dedup();
    let wrong = !names.broken.is_empty() || diagnostics.iter().any(Diagnostic::is_error);
    ((!wrong).then_some(typed), diagnostics)
}
