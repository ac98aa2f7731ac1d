//! 属于, tables and code sets that do not fit.
//!
//! In: typed operands and places. Out: `E03xx`.
//! Invariant: both ends of a conflict are labelled with what they are.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::{Schema, SystemId};
use jihe_model::types::Type;
use jihe_syntax::tree::Name;

use super::{error, labelled, said, text};
use crate::typed::{Expr, Table};

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

/// E0316
pub(crate) fn except_of_except(name: &Name) -> Diagnostic {
    let message = text(
        format!("编码集 {} 自己含有 除，不能再被除去", name.text),
        format!("code set `{}` has an except of its own and cannot be taken away", name.text),
    );
    Diagnostic::error("E0316", name.span, message)
        .help(text("直接列出要除去的编码", "list the codes to take away"))
}
