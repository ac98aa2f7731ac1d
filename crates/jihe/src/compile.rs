//! The pipeline, one line a stage.
//!
//! In: [`RuleFiles`]. Out: a [`Ruleset`], or every diagnostic.
//! Invariant: this file is the table of contents of compilation and holds nothing else.

use crate::error::Error;
use crate::files::RuleFiles;
use crate::ruleset::Ruleset;
use jihe_check::typed::TypedRules;
use jihe_diagnostics::{Diagnostic, FileId, Language, Sources};
use jihe_syntax::tree::SyntaxTree;

/// Compiles rules. Warnings are kept in [`Ruleset::warnings`].
///
/// # Errors
/// Kind `Rules`, with every diagnostic of every file, if any of them is an error.
pub fn compile(files: &RuleFiles) -> Result<Ruleset, Error> {
    let (typed, diagnostics, sources) = check(files);
    match typed {
        Some(typed) => Ok(Ruleset::new(typed, diagnostics, sources, files)),
        None => Err(Error::rules(diagnostics, sources)),
    }
}

/// Checks rules: the typed rules if there is no error, every diagnostic, and the texts these point into.
pub fn check(files: &RuleFiles) -> (Option<TypedRules>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::new();
    let ids: Vec<FileId> =
        files.rules.iter().map(|(name, text)| sources.add(name.as_str(), text.as_str())).collect();
    let params = files.params.as_ref().map(|(name, text)| sources.add(name.as_str(), text.as_str()));
    let mut diagnostics = Vec::new();
    let mut parse = |id: FileId| -> SyntaxTree {
        let (tree, found) = jihe_syntax::parse(&sources, id);
        diagnostics.extend(found);
        tree
    };
    let trees: Vec<SyntaxTree> = ids.into_iter().map(&mut parse).collect();
    let params = params.map(&mut parse);
    let schema = jihe_model::kinds::base_schema();
    let input = jihe_check::Input {
        trees: &trees,
        overrides: params.as_ref(),
        schema: &schema,
        files: &files.tables,
    };
    let (typed, found) = jihe_check::check(&input, &sources);
    diagnostics.extend(found);
    let failed = diagnostics.iter().any(Diagnostic::is_error);
    (typed.filter(|_| !failed), diagnostics, sources)
}

/// The canonical text of one rule file, its keywords in the language given or as written.
///
/// # Errors
/// Kind `Rules` if the text does not parse.
pub fn format(name: &str, text: &str, language: Option<Language>) -> Result<String, Error> {
    let mut sources = Sources::new();
    let id = sources.add(name, text);
    let (tree, diagnostics) = jihe_syntax::parse(&sources, id);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Error::rules(diagnostics, sources));
    }
    Ok(jihe_syntax::format(&tree, &sources, language))
}

/// The knowledge files a rule file names with 来自, in order; empty if it does not parse.
pub fn knowledge_files(text: &str) -> Vec<String> {
    use jihe_syntax::tree::{CodesBody, ItemKind};
    let mut sources = Sources::new();
    let id = sources.add("", text);
    let (tree, _) = jihe_syntax::parse(&sources, id);
    let mut names = Vec::new();
    for item in tree.items {
        match item.kind {
            ItemKind::Table(table) => names.push(table.source.text),
            ItemKind::Codes(codes) => {
                if let CodesBody::File(file) = codes.body {
                    names.push(file.text);
                }
            }
            ItemKind::Package(_)
            | ItemKind::Parameter(_)
            | ItemKind::Extend(_)
            | ItemKind::Derive(_)
            | ItemKind::Summary(_)
            | ItemKind::Rule(_)
            | ItemKind::Test(_) => {}
        }
    }
    names
}

/// The page of a diagnostic code, Markdown.
pub fn explain_code(code: &str) -> Option<&'static str> {
    jihe_diagnostics::explain(code)
}
