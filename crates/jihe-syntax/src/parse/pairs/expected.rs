//! A grammar rule to what an author would call it.
//!
//! In: a rule that could have stood where the grammar stopped. Out: its kind, if it says anything.
//! Invariant: noise words and skipped things say nothing.

use crate::keywords as words;
use crate::parse::translate::Expected;
use jihe_grammar::Rule;

pub(super) fn expected(rule: Rule) -> Option<Expected> {
    mark(rule)
        .or_else(|| operand(rule))
        .or_else(|| entry(rule))
        .or_else(|| infix(rule))
        .or_else(|| word(rule))
}

fn mark(rule: Rule) -> Option<Expected> {
    Some(Expected::Mark(match rule {
        Rule::lp => "(",
        Rule::rp => ")",
        Rule::lb => "{",
        Rule::rb => "}",
        Rule::lk => "[",
        Rule::rk => "]",
        Rule::comma => ",",
        Rule::colon => ":",
        Rule::assign => "=",
        _ => return None,
    }))
}

fn operand(rule: Rule) -> Option<Expected> {
    Some(match rule {
        Rule::expr
        | Rule::arg
        | Rule::cond
        | Rule::or_e
        | Rule::and_e
        | Rule::not_e
        | Rule::compare
        | Rule::range
        | Rule::sum
        | Rule::product
        | Rule::negation
        | Rule::postfix
        | Rule::paren
        | Rule::named
        | Rule::code_list
        | Rule::key
        | Rule::param_range
        | Rule::number
        | Rule::percent => Expected::Expression,
        Rule::ident | Rule::column_type | Rule::label | Rule::bind | Rule::code_term => Expected::Name,
        Rule::string | Rule::code => Expected::Text,
        Rule::date => Expected::Date,
        Rule::integer | Rule::range_start => Expected::Number,
        Rule::unit | Rule::times => Expected::Unit,
        _ => return None,
    })
}

fn entry(rule: Rule) -> Option<Expected> {
    Some(match rule {
        Rule::clause
        | Rule::c_id
        | Rule::c_title
        | Rule::c_basis
        | Rule::c_stage
        | Rule::c_effective
        | Rule::c_precedes
        | Rule::c_for
        | Rule::c_let
        | Rule::c_when
        | Rule::c_unless
        | Rule::c_nature
        | Rule::c_offending
        | Rule::c_amount
        | Rule::c_involving
        | Rule::c_show
        | Rule::c_message
        | Rule::c_verify => Expected::Clause,
        Rule::column => Expected::Column,
        Rule::field => Expected::Field,
        Rule::declaration => Expected::Declaration,
        Rule::stage => Expected::OneOf("事前、事中、事后", "pre, live, post"),
        Rule::outcome => Expected::OneOf(
            "命中、通过、不适用、豁免、无法判定",
            "hit, pass, not_applicable, exempt, undecided",
        ),
        Rule::group | Rule::k_by => Expected::word(words::BY),
        Rule::record => Expected::Name,
        _ => return None,
    })
}

fn infix(rule: Rule) -> Option<Expected> {
    Some(match rule {
        Rule::relop
        | Rule::addop
        | Rule::mulop
        | Rule::op_in
        | Rule::op_not_in
        | Rule::op_contains
        | Rule::op_lacks
        | Rule::k_and
        | Rule::k_or
        | Rule::k_to => Expected::Operator,
        Rule::same | Rule::calendar | Rule::rolling | Rule::interval | Rule::where_ | Rule::except => {
            Expected::SetWord
        }
        _ => return None,
    })
}

fn word(rule: Rule) -> Option<Expected> {
    Some(Expected::word(match rule {
        Rule::k_then => words::THEN,
        Rule::k_else => words::ELSE,
        Rule::k_because => words::BECAUSE,
        Rule::k_clock_end => words::CLOCK_END,
        Rule::k_this => words::THIS,
        Rule::w_version => words::VERSION,
        Rule::w_source => words::SOURCE,
        Rule::w_rule => words::RULE,
        Rule::w_expect | Rule::expect => words::EXPECT,
        Rule::dated | Rule::w_since => words::SINCE,
        _ => return None,
    }))
}

/// The words that only mark the parts of a clause.
pub(super) fn is_clause_word(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::w_id
            | Rule::w_title
            | Rule::w_basis
            | Rule::w_stage
            | Rule::w_effective
            | Rule::w_effective_from
            | Rule::w_onward
            | Rule::w_precedes
            | Rule::w_for
            | Rule::w_let
            | Rule::w_when
            | Rule::w_unless
            | Rule::w_nature
            | Rule::w_offending
            | Rule::w_amount
            | Rule::w_involving
            | Rule::w_show
            | Rule::w_message
            | Rule::w_verify
            | Rule::k_because
            | Rule::k_to
    )
}
