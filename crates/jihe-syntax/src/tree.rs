//! The nodes of a rule file, as written.
//!
//! In: nothing. Out: the types that `parse` makes, `format` prints and `jihe-check` reads.
//! Invariant: `Missing` may stand here and nowhere later; every node has the span it was read from.

use jihe_diagnostics::{FileId, Language, Span};

/// One file: its declarations in order, and its comments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyntaxTree {
    /// The file read.
    pub file: FileId,
    /// What it declares, in order. A declaration that could not be read is left out, with a diagnostic.
    pub items: Vec<Item>,
    /// Every comment with its place, `#` included, in order.
    pub comments: Vec<Comment>,
    /// The names that the declarations left out would have declared, so that no one reports them as unknown.
    pub broken: Vec<Name>,
}

/// A comment, from its `#` to the end of the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// Where.
    pub span: Span,
    /// The text, `#` included.
    pub text: String,
}

/// A word an author chose: a name of a field, parameter, rule …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A string literal, without its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Str {
    /// The text between the marks.
    pub text: String,
    /// Where, marks included.
    pub span: Span,
}

/// A declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is declared.
    pub kind: ItemKind,
    /// Where.
    pub span: Span,
    /// The spelling of its first keyword.
    pub language: Language,
}

/// What can be declared.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// 规则包
    Package(Package),
    /// 参数
    Parameter(Parameter),
    /// 编码集
    Codes(Codes),
    /// 知识
    Table(Table),
    /// 扩展
    Extend(Extend),
    /// 派生
    Derive(Derive),
    /// 统计
    Summary(Summary),
    /// 规则
    Rule(Box<Rule>),
    /// 测试
    Test(Test),
}

/// `规则包 "名" 版本 "1.0" 地区 "000000"`
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Its name.
    pub name: Str,
    /// Its version, the version of its rules.
    pub version: Str,
    /// The region it is for.
    pub region: Option<Str>,
    /// 医保年度 自: the day on which the benefit year begins.
    pub benefit_year: Option<MonthDay>,
}

/// A day of the year as written; validity is checked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthDay {
    /// Month, from 1.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
    /// Where.
    pub span: Span,
}

/// `参数 上限天数 = 30 天 范围 1 天 至 60 天 自 2024-01-01 = 28 天`
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// The value before any dated one.
    pub value: Expr,
    /// The legal range of an override, an interval expression.
    pub range: Option<Expr>,
    /// Values from a day on.
    pub dated: Vec<(Date, Expr)>,
}

/// `编码集 恶性肿瘤 : 诊断 = { "C00" 至 "C97" } 除 { "C44*" }`
#[derive(Debug, Clone, PartialEq)]
pub struct Codes {
    /// Its name.
    pub name: Name,
    /// The code system.
    pub system: Name,
    /// Where the codes come from.
    pub body: CodesBody,
}

/// The codes of a code set.
#[derive(Debug, Clone, PartialEq)]
pub enum CodesBody {
    /// `来自 "x.csv"`
    File(Str),
    /// The first term less the others.
    Terms {
        /// What belongs.
        base: CodeTerm,
        /// What is taken away again.
        except: Vec<CodeTerm>,
    },
}

/// A list of patterns or the name of another code set.
#[derive(Debug, Clone, PartialEq)]
pub enum CodeTerm {
    /// `{ "A*", "B01" 至 "B09" }`
    List(Vec<CodePattern>),
    /// another code set
    Name(Name),
}

/// One code, a prefix ending in `*`, or a range `"C00" 至 "C97"`.
#[derive(Debug, Clone, PartialEq)]
pub struct CodePattern {
    /// The code or prefix; the start of a range.
    pub from: Str,
    /// The end of a range, included with everything it is a prefix of.
    pub to: Option<Str>,
}

