//! Findings: what is said of each hit (contract 1–8).
//!
//! In: the hits of a rule. Out: [`Finding`]s.
//! Invariant: only hits cost anything here, and what is common to all of them is computed for all at once.

use super::Work;
use super::amounts::{Amount, Place};
use crate::column::{Column, Segments};
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::present;
use crate::ir::SetId;
use crate::live::Sketch;
use crate::plan::{NaturePlan, PartPlan};
use jihe_check::typed::{Rule, Source};
use jihe_model::finding::{Evidence, Finding, Nature, SEVERAL_VERSIONS};
use jihe_model::types::Type;
use jihe_model::value::Value;
use sha2::{Digest, Sha256};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

/// What a message shows for a value that is missing.
const UNKNOWN: &str = "未知";

/// Everything about all hits, by column.
struct Sheet {
    natures: Vec<Nature>,
    amounts: Option<Vec<Amount>>,
    offending: Vec<(Source, Rc<Segments>)>,
    involved: Vec<(Source, Rc<Segments>)>,
    values: Vec<(Type, Rc<Column>)>,
    message: Vec<Option<(Type, Rc<Column>)>>,
    /// Not asked for where every finding is what it was.
    said: OnceCell<Said>,
    /// 跨有效期: the tables, a hit.
    versions: Vec<Option<String>>,
}

/// What all findings of a rule say alike.
struct Said {
    id: Arc<str>,
    name: Arc<str>,
    version: Arc<str>,
    verify: Arc<str>,
    basis: Arc<[String]>,
    subject_kind: Arc<str>,
    /// The names of values, with the last for 跨有效期.
    names: Vec<Arc<str>>,
}

impl Sheet {
    /// What the finding of a hit is made of; none if it names rows of summaries, whose numbers change.
    fn sketch(&self, at: usize) -> Option<Sketch> {
        let is_summary = |source: Source| matches!(source, Source::Summary(_));
        let amount = self.amounts.as_ref().map(|amounts| &amounts[at]);
        let of_summaries = match amount {
            Some(Amount::Lines(lines)) => lines.iter().any(|line| is_summary(line.0.0)),
            Some(Amount::Undecided | Amount::Whole(_)) | None => false,
        };
        let mut sets = self.offending.iter().chain(&self.involved);
        if of_summaries || sets.any(|set| is_summary(set.0)) || self.versions[at].is_some() {
            return None;
        }
        let mut sketch = Sketch::default();
        sketch.word(match self.natures[at] {
            Nature::Violation => 0,
            Nature::Likely => 1,
            Nature::Suspicious => 2,
            Nature::DataQuality => 3,
        });
        sketch.amount(amount);
        sketch.places(union(&self.offending, at).into_iter());
        sketch.places(union(&self.involved, at).into_iter());
        for (_, column) in self.values.iter().chain(self.message.iter().flatten()) {
            sketch.value(column.get(at));
        }
        Some(sketch)
    }
}

impl Work<'_, '_> {
    pub(super) fn findings(&mut self, hits: &Rc<Domain>) {
        if hits.len == 0 {
            return;
        }
        let sheet = self.sheet(hits);
        if !self.context.is_live() {
            self.tally.findings.reserve_exact(hits.len);
        }
        for (at, row) in hits.slot(0).iter().enumerate() {
            if self.is_as_before(at, *row, &sheet) {
                self.tally.unchanged.push(self.context.key_text(self.source(), *row));
                continue;
            }
            let finding = self.finding(at, *row, &sheet);
            self.tally.findings.push(finding);
        }
    }

    /// Whether, in a session, the finding of a record would be what it was before the claim.
    fn is_as_before(&self, at: usize, row: u32, sheet: &Sheet) -> bool {
        let lives = self.context.is_live() && matches!(self.source(), Source::Kind(_));
        let sketch = if lives { sheet.sketch(at) } else { None };
        sketch.is_some_and(|sketch| self.context.is_unchanged(self.at, row, sketch))
    }

    fn sheet(&self, hits: &Rc<Domain>) -> Sheet {
        let context = self.context;
        let sets = |ids: &[SetId]| -> Vec<(Source, Rc<Segments>)> {
            let one = |id: &SetId| (context.run.plan.arena.set(*id).source, context.eval_set(*id, hits));
            ids.iter().map(one).collect()
        };
        let typed = |id| (context.type_of(id), context.eval(id, hits));
        Sheet {
            natures: context.natures(&self.plan.nature, hits),
            amounts: self.plan.amount.map(|clause| context.amounts(clause, hits)),
            offending: sets(&self.plan.offending),
            involved: sets(&self.plan.involved),
            values: self.plan.values.iter().map(|(_, id)| typed(*id)).collect(),
            message: self
                .plan
                .message
                .iter()
                .map(|part| match part {
                    PartPlan::Text(_) => None,
                    PartPlan::Value(id) => Some(typed(*id)),
                })
                .collect(),
            said: OnceCell::new(),
            versions: context.versions(&self.plan.versions, hits),
        }
    }

