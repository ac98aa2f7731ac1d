//! Rules: what each says of each subject (sentences 25, 30, 34, 36).
//!
//! In: a rule and the world. Out: its findings and counts.
//! Invariant: every subject seen has exactly one outcome.

use crate::amounts::{Amount, Spread, amount, is_line, spread, sum};
use crate::env::{Env, LetValue};
use crate::eval::eval;
use crate::findings::{Evidenced, finding, members, subject_key};
use crate::rows::RowRef;
use crate::sets::{row_state, rows};
use crate::world::World;
use jihe_check::typed::{Bound, NatureExpr, Rule, Set, Source};
use jihe_model::finding::{Finding, Nature, Outcome, RuleCoverage, SubjectOutcome};
use jihe_model::value::CauseKind;

/// What one rule gives.
#[derive(Debug, Default)]
pub(crate) struct RuleResult {
    pub(crate) findings: Vec<Finding>,
    pub(crate) coverage: RuleCoverage,
    pub(crate) subjects: Vec<SubjectOutcome>,
}

/// The outcome for one subject, with its cause, reason or scope.
enum Verdict<'w> {
    NotApplicable,
    Pass,
    Exempt(String),
    Undecided(CauseKind),
    Hit(Env<'w>),
}

pub(crate) fn run<'w>(rule: &'w Rule, world: &'w World<'w>) -> RuleResult {
    let mut result = RuleResult::default();
    for row in world.all(rule.subject) {
        count(&mut result.coverage.seen);
        let outcome = match verdict(rule, row, world) {
            Verdict::NotApplicable => {
                count(&mut result.coverage.not_applicable);
                Outcome::NotApplicable
            }
            Verdict::Pass => {
                count(&mut result.coverage.pass);
                Outcome::Pass
            }
            Verdict::Exempt(reason) => {
                count(&mut result.coverage.exempt);
                count(result.coverage.exempt_by_reason.entry(reason).or_insert(0));
                Outcome::Exempt
            }
            Verdict::Undecided(cause) => {
                undecided(&mut result.coverage, &cause);
                Outcome::Undecided
            }
            Verdict::Hit(env) => {
                count(&mut result.coverage.hit);
                let found = hit(rule, row, &env, &mut result.coverage);
                result.findings.push(found);
                Outcome::Hit
            }
        };
        let (rule_id, subject_key) = (rule.id.clone(), subject_key(row, world));
        let members = members(row, world);
        result.subjects.push(SubjectOutcome { rule_id, subject_key, outcome, members });
    }
    if let (true, Source::Summary(id)) = (rule.grouped, rule.subject) {
        let ungrouped = world.summaries.get(id.index()).map_or(&[][..], |rows| rows.undecided.as_slice());
        for (_, cause) in ungrouped {
            count(&mut result.coverage.seen);
            undecided(&mut result.coverage, cause);
        }
    }
    result
}

fn count(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}

fn undecided(coverage: &mut RuleCoverage, cause: &CauseKind) {
    count(&mut coverage.undecided);
    count(coverage.undecided_by_cause.entry(cause.to_string()).or_insert(0));
}

fn verdict<'w>(rule: &'w Rule, row: RowRef, world: &'w World<'w>) -> Verdict<'w> {
    let mut env = Env::owner(world, rule.var, row);
    let filter = rule.filter.as_ref().map_or(Ok(true), |filter| eval(filter, &env).decide());
    match (is_in_force(rule, &env.service), filter) {
        (Ok(false), _) | (_, Ok(false)) => return Verdict::NotApplicable,
        (Err(cause), _) | (_, Err(cause)) => return Verdict::Undecided(cause),
        (Ok(true), Ok(true)) => {}
    }
    for bound in &rule.lets {
        let value = match &bound.value {
            Bound::Value(expr) => LetValue::Value(eval(expr, &env)),
            Bound::Row(row) => LetValue::Row(row_state(row, &env)),
            Bound::Set(set) => LetValue::Set(rows(set, &env)),
        };
        env.bind(value);
    }
    let when = eval(&rule.when, &env).decide();
    if when == Ok(false) {
        return Verdict::Pass;
    }
    let mut unsure = when.err();
    for (condition, reason) in &rule.exemptions {
        match eval(condition, &env).decide() {
            Ok(true) => return Verdict::Exempt(reason.clone()),
            Ok(false) => {}
            Err(cause) => unsure = unsure.or(Some(cause)),
        }
    }
    unsure.map_or(Verdict::Hit(env), Verdict::Undecided)
}

