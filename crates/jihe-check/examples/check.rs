//! Checks rule files named on the command line and prints what is said about them.
//!
//! In: paths of `.jihe` files and folders of CSV files. Out: diagnostics, a line each.
//! Invariant: exits with 1 if there is an error.

#![expect(clippy::print_stdout, reason = "an example prints")]
#![expect(clippy::disallowed_methods, reason = "an example reads files")]

use jihe_check::{Files, Input};
use jihe_diagnostics::Sources;

fn main() {
    let mut sources = Sources::new();
    let mut files = Files::new();
    let mut ids = Vec::new();
    for path in std::env::args().skip(1) {
        if std::path::Path::new(&path).extension().is_some_and(|extension| extension == "jihe") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            ids.push(sources.add(path, text));
        } else if let Ok(folder) = std::fs::read_dir(&path) {
            for entry in folder.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(entry.path()).unwrap_or_default());
            }
        }
    }
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for id in ids {
        let (tree, mut found) = jihe_syntax::parse(&sources, id);
        trees.push(tree);
        diagnostics.append(&mut found);
    }
    let schema = jihe_model::kinds::base_schema();
    let input = Input { trees: &trees, overrides: None, schema: &schema, files: &files };
    let (typed, mut found) = jihe_check::check(&input, &sources);
    diagnostics.append(&mut found);
    for diagnostic in &diagnostics {
        let place = sources.place(diagnostic.span().file, diagnostic.span().start);
        println!(
            "{} {}:{} {} | {} | {}",
            diagnostic.code,
            place.line,
            place.column,
            diagnostic.message.zh,
            sources.text(diagnostic.span()).lines().next().unwrap_or(""),
            diagnostic.help.as_ref().map_or("", |help| help.zh.as_str())
        );
    }
    match typed {
        Some(typed) => {
            for rule in &typed.rules {
                println!("{} {} {:?} {:?}", rule.id, rule.name, rule.scope, rule.cost);
            }
        }
        None => std::process::exit(1),
    }
}
