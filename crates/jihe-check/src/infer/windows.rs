//! Windows: 其他 KIND 同一(…) PERIOD 其中 ….
//!
//! In: a set expression whose base is a kind or summary. Out: a window, or the neighbour it chooses.
//! Invariant: a window has at least one key, so no rule scans every record for every record.

use jihe_diagnostics::Span;
use jihe_model::schema::FieldId;
use jihe_model::types::{PeriodUnit, Type};
use jihe_syntax::tree::{Calendar, Key, SetExpr, SetPrefix, SetSuffix};

use super::compare::unify;
use super::sets::all_of;
use super::{Infer, NamedSet, Place, Scope, Thing, expr, set};
use crate::builtins::Builtin;
use crate::errors;
use crate::typed::{Expr, ExprKind, Neighbour, Period, Pick, Row, SetKind, Source, VarId, Which, Window};

/// A window while its parts are read.
#[derive(Debug)]
pub(super) struct Building {
    pub(super) var: VarId,
    pub(super) candidate: Place,
    pub(super) anchor: Place,
    pub(super) keys: Vec<(Expr, Expr)>,
    pub(super) period: Option<(Period, Span)>,
    pub(super) until_anchor: bool,
    conditions: Vec<Expr>,
    neighbour: Option<Neighbour>,
    others: bool,
}

