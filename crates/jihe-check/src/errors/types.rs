//! Types that do not fit.
//!
//! In: typed operands and places. Out: `E03xx`.
//! Invariant: both ends of a conflict are labelled with what they are.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::{Schema, SystemId};
use jihe_model::types::Type;
use jihe_syntax::tree::{BinaryOp, Name};

use super::{said, text};
use crate::builtins::Builtin;
use crate::typed::{Expr, ExprKind, Table};

fn error(
    code: &'static str,
    span: Span,
    (zh, en): (&str, &str),
    (help_zh, help_en): (&str, &str),
) -> Diagnostic {
    Diagnostic::error(code, span, text(zh, en)).help(text(help_zh, help_en))
}

fn labelled(diagnostic: Diagnostic, schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    diagnostic.and(value.span, text(zh, en))
}

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

/// E0307
pub(crate) fn table_as_value(span: Span) -> Diagnostic {
    error(
        "E0307",
        span,
        ("知识表不能直接当作值", "a table is not a value"),
        ("写 表[键].列，或放在 属于 右边", "write table[key].column, or use it right of in"),
    )
}

/// E0307
pub(crate) fn codes_as_value(span: Span) -> Diagnostic {
    error(
        "E0307",
        span,
        ("编码集不能直接当作值", "a code set is not a value"),
        ("放在 属于 右边", "use it right of in"),
    )
}

/// E0307
pub(crate) fn row_as_value(span: Span) -> Diagnostic {
    error(
        "E0307",
        span,
        ("这里是一行统计或知识，不是一个值", "this is a row of a summary or table, not a value"),
        ("取它的一列，如 ….列", "take one of its columns"),
    )
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

/// E0316
pub(crate) fn empty_code_range(span: Span) -> Diagnostic {
    error(
        "E0316",
        span,
        ("编码范围的终点小于起点", "the range of codes ends before it starts"),
        ("对调两端", "swap the ends"),
    )
}

/// E0316
pub(crate) fn other_code_system(name: &Name) -> Diagnostic {
    let message = text(
        format!("编码集 {} 属于另一个编码体系", name.text),
        format!("code set `{}` is of another code system", name.text),
    );
    Diagnostic::error("E0316", name.span, message)
        .help(text("用同一体系的编码集", "use a code set of the same system"))
}

/// E0317
pub(crate) fn not_a_code(schema: &Schema, value: &Expr, at: Span) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let message = text(
        format!("属于 左边要编码或文本，却是{zh}"),
        format!("a code or text stands left of in, but this is {en}"),
    );
    Diagnostic::error("E0317", at, message).help(text("数与日期用比较", "compare numbers and dates"))
}

/// E0317
pub(crate) fn wrong_code_set(
    schema: &Schema,
    value: &Expr,
    (system, at, declared): (Option<SystemId>, Span, Option<Span>),
) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    let (of_zh, of_en) = said(schema, system.map_or(Type::Text, Type::Code));
    let message = text(
        format!("{zh}与{of_zh}的编码集不是一个体系"),
        format!("{en} does not belong to a code set of {of_en}"),
    );
    let diagnostic = Diagnostic::error("E0317", value.span, message)
        .here(text(zh, en))
        .and(at, text(of_zh.clone(), of_en.clone()))
        .help(text("用同一体系的编码集", "use a code set of the same system"));
    match declared {
        Some(declared) => diagnostic.and(declared, text("声明在这里", "declared here")),
        None => diagnostic,
    }
}

/// E0318
pub(crate) fn wrong_arity(span: Span, (given, wanted): (usize, usize), declared: Option<Span>) -> Diagnostic {
    let message = text(
        format!("这张知识表有 {wanted} 个键，这里给了 {given} 个"),
        format!("the table has {wanted} key columns, but {given} values stand here"),
    );
    let diagnostic = Diagnostic::error("E0318", span, message)
        .help(text("按声明的次序写全，或写 表.列", "give all in the declared order, or write table.column"));
    match declared {
        Some(declared) => diagnostic.and(declared, text("声明在这里", "declared here")),
        None => diagnostic,
    }
}

