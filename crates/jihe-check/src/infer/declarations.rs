//! Parameters, code sets, tables, derived fields and summaries, each before what needs it.
//!
//! In: the declarations by name. Out: their typed forms in [`crate::typed::TypedRules`].
//! Invariant: a derived field or summary is typed once, after everything it reads; a circle is reported at its start.

use jihe_diagnostics::Span;
use jihe_model::schema::KindId;
use jihe_syntax::tree::{self, Expr as Tree, ExprKind as Node};

use super::{DerivedInfo, Infer, Place, Progress, Scope};
use crate::typed::{
    self, Derived, DerivedId, ExprKind, Literal, Parameter, Row, Source, SummaryColumn, SummaryId,
};
use crate::{errors, mentions, tables};

/// How many declarations may need each other in a row.
const LONGEST_CHAIN: u8 = 60;

impl Infer<'_> {
    /// Everything, in the order rules need it.
    pub(super) fn all_declarations(&mut self) {
        let names = self.names;
        for parameter in &names.parameters {
            let typed = self.parameter(parameter);
            self.typed.parameters.push(typed);
        }
        for codes in &names.code_sets {
            let set = self.code_set(codes);
            self.typed.code_sets.push(set);
        }
        for table in &names.tables {
            let (loaded, mut found) = tables::load(table, &self.typed.schema, self.input.files);
            self.diagnostics.append(&mut found);
            self.typed.tables.push(loaded);
        }
        for at in 0..names.derived.len() {
            let span = names.derived.get(at).map_or_else(Span::default, |derived| derived.bind.name.span);
            let _ = self.derived(at, span);
        }
        for (at, summary) in names.summaries.iter().enumerate() {
            let _ = self.summary(at, summary.name.span);
        }
        self.all_rules();
        self.all_tests();
    }

    fn parameter(&mut self, parameter: &tree::Parameter) -> Parameter {
        let first = self.constant(&parameter.value, None);
        let ty = first.as_ref().map_or(jihe_model::types::Type::Number, |(ty, _)| *ty);
        let mut values: Vec<(Option<i64>, Literal)> =
            first.map(|(_, value)| (None, value)).into_iter().collect();
        for (date, value) in &parameter.dated {
            let day = self.date(*date);
            let Some(value) = self.constant_of(value, (ty, parameter.value.span)) else { continue };
            values.push((day, value));
        }
        if values.windows(2).any(|pair| matches!(pair, [(first, _), (second, _)] if first >= second)) {
            self.diagnostics.push(errors::structure::dates_not_rising(parameter.name.span));
        }
        let range = parameter
            .range
            .as_ref()
            .and_then(|range| self.parameter_range(range, (ty, parameter.value.span)));
        let outside = |value: &Literal| range.as_ref().is_some_and(|(low, high)| value < low || value > high);
        if values.iter().any(|(_, value)| outside(value)) {
            let span = parameter.range.as_ref().map_or(parameter.name.span, |range| range.span);
            self.diagnostics.push(errors::structure::out_of_range(
                &parameter.name,
                parameter.value.span,
                span,
            ));
        }
        Parameter { name: parameter.name.text.clone(), ty, values, range }
    }

    fn parameter_range(
        &mut self,
        range: &Tree,
        of: (jihe_model::types::Type, Span),
    ) -> Option<(Literal, Literal)> {
        let Node::Range(low, high) = &range.kind else {
            return self.report(errors::structure::not_a_range(range.span));
        };
        let (low, high) = (self.constant_of(low, of), self.constant_of(high, of));
        low.zip(high)
    }

    fn constant_of(
        &mut self,
        tree: &Tree,
        (ty, declared): (jihe_model::types::Type, Span),
    ) -> Option<Literal> {
        let (found, value) = self.constant(tree, Some(ty))?;
        if super::calls::alike(found, ty) {
            return Some(value);
        }
        let error = errors::types::wrong_constant(self.schema(), (found, tree.span), (ty, declared));
        self.report(error)
    }

    /// A literal, perhaps negative.
    fn constant(
        &mut self,
        tree: &Tree,
        expected: Option<jihe_model::types::Type>,
    ) -> Option<(jihe_model::types::Type, Literal)> {
        let value = self.value(tree, &nowhere(), expected)?;
        match value.kind {
            ExprKind::Literal(literal) => Some((value.ty, literal)),
            _ => self.report(errors::structure::not_a_constant(tree.span)),
        }
    }

    /// A derived field, typed now if it was not yet.
    pub(crate) fn derived(&mut self, at: usize, span: Span) -> Option<DerivedInfo> {
        match self.derived.get(at)? {
            Progress::Done(info) => return Some(*info),
            Progress::Failed => return None,
            Progress::Working => {
                let name = self.names.derived.get(at)?.bind.name.clone();
                return self.report(errors::structure::circle(&name, span));
            }
            Progress::Waiting => {}
        }
        let found = self.with_new_owner(|infer| infer.typed_derived(at));
        let progress = found.map_or(Progress::Failed, Progress::Done);
        if let Some(place) = self.derived.get_mut(at) {
            *place = progress;
        }
        found
    }

    fn typed_derived(&mut self, at: usize) -> Option<DerivedInfo> {
        let declared = *self.names.derived.get(at)?;
        if let Some(place) = self.derived.get_mut(at) {
            *place = Progress::Working;
        }
        self.not_too_deep(declared.bind.name.span)?;
        let (var, place) = self.fresh_place(Source::Kind(declared.kind));
        let bound = self.bound(&declared.bind.value, &Scope::of(place));
        self.clashing_names(Source::Kind(declared.kind));
        let (value, shape) = bound?;
        let id = DerivedId(u32::try_from(self.typed.derived.len()).ok()?);
        let name = declared.bind.name.text.clone();
        self.typed.derived.push(Derived { name, kind: declared.kind, var, value });
        Some(DerivedInfo { id, shape })
    }

    /// A summary, typed now if it was not yet.
    pub(crate) fn summary(&mut self, at: usize, span: Span) -> Option<SummaryId> {
        match self.summaries.get(at)? {
            Progress::Done(id) => return Some(*id),
            Progress::Failed => return None,
            Progress::Working => {
                let name = self.names.summaries.get(at)?.name.clone();
                return self.report(errors::structure::circle(&name, span));
            }
            Progress::Waiting => {}
        }
        let found = self.with_new_owner(|infer| infer.typed_summary(at));
        let progress = found.map_or(Progress::Failed, Progress::Done);
        if let Some(place) = self.summaries.get_mut(at) {
            *place = progress;
        }
        found
    }

    fn typed_summary(&mut self, at: usize) -> Option<SummaryId> {
        let declared = *self.names.summaries.get(at)?;
        if let Some(place) = self.summaries.get_mut(at) {
            *place = Progress::Working;
        }
        self.not_too_deep(declared.name.span)?;
        self.type_what_it_reads(declared);
        let records = self.records(&declared.records)?;
        let of_records = records.source;
        let summary = self.groups(&declared.name.text, records, &declared.group)?;
        self.clashing_names(of_records);
        let id = self.next_summary();
        let row = Place { row: Row::Var(summary.row), source: Source::Summary(id) };
        self.typed.summaries.push(summary);
        let scope = Scope { group: Some(row.clone()), ..Scope::of(row.clone()) };
        let mut complete = true;
        for bind in &declared.columns {
            complete &= self.column(bind, id, &scope).is_some();
        }
        let versions = match row.row {
            Row::Var(row) => self.versions_of(row),
            _ => Vec::new(),
        };
        let kept = self.typed.summaries.get_mut(id.index())?;
        kept.versions = versions;
        kept.scope = crate::scope::of_summary(kept, &self.typed.schema);
        complete.then_some(id)
    }

    fn column(&mut self, bind: &tree::Bind, id: SummaryId, scope: &Scope) -> Option<()> {
        let taken = self.typed.summaries.get(id.index())?;
        let is_taken = taken.keys.iter().any(|key| key.name == bind.name.text)
            || taken.columns.iter().any(|column| column.name == bind.name.text);
        if is_taken {
            return self.report(errors::structure::key_named_twice(bind.name.span, &bind.name.text));
        }
        let value = self.value(&bind.value, scope, None)?;
        if matches!(value.ty, jihe_model::types::Type::Interval | jihe_model::types::Type::CodeSet(_)) {
            let error = errors::aggregates::not_a_group_key(self.schema(), value.ty, bind.value.span);
            return self.report(error);
        }
        let column = SummaryColumn { name: bind.name.text.clone(), value };
        self.typed.summaries.get_mut(id.index())?.columns.push(column);
        Some(())
    }

    /// A summary only reads summaries before it, so those it names come first.
    fn type_what_it_reads(&mut self, declared: &tree::Summary) {
        let mut mentioned = Vec::new();
        mentions::names_in(&declared.records, &mut mentioned);
        for key in &declared.group.keys {
            mentions::names_in(&key.value, &mut mentioned);
        }
        for column in &declared.columns {
            mentions::names_in(&column.value, &mut mentioned);
        }
        for (name, span) in mentioned {
            if let Some(at) = self.names.summary_by_name.get(name.as_str()).copied()
                && self.summaries.get(at) == Some(&Progress::Waiting)
            {
                let _ = self.summary(at, span);
            }
            let fields: Vec<usize> = (0..self.names.derived.len())
                .filter(|at| {
                    self.names.derived.get(*at).is_some_and(|derived| derived.bind.name.text == name)
                })
                .filter(|at| self.derived.get(*at) == Some(&Progress::Waiting))
                .collect();
            for at in fields {
                let _ = self.derived(at, span);
            }
        }
    }

    fn not_too_deep(&mut self, span: Span) -> Option<()> {
        if self.depth <= LONGEST_CHAIN {
            return Some(());
        }
        self.report(errors::structure::chain_too_long(span))
    }

    /// Runs with variables and 设 of its own.
    pub(crate) fn with_new_owner<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let owner = std::mem::take(&mut self.owner);
        let range = self.range.take();
        self.depth = self.depth.saturating_add(1);
        let result = run(self);
        self.depth = self.depth.saturating_sub(1);
        self.range = range;
        self.owner = owner;
        result
    }
}

/// Where constants stand: no record has a field there.
pub(crate) fn nowhere() -> Scope {
    let place = Place { row: Row::Var(typed::VarId(u32::MAX)), source: Source::Kind(KindId(u16::MAX)) };
    Scope::of(place)
}