    fn finding(&mut self, at: usize, row: u32, sheet: &Sheet) -> Finding {
        let (context, rule, source) = (self.context, self.rule, self.source());
        let nature = sheet.natures[at];
        let claimed =
            sheet.amounts.as_ref().map(|amounts| &amounts[at]).filter(|_| nature != Nature::DataQuality);
        let offending = self.offending(at, row, sheet, claimed);
        let (amount, lines) = self.amount(claimed, &offending);
        let mut involved = context.ordered(union(&sheet.involved, at));
        without(&mut involved, &offending);
        let mut records = context.places_of(source, row);
        for place in offending.iter().chain(&involved) {
            context.put_places(place.0, place.1, &mut records);
        }
        let carried = carrier(&lines);
        let named = |place: &Place, amount| Evidence {
            kind: context.shared_name(place.0),
            key: context.key_text(place.0, place.1),
            amount,
        };
        let offending: Vec<Evidence> = offending.iter().map(|place| named(place, carried(place))).collect();
        let involved: Vec<Evidence> = involved.iter().map(|place| named(place, None)).collect();
        let subject_key = context.key_text(source, row);
        let [person, institution, practitioner, visit] = context.shared(&records);
        let said = sheet.said.get_or_init(|| self.said());
        Finding {
            finding_id: finding_id(rule, &subject_key, &offending, &involved),
            rule_id: Arc::clone(&said.id),
            rule_name: Arc::clone(&said.name),
            rule_version: Arc::clone(&said.version),
            nature,
            subject_kind: Arc::clone(&said.subject_kind),
            subject_key,
            person,
            institution,
            practitioner,
            visit,
            service_date: present(context.service_of(source, row)).ok(),
            amount,
            message: self.message(at, sheet),
            verify: Arc::clone(&said.verify),
            basis: Arc::clone(&said.basis),
            offending,
            involved,
            values: self.values(at, sheet, &said.names),
        }
    }

    fn said(&self) -> Said {
        let rule = self.rule;
        let names = self.plan.values.iter().map(|(name, _)| name.as_str()).chain([SEVERAL_VERSIONS]);
        Said {
            id: Arc::from(rule.id.as_str()),
            name: Arc::from(rule.title.as_str()),
            version: Arc::from(rule.version.as_str()),
            verify: Arc::from(rule.verify.as_str()),
            basis: Arc::from(rule.basis.as_slice()),
            subject_kind: Arc::from(self.subject_kind()),
            names: names.map(Arc::from).collect(),
        }
    }

    /// A group of the rule's own is named for its records, a summary for itself.
    fn subject_kind(&self) -> &str {
        let source = match self.source() {
            Source::Summary(id) if self.rule.grouped => self
                .context
                .run
                .plan
                .summaries
                .get(id.index())
                .map_or(self.source(), |summary| summary.source),
            other => other,
        };
        self.context.source_name(source)
    }

    /// 违规明细; by default the lines in excess, the subject if it is a line, or the members if they are lines.
    fn offending(&self, at: usize, row: u32, sheet: &Sheet, claimed: Option<&Amount>) -> Vec<Place> {
        let context = self.context;
        if !self.plan.offending.is_empty() {
            return context.ordered(union(&sheet.offending, at));
        }
        if let Some(Amount::Lines(lines)) = claimed {
            return context.ordered(lines.iter().filter(|line| line.1 > 0).map(|line| line.0).collect());
        }
        let own = match self.source() {
            Source::Summary(id) => {
                let from = context.run.plan.summaries.get(id.index()).map(|summary| summary.source);
                let data = context.summary(id);
                from.map(|from| data.member_rows(row).iter().map(|member| (from, *member)).collect())
            }
            source => Some(vec![(source, row)]),
        };
        let own: Vec<Place> = own.unwrap_or_default();
        context.ordered(own.into_iter().filter(|place| context.is_line(*place)).collect())
    }

