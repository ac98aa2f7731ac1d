//! Test blocks that cannot be run.
//!
//! In: entries of a test. Out: `E045x`.
//! Invariant: a test that is wrong is an error of the text, not a failing test.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_syntax::tree::Name;

use super::{said, text};

/// E0450
pub(crate) fn wrong_value(schema: &Schema, span: Span, (field, ty): (&Name, Type)) -> Diagnostic {
    let (zh, en) = said(schema, ty);
    let message = text(
        format!("`{}` 的值应为{zh}", field.text),
        format!("the value of `{}` should be {en}", field.text),
    );
    Diagnostic::error("E0450", span, message)
        .and(field.span, text("这个字段", "this field"))
        .help(text("按字段的类型写值", "write a value of the field's type"))
}

/// E0451
pub(crate) fn unknown_label(name: &str, span: Span) -> Diagnostic {
    let message = text(format!("测试里没有记录 `{name}`"), format!("the test has no record `{name}`"));
    Diagnostic::error("E0451", span, message).help(text(
        "先写出这条记录；测试之外的键写成文本",
        "write the record; write a key from outside as a text",
    ))
}

/// E0452
pub(crate) fn label_twice(name: &Name, first: Span) -> Diagnostic {
    let message =
        text(format!("记录 `{}` 写了两次", name.text), format!("record `{}` stands twice", name.text));
    Diagnostic::error("E0452", name.span, message)
        .and(first, text("先在这里", "first here"))
        .help(text("换一个名称", "rename one of them"))
}

/// E0453
pub(crate) fn bad_range(span: Span) -> Diagnostic {
    let message = text("范围要由小到大，至多一万条", "a range rises and has at most ten thousand records");
    Diagnostic::error("E0453", span, message).help(text("如 平日[1..90]", "such as usual[1..90]"))
}

/// E0454
pub(crate) fn needs_index(name: &Name) -> Diagnostic {
    let message = text(
        format!("`{}` 是一列记录，要写第几条", name.text),
        format!("`{}` is a range of records; say which", name.text),
    );
    Diagnostic::error("E0454", name.span, message)
        .help(text(format!("如 {}[1]", name.text), format!("such as {}[1]", name.text)))
}
