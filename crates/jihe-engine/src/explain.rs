//! The plan in words: what each rule costs, which steps it takes, and which rules share them.
//!
//! In: the rules and their plan. Out: text.
//! Invariant: two rules are said to share a step exactly when the engine computes it once for both.
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not told in words is told as …")]

mod walk;

use core::fmt::Write as _;

use crate::ir::{ExprId, ExprOp, PeriodOp, RowId, RowOp, SetOp, WindowOp};
use crate::plan::{KeyValuePlan, Plan};
use jihe_check::typed::{Cost, Scope, Source, TypedRules};
use std::collections::{BTreeMap, BTreeSet};
use walk::{Step, steps_of};

/// Says of every rule its scope, cost class and steps, and of every step which rules share it.
pub fn explain(rules: &TypedRules, plan: &Plan) -> String {
    let teller = Teller { rules, plan };
    let mut users: BTreeMap<Step, BTreeSet<usize>> = BTreeMap::new();
    let mut by_rule: Vec<BTreeSet<Step>> = Vec::new();
    for (at, rule) in plan.rules.iter().enumerate() {
        let steps = steps_of(plan, rule);
        for step in &steps {
            users.entry(step.clone()).or_default().insert(at);
        }
        by_rule.push(steps);
    }
    let numbers: BTreeMap<&Step, usize> = users.keys().zip(1..).collect();
    let mut text = String::new();
    for ((rule, planned), steps) in rules.rules.iter().zip(&plan.rules).zip(by_rule) {
        let run = if planned.by_person { "逐人分桶" } else { "全体一次" };
        let (scope, cost) = (scope(rule.scope), cost(rule.cost));
        let _ = writeln!(text, "{} {}：{scope}，{cost}，{run}", rule.id, rule.title);
        for step in steps {
            let number = numbers.get(&step).copied().unwrap_or(0);
            let _ = writeln!(text, "  #{number} {}", teller.step(&step));
        }
    }
    text.push_str("\n共用的步骤\n");
    for (step, users) in users.iter().filter(|(_, users)| users.len() > 1) {
        let ids: Vec<&str> =
            users.iter().filter_map(|at| rules.rules.get(*at)).map(|rule| rule.id.as_str()).collect();
        let number = numbers.get(step).copied().unwrap_or(0);
        let _ = writeln!(text, "  #{number} {}：{}", teller.step(step), ids.join("、"));
    }
    text
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Person => "个人",
        Scope::Population => "群体",
    }
}

fn cost(cost: Cost) -> &'static str {
    match cost {
        Cost::Linear => "甲 O(n log n)",
        Cost::Tree => "乙 O(n log² n)",
        Cost::Window => "丙 O(n·w)",
    }
}

struct Teller<'a> {
    rules: &'a TypedRules,
    plan: &'a Plan,
}

impl Teller<'_> {
    fn step(&self, step: &Step) -> String {
        match step {
            Step::Summary(id) => {
                let name = self.source(Source::Summary(*id));
                let Some(summary) = self.plan.summaries.get(id.index()) else { return name };
                let keys: Vec<String> = summary
                    .keys
                    .iter()
                    .map(|key| match key.value {
                        KeyValuePlan::One(value) => self.expr(value),
                        KeyValuePlan::EachDay(_) => "逐日".to_owned(),
                        KeyValuePlan::Each(_, _, value) => format!("各{}", self.expr(value)),
                    })
                    .collect();
                format!("分组 {name} = {} 按 ({})", self.source(summary.source), keys.join(", "))
            }
            Step::Window(set) => {
                let node = self.plan.arena.set(*set);
                match &node.op {
                    SetOp::Window(window) => self.window(window, node.source),
                    _ => self.source(node.source),
                }
            }
            Step::Gather(expr) => format!("取 {}", self.expr(*expr)),
            Step::Lookup(table) => format!("查表 {}", self.source(Source::Table(*table))),
        }
    }

    fn window(&self, window: &WindowOp, source: Source) -> String {
        let keys: Vec<String> = window.keys.iter().map(|key| self.expr(key.0)).collect();
        let period = match &window.period {
            Some(PeriodOp::Rolling { .. }) => "，滚动窗口",
            Some(PeriodOp::Nearest { .. }) => "，最近若干次",
            Some(PeriodOp::During { .. }) => "，期间",
            Some(PeriodOp::Overlapping { .. }) => "，重叠",
            Some(PeriodOp::ValidAt { .. }) => "，有效于",
            None if window.neighbour.is_some() => "，相邻",
            None => "",
        };
        let open = if window.open.is_some() { "，逐对判断" } else { "" };
        format!("索引 {} 同一({}){period}{open}", self.source(source), keys.join(", "))
    }

    fn source(&self, source: Source) -> String {
        match source {
            Source::Kind(kind) => self.rules.schema.kind(kind).map(|kind| kind.zh.clone()),
            Source::Summary(id) => self.rules.summaries.get(id.index()).map(|summary| summary.name.clone()),
            Source::Table(id) => self.rules.tables.get(id.index()).map(|table| table.name.clone()),
        }
        .unwrap_or_default()
    }

    fn expr(&self, id: ExprId) -> String {
        match &self.plan.arena.expr(id).op {
            ExprOp::Field(row, kind, field) => {
                let name =
                    self.rules.schema.field(*kind, *field).map(|field| field.zh.clone()).unwrap_or_default();
                self.of_row(*row, &name)
            }
            ExprOp::Key(row, summary, key) => {
                let held =
                    self.rules.summaries.get(summary.index()).and_then(|summary| summary.keys.get(*key));
                self.of_row(*row, &held.map(|key| key.name.clone()).unwrap_or_default())
            }
            ExprOp::At(row, _, body, _) => self.of_row(*row, &self.expr(*body)),
            ExprOp::Clock(row, _) => self.of_row(*row, "时间"),
            ExprOp::Call(_, arguments) => {
                let all: Vec<String> = arguments.iter().map(|argument| self.expr(*argument)).collect();
                format!("f({})", all.join(", "))
            }
            _ => "…".to_owned(),
        }
    }

    fn of_row(&self, row: RowId, name: &str) -> String {
        match &self.plan.arena.row(row).op {
            RowOp::Var(_) => name.to_owned(),
            RowOp::Follow(reference, _) => format!("{}.{name}", self.expr(*reference)),
            RowOp::Pick(..) | RowOp::At(..) => format!("….{name}"),
        }
    }
}
