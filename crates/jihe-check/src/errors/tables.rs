//! Knowledge files that cannot be read as declared.
//!
//! In: a table's declaration and a cell. Out: `E044x`.
//! Invariant: the file, line and column are named.

use jihe_diagnostics::{Diagnostic, Span, Text};
use jihe_syntax::tree::{Name, Str};

use super::{near, quoted, text};

/// E0440
pub(crate) fn unreadable(span: Span, file: &str, reason: &str) -> Diagnostic {
    let message = text(format!("读不了 {file}：{reason}"), format!("cannot read {file}: {reason}"));
    Diagnostic::error("E0440", span, message)
        .help(text("核对文件是否为 UTF-8 的 CSV", "make it a CSV file in UTF-8"))
}

/// E0440
pub(crate) fn missing_codes(file: &Str) -> Diagnostic {
    let message =
        text(format!("没有编码集文件 {}", file.text), format!("there is no code-set file {}", file.text));
    Diagnostic::error("E0440", file.span, message).help(text(
        "空的编码集会让规则悄悄通过；提供文件",
        "an empty code set would let everything pass; supply the file",
    ))
}

/// E0441
pub(crate) fn missing_column(name: &Name, file: &str, header: &[String]) -> Diagnostic {
    let message =
        text(format!("{file} 没有列 `{}`", name.text), format!("{file} has no column `{}`", name.text));
    let known: Vec<&str> = header.iter().map(String::as_str).collect();
    let nearest = near(&name.text, known.iter().copied());
    let shown = if nearest.is_empty() { known } else { nearest };
    Diagnostic::error("E0441", name.span, message).help(text(
        format!("文件的列：{}", quoted(&shown, "、")),
        format!("its columns: {}", quoted(&shown, ", ")),
    ))
}

/// E0442
pub(crate) fn undeclared_column(span: Span, file: &str, column: &str) -> Diagnostic {
    let message = text(
        format!("{file} 的列 `{column}` 没有声明"),
        format!("column `{column}` of {file} is not declared"),
    );
    Diagnostic::error("E0442", span, message)
        .help(text("声明它，或从文件中删去", "declare it, or remove it from the file"))
}

/// E0443
pub(crate) fn bad_cell(span: Span, place: &str, cell: &str, reason: &Text) -> Diagnostic {
    let message =
        text(format!("{place}：`{cell}` {}", reason.zh), format!("{place}: `{cell}` {}", reason.en));
    Diagnostic::error("E0443", span, message)
        .help(text("改正文件，或改列的类型", "mend the file, or change the type"))
}

/// E0444
pub(crate) fn overlapping(span: Span, file: &str, lines: (usize, usize), key: &str) -> Diagnostic {
    let (first, second) = lines;
    let message = text(
        format!("{file} 第 {first} 行与第 {second} 行：同一键（{key}）的有效期重叠"),
        format!("{file} lines {first} and {second}: the validity of one key ({key}) overlaps"),
    );
    Diagnostic::error("E0444", span, message)
        .help(text("让前一行的失效早于后一行的生效", "end the first before the second begins"))
}

/// E0445
pub(crate) fn fallback_needs_codes(name: &Name) -> Diagnostic {
    let message = text(
        format!("列 `{}` 不是地区编码，不能 逐级", name.text),
        format!("column `{}` is not a region code and cannot be a fallback", name.text),
    );
    Diagnostic::error("E0445", name.span, message).help(text("去掉 逐级", "remove fallback"))
}

/// E0446
pub(crate) fn set_needs_codes(name: &Name) -> Diagnostic {
    let message = text(
        format!("列 `{}` 的类型不是编码，不能成 集", name.text),
        format!("column `{}` is not of a code system and cannot hold a set", name.text),
    );
    Diagnostic::error("E0446", name.span, message).help(text("去掉 集", "remove set"))
}
