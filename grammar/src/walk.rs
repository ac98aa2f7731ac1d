//! Reads text by the tables of the grammar.
//!
//! In: a definition, pest's parser state. Out: the state after it, or the state as it failed.
//! Invariant: calls the combinators of pest in the order the code of `pest_derive` would: same pairs, same errors. In haste
//! it leaves out calls that are sure to fail: same pairs, and an error where there is one.

use std::ops::ControlFlow;

use pest::{Atomicity, ParseResult, ParserState};

use crate::{RULE_COMMENT, RULE_WHITESPACE, Rule, SKIPPED};

type State<'i> = Box<ParserState<'i, Rule>>;
type Step<'i> = ParseResult<State<'i>>;

/// A rule of the grammar.
pub(crate) struct Definition {
    pub(crate) rule: Rule,
    pub(crate) form: Form,
    pub(crate) expr: Expr,
    pub(crate) first: First,
}

/// The letters a match may begin with: those of ASCII a bit each, the others by their number modulo 128.
pub(crate) struct First {
    pub(crate) ascii: u128,
    pub(crate) others: u128,
    /// Whether the empty text may match, too.
    pub(crate) empty: bool,
}

impl First {
    fn admits(&self, next: Option<char>) -> bool {
        let Some(next) = next else { return self.empty };
        let bits = if next.is_ascii() { self.ascii } else { self.others };
        self.empty || bits & 1_u128.wrapping_shl(u32::from(next)) != 0
    }
}

/// What a rule leaves behind, and whether anything is skipped within it.
pub(crate) enum Form {
    Normal,
    Silent,
    SilentChoice,
    Atomic,
    CompoundAtomic,
    Skipped,
}

/// What a rule matches; between the parts of what is not joined, blanks and comments are skipped.
pub(crate) enum Expr {
    Text(&'static str),
    Range(char, char),
    Letter(fn(char) -> bool),
    Any,
    Start,
    End,
    Until(&'static [&'static str]),
    Rule(&'static Definition),
    Ahead(&'static Expr),
    NotAhead(&'static Expr),
    Optional(&'static Expr),
    Repeated(&'static Expr),
    JoinedRepeated(&'static Expr),
    Choice(&'static [Expr]),
    Sequence(&'static [Expr]),
    JoinedSequence(&'static [Expr]),
}

/// Walks the tables along one text.
#[derive(Clone, Copy)]
pub(crate) struct Walk<'i> {
    pub(crate) text: &'i str,
    /// Whether rules that cannot begin with the next letter are passed over; an error then does not tell all that was
    /// expected.
    pub(crate) hasty: bool,
}

impl<'i> Walk<'i> {
    pub(crate) fn rule(self, definition: &Definition, state: State<'i>) -> Step<'i> {
        let Definition { rule, form, expr, first } = definition;
        if self.hasty && !first.admits(self.next(&state)) {
            return Err(state);
        }
        let inside = |state: State<'i>| self.expr(expr, state);
        match form {
            Form::Normal => state.rule(*rule, inside),
            Form::Silent => inside(state),
            Form::SilentChoice => inside(state.check_stack_limit()?),
            Form::Skipped => state.atomic(Atomicity::Atomic, inside),
            Form::Atomic => state.rule(*rule, |state| state.atomic(Atomicity::Atomic, inside)),
            Form::CompoundAtomic => {
                state.atomic(Atomicity::CompoundAtomic, |state| state.rule(*rule, inside))
            }
        }
    }

    fn expr(self, expr: &Expr, state: State<'i>) -> Step<'i> {
        match expr {
            Expr::Text(text) => state.match_string(text),
            Expr::Range(first, last) => state.match_range(*first..*last),
            Expr::Letter(is_one) => state.match_char_by(is_one),
            Expr::Any => state.skip(1),
            Expr::Start => state.start_of_input(),
            Expr::End => state.end_of_input(),
            Expr::Until(texts) => state.skip_until(texts),
            Expr::Rule(definition) => self.rule(definition, state),
            Expr::Ahead(inner) => state.lookahead(true, |state| self.expr(inner, state)),
            Expr::NotAhead(inner) => state.lookahead(false, |state| self.expr(inner, state)),
            Expr::Optional(inner) => state.optional(|state| self.expr(inner, state)),
            Expr::Repeated(inner) => self.repeated(inner, state),
            Expr::JoinedRepeated(inner) => state.repeat(|state| self.expr(inner, state)),
            Expr::Choice(parts) => self.choice(parts, state),
            Expr::Sequence(parts) => self.sequence(parts, state, Walk::skip),
            Expr::JoinedSequence(parts) => self.sequence(parts, state, |_, state| Ok(state)),
        }
    }

    fn next(self, state: &State<'i>) -> Option<char> {
        self.text.get(state.position().pos()..).and_then(|rest| rest.chars().next())
    }

    fn choice(self, parts: &[Expr], state: State<'i>) -> Step<'i> {
        let tried = parts.iter().try_fold(state, |state, part| match self.expr(part, state) {
            Ok(read) => ControlFlow::Break(read),
            Err(failed) => ControlFlow::Continue(failed),
        });
        match tried {
            ControlFlow::Break(read) => Ok(read),
            ControlFlow::Continue(failed) => Err(failed),
        }
    }

    fn sequence(
        self,
        parts: &[Expr],
        state: State<'i>,
        between: fn(Self, State<'i>) -> Step<'i>,
    ) -> Step<'i> {
        state.sequence(|state| {
            let Some((first, rest)) = parts.split_first() else { return Ok(state) };
            let begun = self.expr(first, state)?;
            rest.iter().try_fold(begun, |state, part| self.expr(part, between(self, state)?))
        })
    }

    fn repeated(self, inner: &Expr, state: State<'i>) -> Step<'i> {
        state.sequence(|state| {
            state.optional(|state| {
                let begun = self.expr(inner, state)?;
                begun.repeat(|state| state.sequence(|state| self.expr(inner, self.skip(state)?)))
            })
        })
    }

    /// Passes over blanks and comments, where a rule allows them.
    fn skip(self, state: State<'i>) -> Step<'i> {
        let next = self.next(&state);
        // Most often there is none, which is seen faster here.
        if state.atomicity() != Atomicity::NonAtomic || next.is_none_or(|next| !SKIPPED.contains(&next)) {
            return Ok(state);
        }
        let blanks = |state: State<'i>| state.repeat(|state| self.rule(&RULE_WHITESPACE, state));
        let comment = |state: State<'i>| state.sequence(|state| blanks(self.rule(&RULE_COMMENT, state)?));
        state.sequence(|state| blanks(state)?.repeat(comment))
    }
}