    fn amount(&mut self, claimed: Option<&Amount>, offending: &[Place]) -> (Option<i64>, Vec<(Place, i64)>) {
        let coverage = &mut self.tally.coverage;
        let (amount, lines) = match claimed {
            None => (None, Vec::new()),
            Some(Amount::Undecided) => {
                coverage.amount_undecided = coverage.amount_undecided.saturating_add(1);
                (None, Vec::new())
            }
            Some(Amount::Whole(whole)) => {
                let spread = self.context.spread(*whole, offending);
                coverage.amount_cut = coverage.amount_cut.saturating_add(u64::from(spread.cut));
                (Some(spread.amount), spread.lines)
            }
            Some(Amount::Lines(lines)) => {
                let total: i128 = lines.iter().map(|line| i128::from(line.1)).sum();
                (Some(i64::try_from(total.max(0)).unwrap_or(i64::MAX)), lines.clone())
            }
        };
        coverage.amount = coverage.amount.saturating_add(i128::from(amount.unwrap_or(0)));
        (amount, lines)
    }

    fn message(&self, at: usize, sheet: &Sheet) -> String {
        let mut text = String::new();
        for (part, column) in self.plan.message.iter().zip(&sheet.message) {
            match (part, column) {
                (PartPlan::Text(part), _) => text.push_str(part),
                (PartPlan::Value(_), Some((ty, column))) => {
                    text.push_str(self.context.display(column.get(at), *ty).as_deref().unwrap_or(UNKNOWN));
                }
                (PartPlan::Value(_), None) => {}
            }
        }
        text
    }

    fn values(&self, at: usize, sheet: &Sheet, names: &[Arc<str>]) -> Vec<(Arc<str>, Option<String>)> {
        let printed = |(ty, column): &(Type, Rc<Column>)| self.context.display(column.get(at), *ty);
        let spans = sheet.versions[at].iter().map(|tables| Some(tables.clone()));
        let values = sheet.values.iter().map(printed).chain(spans);
        names.iter().map(Arc::clone).zip(values).collect()
    }
}

impl Context<'_> {
    fn display(&self, value: Value, ty: Type) -> Option<String> {
        self.run.texts.display(value, ty, &self.run.rules.schema)
    }

    /// The nature of each hit; an undecided condition takes the milder branch.
    fn natures(&self, nature: &NaturePlan, domain: &Rc<Domain>) -> Vec<Nature> {
        match nature {
            NaturePlan::Is(nature) => vec![*nature; domain.len],
            NaturePlan::If(condition, yes, no) => {
                let condition = self.eval(*condition, domain);
                let (yes, no) = (self.natures(yes, domain), self.natures(no, domain));
                let choose = |at: usize| match present(condition.get(at)) {
                    Ok(0) => no[at],
                    Ok(_) => yes[at],
                    Err(_) => yes[at].max(no[at]),
                };
                (0..domain.len).map(choose).collect()
            }
        }
    }
}

/// What each place carries of an amount.
fn carrier(lines: &[(Place, i64)]) -> impl Fn(&Place) -> Option<i64> {
    let mut sorted = lines.to_vec();
    sorted.sort_by_key(|line| line.0);
    move |place| {
        let at = sorted.partition_point(|line| line.0 < *place);
        sorted.get(at).filter(|line| line.0 == *place).map(|line| line.1)
    }
}

/// Takes places out of a list.
fn without(places: &mut Vec<Place>, out: &[Place]) {
    const FEW: usize = 16;
    if out.len() <= FEW {
        places.retain(|place| !out.contains(place));
        return;
    }
    let mut sorted = out.to_vec();
    sorted.sort_unstable();
    places.retain(|place| sorted.binary_search(place).is_err());
}

/// The sure members of several sets.
fn union(sets: &[(Source, Rc<Segments>)], at: usize) -> Vec<Place> {
    sets.iter().flat_map(|(source, segments)| segments.members(at).map(|row| (*source, row))).collect()
}

/// Contract 6: every text and every list is preceded by its length.
fn finding_id(rule: &Rule, subject_key: &str, offending: &[Evidence], involved: &[Evidence]) -> String {
    let mut told = Vec::with_capacity(512);
    let length = |told: &mut Vec<u8>, count: usize| {
        told.extend_from_slice(&u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
    };
    let text = |told: &mut Vec<u8>, text: &str| {
        length(told, text.len());
        told.extend_from_slice(text.as_bytes());
    };
    for part in [&rule.id, &rule.version, subject_key] {
        text(&mut told, part);
    }
    for list in [offending, involved] {
        let mut keys: Vec<&str> = list.iter().map(|evidence| evidence.key.as_str()).collect();
        keys.sort_unstable();
        length(&mut told, keys.len());
        for key in keys {
            text(&mut told, key);
        }
    }
    let digest = Sha256::digest(&told);
    let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let mut id = String::with_capacity(32);
    id.extend(digest.iter().take(16).flat_map(|byte| [hex(byte >> 4), hex(byte & 15)]));
    id
}
