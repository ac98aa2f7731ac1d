//! Rules: clauses to a typed rule.
//!
//! In: a rule of the syntax tree. Out: a [`typed::Rule`].
//! Invariant: every clause is typed even where an earlier one is wrong, so that a rule's faults are reported together.

use jihe_syntax::tree::{self, Bind, Expr as Tree, Group};

use super::rule_clauses::{Clauses, collect};
use super::{Infer, LetInfo, Owner, Place, Scope};
use crate::resolve::RuleDeclaration;
use crate::typed::{self, Expr, Let, LetId, Row, Rule, RuleId, Source, VarId};
use crate::{errors, lints, scope};

impl Infer<'_> {
    pub(super) fn all_rules(&mut self) {
        let names = self.names;
        for declaration in &names.rules {
            let rule = self.with_new_owner(|infer| infer.rule(declaration));
            if let Some(rule) = rule {
                self.typed.rules.push(rule);
            }
        }
        lints::rules::check(self.names, &self.typed, &mut self.diagnostics);
        lints::unused::check(self.names, &mut self.diagnostics);
    }

    fn rule(&mut self, declaration: &RuleDeclaration<'_>) -> Option<Rule> {
        let rule = declaration.rule;
        let clauses = collect(rule, &mut self.diagnostics);
        let Some((records, group)) = clauses.subject else {
            return self.report(errors::structure::missing_clause(&rule.name, "针对", "for each"));
        };
        let subject = self.subject(&rule.name.text, records, group)?;
        let place = Place { row: Row::Var(subject.var), source: subject.source };
        let grouped = matches!(subject.source, Source::Summary(_));
        let scope = Scope { group: grouped.then(|| place.clone()), ..Scope::of(place) };
        let mut lets = Vec::new();
        for bind in &clauses.lets {
            self.let_clause(bind, &scope, &mut lets);
        }
        let when = self.when(rule, &clauses, &scope);
        let exemptions: Vec<_> = clauses
            .unless
            .iter()
            .map(|(condition, reason)| Some((self.condition(condition, &scope)?, reason.text.clone())))
            .collect();
        let nature = self.nature_clause(rule, &clauses, &scope);
        let evidence = self.evidence(&clauses, &scope, &subject);
        let message = self.message(rule, &clauses, &scope);
        self.clashing_names(subject.source);
        self.reserved_value_names(&clauses);
        let evidence = evidence?;
        let mut typed = Rule {
            name: rule.name.text.clone(),
            id: clauses.id.map_or_else(|| rule.name.text.clone(), |id| id.text.clone()),
            title: clauses.title.map_or_else(|| rule.name.text.clone(), |title| title.text.clone()),
            version: declaration.version.to_owned(),
            basis: clauses.basis.iter().map(|basis| basis.text.clone()).collect(),
            stages: clauses.typed_stages(),
            effective: self.effective(&clauses),
            precedes: self.precedes(&clauses),
            subject: subject.source,
            var: subject.var,
            filter: subject.filter,
            grouped: group.is_some(),
            lets,
            when: when?,
            exemptions: exemptions.into_iter().collect::<Option<_>>()?,
            nature: nature?,
            offending: evidence.offending,
            amount: evidence.amount,
            involved: evidence.involved,
            show: evidence.show,
            message: message?,
            verify: clauses.verify.map_or_else(String::new, |verify| verify.text.clone()),
            scope: typed::Scope::Person,
            by_snapshot: false,
            cost: typed::Cost::Linear,
            versions: self.versions_of(subject.var),
            span: declaration.span,
        };
        let verdict = scope::of_rule(&typed, &self.typed);
        (typed.scope, typed.by_snapshot, typed.cost) = (verdict.scope, verdict.by_snapshot, verdict.cost);
        self.after_rule(&typed, &clauses, verdict);
        lints::unused::lets(rule, &typed, &mut self.diagnostics);
        Some(typed)
    }

    fn after_rule(&mut self, rule: &Rule, clauses: &Clauses<'_>, verdict: scope::Verdict) {
        let mut found = lints::rule(rule, &self.typed);
        if rule.scope == typed::Scope::Population {
            let early = clauses.stages.iter().find(|(stage, _)| *stage != tree::Stage::Post);
            let subject =
                clauses.subject.filter(|_| scope::of_subject(rule, &self.typed) == typed::Scope::Population);
            let reads = verdict.population_at.or(subject.map(|(records, _)| records.span));
            if let (Some((_, at)), Some(reads)) = (early, reads) {
                found.push(errors::structure::population_stage(*at, reads));
            }
        }
        if rule.cost == typed::Cost::Window && rule.scope == typed::Scope::Population {
            found.push(errors::structure::too_costly(verdict.costly_at.unwrap_or(rule.span)));
        }
        self.diagnostics.append(&mut found);
    }

    fn subject(&mut self, name: &str, records: &Tree, group: Option<&Group>) -> Option<Subject> {
        let Some(group) = group else {
            let records = self.records(records)?;
            return Some(Subject { source: records.source, var: records.var, filter: records.filter });
        };
        let owner = std::mem::take(&mut self.owner);
        let summary = self.records(records).and_then(|records| {
            let source = records.source;
            let summary = self.groups(name, records, group);
            self.clashing_names(source);
            summary
        });
        self.owner = owner;
        let mut summary = summary?;
        summary.scope = scope::of_summary(&summary, &self.typed.schema);
        let source = Source::Summary(self.next_summary());
        self.typed.summaries.push(summary);
        let var = self.fresh(source);
        Some(Subject { source, var, filter: None })
    }

    fn let_clause(&mut self, bind: &Bind, scope: &Scope, lets: &mut Vec<Let>) {
        if let Some(first) = self.owner.lets.iter().find(|bound| bound.name == bind.name.text) {
            let error = errors::names::declared_twice(&bind.name, first.span);
            self.diagnostics.push(error);
            return;
        }
        let bound = self.bound(&bind.value, scope);
        let shape = bound.as_ref().and_then(|(_, shape)| {
            let id = LetId(u32::try_from(lets.len()).ok()?);
            Some((id, *shape))
        });
        self.owner.lets.push(LetInfo { name: bind.name.text.clone(), span: bind.name.span, shape });
        if let Some((value, _)) = bound {
            lets.push(Let { name: bind.name.text.clone(), value });
        }
    }

    /// Sentence 4: no 设, parameter, code set or table that is used may be named like a field of the subject or a candidate.
    pub(super) fn clashing_names(&mut self, subject: Source) {
        let Owner { lets, used, candidates, .. } = &self.owner;
        let of_lets = lets.iter().map(|bound| {
            let name = tree::Name { text: bound.name.clone(), span: bound.span };
            (name, None)
        });
        let of_declared = used.iter().map(|(name, declared)| (name.clone(), Some(*declared)));
        let mut found = Vec::new();
        for (name, declared) in of_lets.chain(of_declared) {
            let kinds = candidates.iter().map(|kind| Source::Kind(*kind));
            let clash = kinds.chain([subject]).find_map(|source| self.field_named(source, &name.text));
            let Some(of) = clash else { continue };
            let error = errors::names::clashes_with_field(&name, &of);
            found.push(match declared {
                Some(declared) => errors::names::declared_here(error, declared),
                None => error,
            });
        }
        for error in found {
            if !self.diagnostics.contains(&error) {
                self.diagnostics.push(error);
            }
        }
    }

    /// `values` of a finding has a key of its own (sentence 21), which no 设 or 列示 may take.
    fn reserved_value_names(&mut self, clauses: &Clauses<'_>) {
        let lets = clauses.lets.iter().map(|bind| (bind.name.text.as_str(), bind.name.span));
        let shown = clauses.show.iter().map(|tree| (self.input.sources.text(tree.span).trim(), tree.span));
        let taken: Vec<_> = lets
            .chain(shown)
            .filter(|(name, _)| *name == jihe_model::finding::SEVERAL_VERSIONS)
            .map(|(name, span)| errors::names::taken_by_findings(name, span))
            .collect();
        self.diagnostics.extend(taken);
    }

    /// The name of a source that has such a field.
    fn field_named(&self, source: Source, name: &str) -> Option<String> {
        let has = match source {
            Source::Kind(kind) => {
                self.schema().kind(kind).is_some_and(|kind| kind.find_field(name).is_some())
                    || self.names.derived_by_name.contains_key(&(kind, name))
            }
            Source::Summary(id) => self.typed.summaries.get(id.index()).is_some_and(|summary| {
                summary.keys.iter().any(|key| key.name == name)
                    || summary.columns.iter().any(|column| column.name == name)
            }),
            Source::Table(_) => false,
        };
        has.then(|| self.source_name(source))
    }

    fn when(&mut self, rule: &tree::Rule, clauses: &Clauses<'_>, scope: &Scope) -> Option<Expr> {
        match clauses.when {
            Some(condition) => self.condition(condition, scope),
            None => self.report(errors::structure::missing_clause(&rule.name, "当", "when")),
        }
    }

    fn effective(&mut self, clauses: &Clauses<'_>) -> (Option<i64>, Option<i64>) {
        let Some((from, to)) = clauses.effective else { return (None, None) };
        let (first, last) = (self.date(from), to.and_then(|to| self.date(to)));
        if let (Some(first), Some(last), Some(to)) = (first, last, to)
            && last < first
        {
            self.diagnostics.push(errors::structure::ends_before_start(from.span, to.span));
        }
        (first, last)
    }

    fn precedes(&mut self, clauses: &Clauses<'_>) -> Vec<RuleId> {
        let mut rules = Vec::new();
        for name in clauses.precedes {
            if let Some(at) = self.names.rule_by_name.get(name.text.as_str()) {
                rules.extend(u32::try_from(*at).ok().map(RuleId));
                continue;
            }
            let known: Vec<String> = self.names.rule_by_name.keys().map(|name| (*name).to_owned()).collect();
            self.diagnostics.push(errors::names::unknown_rule(name, &known));
        }
        rules
    }
}

/// What a rule is about.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) source: Source,
    pub(super) var: VarId,
    pub(super) filter: Option<Expr>,
}

impl Subject {
    /// Where the rule stands, for messages.
    pub(super) fn is_lines(&self, infer: &Infer<'_>) -> bool {
        let item = infer.item_source();
        match self.source {
            Source::Summary(id) => {
                infer.typed.summaries.get(id.index()).is_some_and(|summary| summary.records.source == item)
            }
            source @ (Source::Kind(_) | Source::Table(_)) => source == item,
        }
    }
}
