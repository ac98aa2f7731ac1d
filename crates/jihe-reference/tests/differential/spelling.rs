//! The English spelling of a Chinese package.
//!
//! In: Chinese text. Out: the same package with English keywords, perhaps with English names of kinds and fields too.
//! Invariant: a name is translated only where it means one thing; what a package declares keeps its name.

use super::package::words;
use jihe_diagnostics::{Language, Sources};
use jihe_model::kinds::base_schema;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How a package is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Chinese,
    /// English keywords.
    EnglishWords,
    /// English keywords and names.
    EnglishNames,
}

/// The package in a spelling.
pub(crate) fn spelled(chinese: &str, spelling: Spelling) -> String {
    if spelling == Spelling::Chinese {
        return chinese.to_owned();
    }
    let mut sources = Sources::new();
    let id = sources.add("case.jihe", chinese);
    let (tree, _) = jihe_syntax::parse(&sources, id);
    let english = jihe_syntax::format(&tree, &sources, Some(Language::English));
    if spelling == Spelling::EnglishWords {
        return english;
    }
    // A field that the package adds has the name it is declared by and no other.
    let extensions: String = chinese.lines().filter(|line| line.starts_with("扩展 ")).collect();
    with_english_names(&english, &words(&extensions).map(|word| word.text).collect())
}

/// Chinese names of kinds and fields that have one English name wherever they stand.
static NAMES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let schema = base_schema();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for kind in schema.kinds {
        found.entry(kind.zh).or_default().insert(kind.en);
        for field in kind.fields {
            for name in field.synonyms.into_iter().chain([field.zh]) {
                found.entry(name).or_default().insert(field.en.clone());
            }
        }
    }
    let one = |(name, english): (String, BTreeSet<String>)| {
        let only = if english.len() == 1 { english.into_iter().next() } else { None };
        only.map(|english| (name, english))
    };
    found.into_iter().filter_map(one).collect()
});

fn with_english_names(text: &str, own: &BTreeSet<&str>) -> String {
    let mut english = String::new();
    let mut from = 0;
    let mut declares = false;
    let mut last = "";
    for word in words(text) {
        // Types, systems and columns are named as declared.
        if text[..word.start].ends_with('\n') || word.start == 0 {
            declares = ["table", "extend", "codes", "package"].contains(&word.text);
        }
        let of_table = word.before == Some('.') && ["限频", "限价", "组套", "适应"].contains(&last);
        last = word.text;
        let Some(name) = NAMES.get(word.text).filter(|_| !declares && !of_table && !own.contains(word.text))
        else {
            continue;
        };
        english.push_str(&text[from..word.start]);
        english.push_str(name);
        from = word.start + word.text.len();
    }
    english.push_str(&text[from..]);
    english
}
