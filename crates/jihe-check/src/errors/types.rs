//! Types that do not fit.
//!
//! In: typed operands and places. Out: `E03xx`.
//! Invariant: both ends of a conflict are labelled with what they are.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_syntax::tree::{BinaryOp, Name};

use super::{error, labelled, said, text};
use crate::builtins::Builtin;
use crate::typed::{Expr, ExprKind};

/// E0301
pub(crate) fn incomparable(schema: &Schema, (left, right): (&Expr, &Expr), at: Span) -> Diagnostic {
    let ((left_zh, left_en), (right_zh, right_en)) = (said(schema, left.ty), said(schema, right.ty));
    let message = text(
        format!("{left_zh}与{right_zh}不能比较"),
        format!("a value of {left_en} cannot be compared with {right_en}"),
    );
    let diagnostic = labelled(labelled(Diagnostic::error("E0301", at, message), schema, left), schema, right);
    match comparable_form(left, right).or_else(|| comparable_form(right, left)) {
        Some((zh, en)) => diagnostic.help(text(zh, en)),
        None => diagnostic.help(text("两边换成同一类型", "make both sides of one type")),
    }
}

fn comparable_form(left: &Expr, right: &Expr) -> Option<(&'static str, &'static str)> {
    let is_month = matches!(&left.kind, ExprKind::Call(Builtin::PeriodOf(_), _));
    match (left.ty, right.ty) {
        (Type::Period(_), Type::Number) if is_month => {
            Some(("要几月，用 月份数(…)", "for the number of the month use month_number(…)"))
        }
        (Type::Number, Type::Money) => Some(("给数加上单位 元", "give the number the unit yuan")),
        (Type::Number, Type::Duration(_)) => Some((
            "给数加上单位 天，或用 数(…) 取时长的数值",
            "give the number a unit, or take number(…) of the duration",
        )),
        (Type::Age, _) => Some((
            "年龄只与 岁、月、天 的常数或年龄列比较",
            "an age compares with a bound in years, months or days",
        )),
        (Type::UnitPrice, Type::Money) => Some(("单价先乘以数量", "multiply the price by a quantity")),
        (Type::Months, Type::Duration(_)) => {
            Some(("月与天长短不定，用同一种单位", "months vary in length; use one unit"))
        }
        (Type::Code(_), Type::Text) => {
            Some(("编码与文本不同；写成引号里的编码", "a code is not a text; write the code in quotes"))
        }
        _ => None,
    }
}

/// E0302
pub(crate) fn arithmetic(schema: &Schema, (left, right): (&Expr, &Expr), at: Span) -> Diagnostic {
    let ((left_zh, left_en), (right_zh, right_en)) = (said(schema, left.ty), said(schema, right.ty));
    let message = text(
        format!("{left_zh}与{right_zh}不能这样运算"),
        format!("this cannot be computed from {left_en} and {right_en}"),
    );
    labelled(labelled(Diagnostic::error("E0302", at, message), schema, left), schema, right).help(text(
        "元 ± 元、元 × 数、单价 × 数量、元 ÷ 元、日期 ± 天 等可以",
        "yuan ± yuan, yuan × number, price × quantity, yuan ÷ yuan, date ± days are possible",
    ))
}

/// E0303
pub(crate) fn not_a_condition(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message =
        text(format!("这里要一个条件，却是{zh}"), format!("a condition is needed here, but this is {en}"));
    Diagnostic::error("E0303", value.span, message)
        .help(text("写成比较，如 … > 0", "write a comparison, such as … > 0"))
}

/// E0308
pub(crate) fn tuple_outside_in(span: Span) -> Diagnostic {
    error(
        "E0308",
        span,
        ("(甲, 乙) 只能放在 属于 左边", "a tuple stands left of in only"),
        ("写 (甲, 乙) 属于 表", "write (a, b) in table"),
    )
}

/// E0308
pub(crate) fn codes_outside_in(span: Span) -> Diagnostic {
    error(
        "E0308",
        span,
        ("{ … } 只能放在 属于 右边", "a list of codes stands right of in only"),
        ("写 … 属于 { … }", "write … in { … }"),
    )
}

/// E0309
pub(crate) fn number_too_long(span: Span) -> Diagnostic {
    error(
        "E0309",
        span,
        ("数太大，或小数位太多", "the number is too large or has too many decimals"),
        ("至多六位小数，元至多四位", "at most six decimals, four for yuan"),
    )
}

/// E0309
pub(crate) fn no_such_day(span: Span) -> Diagnostic {
    error(
        "E0309",
        span,
        ("日历上没有这一天", "the calendar has no such day"),
        ("核对月和日", "check month and day"),
    )
}

/// E0310
pub(crate) fn unpadded_date(span: Span, date: &str) -> Diagnostic {
    let message = text("这是两次减法，不是日期", "these are two subtractions, not a date");
    Diagnostic::error("E0310", span, message)
        .help(text(format!("日期写作 {date}"), format!("a date is written {date}")))
        .fix(span, date)
}

