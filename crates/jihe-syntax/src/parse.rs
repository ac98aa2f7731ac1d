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
use crate::tree::{Name, SyntaxTree};
use cut::Piece;
use errors::SyntaxError;
use jihe_diagnostics::{Diagnostic, FileId, Sources};
use scan::Scan;

/// Reads one file. Declarations that could not be read are left out of the tree, each with one diagnostic.
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
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                tree.broken.extend(declared_name(text, &piece, file));
            }
        }
    }
    tree.comments = scan.comments;
    (tree, diagnostics)
}

/// One declaration: what the scanner already found wrong with it is said first, and then nothing else.
fn read(text: &str, scan: &Scan, piece: &Piece, file: FileId) -> Result<crate::tree::Item, Diagnostic> {
    if let Some((error, range)) = scan.first_error(piece.range()) {
        return Err(error.diagnostic(file, range));
    }
    if let Some((error, range)) = cut::refusal(text, scan, piece) {
        return Err(error.diagnostic(file, range));
    }
    let context = pairs::Context { file, text, scan };
    pairs::declaration(&context, piece).map_err(|(error, range)| error.diagnostic(file, range))
}

fn declared_name(text: &str, piece: &Piece, file: FileId) -> Option<Name> {
    let range = piece.name.clone()?;
    let span = errors::span(file, range.clone());
    Some(Name { text: text.get(range)?.to_owned(), span })
}
