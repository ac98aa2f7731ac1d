//! Texts of a reading in several hands.
//!
//! In: texts. Out: words: symbols of the texts that were there when the reading began, then of its own.
//! Invariant: a text of the base is none of a reading's own, so equal texts have equal words.

use std::sync::Arc;

use crate::symbols::Symbols;
use crate::value::Symbol;

/// Symbols that several readings share, and those that one has found beside them.
#[derive(Debug, Clone, Default)]
pub(super) struct Interner {
    base: Arc<Symbols>,
    own: Symbols,
}

/// Words of one reading as words of another.
#[derive(Debug)]
pub(super) struct Translation {
    /// Words below this are the same in both.
    first: usize,
    words: Vec<u32>,
}

impl Translation {
    /// Every word by its place.
    pub(super) fn of(words: Vec<u32>) -> Self {
        Self { first: 0, words }
    }

    pub(super) fn word(&self, word: u32) -> u32 {
        let at = usize::try_from(word).ok().and_then(|at| at.checked_sub(self.first));
        at.map_or(word, |at| self.words.get(at).copied().unwrap_or(0))
    }
}

impl From<Symbols> for Interner {
    fn from(base: Symbols) -> Self {
        Self { own: base.alike(), base: Arc::new(base) }
    }
}

impl Interner {
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        let hash = self.own.hash(text);
        if let Some(found) = self.base.find_hashed(hash, text) {
            return found;
        }
        self.own.intern_hashed(hash, text).saturating_add(self.first())
    }

    /// The same where the text may be the one after a word: tables that refer to each other often come in one order, and
    /// then no text is looked up.
    pub(super) fn intern_after(&mut self, text: &str, before: u32) -> u32 {
        let next = before.saturating_add(1);
        // A text apart has a number, but is not the word of its text.
        let is_next = !self.base.has_apart() && !self.own.has_apart() && self.text(next) == text;
        if is_next && !text.is_empty() { next } else { self.intern(text) }
    }

    /// The text of a word; empty if it is none.
    pub(super) fn text(&self, word: u32) -> &str {
        match word.checked_sub(self.first()) {
            Some(own) => self.own.text(Symbol(own)),
            None => self.base.text(Symbol(word)),
        }
    }

    /// How many texts: every word is below.
    pub(super) fn len(&self) -> usize {
        self.base.len().saturating_add(self.own.len())
    }

    /// About how many bytes they take.
    pub(super) fn size(&self) -> usize {
        self.base.size().saturating_add(self.own.size())
    }

    /// Another reading over the same base.
    pub(super) fn part(&self) -> Self {
        Self { base: Arc::clone(&self.base), own: self.own.alike() }
    }

    /// Makes its own texts part of the base, so that parts begun from now on know them.
    pub(super) fn share(&mut self) {
        if self.own.is_empty() {
            return;
        }
        let own = core::mem::take(&mut self.own);
        if self.base.is_empty() {
            self.base = Arc::new(own);
        } else {
            Arc::make_mut(&mut self.base).extend(own);
        }
        self.own = self.base.alike();
    }

    /// Takes over the texts of another; none where its words are ours already.
    pub(super) fn join(&mut self, part: Interner) -> Option<Translation> {
        let Interner { base, own } = part;
        if Arc::ptr_eq(&self.base, &base) {
            if self.own.is_empty() {
                self.own = own;
                return None;
            }
            let first = self.first();
            let words = self.own.join(&own);
            let words = words.into_iter().map(|word| word.saturating_add(first)).collect();
            return Some(Translation { first: self.base.len(), words });
        }
        let words = base.iter().chain(own.iter()).map(|(_, text)| self.intern(text)).collect();
        Some(Translation { first: 0, words })
    }

    pub(super) fn into_symbols(mut self) -> Symbols {
        self.share();
        Arc::unwrap_or_clone(self.base)
    }

    fn first(&self) -> u32 {
        u32::try_from(self.base.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_after_a_word_is_that_of_the_next_and_any_other_is_looked_up() {
        let mut whole = Interner::default();
        for text in ["a", "b", ""] {
            whole.intern(text);
        }
        whole.share();
        let mut part = whole.part();
        part.intern("c");
        let after = [("b", 0), ("c", 2), ("a", 2), ("d", 3), ("d", 3), ("", 1), ("", 4), ("a", u32::MAX)];
        let words = after.map(|(text, before)| part.intern_after(text, before));
        assert_eq!(words, [1, 3, 0, 4, 4, 2, 2, 0]);
        let mut keys = crate::symbols::KeyTexts::default();
        keys.push("K");
        let mut apart = Symbols::new();
        apart.add_apart(keys);
        let mut interner = Interner::from(apart);
        let word = interner.intern("K");
        assert_eq!((word, interner.intern_after("K", u32::MAX)), (1, 1), "never the number of a text apart");
    }

    #[test]
    fn parts_share_what_was_there_and_bring_what_is_new() {
        let mut whole = Interner::default();
        let known = whole.intern("a");
        whole.share();
        let (mut one, mut other) = (whole.part(), whole.part());
        assert_eq!([one.intern("a"), one.intern("b")], [known, 1]);
        assert_eq!([other.intern("c"), other.intern("b"), other.intern("a")], [1, 2, known]);
        assert!(whole.join(one).is_none());
        let translation = whole.join(other).unwrap();
        assert_eq!([0, 1, 2].map(|word| translation.word(word)), [0, 2, 1]);
        let mut stranger = Interner::default();
        stranger.intern("c");
        assert_eq!(whole.join(stranger).unwrap().word(0), 2);
        assert_eq!(whole.text(1), "b");
        let symbols = whole.into_symbols();
        assert_eq!(symbols.iter().map(|(_, text)| text).collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
