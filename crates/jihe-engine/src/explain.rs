//! The plan in words: what each rule costs, which steps it takes, and which rules share them.
//!
//! In: the rules and their plan. Out: text.
//! Invariant: a step that rules share is one step of the plan: computed once a bucket for those that run person by person,
//! and once for those that run over everybody.
#![expect(clippy::wildcard_enum_match_arm, reason = "what is not told in words is told as …")]

mod codes;
mod walk;

use core::fmt::Write as _;

use crate::ir::{ExprId, ExprOp, PeriodOp, RowId, RowOp, SetId, SetOp, WindowOp};
use crate::plan::{KeyPlan, KeyValuePlan, Plan};
use crate::sets::index::{IndexKey, TimeKey};
use jihe_check::typed::{CompareOp, Cost, Direction, Scope, Source, SummaryId, TypedRules};
use jihe_model::display::display_value;
use jihe_model::value::{Symbols, Value};
use std::collections::{BTreeMap, BTreeSet};
use walk::{Step, steps_of};

/// Says of every rule its scope, cost class and steps, and of every step which rules share it.
pub fn explain(rules: &TypedRules, plan: &Plan) -> String {
    let teller = Teller { rules, plan };
    let mut users: BTreeMap<Step, BTreeSet<usize>> = BTreeMap::new();
    let mut by_rule: Vec<BTreeSet<Step>> = Vec::new();
    for (at, rule) in plan.rules.iter().enumerate() {
        let steps = steps_of(rules, plan, rule);
        for step in &steps {
            users.entry(step.clone()).or_default().insert(at);
        }
        by_rule.push(steps);
    }
    let numbers: BTreeMap<&Step, usize> = users.keys().zip(1..).collect();
    let mut text = String::new();
    for ((rule, planned), steps) in rules.rules.iter().zip(&plan.rules).zip(&by_rule) {
        let run = if planned.by_person { "逐人分桶 / by person" } else { "全体一次 / all at once" };
        let (scope, cost) = (scope(rule.scope), cost(rule.cost));
        let _ = writeln!(text, "{} {}：{scope}，{cost}，{run}", rule.id, rule.title);
        for step in steps {
            let number = numbers.get(step).copied().unwrap_or(0);
            let _ = writeln!(text, "  #{number} {}", teller.step(step));
        }
    }
    let shared: Vec<_> = users.iter().filter(|(_, users)| users.len() > 1).collect();
    let (count, all) = (shared.len(), users.len());
    let _ = writeln!(text, "\n共用的步骤，每步只算一次 / shared steps, each computed once：{count} / {all}");
    for (step, users) in shared {
        let number = numbers.get(step).copied().unwrap_or(0);
        let _ = writeln!(text, "  #{number} {}\n      {}", teller.step(step), teller.named(users));
    }
    teller.codes(&by_rule, &mut text);
    text
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Person => "个人 / person",
        Scope::Population => "群体 / population",
    }
}

fn cost(cost: Cost) -> &'static str {
    match cost {
        Cost::Linear => "甲 / A O(n log n)",
        Cost::Tree => "乙 / B O(n log² n)",
        Cost::Window => "丙 / C O(n·w)",
    }
}

fn sign(how: CompareOp) -> &'static str {
    match how {
        CompareOp::Equal => "=",
        CompareOp::NotEqual => "≠",
        CompareOp::Less => "<",
        CompareOp::LessEqual => "≤",
        CompareOp::Greater => ">",
        CompareOp::GreaterEqual => "≥",
    }
}

fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Last => "最近 / last",
        Direction::Next => "随后 / next",
        Direction::Around => "前后 / within",
        Direction::Before => "此前 / before",
        Direction::After => "此后 / after",
    }
}

struct Teller<'a> {
    rules: &'a TypedRules,
    plan: &'a Plan,
}