/// Sentence 25: the date of service lies in the rule's validity.
fn is_in_force(rule: &Rule, service: &Result<i64, CauseKind>) -> Result<bool, CauseKind> {
    let (from, to) = rule.effective;
    if from.is_none() && to.is_none() {
        return Ok(true);
    }
    let day = service.clone()?;
    Ok(from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to))
}

fn hit(rule: &Rule, row: RowRef, env: &Env<'_>, coverage: &mut RuleCoverage) -> Finding {
    let nature = nature(&rule.nature, env);
    let clause = rule.amount.as_ref().filter(|_| nature != Nature::DataQuality);
    let claimed = clause.map(|clause| amount(clause, env));
    let offending = offending(rule, row, claimed.as_ref(), env);
    let (amount, lines) = match claimed {
        None => (None, Vec::new()),
        Some(Amount::Undecided) => {
            count(&mut coverage.amount_undecided);
            (None, Vec::new())
        }
        Some(Amount::Whole(whole)) => {
            let Spread { amount, lines, cut } = spread(whole, &offending, env.world);
            coverage.amount_cut = coverage.amount_cut.saturating_add(u64::from(cut));
            (Some(amount), lines)
        }
        Some(Amount::Lines(lines)) => {
            let total = sum(lines.iter().map(|(_, amount)| *amount)).max(0);
            (Some(i64::try_from(total).unwrap_or(i64::MAX)), lines)
        }
    };
    coverage.amount = coverage.amount.saturating_add(i128::from(amount.unwrap_or(0)));
    let involved = union(&rule.involved, env).into_iter().filter(|row| !offending.contains(row)).collect();
    finding(rule, &Evidenced { row, nature, amount, offending, lines, involved }, env)
}

/// An undecided condition takes the milder branch.
fn nature(expr: &NatureExpr, env: &Env<'_>) -> Nature {
    match expr {
        NatureExpr::Is(nature) => *nature,
        NatureExpr::If(condition, then, otherwise) => match eval(condition, env).decide() {
            Ok(true) => nature(then, env),
            Ok(false) => nature(otherwise, env),
            Err(_) => nature(then, env).max(nature(otherwise, env)),
        },
    }
}

/// 违规明细; by default the lines in excess, the subject if it is a line, or the members if they are lines.
fn offending(rule: &Rule, row: RowRef, amount: Option<&Amount>, env: &Env<'_>) -> Vec<RowRef> {
    if !rule.offending.is_empty() {
        return union(&rule.offending, env);
    }
    if let Some(Amount::Lines(lines)) = amount {
        let over = lines.iter().filter(|(_, amount)| *amount > 0).map(|(row, _)| *row);
        return env.world.sorted(over.collect());
    }
    let own: Vec<RowRef> = match row {
        RowRef::Record(..) => vec![row],
        RowRef::Summary(id, place) => {
            env.world.summary_row(id, place).map_or_else(Vec::new, |row| row.members.clone())
        }
        RowRef::Table(..) => Vec::new(),
    };
    own.into_iter().filter(|row| is_line(*row, env.world)).collect()
}

/// The sure rows of several sets, each once.
fn union(sets: &[Set], env: &Env<'_>) -> Vec<RowRef> {
    let found = sets.iter().flat_map(|set| rows(set, env).rows);
    env.world.sorted(found.filter(|row| !matches!(row, RowRef::Table(..))).collect())
}