/// `知识 限价 来自 "限价.csv" { 地区 键 逐级; 项目编码 键; 上限价 : 单价; 生效, 失效 : 日期 }`
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// The file of its rows.
    pub source: Str,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// Columns of one type, or the fields of an extension.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// One or more names of the same type.
    pub names: Vec<Name>,
    /// The type's name; without it the column is named for its type (`项目编码 键`).
    pub ty: Option<Name>,
    /// 键
    pub key: bool,
    /// 集
    pub set: bool,
    /// 逐级
    pub fallback: bool,
}

/// `扩展 明细 { 绿色通道 : 是否 }`; a new kind names its key and parents the same way.
#[derive(Debug, Clone, PartialEq)]
pub struct Extend {
    /// The kind, old or new.
    pub kind: Name,
    /// Its new fields. A column flagged 键 makes a new kind's key; a column whose type is a kind is a parent.
    pub fields: Vec<Column>,
}

/// `派生 就诊 { 住院 = … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Derive {
    /// The kind.
    pub kind: Name,
    /// Its named fields.
    pub binds: Vec<Bind>,
}

/// `名 = 表达式`
#[derive(Debug, Clone, PartialEq)]
pub struct Bind {
    /// The name.
    pub name: Name,
    /// The expression or set.
    pub value: Expr,
}

/// `统计 机构日入院 = 就诊 其中 住院 按 (机构, 日子 = 日(入院时间)) 补零 { 人次 = 计数(本组) }`
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its name.
    pub name: Name,
    /// The records.
    pub records: Expr,
    /// The group keys.
    pub group: Group,
    /// Its columns.
    pub columns: Vec<Bind>,
}

/// `按 (键, 名 = 键) 补零`
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The keys, in order.
    pub keys: Vec<Key>,
    /// 补零
    pub dense: bool,
    /// Where.
    pub span: Span,
}

/// A key of 同一 or 按, or a bracketed lookup key: `甲` or `名 = 甲`.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The name before `=`.
    pub name: Option<Name>,
    /// The expression.
    pub value: Expr,
}

/// A rule with all its clauses, each absent clause empty. Several of one kind are kept and reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its clauses as written, in order.
    pub clauses: Vec<Clause>,
}

/// A clause with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where, keyword included.
    pub span: Span,
}

/// The clauses of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// 编号
    Id(Str),
    /// 名称
    Title(Str),
    /// 依据
    Basis(Vec<Str>),
    /// 环节
    Stages(Vec<(Stage, Span)>),
    /// 生效
    Effective {
        /// First day.
        from: Date,
        /// Last day, if any.
        to: Option<Date>,
    },
    /// 优先于
    Precedes(Vec<Name>),
    /// 针对
    For {
        /// The subject's records.
        records: Expr,
        /// 按
        group: Option<Group>,
    },
    /// 设
    Let(Bind),
    /// 当
    When(Expr),
    /// 除非 … 因
    Unless {
        /// The condition.
        condition: Expr,
        /// 因
        reason: Str,
    },
    /// 性质
    Nature(Expr),
    /// 违规明细
    Offending(Vec<Expr>),
    /// 违规金额
    Amount(Expr),
    /// 涉及
    Involving(Vec<Expr>),
    /// 列示
    Show(Vec<Expr>),
    /// 说明
    Message(Template),
    /// 核查
    Verify(Str),
}

/// 事前, 事中 or 事后.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 事前
    Pre,
    /// 事中
    Live,
    /// 事后
    Post,
}

/// A message with expressions between braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Where, marks included.
    pub span: Span,
    /// Text and expressions in order.
    pub parts: Vec<TemplatePart>,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Plain text, `{{` already read as `{`.
    Text(String),
    /// `{…}`
    Expr(Expr),
}

/// `测试 "名" 规则 超量购药 { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Str,
    /// The rule tested.
    pub rule: Name,
    /// Records, expectations and settings, in order.
    pub entries: Vec<TestEntry>,
}

