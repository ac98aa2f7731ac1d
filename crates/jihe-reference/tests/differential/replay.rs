//! One person's claims through a session, visit by visit in time order, against the batch.
//!
//! In: a ruleset and claims. Out: nothing, or what differs.
//! Invariant: 个人 rules only, none that looks ahead, and no refunds, which may come later (contract 25).

use super::claims::{Block, Claims};
use super::package::{Package, words};
use jihe::Ruleset;
use jihe_model::finding::Finding;
use std::collections::BTreeMap;

const PERSON: &str = "P1";
const AHEAD: [&str; 4] = ["随后", "此后", "前后", "下一"];

/// Which visit a row belongs to.
enum Place {
    /// No visit: part of the history.
    History,
    Visit(String),
    /// Somebody else's, or nobody's.
    Elsewhere,
}

/// Ids of the rules the law holds for.
pub(crate) fn lawful(ruleset: &Ruleset, package: &Package) -> Vec<String> {
    let scopes: BTreeMap<&str, &str> = ruleset.scopes().collect();
    let rules = ruleset.typed().rules.iter().zip(&package.rules);
    let holds = |text: &str| {
        let text = package.reach(text);
        !words(&text).any(|word| AHEAD.contains(&word.text) || word.text == "退费")
    };
    rules
        .filter(|(rule, (text, _))| scopes.get(rule.id.as_str()) == Some(&"person") && holds(text))
        .map(|(rule, _)| rule.id.clone())
        .collect()
}

/// Says where folded checks and batch differ over one person's records.
pub(crate) fn difference(ruleset: &Ruleset, claims: &Claims, rules: &[String]) -> Result<(), String> {
    let Some(parts) = parts(claims) else { return Ok(()) };
    let read =
        |claims: &Claims| jihe::Claims { records: claims.records(ruleset.schema()), rejects: Vec::new() };
    let kept = |finding: &&Finding| rules.iter().any(|rule| **rule == *finding.rule_id);
    let place = |finding: &Finding| (finding.rule_id.to_string(), finding.subject_key.clone());
    let mut session = ruleset.session(read(&parts[0]));
    let mut folded: BTreeMap<(String, String), Finding> =
        session.findings().map(|finding| (place(finding), finding.clone())).collect();
    for part in &parts[1..] {
        let check = session.check(&read(part));
        for gone in check.withdrawn {
            folded.remove(&gone);
        }
        folded.extend(check.findings.iter().map(|finding| (place(finding), (**finding).clone())));
    }
    let all = together(&parts);
    let report = ruleset.audit(&read(&all), &jihe::Options::default());
    let batch: Vec<&Finding> = report.findings().iter().filter(kept).collect();
    let folded: Vec<&Finding> = folded.values().filter(kept).collect();
    if batch == folded {
        return Ok(());
    }
    Err(format!("replay\n batch  {batch:?}\n folded {folded:?}\n of\n{}", all.text()))
}

/// The history, then the person's visits in time order, each with all that belongs to it.
fn parts(claims: &Claims) -> Option<Vec<Claims>> {
    let visits = block(claims, "就诊")?;
    let (key, person) = (0, column(visits, "参保人")?);
    let clock = column(visits, "时间")?;
    let mut own: Vec<&Vec<String>> = visits.rows.iter().filter(|row| row[person] == PERSON).collect();
    // Missing times, written `-`, come last.
    own.sort_by_key(|row| (row[clock] == "-", row[clock].clone(), row[key].clone()));
    let order: Vec<String> = own.iter().map(|row| row[key].clone()).collect();
    let mut run = claims.run.clone();
    run.coverage = run.coverage.filter(|_| !run.unbounded);
    if run.coverage.is_none() {
        run.unbounded = true;
    }
    run.as_of.get_or_insert(19_760);
    let empty = |block: &Block| Block { rows: Vec::new(), ..block.clone() };
    let blocks: Vec<Block> = claims.blocks.iter().filter(|block| block.kind != "退费").map(empty).collect();
    let mut parts = vec![Claims { blocks: blocks.clone(), run }; order.len() + 1];
    let kept = claims.blocks.iter().filter(|block| block.kind != "退费");
    for (at, block) in kept.enumerate() {
        for row in &block.rows {
            let part = match place(claims, block, row) {
                Place::History => Some(0),
                Place::Visit(visit) => order.iter().position(|held| *held == visit).map(|found| found + 1),
                Place::Elsewhere => None,
            };
            if let Some(part) = part {
                parts[part].blocks[at].rows.push(row.clone());
            }
        }
    }
    Some(parts)
}

fn block<'c>(claims: &'c Claims, kind: &str) -> Option<&'c Block> {
    claims.blocks.iter().find(|block| block.kind == kind)
}

fn column(block: &Block, name: &str) -> Option<usize> {
    block.columns.iter().position(|column| *column == name)
}

fn place(claims: &Claims, block: &Block, row: &[String]) -> Place {
    let cell = |name: &str| column(block, name).map(|at| row[at].as_str());
    if block.kind == "就诊" {
        return Place::Visit(row[0].clone());
    }
    // A refund may come later than its line's claim.
    if block.kind == "明细"
        && cell("数量").is_some_and(|quantity| quantity.starts_with('-') && quantity != "-")
    {
        return Place::Elsewhere;
    }
    if let Some(visit) = cell("就诊") {
        return Place::Visit(visit.to_owned());
    }
    if let Some(line) = cell("明细").or_else(|| cell("收费明细")) {
        let lines = self::block(claims, "明细");
        let visit = lines.and_then(|lines| {
            let at = column(lines, "就诊")?;
            lines.rows.iter().find(|held| held[0] == line).map(|held| held[at].clone())
        });
        return visit.map_or(Place::Elsewhere, Place::Visit);
    }
    match (block.kind, cell("参保人")) {
        ("参保人", _) if row[0] != PERSON => Place::Elsewhere,
        (_, Some(person)) if person != PERSON => Place::Elsewhere,
        ("明细" | "原始明细" | "结算", _) => Place::Elsewhere,
        _ => Place::History,
    }
}

fn together(parts: &[Claims]) -> Claims {
    let mut all = parts[0].clone();
    for part in &parts[1..] {
        for (held, more) in all.blocks.iter_mut().zip(&part.blocks) {
            held.rows.extend(more.rows.iter().cloned());
        }
    }
    all
}
