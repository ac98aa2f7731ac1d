//! Periods of a window that are not equalities: rolling ones, and relations to an interval.
//!
//! In: 最近, 随后, 前后, 此前, 此后, 期间, 重叠, 有效于. Out: a [`Period`] of the window.
//! Invariant: a summary is measured by its calendar key or not at all (sentence 22).

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{
    Expr as Tree, ExprKind as Node, IntervalPeriod, IntervalWord, Rolling, RollingWord, Unit,
};

use super::windows::Building;
use super::{Infer, Scope};
use crate::errors;
use crate::typed::{Direction, Expr, Period, Source};

impl Infer<'_> {
    pub(super) fn rolling(
        &mut self,
        window: &mut Building,
        rolling: &Rolling,
        at: Span,
        scope: &Scope,
    ) -> Option<()> {
        self.one_period(window, at)?;
        let direction = direction(rolling.word);
        window.until_anchor = rolling.until_this;
        if let Some(length) = &rolling.length
            && let Some(count) = self.count_of_records(length, scope)
        {
            let allowed = matches!(direction, Direction::Last | Direction::Next);
            if !allowed || rolling.from.is_some() || rolling.clock.is_some() {
                return self.report(errors::structure::times_need_last(at));
            }
            window.period = Some((Period::Nearest { direction, count: count? }, at));
            return Some(());
        }
        let length = match &rolling.length {
            Some(length) => Some(self.length(length, scope)?),
            None if matches!(direction, Direction::Before | Direction::After) => None,
            None => return self.report(errors::structure::length_needed(at)),
        };
        let from = match &rolling.from {
            Some(from) => {
                let value = self.value(from, scope, None)?;
                self.time(value)?
            }
            None => self.clock_or_report(&window.anchor.clone(), at)?,
        };
        let clock = self.candidate_clock(window, rolling.clock.as_ref(), at, scope)?;
        window.period = Some((Period::Rolling { direction, length, from, clock }, at));
        Some(())
    }

    /// `3 次`, or a parameter that is a number. The inner option is empty where the number is wrong.
    fn count_of_records(&mut self, length: &Tree, scope: &Scope) -> Option<Option<Expr>> {
        match &length.kind {
            Node::Quantity(_, Unit::Times) => Some(self.value(length, scope, None)),
            Node::Paren(inner) => self.count_of_records(inner, scope),
            Node::Name(name) => {
                let at = self.names.parameter_by_name.get(name.as_str())?;
                let is_number = self.typed.parameters.get(*at)?.ty == Type::Number;
                is_number.then(|| self.value(length, scope, None))
            }
            _ => None,
        }
    }

    fn length(&mut self, tree: &Tree, scope: &Scope) -> Option<Expr> {
        let length = self.value(tree, scope, None)?;
        if matches!(length.ty, Type::Duration(_) | Type::Months) {
            return Some(length);
        }
        let error = errors::aggregates::not_a_length(self.schema(), &length);
        self.report(error)
    }

    fn candidate_clock(
        &mut self,
        window: &Building,
        clock: Option<&Tree>,
        at: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        if let Some(clock) = clock {
            let inner = scope.within(window.candidate.clone());
            let value = self.value(clock, &inner, None)?;
            return self.time(value);
        }
        if let Source::Summary(id) = window.candidate.source
            && self.typed.summaries.get(id.index()).is_some_and(|summary| summary.calendar.is_none())
        {
            let of = self.source_name(window.candidate.source);
            return self.report(errors::structure::summary_without_calendar(at, &of));
        }
        self.clock_or_report(&window.candidate.clone(), at)
    }

    pub(super) fn interval_period(
        &mut self,
        window: &mut Building,
        interval: &IntervalPeriod,
        at: Span,
        scope: &Scope,
    ) -> Option<()> {
        self.one_period(window, at)?;
        let period = match interval.word {
            IntervalWord::During => {
                let value = self.interval_value(&interval.value, scope)?;
                let clock = self.candidate_clock(window, interval.clock.as_ref(), at, scope)?;
                Period::During { interval: value, clock }
            }
            IntervalWord::Overlapping => {
                let value = self.interval_value(&interval.value, scope)?;
                let candidate = self.candidate_interval(window, interval.clock.as_ref(), at, scope)?;
                Period::Overlapping { interval: value, candidate }
            }
            IntervalWord::ValidAt => {
                let value = self.value(&interval.value, scope, None)?;
                let time = self.time(value)?;
                let candidate = self.candidate_interval(window, interval.clock.as_ref(), at, scope)?;
                Period::ValidAt { at: time, candidate }
            }
        };
        window.period = Some((period, at));
        Some(())
    }

    fn candidate_interval(
        &mut self,
        window: &Building,
        written: Option<&Tree>,
        at: Span,
        scope: &Scope,
    ) -> Option<Expr> {
        match written {
            Some(tree) => {
                let inner = scope.within(window.candidate.clone());
                self.interval_value(tree, &inner)
            }
            None => self.interval_of_record(&window.candidate.clone(), at),
        }
    }

    fn one_period(&mut self, window: &Building, at: Span) -> Option<()> {
        match window.period {
            Some((_, first)) => self.report(errors::structure::two_periods(first, at)),
            None => Some(()),
        }
    }
}

fn direction(word: RollingWord) -> Direction {
    match word {
        RollingWord::Last => Direction::Last,
        RollingWord::Next => Direction::Next,
        RollingWord::Around => Direction::Around,
        RollingWord::Before => Direction::Before,
        RollingWord::After => Direction::After,
    }
}