/// An entry of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum TestEntry {
    /// A record, or a range of records.
    Record(TestRecord),
    /// 期望
    Expect(Expect),
}

/// `就诊 平日[1..90] { 机构 院; 时间 2024-01-01 + 序 * 1 天 }`
#[derive(Debug, Clone, PartialEq)]
pub struct TestRecord {
    /// The kind.
    pub kind: Name,
    /// Its label in the test.
    pub label: Name,
    /// The range of 序, both ends included.
    pub range: Option<(i64, i64)>,
    /// The fields.
    pub fields: Vec<(Name, Expr)>,
    /// Where.
    pub span: Span,
}

/// `期望 一 命中 违规金额 4 元 性质 可疑` or `期望 命中 1 次`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The label, with its index if it is of a range; none for a count.
    pub subject: Option<(Name, Option<i64>)>,
    /// The outcome.
    pub outcome: Outcome,
    /// `1 次`
    pub count: Option<i64>,
    /// 违规金额
    pub amount: Option<Expr>,
    /// 性质
    pub nature: Option<Name>,
    /// Where.
    pub span: Span,
}

/// 命中, 通过, 不适用, 豁免, 无法判定
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 命中
    Hit,
    /// 通过
    Pass,
    /// 不适用
    NotApplicable,
    /// 豁免
    Exempt,
    /// 无法判定
    Undecided,
}

/// A calendar day as written; validity is checked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
    /// Where.
    pub span: Span,
}

/// An expression or a set of records; which, the checker decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// Nothing where an expression should stand.
    Missing,
    /// `30`, `0.5`, digits already ASCII.
    Number(String),
    /// `2%`
    Percent(String),
    /// `30 天`, `2 万元`
    Quantity(String, Unit),
    /// `2024-01-01`
    Date(Date),
    /// `2024-01-01 08:30` or with seconds, in test records
    Instant(Date, u32),
    /// `"文本"`
    Text(String),
    /// 是, 否
    Bool(bool),
    /// A name.
    Name(String),
    /// 本条
    This,
    /// 本组
    Group,
    /// `甲.乙`
    Dot(Box<Expr>, Name),
    /// `表[键, 名 = 键 于 日期]`
    Index {
        /// The table.
        base: Box<Expr>,
        /// The keys.
        keys: Vec<Key>,
        /// 于
        as_of: Option<Box<Expr>>,
    },
    /// `函数(甲, 乙)`
    Call(Name, Vec<Expr>),
    /// `(甲, 乙)`, two or more
    Tuple(Vec<Expr>),
    /// `(甲)`, kept for the formatter
    Paren(Box<Expr>),
    /// `{ "A*", "B01" 至 "B09" }`
    CodeList(Vec<CodePattern>),
    /// unary minus
    Negate(Box<Expr>),
    /// 非
    Not(Box<Expr>),
    /// Two operands.
    Binary(Box<Expr>, BinaryOp, Span, Box<Expr>),
    /// `a ≤ x ≤ b` and longer: operands, and the operators between them
    Chain(Vec<Expr>, Vec<(BinaryOp, Span)>),
    /// `甲 至 乙`
    Range(Box<Expr>, Box<Expr>),
    /// 若 则 否则
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A set of records: a base with prefixes and suffixes.
    Set(Box<SetExpr>),
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// 或
    Or,
    /// 且
    And,
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
    /// 属于
    In,
    /// 不属于
    NotIn,
    /// 含
    Contains,
    /// 不含
    Lacks,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `×`
    Multiply,
    /// `÷`
    Divide,
}

/// Units of literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 元
    Yuan,
    /// 万元
    WanYuan,
    /// 天
    Day,
    /// 小时
    Hour,
    /// 分钟
    Minute,
    /// 周
    Week,
    /// 月, 个月, 月龄
    Month,
    /// 季
    Quarter,
    /// 年
    Year,
    /// 岁, 周岁
    YearOfAge,
    /// 次, 条
    Times,
}

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
