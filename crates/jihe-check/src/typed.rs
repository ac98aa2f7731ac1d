//! Rules with every name resolved and every expression typed: what engine and reference run.
//!
//! In: nothing. Out: the typed tree.
//! Invariant: nothing here is missing, ambiguous or ill-typed; engine and reference need no other source of meaning.
//!
//! Scopes are explicit. A [`VarId`] stands for one row of one [`Source`]: the subject of a rule, the candidate of a
//! window, the element of an aggregate. Variables are unique within their owner (rule, derived field, summary).

use jihe_diagnostics::Span;
use jihe_model::finding::Nature;
use jihe_model::schema::{FieldId, KindId, Schema, SystemId};
use jihe_model::types::{Type, YearStart};

pub use crate::builtins::Builtin;
pub use ids::{CodeSetId, DerivedId, LetId, ParameterId, RuleId, SummaryId, TableId, VarId};
pub use table::{Cell, Table, TableColumn};
pub use test::{Expectation, Test, TestRecord};

mod ids;
mod table;
mod test;

/// A compiled ruleset before planning.
#[derive(Debug, Clone, Default)]
pub struct TypedRules {
    /// Name, version and region of the package (the last one declared rules' version).
    pub package: Package,
    /// Built-in kinds and systems, and what packages added.
    pub schema: Schema,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Code sets, named and anonymous.
    pub code_sets: Vec<CodeSet>,
    /// Knowledge tables with their rows.
    pub tables: Vec<Table>,
    /// Derived fields; a field only refers to fields before it.
    pub derived: Vec<Derived>,
    /// Summaries and the groups of rules; a summary only reads summaries before it.
    pub summaries: Vec<Summary>,
    /// Rules, in the order written.
    pub rules: Vec<Rule>,
    /// Test blocks.
    pub tests: Vec<Test>,
}

/// 规则包
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its region code.
    pub region: Option<String>,
    /// The day on which a 医保年度 begins, by default that of the natural year.
    pub benefit_year: YearStart,
}

/// Where rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Records of a kind (net lines for 明细).
    Kind(KindId),
    /// Rows of a summary; the groups of a rule are a summary of their own.
    Summary(SummaryId),
    /// Rows of a knowledge table.
    Table(TableId),
}

/// 参数
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Values by first day, ascending; the first has no day. The value on a day is the last whose day is not later.
    pub values: Vec<(Option<i64>, Literal)>,
    /// Legal range of a value, both ends included.
    pub range: Option<(Literal, Literal)>,
}

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// The word of its type ([`jihe_model::value::Value`]).
    Word(i64),
    /// The text of a symbol type.
    Text(String),
}

/// 编码集, or a list of codes written in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSet {
    /// Its name; none when written in place.
    pub name: Option<String>,
    /// Its system; none for plain texts.
    pub system: Option<SystemId>,
    /// A code belongs if one of these matches …
    pub include: Vec<Pattern>,
    /// … and none of these.
    pub exclude: Vec<Pattern>,
}

/// One pattern of a code set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// This code.
    Exact(String),
    /// Codes that start so.
    Prefix(String),
    /// Codes `c` with from ≤ c bytewise, and c ≤ to or c starts with to.
    Range(String, String),
}

impl Pattern {
    /// Whether a code matches.
    pub fn matches(&self, code: &str) -> bool {
        match self {
            Pattern::Exact(exact) => code == exact,
            Pattern::Prefix(prefix) => code.starts_with(prefix.as_str()),
            Pattern::Range(from, to) => {
                code >= from.as_str() && (code <= to.as_str() || code.starts_with(to.as_str()))
            }
        }
    }
}

impl CodeSet {
    /// Whether a code belongs.
    pub fn contains(&self, code: &str) -> bool {
        self.include.iter().any(|pattern| pattern.matches(code))
            && !self.exclude.iter().any(|pattern| pattern.matches(code))
    }
}

/// 派生
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// The kind it belongs to.
    pub kind: KindId,
    /// The record it is computed for.
    pub var: VarId,
    /// What it is.
    pub value: Bound,
}

