//! The texts of a run, each held once.
//!
//! In: texts. Out: [`Symbols`], numbers for them and back; `KeyTexts`, texts that nobody looks up.
//! Invariant: a text is in the index once; its hash is kept, so that neither growing nor joining tables reads texts again.

use core::hash::BuildHasher;

use crate::value::Symbol;

/// Texts one after the other, without numbers of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeyTexts {
    buffer: String,
    /// Where each text ends; it starts where the one before ends.
    ends: Vec<usize>,
}

impl KeyTexts {
    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.buffer.push_str(text);
        self.ends.push(self.buffer.len());
    }

    /// A text by its place; empty beyond the last.
    pub(crate) fn get(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.buffer.get(start..*end).unwrap_or("")
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All texts in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.get(at))
    }

    /// Leaves out the texts that are not kept.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        let mut kept = KeyTexts::default();
        for (text, _) in self.iter().zip(keep).filter(|(_, keep)| **keep) {
            kept.push(text);
        }
        *self = kept;
    }

    /// Adds the texts of another list.
    pub(crate) fn append(&mut self, more: KeyTexts) {
        if self.is_empty() {
            *self = more;
            return;
        }
        let before = self.buffer.len();
        self.buffer.push_str(&more.buffer);
        self.ends.extend(more.ends.into_iter().map(|end| end.saturating_add(before)));
    }
}

/// Interned texts of a run. Codes, keys and texts are all held here once, one after the other in one buffer.
///
/// Keys that nothing refers to have numbers like other texts, but are not looked up.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    texts: KeyTexts,
    /// The hash of each text; of a text apart, none that counts.
    hashes: Vec<u32>,
    /// Hash and symbol.
    index: hashbrown::HashTable<(u32, u32)>,
    hasher: hashbrown::DefaultHashBuilder,
    apart: usize,
}

impl Symbols {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// Empty, and hashing as this table does, so that the two are joined without reading texts again.
    #[must_use]
    pub fn alike(&self) -> Self {
        Self { hasher: self.hasher.clone(), ..Self::default() }
    }

    /// The symbol of a text, new if need be.
    pub fn intern(&mut self, text: &str) -> Symbol {
        let hash = self.hash(text);
        Symbol(self.intern_hashed(hash, text))
    }

    /// The symbol of a text if it was interned.
    pub fn find(&self, text: &str) -> Option<Symbol> {
        self.find_hashed(self.hash(text), text).map(Symbol)
    }

    /// The text; empty for a symbol of another run.
    pub fn text(&self, symbol: Symbol) -> &str {
        usize::try_from(symbol.0).map_or("", |at| self.texts.get(at))
    }

    /// How many texts.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// About how many bytes they take.
    pub fn size(&self) -> usize {
        self.texts.buffer.len().saturating_add(self.len().saturating_mul(24))
    }