/// E0302
pub(crate) fn not_negatable(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(format!("{zh}不能取负"), format!("{en} has no negative"));
    Diagnostic::error("E0302", value.span, message).help(text("去掉负号", "remove the minus"))
}

/// E0311
pub(crate) fn chain_direction(span: Span, operators: &[(BinaryOp, Span)]) -> Diagnostic {
    let message = text("连写的比较要同一方向", "comparisons in a row go one way");
    let last = operators.last().map_or(span, |(_, at)| *at);
    Diagnostic::error("E0311", span, message)
        .and(last, text("方向不同", "goes the other way"))
        .help(text("如 甲 ≤ 乙 ≤ 丙，或用 且 分开写", "such as a ≤ b ≤ c, or join two comparisons with and"))
}

/// E0312
pub(crate) fn branches_differ(schema: &Schema, first: &Expr, second: &Expr) -> Diagnostic {
    let message = text("两个值的类型不同", "the two values differ in type");
    labelled(labelled(Diagnostic::error("E0312", second.span, message), schema, first), schema, second)
        .help(text("换成同一类型", "make them of one type"))
}

/// E0313
pub(crate) fn unordered_codes(schema: &Schema, left: &Expr, at: Span) -> Diagnostic {
    let (zh, en) = said(schema, left.ty);
    let message = text(format!("{zh}没有大小之分"), format!("codes of {en} have no order"));
    Diagnostic::error("E0313", at, message).help(text("用 = 或 属于", "use = or in"))
}

/// E0313
pub(crate) fn unordered(schema: &Schema, left: &Expr, at: Span) -> Diagnostic {
    let (zh, en) = said(schema, left.ty);
    let message = text(format!("{zh}没有大小之分"), format!("values of {en} have no order"));
    Diagnostic::error("E0313", at, message).help(text("用 = 或 ≠", "use = or ≠"))
}

/// E0314
pub(crate) fn contains_needs_texts(schema: &Schema, (left, right): (&Expr, &Expr), at: Span) -> Diagnostic {
    let message = text("含 的两边都要是文本", "contains takes texts on both sides");
    labelled(labelled(Diagnostic::error("E0314", at, message), schema, left), schema, right)
        .help(text("编码用 属于", "use in for codes"))
}

/// E0315
pub(crate) fn not_a_time(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(
        format!("这里要日期或时间，却是{zh}"),
        format!("a date or time is needed here, but this is {en}"),
    );
    Diagnostic::error("E0315", value.span, message)
        .help(text("写一个时间字段", "write a field that is a time"))
}

/// E0315
pub(crate) fn not_an_interval(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message =
        text(format!("这里要一段时间，却是{zh}"), format!("an interval is needed here, but this is {en}"));
    Diagnostic::error("E0315", value.span, message).help(text("写 甲 至 乙", "write a to b"))
}

/// E0315
pub(crate) fn no_interval(span: Span, of: &str) -> Diagnostic {
    let message = text(format!("{of} 没有起止时间"), format!("`{of}` declares no interval"));
    Diagnostic::error("E0315", span, message).help(text("写 甲 至 乙", "write a to b"))
}

/// E0333
pub(crate) fn wrong_constant(
    schema: &Schema,
    (found, span): (Type, Span),
    (ty, declared): (Type, Span),
) -> Diagnostic {
    let ((zh, en), (of_zh, of_en)) = (said(schema, found), said(schema, ty));
    let message =
        text(format!("这里应为{of_zh}，却是{zh}"), format!("{of_en} is needed here, but this is {en}"));
    Diagnostic::error("E0333", span, message)
        .and(declared, text(of_zh, of_en))
        .help(text("与声明的类型一致", "keep to the declared type"))
}

/// E0334
pub(crate) fn not_an_amount(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message =
        text(format!("违规金额要是金额，却是{zh}"), format!("an amount is needed here, but this is {en}"));
    Diagnostic::error("E0334", value.span, message).help(text("单位要是 元", "its unit must be yuan"))
}

/// E0335
pub(crate) fn not_printable(schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(format!("{zh}不能印在说明里"), format!("{en} cannot be printed"));
    Diagnostic::error("E0335", value.span, message).help(text("取单个的值", "take a single value"))
}

/// E0336
pub(crate) fn no_fields(schema: &Schema, value: &Expr, name: &Name) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(format!("{zh}没有 `{}`", name.text), format!("{en} has no `{}`", name.text));
    Diagnostic::error("E0336", name.span, message)
        .and(value.span, text(zh, en))
        .help(text("只有记录能用点号", "only records are followed with a dot"))
}

/// E0336
pub(crate) fn no_fields_at_all(name: &Name) -> Diagnostic {
    let message = text(format!("这里没有 `{}`", name.text), format!("there is no `{}` here", name.text));
    Diagnostic::error("E0336", name.span, message)
        .help(text("只有记录能用点号", "only records are followed with a dot"))
}