/// 统计, or the groups of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its name; for the groups of a rule the rule's name.
    pub name: String,
    /// The records grouped. Always [`SetKind::All`] or a filter over it, of a kind or of a summary.
    pub records: Set,
    /// The record whose keys are computed.
    pub var: VarId,
    /// The keys.
    pub keys: Vec<GroupKey>,
    /// The one calendar key, if there is exactly one: the clock of a row is the start of that period.
    pub calendar: Option<usize>,
    /// 补零
    pub dense: bool,
    /// The row whose columns are computed.
    pub row: VarId,
    /// The columns; a column may refer to columns before it.
    pub columns: Vec<SummaryColumn>,
    /// 个人 if keyed by a person or visit.
    pub scope: Scope,
    /// Dated tables that its columns read on the date of service of a row (sentence 21).
    pub versions: Vec<Versions>,
}

/// A key of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupKey {
    /// Its name: as given, or the last name of its path.
    pub name: String,
    /// Its type; for a set-valued key, of one element.
    pub ty: Type,
    /// What it is.
    pub value: KeyValue,
}

/// How a record gets its values of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyValue {
    /// One value.
    One(Expr),
    /// 逐日(interval): every day from the first, without the last, at least one.
    EachDay(Expr),
    /// One value for each distinct `value` over the rows of a set (a non-unique lookup).
    Each(Box<Each>),
}

/// The values of an expression over a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value.
    pub value: Expr,
}

/// A column of a summary.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryColumn {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Expr,
}

/// What a 设 or a derived field stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A value.
    Value(Expr),
    /// At most one record.
    Row(Row),
    /// A set of records.
    Set(Set),
}

/// Whether a rule needs one person's records only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Scope {
    /// 个人
    #[default]
    Person,
    /// 群体
    Population,
}

/// Cost classes of sentence 43.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Cost {
    /// 甲: O(n log n)
    #[default]
    Linear,
    /// 乙: O(n log² n)
    Tree,
    /// 丙: O(n·w)
    Window,
}

/// 环节
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 事前
    Pre,
    /// 事中
    Live,
    /// 事后
    Post,
}

/// 规则
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name in the text.
    pub name: String,
    /// 编号, by default the name.
    pub id: String,
    /// 名称, by default the name.
    pub title: String,
    /// The version of its package.
    pub version: String,
    /// 依据
    pub basis: Vec<String>,
    /// 环节, by default 事后 only.
    pub stages: Vec<Stage>,
    /// 生效: first and last day.
    pub effective: (Option<i64>, Option<i64>),
    /// 优先于
    pub precedes: Vec<RuleId>,
    /// The subject's source: records of a kind, rows of a summary, or the rule's own groups.
    pub subject: Source,
    /// The subject.
    pub var: VarId,
    /// 针对 … 其中. For own groups it is inside the summary's records and this is none.
    pub filter: Option<Expr>,
    /// Whether the subject is a group of this rule (按).
    pub grouped: bool,
    /// 设, each referring to earlier ones only.
    pub lets: Vec<Let>,
    /// 当
    pub when: Expr,
    /// 除非 … 因
    pub exemptions: Vec<(Expr, String)>,
    /// 性质
    pub nature: NatureExpr,
    /// 违规明细; when empty the default of sentence 36 applies.
    pub offending: Vec<Set>,
    /// 违规金额: money, or an attribution ([`ExprKind::Excess`], [`ExprKind::ExcessDays`]) possibly inside 若.
    pub amount: Option<Expr>,
    /// 涉及
    pub involved: Vec<Set>,
    /// 列示: the text as written, and the value.
    pub show: Vec<(String, Expr)>,
    /// 说明
    pub message: Vec<MessagePart>,
    /// 核查
    pub verify: String,
    /// Dated tables read on the date of service of the subject, where that is a group (sentence 21).
    pub versions: Vec<Versions>,
    /// 个人 or 群体.
    pub scope: Scope,
    /// The worst cost class of its constructs.
    pub cost: Cost,
    /// Where it stands.
    pub span: Span,
}

