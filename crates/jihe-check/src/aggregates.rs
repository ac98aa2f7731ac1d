//! The aggregates of the rule language, and the forms that choose records.
//!
//! In: nothing. Out: [`AGGREGATES`], one record a function, and [`FORMS`], the names of what is neither.
//! Invariant: an aggregate is named here once; checker and documentation read this.

use crate::typed::AggregateFunction;

/// An aggregate that a rule can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AggregateRecord {
    /// What runs.
    pub function: AggregateFunction,
    /// 中文名.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// What it needs of every element.
    pub needs: Needs,
    /// Its second argument.
    pub second: Second,
    /// What it gives.
    pub gives: Result,
    /// 不存在: the opposite of the function.
    pub negated: bool,
}

/// What an aggregate needs of every element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: records are counted.
    Nothing,
    /// Any value; without one the record itself.
    Any,
    /// A number, amount, price or length.
    Measure,
    /// A value that can be ordered.
    Ordered,
    /// A condition.
    Condition,
    /// A date or instant.
    Time,
    /// An interval, or a record that declares one.
    Interval,
}

/// The second argument of an aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// None.
    None,
    /// A share between 0 and 1.
    Share,
    /// An interval, or a record that declares one.
    Interval,
}

/// What an aggregate gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Result {
    /// A number.
    Number,
    /// Days.
    Days,
    /// 是 or 否.
    Bool,
    /// The type of the element's value.
    Same,
}

const fn record(
    function: AggregateFunction,
    names: (&'static str, &'static str),
    needs: Needs,
    gives: Result,
) -> AggregateRecord {
    AggregateRecord { function, zh: names.0, en: names.1, needs, second: Second::None, gives, negated: false }
}

/// Every aggregate, in the order of the language reference.
pub const AGGREGATES: &[AggregateRecord] = &[
    record(AggregateFunction::Count, ("计数", "count"), Needs::Nothing, Result::Number),
    record(AggregateFunction::CountDistinct, ("去重计数", "count_distinct"), Needs::Any, Result::Number),
    record(AggregateFunction::Sum, ("合计", "sum"), Needs::Measure, Result::Same),
    record(AggregateFunction::Average, ("平均", "average"), Needs::Measure, Result::Same),
    record(AggregateFunction::Median, ("中位", "median"), Needs::Measure, Result::Same),
    AggregateRecord {
        second: Second::Share,
        ..record(AggregateFunction::Percentile, ("分位", "percentile"), Needs::Measure, Result::Same)
    },
    record(AggregateFunction::StandardDeviation, ("标准差", "stddev"), Needs::Measure, Result::Same),
    record(AggregateFunction::Max, ("最大", "max"), Needs::Ordered, Result::Same),
    record(AggregateFunction::Min, ("最小", "min"), Needs::Ordered, Result::Same),
    record(AggregateFunction::Exists, ("存在", "exists"), Needs::Nothing, Result::Bool),
    AggregateRecord {
        negated: true,
        ..record(AggregateFunction::Exists, ("不存在", "none"), Needs::Nothing, Result::Bool)
    },
    record(AggregateFunction::Any, ("任一", "any"), Needs::Condition, Result::Bool),
    record(AggregateFunction::All, ("全部", "all"), Needs::Condition, Result::Bool),
    record(AggregateFunction::DistinctDays, ("天数", "distinct_days"), Needs::Time, Result::Days),
    record(AggregateFunction::Span, ("跨度", "span"), Needs::Time, Result::Days),
    record(AggregateFunction::CoveredDays, ("覆盖天数", "covered_days"), Needs::Interval, Result::Days),
    AggregateRecord {
        second: Second::Interval,
        ..record(AggregateFunction::OverlapDays, ("重叠天数", "overlap_days"), Needs::Interval, Result::Days)
    },
    record(AggregateFunction::MaxConcurrent, ("最大并发", "max_concurrent"), Needs::Interval, Result::Number),
];

/// What is called like a function and is neither scalar nor aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 首
    First,
    /// 末
    Last,
    /// 最大者
    ArgMax,
    /// 最小者
    ArgMin,
    /// 名次(x, 集.y)
    Rank,
    /// 最密(集.x, 宽度)
    Densest,
    /// 超出部分(集.数量, 限)
    Excess,
    /// 超出天数部分(集.时间, 限)
    ExcessDays,
    /// 已知(x)
    Known,
    /// 缺省(x, y)
    Default,
    /// 截止日
    AsOf,
    /// 逐日(甲 至 乙), a group key
    EachDay,
}

/// The forms with their names.
pub const FORMS: &[(Form, &str, &str)] = &[
    (Form::First, "首", "first"),
    (Form::Last, "末", "last"),
    (Form::ArgMax, "最大者", "argmax"),
    (Form::ArgMin, "最小者", "argmin"),
    (Form::Rank, "名次", "rank"),
    (Form::Densest, "最密", "densest"),
    (Form::Excess, "超出部分", "excess"),
    (Form::ExcessDays, "超出天数部分", "excess_days"),
    (Form::Known, "已知", "known"),
    (Form::Default, "缺省", "default"),
    (Form::AsOf, "截止日", "as_of_date"),
    (Form::EachDay, "逐日", "each_day"),
];

/// The aggregate of a name, in either spelling.
pub fn aggregate(name: &str) -> Option<&'static AggregateRecord> {
    AGGREGATES.iter().find(|record| record.zh == name || record.en == name)
}

/// The form of a name, in either spelling.
pub fn form(name: &str) -> Option<Form> {
    FORMS.iter().find(|(_, zh, en)| *zh == name || *en == name).map(|(form, _, _)| *form)
}

/// Every name that can be called, in both spellings.
pub fn callable_names() -> Vec<String> {
    let functions = crate::builtins::FUNCTIONS.iter().flat_map(|function| [function.zh, function.en]);
    let aggregates = AGGREGATES.iter().flat_map(|record| [record.zh, record.en]);
    let forms = FORMS.iter().flat_map(|(_, zh, en)| [*zh, *en]);
    let mut names: Vec<String> = functions.chain(aggregates).chain(forms).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
