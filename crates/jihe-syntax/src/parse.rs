//! Text to tree.
//!
//! In: one file of [`Sources`]. Out: its [`SyntaxTree`], and what is wrong with the text.
//! Invariant: never fails and never panics; a declaration that cannot be read costs one diagnostic and its neighbours none.

mod cut;
mod errors;
mod pairs;
mod scan;
mod template;
mod translate;

use crate::limits;
use crate::tree::{Item, Name, SyntaxTree};
use cut::Piece;
use errors::{Fault, SyntaxError};
use jihe_diagnostics::{Diagnostic, FileId, Sources};
use scan::Scan;
use std::ops::Range;

/// Reads one file. Declarations that could not be read are left out of the tree, each with one diagnostic.
///
/// ```
/// let mut sources = jihe_diagnostics::Sources::new();
/// let file = sources.add("甲.jihe", "参数 上限 = 30 天\n参数 下限 30 天\n参数 中限 = 20 天");
/// let (tree, diagnostics) = jihe_syntax::parse(&sources, file);
/// assert_eq!(tree.items.len(), 2);
/// assert_eq!(diagnostics[0].message.zh, "此处应有`=`，而不是 `30`");
/// assert_eq!(tree.broken[0].text, "下限");
/// ```
pub fn parse(sources: &Sources, file: FileId) -> (SyntaxTree, Vec<Diagnostic>) {
    let text = sources.get(file).map_or("", |source| source.text.as_str());
    let mut tree = SyntaxTree { file, ..SyntaxTree::default() };
    if text.len() > limits::FILE_BYTES {
        let error = SyntaxError::FileTooLarge { bytes: text.len() };
        return (tree, vec![error.diagnostic(file, 0..0)]);
    }
    let scan = scan::scan(text, file);
    let mut diagnostics = Vec::new();
    for piece in cut::cut(text, &scan) {
        match read(text, &scan, &piece, file) {
            Ok(item) => tree.items.push(item),
            Err((error, range)) => {
                diagnostics.push(error.diagnostic(file, range));
                tree.broken.extend(declared_names(text, &piece, file));
            }
        }
    }
    tree.comments = scan.comments;
    (tree, diagnostics)
}

/// One declaration: what the scanner already found wrong with it is said first, and then nothing else.
fn read(text: &str, scan: &Scan, piece: &Piece, file: FileId) -> Result<Item, Fault> {
    let seen_before = scan.first_error(piece.range()).or_else(|| cut::refusal(text, scan, piece));
    if let Some(fault) = seen_before {
        return Err(fault);
    }
    pairs::declaration(&pairs::Context { file, text, scan }, piece)
}

/// The name of a declaration, and of the fields it would have declared.
fn declared_names(text: &str, piece: &Piece, file: FileId) -> Vec<Name> {
    let named = |range: &Range<usize>| {
        let span = errors::span(file, range.clone());
        Some(Name { text: text.get(range.clone())?.to_owned(), span })
    };
    piece.name.iter().chain(&piece.entries).filter_map(named).collect()
}