/// 设
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub value: Bound,
}

/// A dated table read on the date of service of a group, and what each member would see on its own date.
///
/// Where two members would see different rows, a finding about the group says 跨有效期 (sentence 21).
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    /// The table.
    pub table: TableId,
    /// The row of the group: the rule's subject, or the row of the summary.
    pub group: VarId,
    /// The records behind the group, over `group`.
    pub members: Set,
    /// One of them.
    pub var: VarId,
    /// What that one would see, over `group` and `var`.
    pub seen: Seen,
}

/// What a record sees of a table on its date.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// The rows of a lookup; always [`SetKind::Lookup`].
    Rows(Set),
    /// Whether values are listed; always [`ExprKind::InTable`].
    Listed(Expr),
}

/// 性质
#[derive(Debug, Clone, PartialEq)]
pub enum NatureExpr {
    /// One nature.
    Is(Nature),
    /// 若 … 则 … 否则; undecided takes the mildest branch.
    If(Expr, Box<NatureExpr>, Box<NatureExpr>),
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum MessagePart {
    /// Plain text.
    Text(String),
    /// A value, printed by its type.
    Expr(Expr),
}

/// An expression of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of the value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// What an expression computes. Every operand's type is settled; conversions are explicit.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A parameter, as of the date of service of the owner's subject (of the record, in a derived field).
    Parameter(ParameterId),
    /// 截止日
    AsOf,
    /// A stored field.
    Field(Row, FieldId),
    /// The clock of a record of a kind, as an instant.
    Clock(Row),
    /// A derived field holding a value.
    Derived(Row, DerivedId),
    /// A key of a summary row.
    Key(Row, usize),
    /// A column of a summary row.
    Column(Row, usize),
    /// A cell of a table row.
    Cell(Row, usize),
    /// The key of a record, as a reference.
    Reference(Row),
    /// An earlier 设 holding a value.
    Let(LetId),
    /// 非
    Not(Box<Expr>),
    /// 且: false as soon as one is false.
    And(Vec<Expr>),
    /// 或
    Or(Vec<Expr>),
    /// A comparison of two values of comparable types (equal types; durations in any fixed unit; a date with an
    /// instant compares days; an age with an age limit).
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Arithmetic; the pair of types and the result type settle the meaning (sentence 35).
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// Unary minus.
    Negate(Box<Expr>),
    /// 若 则 否则: an undecided condition makes the value missing.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A code belongs to a code set.
    InCodes(Box<Expr>, CodeSetId),
    /// A code belongs to the patterns of a cell (type `CodeSet`).
    InCell(Box<Expr>, Box<Expr>),
    /// A tuple equals the named columns of some row valid on the date; `columns` in the order of `values`.
    InTable(Box<InTable>),
    /// A text holds another.
    Contains(Box<Expr>, Box<Expr>),
    /// 已知(x)
    IsKnown(Box<Expr>),
    /// 缺省(x, y)
    Default(Box<Expr>, Box<Expr>),
    /// A scalar function, with its record in [`crate::builtins`].
    Call(Builtin, Vec<Expr>),
    /// 甲 至 乙; the end may be missing (open).
    Interval(Box<Expr>, Box<Expr>),
    /// An aggregate.
    Aggregate(Box<Aggregate>),
    /// 超出部分: type money. Attributes line by line (sentence 37).
    Excess(Box<Excess>),
    /// 超出天数部分: type money. The lines on days after the first `limit` distinct days.
    ExcessDays(Box<Excess>),
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
    /// `=`
    Equal,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterEqual,
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArithmeticOp {
    /// `+`: number+number, money+money, price+price, duration+duration, date/instant+duration, date/instant+months, period+duration/months
    Add,
    /// `-`: the inverses; date−date and 日−日 are days; instant−instant an exact duration
    Subtract,
    /// `×`: number×anything, price×number is money
    Multiply,
    /// `÷`: same÷same is a number, anything÷number
    Divide,
}

/// `(甲, 乙) 属于 表` and `甲 属于 表.列`.
#[derive(Debug, Clone, PartialEq)]
pub struct InTable {
    /// The table.
    pub table: TableId,
    /// The values.
    pub values: Vec<Expr>,
    /// Their columns. A value against a `集` column matches by pattern; an empty key cell matches anything.
    pub columns: Vec<usize>,
    /// The day whose rows count: date of service of the record that supplies the first value; type date or instant.
    pub as_of: Option<Expr>,
}

/// One record at most.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A variable.
    Var(VarId),
    /// The record of kind `to` whose key the reference is.
    Follow {
        /// A value of type `Reference(to)`.
        reference: Box<Expr>,
        /// Its kind.
        to: KindId,
    },
    /// One record of a set.
    Pick(Box<Pick>),
    /// An earlier 设 holding a record.
    Let(LetId),
    /// A derived field holding a record.
    Derived(Box<Row>, DerivedId),
}

