//! Sets, aggregates and functions that do not fit.
//!
//! In: typed operands and places. Out: `E03xx`.
//! Invariant: both ends of a conflict are labelled with what they are.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_syntax::tree::Name;

use super::{labelled, said, text};
use crate::typed::Expr;

/// E0304
pub(crate) fn many_values(span: Span, written: &str) -> Diagnostic {
    let message = text(format!("`{written}` 不止一个值"), format!("`{written}` has more than one value"));
    Diagnostic::error("E0304", span, message)
        .help(text("用 任一(…)、全部(…)、合计(…) 等归为一个", "reduce it with any(…), all(…), sum(…)"))
}

/// E0304
pub(crate) fn set_as_value(span: Span, written: &str) -> Diagnostic {
    let message = text(
        format!("`{written}` 是一组记录，不是一个值"),
        format!("`{written}` is a set of records, not a value"),
    );
    Diagnostic::error("E0304", span, message)
        .help(text("用 计数(…)、存在(…) 等，或取首(…)", "use count(…), exists(…), or take first(…)"))
}

/// E0305
pub(crate) fn two_ranges(first: Span, second: Span) -> Diagnostic {
    let message = text("一个聚合只能遍历一个集合", "an aggregate runs over one set");
    Diagnostic::error("E0305", second, message)
        .and(first, text("已经遍历这个集合", "it runs over this set"))
        .help(text("把另一个集合先归为一个值（设）", "reduce the other set to a value first, in a let"))
}

/// E0306
pub(crate) fn no_range(span: Span, written: &str) -> Diagnostic {
    let message = text(
        format!("`{written}` 里没有集合，无从聚合"),
        format!("there is no set in `{written}` to aggregate"),
    );
    Diagnostic::error("E0306", span, message)
        .help(text("写集合，如 本组.金额", "write a set, such as group.amount"))
}

/// E0306
pub(crate) fn not_a_set(span: Span, written: &str) -> Diagnostic {
    let message = text(format!("`{written}` 不是一组记录"), format!("`{written}` is not a set of records"));
    Diagnostic::error("E0306", span, message)
        .help(text("写集合，如 就诊.明细", "write a set, such as visit.item"))
}

/// E0323
pub(crate) fn argument_count(name: &Name, wanted: usize, given: usize) -> Diagnostic {
    let message = text(
        format!("{} 要 {wanted} 个参数，这里有 {given} 个", name.text),
        format!("`{}` takes {wanted}, but {given} stand here", name.text),
    );
    Diagnostic::error("E0323", name.span, message).help(text("核对参数", "check the arguments"))
}

/// E0324
pub(crate) fn wrong_argument(schema: &Schema, name: &Name, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(format!("{} 不能用于{zh}", name.text), format!("`{}` does not take {en}", name.text));
    Diagnostic::error("E0324", value.span, message)
        .here(text(zh, en))
        .help(text("核对函数与字段", "check the function and the field"))
}

/// E0324
pub(crate) fn value_not_needed(name: &Name, span: Span, (zh, en): (&str, &str)) -> Diagnostic {
    let message = text(
        format!("{} 数的是记录，不是值", name.text),
        format!("`{}` looks at records, not at values", name.text),
    );
    Diagnostic::error("E0324", span, message)
        .help(text(format!("用 {zh}(…)"), format!("use {en}(…)")))
        .fix(name.span, if name.text.is_ascii() { en } else { zh })
}

/// E0324
pub(crate) fn not_ordered(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(format!("{zh}没有大小之分"), format!("values of {en} have no order"));
    Diagnostic::error("E0324", value.span, message)
        .help(text("换成可比较的值", "use a value that can be ordered"))
}

/// E0325
pub(crate) fn needs_field(span: Span, written: &str) -> Diagnostic {
    let message = text(
        format!("这里要记录的一个字段，`{written}` 是记录本身"),
        format!("a field is needed here; `{written}` is the records themselves"),
    );
    Diagnostic::error("E0325", span, message).help(text("如 本组.金额", "such as group.amount"))
}

/// E0326
pub(crate) fn wrong_width(schema: &Schema, value: &Expr, width: &Expr) -> Diagnostic {
    let message = text("宽度与值不相配", "the width does not fit the value");
    labelled(labelled(Diagnostic::error("E0326", width.span, message), schema, value), schema, width).help(
        text(
            "时间用 1 小时 之类，金额用 2% 或元",
            "use a duration for times, a percentage or yuan for amounts",
        ),
    )
}

/// E0327
pub(crate) fn excess_needs_lines(span: Span, of: &str) -> Diagnostic {
    let message = text(
        format!("超出部分 要落在明细上，这里是 {of}"),
        format!("excess falls on fee lines, but these are `{of}`"),
    );
    Diagnostic::error("E0327", span, message)
        .help(text("写明细的集合，如 本组.数量", "write a set of lines, such as group.quantity"))
}

/// E0327
pub(crate) fn wrong_limit(schema: &Schema, value: &Expr, limit: &Expr) -> Diagnostic {
    let message = text("限额与值不相配", "the limit does not fit the value");
    labelled(labelled(Diagnostic::error("E0327", limit.span, message), schema, value), schema, limit)
        .help(text("数量对数，时间对天数", "numbers for quantities, days for times"))
}

/// E0328
pub(crate) fn not_a_share(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message =
        text(format!("分位要一个比例，却是{zh}"), format!("a percentile takes a share, but this is {en}"));
    Diagnostic::error("E0328", value.span, message).help(text("如 95%", "such as 95%"))
}

/// E0329
pub(crate) fn except_differs(span: Span, left: &str, right: &str) -> Diagnostic {
    let message =
        text(format!("{left} 里除不去 {right}"), format!("`{right}` cannot be taken away from `{left}`"));
    Diagnostic::error("E0329", span, message)
        .help(text("两边要是同一种记录", "both sides must be of one kind"))
}

/// E0330
pub(crate) fn keys_differ(schema: &Schema, candidate: &Expr, anchor: &Expr) -> Diagnostic {
    let message = text("同一 的两边类型不同", "the two sides of same differ in type");
    labelled(labelled(Diagnostic::error("E0330", anchor.span, message), schema, candidate), schema, anchor)
        .help(text("核对字段", "check the fields"))
}

/// E0331
pub(crate) fn not_a_length(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(
        format!("这里要一段时长，却是{zh}"),
        format!("a length of time is needed here, but this is {en}"),
    );
    Diagnostic::error("E0331", value.span, message).help(text("如 30 天", "such as 30 days"))
}

/// E0332
pub(crate) fn not_a_group_key(schema: &Schema, ty: Type, span: Span) -> Diagnostic {
    let (zh, en) = said(schema, ty);
    let message = text(format!("{zh}不能作键或列"), format!("{en} cannot be a key or column"));
    Diagnostic::error("E0332", span, message).help(text("换成单个的值", "use a single value"))
}