/// E0319
pub(crate) fn wrong_column(schema: &Schema, value: &Expr, (ty, at): (Type, Span)) -> Diagnostic {
    let ((zh, en), (of_zh, of_en)) = (said(schema, value.ty), said(schema, ty));
    let message =
        text(format!("{zh}与列的{of_zh}不是一种"), format!("{en} does not fit a column of {of_en}"));
    Diagnostic::error("E0319", value.span, message)
        .here(text(zh, en))
        .and(at, text(of_zh, of_en))
        .help(text("核对次序与编码体系", "check the order and the code system"))
}

/// E0319
pub(crate) fn wrong_key(schema: &Schema, value: &Expr, (ty, declared): (Type, Option<Span>)) -> Diagnostic {
    let ((zh, en), (of_zh, of_en)) = (said(schema, value.ty), said(schema, ty));
    let message =
        text(format!("键应为{of_zh}，却是{zh}"), format!("the key should be {of_en}, but this is {en}"));
    let diagnostic = Diagnostic::error("E0319", value.span, message)
        .help(text("核对键的次序，或写 列 = 值", "check the order of the keys, or write column = value"));
    match declared {
        Some(declared) => diagnostic.and(declared, text("知识表在这里", "the table is here")),
        None => diagnostic,
    }
}

/// E0320
pub(crate) fn nothing_to_belong_to(span: Span) -> Diagnostic {
    error(
        "E0320",
        span,
        ("属于 右边要编码集、知识表或列", "right of in stands a code set, table or column"),
        ("写 { … }、编码集、表 或 表.列", "write { … }, a code set, a table or table.column"),
    )
}

/// E0320
pub(crate) fn not_in_cell(schema: &Schema, (left, right): (&Expr, &Expr), at: Span) -> Diagnostic {
    let message = text("右边不是同一体系的编码集", "the right side is not a set of codes of that system");
    labelled(labelled(Diagnostic::error("E0320", at, message), schema, left), schema, right)
        .help(text("单个编码用 =；列要声明为 集", "use = for a single code; declare the column as set"))
}

/// E0321
pub(crate) fn only_tables_have_keys(span: Span) -> Diagnostic {
    error("E0321", span, ("只有知识表能写 […]", "only tables take […]"), ("写 表[键]", "write table[key]"))
}

/// E0321
pub(crate) fn too_many_keys(span: Span, wanted: usize) -> Diagnostic {
    let message =
        text(format!("这张知识表只有 {wanted} 个键"), format!("the table has only {wanted} key columns"));
    Diagnostic::error("E0321", span, message).help(text("去掉多余的键", "remove the others"))
}

/// E0322
pub(crate) fn no_day_for_lookup(span: Span) -> Diagnostic {
    error(
        "E0322",
        span,
        ("知识表分有效期，这里却不知按哪一天查", "the table is dated, and nothing here says as of which day"),
        ("写 表[键 于 日期]", "write table[key as of day]"),
    )
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
pub(crate) fn value_not_needed(name: &Name, span: Span, proposal: &str) -> Diagnostic {
    let message = text(
        format!("{} 数的是记录，不是值", name.text),
        format!("`{}` looks at records, not at values", name.text),
    );
    Diagnostic::error("E0324", span, message)
        .help(text(format!("用 {proposal}(…)"), format!("use {proposal}(…)")))
        .fix(name.span, proposal)
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

/// E0307
pub(crate) fn implicit_row(table: &Table, column: usize, span: Span) -> Diagnostic {
    let name = |at: usize| table.columns.get(at).map_or("", |column| column.name.as_str());
    let keys: Vec<&str> = table.key.iter().map(|at| name(*at)).collect();
    let written = format!("{}[{}].{}", table.name, keys.join(", "), name(column));
    let message = text("没有说明查哪一行", "nothing says which row is meant");
    Diagnostic::error("E0307", span, message)
        .help(text(format!("写键：{written}"), format!("give the key: {written}")))
        .fix(span, written)
}