impl Infer<'_> {
    pub(super) fn window(
        &mut self,
        source: Source,
        relation: Vec<(FieldId, Expr)>,
        (written, span): (&SetExpr, Span),
        scope: &Scope,
    ) -> Option<Thing> {
        if scope.depth >= 2 {
            return self.report(errors::structure::nested_too_deep(span));
        }
        self.note_candidate(source);
        let (var, candidate) = self.fresh_place(source);
        let anchor = scope.current.clone();
        let mut window = Building {
            var,
            candidate,
            anchor,
            keys: Vec::new(),
            period: None,
            until_anchor: false,
            conditions: Vec::new(),
            neighbour: None,
            others: false,
        };
        for (field, parent) in relation {
            let kind = ExprKind::Field(window.candidate.row.clone(), field);
            window.keys.push((expr(kind, parent.ty, span), parent));
        }
        self.prefixes(&mut window, written)?;
        for (suffix, at) in &written.suffixes {
            self.suffix(&mut window, suffix, *at, scope)?;
        }
        if !written.suffixes.iter().any(|(suffix, _)| is_key(suffix))
            && window.keys.len() == calendar_keys(written)
        {
            return self.report(errors::structure::bare_kind(span));
        }
        self.finished(window, (written, span), scope)
    }

    fn prefixes(&mut self, window: &mut Building, written: &SetExpr) -> Option<()> {
        for (prefix, at) in &written.prefixes {
            if window.candidate.source != window.anchor.source {
                let (of, anchor) =
                    (self.source_name(window.candidate.source), self.source_name(window.anchor.source));
                return self.report(errors::structure::prefix_of_other_kind(*at, &of, &anchor));
            }
            match prefix {
                SetPrefix::Other => window.others = true,
                SetPrefix::Previous => window.neighbour = Some(Neighbour::Previous),
                SetPrefix::Following => window.neighbour = Some(Neighbour::Following),
            }
        }
        Some(())
    }

    fn suffix(&mut self, window: &mut Building, suffix: &SetSuffix, at: Span, scope: &Scope) -> Option<()> {
        match suffix {
            SetSuffix::Same(keys) => {
                for key in keys {
                    let pair = self.same_key(window, key, scope)?;
                    window.keys.push(pair);
                }
                Some(())
            }
            SetSuffix::Calendar(calendar) => {
                let pair = self.calendar_key(window, *calendar, at)?;
                window.keys.push(pair);
                Some(())
            }
            SetSuffix::Rolling(rolling) => self.rolling(window, rolling, at, scope),
            SetSuffix::Interval(interval) => self.interval_period(window, interval, at, scope),
            SetSuffix::Where(condition) => {
                let inner = scope.within(window.candidate.clone());
                let condition = self.condition(condition, &inner)?;
                window.conditions.push(condition);
                Some(())
            }
            SetSuffix::Except(_) => Some(()),
        }
    }

    /// `甲` or `甲 = 乙`: the candidate's value, and the anchor's.
    fn same_key(&mut self, window: &Building, key: &Key, scope: &Scope) -> Option<(Expr, Expr)> {
        let inner = scope.within(window.candidate.clone());
        let candidate = match &key.name {
            Some(name) => {
                let thing = self.bare(name, &inner)?;
                self.as_value(thing, name.span, &inner)?
            }
            None => self.value(&key.value, &inner, None)?,
        };
        let anchor = self.value(&key.value, scope, Some(candidate.ty))?;
        let (candidate, anchor) = unify(candidate, anchor);
        if candidate.ty == anchor.ty {
            return Some((candidate, anchor));
        }
        let error = errors::aggregates::keys_differ(self.schema(), &candidate, &anchor);
        self.report(error)
    }

    fn calendar_key(&mut self, window: &Building, calendar: Calendar, at: Span) -> Option<(Expr, Expr)> {
        let unit = match calendar {
            Calendar::Visit => return self.same_visit(window, at),
            Calendar::Hour => PeriodUnit::Hour,
            Calendar::Day => PeriodUnit::Day,
            Calendar::Week => PeriodUnit::Week,
            Calendar::Month => PeriodUnit::Month,
            Calendar::Quarter => PeriodUnit::Quarter,
            Calendar::Year => PeriodUnit::Year,
            Calendar::BenefitYear => PeriodUnit::BenefitYear(self.typed.package.benefit_year),
        };
        let candidate = self.clock_or_report(&window.candidate.clone(), at)?;
        let anchor = self.clock_or_report(&window.anchor.clone(), at)?;
        Some((period_of(unit, candidate, at), period_of(unit, anchor, at)))
    }

    fn same_visit(&mut self, window: &Building, at: Span) -> Option<(Expr, Expr)> {
        let candidate = self.visit_of(&window.candidate, at)?;
        let anchor = self.visit_of(&window.anchor, at)?;
        Some((candidate, anchor))
    }

    fn visit_of(&mut self, place: &Place, at: Span) -> Option<Expr> {
        let visit = self.schema().find_kind("visit")?;
        if place.source == Source::Kind(visit) {
            return self.reference(place.clone(), at);
        }
        if let Some(found) = self.nearest(place, visit, at) {
            return self.reference(found, at);
        }
        let of = self.source_name(place.source);
        self.report(errors::structure::no_visit(at, &of))
    }

    /// The clock of a row; a kind without one cannot stand in a period.
    pub(super) fn clock_or_report(&mut self, place: &Place, at: Span) -> Option<Expr> {
        let clock = self.clock(place, at);
        if clock.is_none() {
            let of = self.source_name(place.source);
            return self.report(errors::structure::no_clock(at, &of));
        }
        clock
    }

    fn finished(
        &mut self,
        window: Building,
        (written, span): (&SetExpr, Span),
        scope: &Scope,
    ) -> Option<Thing> {
        let source = window.candidate.source;
        let neighbour = window.neighbour;
        let built = Window {
            var: window.var,
            anchor: window.anchor.row,
            anchor_source: window.anchor.source,
            others: window.others,
            keys: window.keys,
            period: window.period.map(|(period, _)| period),
            until_anchor: window.until_anchor,
            filter: all_of(window.conditions),
            neighbour,
        };
        let rows = set(SetKind::Window(Box::new(built)), source, span);
        let mut result = NamedSet { set: rows, key: format!("window:{span:?}") };
        for (suffix, at) in &written.suffixes {
            if let SetSuffix::Except(other) = suffix {
                result = self.except(result, other, *at, scope)?;
            }
        }
        if neighbour.is_none() {
            return Some(Thing::Set(result));
        }
        let pick = Pick { set: result.set, which: Which::First };
        Some(Thing::Row(Place { row: Row::Pick(Box::new(pick)), source }))
    }
}

fn is_key(suffix: &SetSuffix) -> bool {
    matches!(suffix, SetSuffix::Same(_) | SetSuffix::Calendar(Calendar::Visit))
}

/// How many keys the calendar periods of a set make: they alone do not narrow it to a person or an institution.
fn calendar_keys(written: &SetExpr) -> usize {
    written.suffixes.iter().filter(|(suffix, _)| matches!(suffix, SetSuffix::Calendar(_))).count()
}

/// The calendar period of a time.
pub(crate) fn period_of(unit: PeriodUnit, time: Expr, span: Span) -> Expr {
    let ty = if unit == PeriodUnit::Day { Type::Date } else { Type::Period(unit) };
    if unit == PeriodUnit::Day && time.ty == Type::Date {
        return time;
    }
    expr(ExprKind::Call(Builtin::PeriodOf(unit), vec![time]), ty, span)
}
