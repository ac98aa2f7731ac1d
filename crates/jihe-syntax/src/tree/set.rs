//! Sets of records.
//!
//! In: nothing. Out: [`SetExpr`] and what may follow it.
//! Invariant: suffixes stand in the order written.

use jihe_diagnostics::Span;

use super::{Expr, Key};

/// `其他 KIND 同一(…) 最近 30 天 至 本条 其中 …`: everything but the base may be empty.
#[derive(Debug, Clone, PartialEq)]
pub struct SetExpr {
    /// 其他, 上一, 下一
    pub prefixes: Vec<(SetPrefix, Span)>,
    /// The kind, path or set.
    pub base: Expr,
    /// The suffixes in order.
    pub suffixes: Vec<(SetSuffix, Span)>,
}

/// Words before a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetPrefix {
    /// 其他
    Other,
    /// 上一
    Previous,
    /// 下一
    Following,
}

/// What may follow a set.
#[derive(Debug, Clone, PartialEq)]
pub enum SetSuffix {
    /// 同一(…)
    Same(Vec<Key>),
    /// 本次, 当日 …
    Calendar(Calendar),
    /// 最近 30 天 …
    Rolling(Rolling),
    /// 期间, 重叠, 有效于
    Interval(IntervalPeriod),
    /// 其中
    Where(Expr),
    /// 除
    Except(Expr),
}

/// Calendar periods around the subject's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// 本次
    Visit,
    /// 同一小时
    Hour,
    /// 当日
    Day,
    /// 当周
    Week,
    /// 当月
    Month,
    /// 当季
    Quarter,
    /// 当年
    Year,
    /// 医保年度
    BenefitYear,
}

/// `最近 30 天 至 本条 距 X 以 Y 计`
#[derive(Debug, Clone, PartialEq)]
pub struct Rolling {
    /// Which way.
    pub word: RollingWord,
    /// The length; a quantity in 次 counts records.
    pub length: Option<Expr>,
    /// 至 本条: ends at the subject in the total order (contract 19).
    pub until_this: bool,
    /// 距
    pub from: Option<Expr>,
    /// 以 … 计
    pub clock: Option<Expr>,
}

/// Rolling windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollingWord {
    /// 最近
    Last,
    /// 随后
    Next,
    /// 前后
    Around,
    /// 此前
    Before,
    /// 此后
    After,
}

/// `期间 X 以 Y 计`
#[derive(Debug, Clone, PartialEq)]
pub struct IntervalPeriod {
    /// Which relation.
    pub word: IntervalWord,
    /// The interval, record or time.
    pub value: Expr,
    /// 以 … 计
    pub clock: Option<Expr>,
}

/// Relations to an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalWord {
    /// 期间
    During,
    /// 重叠
    Overlapping,
    /// 有效于
    ValidAt,
}