/// Choosing one record of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// The set.
    pub set: Set,
    /// Which.
    pub which: Which,
}

/// Which record of a set, in the total order of sentence 15.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// 首, and the row of a unique lookup
    First,
    /// 末
    Last,
    /// 最大者: the earliest of those with the greatest value
    Max(VarId, Expr),
    /// 最小者
    Min(VarId, Expr),
}

/// A set of rows of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// What it is.
    pub kind: SetKind,
    /// Whose rows.
    pub source: Source,
    /// Where it stands.
    pub span: Span,
}

/// What a set is.
#[derive(Debug, Clone, PartialEq)]
pub enum SetKind {
    /// Every row (针对, 统计).
    All,
    /// Candidates by key, period and condition.
    Window(Box<Window>),
    /// 就诊.明细: the rows of a kind whose `field` refers to the record.
    Children {
        /// The record.
        of: Row,
        /// The field that refers to it.
        field: FieldId,
    },
    /// 本组, 机构日入院.本组: the records behind a summary row.
    Members(Row),
    /// 他处.明细: the union over the rows of a set of an inner set that may use `var`.
    Each {
        /// The outer set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The inner set.
        inner: Box<Set>,
    },
    /// 他处.机构: the distinct records referred to by the rows of a set.
    FollowEach {
        /// The outer set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The record referred to.
        row: Row,
    },
    /// 其中
    Filter {
        /// The set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The condition.
        condition: Expr,
    },
    /// 除
    Except(Box<Set>, Box<Set>),
    /// A record as a set of at most one.
    Single(Row),
    /// 最密
    Densest(Box<Densest>),
    /// `表[键]`: the rows of a table.
    Lookup(Box<Lookup>),
    /// An earlier 设 holding a set.
    Let(LetId),
    /// A derived field holding a set.
    Derived(Row, DerivedId),
}

/// `其他 KIND 同一(…) PERIOD 其中 …`
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The candidate.
    pub var: VarId,
    /// The record in whose scope the window is written (sentence 6).
    pub anchor: Row,
    /// The source of the anchor.
    pub anchor_source: Source,
    /// 其他: leaves the anchor out.
    pub others: bool,
    /// 同一, 本次 and calendar periods: the value of the candidate equals that of the anchor.
    /// A missing value on either side never matches; on the anchor's side it makes the set incomplete.
    pub keys: Vec<(Expr, Expr)>,
    /// The period, if any.
    pub period: Option<Period>,
    /// 至 本条: no candidate after the anchor in the total order.
    pub until_anchor: bool,
    /// 其中, over the candidate.
    pub filter: Option<Expr>,
    /// 上一, 下一: keep the nearest before or after the anchor in the total order.
    pub neighbour: Option<Neighbour>,
}

/// 上一 or 下一.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Neighbour {
    /// 上一
    Previous,
    /// 下一
    Following,
}