    /// Whether none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All texts in order of their symbols.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0u32..).map(Symbol).zip(self.texts.iter())
    }

    /// Puts in texts that nobody looks up, and gives the symbol of the first; the others follow it.
    ///
    /// INVARIANT: none of them is interned here, or equal texts would have different symbols.
    pub(crate) fn add_apart(&mut self, texts: KeyTexts) -> u32 {
        let first = number(self.len());
        self.apart = self.apart.saturating_add(texts.len());
        self.hashes.resize(self.len().saturating_add(texts.len()), 0);
        self.texts.append(texts);
        first
    }

    /// Whether there are texts that are not looked up.
    pub(crate) fn has_apart(&self) -> bool {
        self.apart > 0
    }

    /// The symbol by which the text of a symbol is looked up: its own, if it was put in apart and is the first of its text.
    pub(crate) fn look_up(&mut self, symbol: u32) -> u32 {
        let text = self.text(Symbol(symbol));
        let hash = self.hash(text);
        if let Some(found) = self.find_hashed(hash, text) {
            return found;
        }
        if let Some(slot) = usize::try_from(symbol).ok().and_then(|at| self.hashes.get_mut(at)) {
            *slot = hash;
        }
        self.index.insert_unique(spread(hash), (hash, symbol), |entry| spread(entry.0));
        symbol
    }

    /// Takes over the texts of a table none of which is here; its symbols are counted on from the last here.
    pub(crate) fn extend(&mut self, more: Symbols) {
        let (first, apart) = (number(self.len()), more.apart);
        self.index.reserve(more.index.len(), |entry| spread(entry.0));
        for (hash, symbol) in more.index {
            let entry = (hash, symbol.saturating_add(first));
            self.index.insert_unique(spread(hash), entry, |entry| spread(entry.0));
        }
        self.hashes.extend(more.hashes);
        self.texts.append(more.texts);
        self.apart = self.apart.saturating_add(apart);
    }

    /// Interns the texts of another table, and gives the symbol here of each.
    pub(crate) fn join(&mut self, more: &Symbols) -> Vec<u32> {
        let alike = self.hasher.hash_one(0) == more.hasher.hash_one(0);
        self.index.reserve(more.index.len(), |entry| spread(entry.0));
        let hashed = more.hashes.iter().zip(more.texts.iter());
        hashed
            .map(|(known, text)| {
                let hash = if alike { *known } else { self.hash(text) };
                self.intern_hashed(hash, text)
            })
            .collect()
    }

    pub(crate) fn hash(&self, text: &str) -> u32 {
        let whole = self.hasher.hash_one(text);
        u32::try_from(whole >> 32).unwrap_or(0)
    }

    pub(crate) fn find_hashed(&self, hash: u32, text: &str) -> Option<u32> {
        let same = |entry: &(u32, u32)| entry.0 == hash && self.text(Symbol(entry.1)) == text;
        self.index.find(spread(hash), same).map(|entry| entry.1)
    }

    pub(crate) fn intern_hashed(&mut self, hash: u32, text: &str) -> u32 {
        if let Some(found) = self.find_hashed(hash, text) {
            return found;
        }
        let symbol = number(self.len());
        self.index.insert_unique(spread(hash), (hash, symbol), |entry| spread(entry.0));
        self.hashes.push(hash);
        self.texts.push(text);
        symbol
    }
}

/// 32 bits over all 64, of which a table looks at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_symbols() {
        let mut symbols = Symbols::new();
        let texts: Vec<String> = (0..1000).map(|number| format!("码{}", number % 700)).collect();
        let interned: Vec<Symbol> = texts.iter().map(|text| symbols.intern(text)).collect();
        assert_eq!(symbols.len(), 700);
        for (text, symbol) in texts.iter().zip(&interned) {
            assert_eq!(symbols.text(*symbol), text);
            assert_eq!(symbols.find(text), Some(*symbol));
        }
        assert_eq!(symbols.find("无"), None);
        assert_eq!(symbols.text(Symbol(9999)), "");
        assert_eq!(symbols.iter().count(), 700);
        let empty = symbols.intern("");
        assert_eq!(symbols.clone().find(""), Some(empty));
    }

    fn of(symbols: &mut Symbols, texts: &[&str]) {
        for text in texts {
            symbols.intern(text);
        }
    }

    #[test]
    fn tables_are_joined_under_one_numbering() {
        let mut whole = Symbols::new();
        of(&mut whole, &["a", "b"]);
        for other in [whole.alike(), Symbols::new()] {
            let (mut ours, mut theirs) = (whole.clone(), other);
            of(&mut theirs, &["d", "b", "c", "d"]);
            assert_eq!(ours.join(&theirs), [2, 1, 3], "d and c are new");
        }
        let mut more = whole.alike();
        of(&mut more, &["c", "d"]);
        whole.extend(more);
        let texts: Vec<&str> = whole.iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["a", "b", "c", "d"]);
        assert!(whole.iter().all(|(symbol, text)| whole.find(text) == Some(symbol)));
    }

    #[test]
    fn texts_apart_have_numbers_but_are_not_looked_up_until_asked_for() {
        let mut symbols = Symbols::new();
        of(&mut symbols, &["a"]);
        let mut keys = KeyTexts::default();
        for key in ["K1", "K2"] {
            keys.push(key);
        }
        let first = symbols.add_apart(keys);
        assert_eq!((first, symbols.text(Symbol(2)), symbols.find("K2")), (1, "K2", None));
        assert_eq!(symbols.intern("b"), Symbol(3));
        assert!(symbols.has_apart());
        assert_eq!(symbols.look_up(2), 2);
        assert_eq!(symbols.find("K2"), Some(Symbol(2)));
    }
}
