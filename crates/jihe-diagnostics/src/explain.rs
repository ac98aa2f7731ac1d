//! What each code means: a page a code.
//!
//! In: a code. Out: its page, in Chinese and English, with a block that fails and the same block repaired.
//! Invariant: sorted and complete; a new page is one file under `explain/` and one line here.

/// The page of a code, or none for a code nobody gives out.
///
/// ```
/// assert!(jihe_diagnostics::explain("E0102").is_some_and(|page| page.contains("保留字")));
/// assert_eq!(jihe_diagnostics::explain("E9999"), None);
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == code).map(|(_, page)| *page)
}

/// The codes that have a page, in order.
pub fn explained() -> impl Iterator<Item = &'static str> {
    PAGES.iter().map(|(code, _)| *code)
}

macro_rules! pages {
    ($($code:ident)*) => { &[$((stringify!($code), include_str!(concat!("../explain/", stringify!($code), ".md"))),)*] };
}

const PAGES: &[(&str, &str)] = pages! {
    E0101
    E0102
    E0103
    E0104
    E0105
    E0106
    E0107
    E0108
    E0109
    E0110
    E0111
    E0112
    E0113
    E0114
    E0115
};
