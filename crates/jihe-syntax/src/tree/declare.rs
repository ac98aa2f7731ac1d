//! Declarations other than rules and tests.
//!
//! In: nothing. Out: the nodes of 规则包, 参数, 编码集, 知识, 扩展, 派生 and 统计.
//! Invariant: what is optional in the text is optional here; nothing is filled in.

use jihe_diagnostics::Span;

use super::{Date, Expr, Name, Str};

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
