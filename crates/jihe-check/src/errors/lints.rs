//! What works, but probably not as meant.
//!
//! In: places. Out: `W05xx`.
//! Invariant: a warning never keeps a rule from running.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::CodeSystem;
use jihe_syntax::tree::Str;

use super::names::with_nearest_values;
use super::text;
use crate::typed::Table;

/// W0501
pub(crate) fn mixed_logic(span: Span, inner: Span, written: &str) -> Diagnostic {
    let message = text("且 与 或 混写而没有括号", "and and or are mixed without parentheses");
    let diagnostic = Diagnostic::warning("W0501", span, message)
        .help(text("且 先于 或；加括号写明", "and binds tighter than or; add parentheses"));
    if written.is_empty() { diagnostic } else { diagnostic.fix(inner, format!("({written})")) }
}

/// W0502
pub(crate) fn no_minimum_count(span: Span) -> Diagnostic {
    let message =
        text("用了同类的统计量，却没有要求最少个数", "a statistic of peers is used without a minimum count");
    Diagnostic::warning("W0502", span, message)
        .help(text("加上 计数(…) ≥ 10 之类的条件", "add a condition such as count(…) ≥ 10"))
}

/// W0503
pub(crate) fn instant_with_days(span: Span) -> Diagnostic {
    let message = text(
        "两个时间之差精确到秒，与天数比较会差一天",
        "the difference of two instants is exact to the second; compared with days it is off by one",
    );
    Diagnostic::warning("W0503", span, message)
        .help(text("先取日：日(乙) - 日(甲)", "take days first: day(b) - day(a)"))
}

/// W0504
pub(crate) fn may_be_empty(span: Span) -> Diagnostic {
    let message = text(
        "集合可能为空，此时该值缺失，结果是无法判定",
        "the set may be empty; then the value is missing and the outcome undecided",
    );
    Diagnostic::warning("W0504", span, message)
        .help(text("先写 存在(…) 且 …", "guard it with exists(…) and …"))
}

/// W0505
pub(crate) fn reversible_pair(table: &Table, span: Span) -> Diagnostic {
    let columns: Vec<&str> =
        table.key.iter().filter_map(|at| table.columns.get(*at)).map(|column| column.name.as_str()).collect();
    let named = columns.iter().map(|name| format!("{name} = …")).collect::<Vec<_>>().join(", ");
    let message = text(
        format!("知识表 {} 的两个键同属一个编码体系，次序容易写反", table.name),
        format!("both keys of table `{}` are of one code system; their order is easily reversed", table.name),
    );
    Diagnostic::warning("W0505", span, message).help(text(
        format!("写明列名：存在({}[{named}])", table.name),
        format!("name the columns: exists({}[{named}])", table.name),
    ))
}

/// W0506
pub(crate) fn several_versions(span: Span, table: &str) -> Diagnostic {
    let message = text(
        format!("一组记录可能跨越知识表 {table} 的两个有效期"),
        format!("the records of a group may see different rows of table `{table}`"),
    );
    Diagnostic::warning("W0506", span, message)
        .help(text("在 按 里加一个日历键，如 日(…)", "add a calendar key such as day(…)"))
}

/// W0507
pub(crate) fn missing_file(file: &Str) -> Diagnostic {
    let message = text(format!("没有文件 {}", file.text), format!("there is no file {}", file.text));
    Diagnostic::warning("W0507", file.span, message)
        .help(text("用到它的规则都将无法判定", "rules that use it will be undecided"))
}

/// W0508
pub(crate) fn no_such_code(system: &CodeSystem, prefix: &str, span: Span) -> Diagnostic {
    let message = text(
        format!("{} 没有以 {prefix} 开头的编码", system.zh),
        format!("no code of {} starts with {prefix}", system.en),
    );
    Diagnostic::warning("W0508", span, message).help(text("核对编码", "check the code"))
}

/// W0509
pub(crate) fn not_listed(system: &CodeSystem, code: &str, span: Span) -> Diagnostic {
    let message = text(
        format!("{} 已知的值里没有 `{code}`；若是地区自定的值，可以不管", system.zh),
        format!("`{code}` is not a known value of {}; if it is a region's own, this is all right", system.en),
    );
    with_nearest_values(Diagnostic::warning("W0509", span, message), system, code, span)
}

/// W0510
pub(crate) fn unused(name: &str, span: Span, (zh, en): (&str, &str)) -> Diagnostic {
    let message = text(format!("{zh} `{name}` 没有用到"), format!("the {en} `{name}` is not used"));
    Diagnostic::warning("W0510", span, message).help(text("用它，或删去", "use it or remove it"))
}