/// Periods that are not equalities.
#[derive(Debug, Clone, PartialEq)]
pub enum Period {
    /// 最近, 随后, 前后, 此前, 此后 (sentence 11).
    Rolling {
        /// Which way.
        direction: Direction,
        /// The length: a fixed duration or months; none is unbounded (此前, 此后).
        length: Option<Expr>,
        /// The anchor's time D, in the anchor's scope: date or instant.
        from: Expr,
        /// The candidate's time d, over the candidate: date or instant.
        clock: Expr,
    },
    /// 最近 N 次, 随后 N 次: so many records up to and including the anchor, in the total order.
    Nearest {
        /// Last or Next.
        direction: Direction,
        /// How many, a number.
        count: Expr,
    },
    /// 期间 X: X.start ≤ d ≤ X.end (dates) or < X.end (instants).
    During {
        /// An interval in the anchor's scope.
        interval: Expr,
        /// The candidate's time.
        clock: Expr,
    },
    /// 重叠 X: X.start < Y.end and Y.start < X.end (contract 17).
    Overlapping {
        /// An interval in the anchor's scope.
        interval: Expr,
        /// The candidate's interval.
        candidate: Expr,
    },
    /// 有效于 T: start ≤ T ≤ end by date.
    ValidAt {
        /// A time in the anchor's scope.
        at: Expr,
        /// The candidate's interval.
        candidate: Expr,
    },
}

/// The way a rolling window looks; ends as in sentence 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// 最近: D−N < d ≤ D
    Last,
    /// 随后: D ≤ d < D+N
    Next,
    /// 前后: D−N ≤ d ≤ D+N
    Around,
    /// 此前: D−N ≤ d < D
    Before,
    /// 此后: D < d ≤ D+N
    After,
}

/// 最密(集.字段, 宽度): the largest subset whose values lie within the width; of several the earliest.
#[derive(Debug, Clone, PartialEq)]
pub struct Densest {
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value: instant, date, money, number …
    pub value: Expr,
    /// The width: a duration for times, the value's type, or a ratio for `%` (max − min ≤ ratio × min).
    pub width: Expr,
    /// Whether the width is relative.
    pub relative: bool,
}

/// `表[键, 名 = 键 于 日期]`
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The table.
    pub table: TableId,
    /// Key columns and values; not every key column need be given.
    pub keys: Vec<(usize, Expr)>,
    /// The day whose row counts: after 于, or the clock of the record that supplies the key. None for undated tables.
    pub as_of: Option<Expr>,
}

/// An aggregate over one set.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value or condition of an element; none for 计数(集), 存在(集).
    pub value: Option<Expr>,
    /// The second argument: 分位's share, 名次's value, 重叠天数's interval.
    pub argument: Option<Expr>,
}

/// The aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregateFunction {
    /// 计数
    Count,
    /// 去重计数
    CountDistinct,
    /// 合计
    Sum,
    /// 平均
    Average,
    /// 中位: nearest rank at 50 %
    Median,
    /// 分位: nearest rank
    Percentile,
    /// 标准差: sample deviation, 6 decimals
    StandardDeviation,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 名次: 1 + the number of greater values
    Rank,
    /// 首(集.字段)
    First,
    /// 末(集.字段)
    Last,
    /// 存在
    Exists,
    /// 任一
    Any,
    /// 全部
    All,
    /// 天数: distinct days, as a duration in days
    DistinctDays,
    /// 跨度: first to last day, both counted, in days
    Span,
    /// 覆盖天数: days of the union of intervals [start, end)
    CoveredDays,
    /// 重叠天数: days of the union that lie in the interval given
    OverlapDays,
    /// 最大并发: most intervals open at once
    MaxConcurrent,
}

/// 超出部分(本组.数量, 限) and 超出天数部分(本组.使用时间, 限).
#[derive(Debug, Clone, PartialEq)]
pub struct Excess {
    /// The lines; always of kind 明细.
    pub set: Set,
    /// Their element.
    pub var: VarId,
    /// The quantity (number or duration) or the time of a line.
    pub value: Expr,
    /// The allowance.
    pub limit: Expr,
}