impl Teller<'_> {
    /// How many rules these are, and which.
    fn named(&self, places: &BTreeSet<usize>) -> String {
        let ids: Vec<&str> =
            places.iter().filter_map(|at| self.rules.rules.get(*at)).map(|rule| rule.id.as_str()).collect();
        format!("{} 条规则 / rules：{}", ids.len(), ids.join("、"))
    }

    /// Which rules look for rows by an index of codes; nothing if none does.
    fn codes(&self, by_rule: &[BTreeSet<Step>], text: &mut String) {
        let found = codes::by_code(self.plan, by_rule);
        if !found.is_empty() {
            let count = found.len();
            let head = "按编码索引，条件只看编码相符的行 / indexes by code, a condition looks at rows of its codes only";
            let _ = writeln!(text, "\n{head}：{count}");
        }
        for ((source, code), places) in &found {
            let (source, code) = (self.source(*source), self.expr(*code));
            let _ = writeln!(text, "  {source} 按 / by {code}：{}", self.named(places));
        }
    }

    fn step(&self, step: &Step) -> String {
        match step {
            Step::Gather(expr) => format!("取 / gather：{}", self.expr(*expr)),
            Step::Filter(source, filter) => {
                format!("筛选 / filter：{} 其中 {}", self.source(*source), self.expr(*filter))
            }
            Step::Summary(id) => self.summary(*id),
            Step::Keys(source, keys) => {
                format!("归并 / group by key：{} 同一({})", self.source(*source), self.list(keys))
            }
            Step::Sort(key) => self.sort(key),
            Step::Window(set) => {
                let node = self.plan.arena.set(*set);
                match &node.op {
                    SetOp::Window(window) => self.window(window, node.source),
                    _ => self.source(node.source),
                }
            }
            Step::Aggregate(expr) => self.aggregate(*expr),
            Step::Lookup(table) => format!("查表 / look up：{}", self.source(Source::Table(*table))),
        }
    }

    fn summary(&self, id: SummaryId) -> String {
        let name = self.source(Source::Summary(id));
        let Some(summary) = self.plan.summaries.get(id.index()) else { return name };
        let key = |key: &KeyPlan| match key.value {
            KeyValuePlan::One(value) => self.expr(value),
            KeyValuePlan::EachDay(_) => "逐日".to_owned(),
            KeyValuePlan::Each(_, _, value) => format!("各{}", self.expr(value)),
        };
        let keys: Vec<String> = summary.keys.iter().map(key).collect();
        format!("分组 / groups：{name} = {} 按 ({})", self.source(summary.source), keys.join(", "))
    }

    fn sort(&self, key: &IndexKey) -> String {
        let time = match key.time {
            Some(TimeKey::Clock(clock)) => self.expr(clock),
            Some(TimeKey::Start(_)) => "开始 / start".to_owned(),
            Some(TimeKey::Order) | None => "时间 / time".to_owned(),
        };
        let fixed = key.fixed.map(|fixed| format!(" 其中 {}", self.expr(fixed))).unwrap_or_default();
        let (source, keys) = (self.source(key.source), self.list(&key.keys));
        format!("排序 / sort：{source} 同一({keys}){fixed} 按 {time}")
    }

    fn window(&self, window: &WindowOp, source: Source) -> String {
        let keys: Vec<ExprId> = window.keys.iter().map(|key| key.0).collect();
        let period = match &window.period {
            Some(PeriodOp::Rolling { direction, length, .. }) => {
                let length = length.map(|length| self.expr(length)).unwrap_or_default();
                format!("，{} {length}", direction_word(*direction))
            }
            Some(PeriodOp::Nearest { direction, count }) => {
                format!("，{} {} 次 / times", direction_word(*direction), self.expr(*count))
            }
            Some(PeriodOp::During { .. }) => "，期间 / during".to_owned(),
            Some(PeriodOp::Overlapping { .. }) => "，重叠 / overlapping".to_owned(),
            Some(PeriodOp::ValidAt { .. }) => "，有效于 / valid at".to_owned(),
            None if window.neighbour.is_some() => "，相邻 / neighbour".to_owned(),
            None => String::new(),
        };
        let filter = window.filter.map(|filter| format!("，其中 {}", self.expr(filter))).unwrap_or_default();
        let open = if window.open.is_some() { "，逐对判断 / pair by pair" } else { "" };
        format!("窗口 / window：{} 同一({}){period}{filter}{open}", self.source(source), self.list(&keys))
    }

    fn aggregate(&self, id: ExprId) -> String {
        match &self.plan.arena.expr(id).op {
            ExprOp::Aggregate(of) => {
                let value = of.value.map(|value| format!(".{}", self.expr(value))).unwrap_or_default();
                format!("汇总 / aggregate：{:?}({}{value})", of.function, self.set(of.set))
            }
            ExprOp::Excess(of) => {
                let (value, limit) = (self.expr(of.value), self.expr(of.limit));
                format!("超出部分 / excess：{}.{value}，{limit}", self.set(of.set))
            }
            _ => self.expr(id),
        }
    }

    /// The records a set is made of.
    fn set(&self, id: SetId) -> String {
        let node = self.plan.arena.set(id);
        let source = self.source(node.source);
        match &node.op {
            SetOp::Window(_) => format!("窗口 {source}"),
            SetOp::Members(_) => format!("本组 {source}"),
            _ => source,
        }
    }

    fn list(&self, all: &[ExprId]) -> String {
        all.iter().map(|expr| self.expr(*expr)).collect::<Vec<String>>().join(", ")
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
            ExprOp::Call(function, arguments) => format!("{function:?}({})", self.list(arguments)),
            ExprOp::Word(_) | ExprOp::Text(_) => self.constant(id),
            ExprOp::Parameter(parameter, _) => {
                let held = self.rules.parameters.get(parameter.index());
                held.map(|held| held.name.clone()).unwrap_or_default()
            }
            ExprOp::Compare(how, a, b) => format!("{} {} {}", self.expr(*a), sign(*how), self.expr(*b)),
            ExprOp::InCodes(value, codes) => {
                let held = self.rules.code_sets.get(codes.index()).and_then(|held| held.name.as_deref());
                format!("{} 属于 {}", self.expr(*value), held.unwrap_or("{…}"))
            }
            ExprOp::InTable(table, ..) => format!("属于 {}", self.source(Source::Table(*table))),
            ExprOp::Not(inner) => format!("非 {}", self.expr(*inner)),
            ExprOp::And(all) => self.joined(all, " 且 "),
            ExprOp::Or(all) => self.joined(all, " 或 "),
            _ => "…".to_owned(),
        }
    }

    fn joined(&self, all: &[ExprId], word: &str) -> String {
        all.iter().map(|expr| self.expr(*expr)).collect::<Vec<String>>().join(word)
    }

    fn constant(&self, id: ExprId) -> String {
        let node = self.plan.arena.expr(id);
        match &node.op {
            ExprOp::Text(text) => {
                let held = self.plan.arena.texts().nth(crate::column::ix(text.0));
                held.map(|text| format!("\"{text}\"")).unwrap_or_default()
            }
            ExprOp::Word(word) => {
                let value = Value::Known(*word);
                display_value(value, node.ty, &Symbols::new(), &self.rules.schema).unwrap_or_default()
            }
            _ => String::new(),
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
