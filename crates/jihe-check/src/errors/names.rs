//! Names that stand for nothing, or for too much.
//!
//! In: a name and what is known where it stands. Out: `E02xx`.
//! Invariant: a near name is offered where there is one.

use jihe_diagnostics::{Diagnostic, Span};
use jihe_model::schema::{CodeSystem, Schema};
use jihe_syntax::tree::Name;

use super::{near, quoted, text};
use crate::typed::Table;

fn offer(diagnostic: Diagnostic, name: &str, span: Span, known: &[&str]) -> Diagnostic {
    let nearest = near(name, known.iter().copied());
    let Some(first) = nearest.first() else { return diagnostic };
    let help = text(
        format!("相近的名称：{}", quoted(&nearest, "、")),
        format!("nearest: {}", quoted(&nearest, ", ")),
    );
    diagnostic.help(help).fix(span, *first)
}

fn borrowed(known: &[String]) -> Vec<&str> {
    known.iter().map(String::as_str).collect()
}

/// E0201
pub(crate) fn unknown(name: &Name, known: &[String]) -> Diagnostic {
    let message =
        text(format!("没有名为 `{}` 的东西", name.text), format!("`{}` is not known here", name.text));
    offer(Diagnostic::error("E0201", name.span, message), &name.text, name.span, &borrowed(known))
}

/// E0202
pub(crate) fn unknown_field(name: &Name, of: &str, known: &[String]) -> Diagnostic {
    let message = text(format!("{of} 没有 `{}`", name.text), format!("`{of}` has no `{}`", name.text));
    offer(Diagnostic::error("E0202", name.span, message), &name.text, name.span, &borrowed(known))
}

/// E0203
pub(crate) fn ambiguous(name: &Name, first: &str, second: &str) -> Diagnostic {
    let message = text(
        format!("`{}` 在 {first} 与 {second} 中都有", name.text),
        format!("both `{first}` and `{second}` have `{}`", name.text),
    );
    let help = text(
        format!("写明从哪里来，如 {first}.{}", name.text),
        format!("say where it comes from, such as {first}.{}", name.text),
    );
    Diagnostic::error("E0203", name.span, message).help(help)
}

/// E0204
pub(crate) fn only_in_subject(name: &Name) -> Diagnostic {
    let message = text(
        format!("候选记录没有 `{}`，它是本条的", name.text),
        format!("the candidate has no `{}`, the subject does", name.text),
    );
    let help = text(
        format!("其中 之内的名称属于候选记录；要用本条的，写 本条.{}", name.text),
        format!("names inside where belong to the candidate; write this.{}", name.text),
    );
    Diagnostic::error("E0204", name.span, message).help(help).fix(name.span, format!("本条.{}", name.text))
}

/// E0205
pub(crate) fn missing_spaces(name: &Name, (left, word, right): (&str, &str, &str)) -> Diagnostic {
    let apart = format!("{left} {word} {right}").trim().to_owned();
    let message =
        text(format!("`{}` 被读作一个名称", name.text), format!("`{}` is read as one name", name.text));
    let help = text(format!("加空格：{apart}"), format!("put spaces around the word: {apart}"));
    Diagnostic::error("E0205", name.span, message).help(help).fix(name.span, apart)
}

/// E0206
pub(crate) fn declared_twice(name: &Name, first: Span) -> Diagnostic {
    let message = text(format!("`{}` 声明了两次", name.text), format!("`{}` is declared twice", name.text));
    Diagnostic::error("E0206", name.span, message)
        .and(first, text("先在这里", "first here"))
        .help(text("改一个名称", "rename one of them"))
}

/// E0207
pub(crate) fn clashes_with_field(name: &Name, kind: &str) -> Diagnostic {
    let message = text(
        format!("`{}` 与 {kind} 的字段同名", name.text),
        format!("`{}` is also a field of `{kind}`", name.text),
    );
    Diagnostic::error("E0207", name.span, message)
        .help(text("换一个名称，以免读错", "choose another name, so that it cannot be misread"))
}

/// The declaration that the name of an error could also mean.
pub(crate) fn declared_here(error: Diagnostic, declared: Span) -> Diagnostic {
    error.and(declared, text("声明在这里", "declared here"))
}

/// E0218
pub(crate) fn taken_by_findings(name: &str, span: Span) -> Diagnostic {
    let message = text(
        format!("`{name}` 是疑点自己写的一项"),
        format!("`{name}` is an entry that findings write themselves"),
    );
    Diagnostic::error("E0218", span, message).help(text("换一个名称", "choose another name"))
}

/// E0208
pub(crate) fn unknown_kind(schema: &Schema, name: &Name) -> Diagnostic {
    let message =
        text(format!("没有名为 `{}` 的记录", name.text), format!("there is no record kind `{}`", name.text));
    let known: Vec<&str> =
        schema.kinds.iter().flat_map(|kind| [kind.zh.as_str(), kind.en.as_str()]).collect();
    offer(Diagnostic::error("E0208", name.span, message), &name.text, name.span, &known)
}

/// E0208
pub(crate) fn unknown_records(schema: &Schema, name: &Name, summaries: &[String]) -> Diagnostic {
    let message = text(
        format!("没有名为 `{}` 的记录或统计", name.text),
        format!("there are no records and no summary `{}`", name.text),
    );
    let kinds = schema.kinds.iter().flat_map(|kind| [kind.zh.as_str(), kind.en.as_str()]);
    let known: Vec<&str> = kinds.chain(summaries.iter().map(String::as_str)).collect();
    offer(Diagnostic::error("E0208", name.span, message), &name.text, name.span, &known)
}

/// E0209
pub(crate) fn unknown_type(schema: &Schema, name: &Name) -> Diagnostic {
    let message =
        text(format!("没有名为 `{}` 的类型", name.text), format!("there is no type `{}`", name.text));
    let known = jihe_model::names::type_names(schema);
    offer(Diagnostic::error("E0209", name.span, message), &name.text, name.span, &borrowed(&known))
}

/// E0209
pub(crate) fn unknown_system(schema: &Schema, name: &Name) -> Diagnostic {
    let message = text(
        format!("没有名为 `{}` 的编码体系", name.text),
        format!("there is no code system `{}`", name.text),
    );
    let known: Vec<&str> =
        schema.systems.iter().flat_map(|system| [system.zh.as_str(), system.en.as_str()]).collect();
    offer(Diagnostic::error("E0209", name.span, message), &name.text, name.span, &known)
}

/// E0210
pub(crate) fn unknown_function(name: &Name, known: &[String]) -> Diagnostic {
    let message = text(format!("没有函数 `{}`", name.text), format!("there is no function `{}`", name.text));
    offer(Diagnostic::error("E0210", name.span, message), &name.text, name.span, &borrowed(known))
}

/// E0211
pub(crate) fn unknown_rule(name: &Name, known: &[String]) -> Diagnostic {
    let message = text(format!("没有规则 `{}`", name.text), format!("there is no rule `{}`", name.text));
    offer(Diagnostic::error("E0211", name.span, message), &name.text, name.span, &borrowed(known))
}

/// E0212
pub(crate) fn unknown_column(name: &Name, table: &Table) -> Diagnostic {
    let message = text(
        format!("知识表 {} 没有列 `{}`", table.name, name.text),
        format!("table `{}` has no column `{}`", table.name, name.text),
    );
    let known: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let columns = quoted(&known, "、");
    let diagnostic = Diagnostic::error("E0212", name.span, message)
        .help(text(format!("它的列：{columns}"), format!("its columns: {}", quoted(&known, ", "))));
    match near(&name.text, known.iter().copied()).first() {
        Some(first) => diagnostic.fix(name.span, *first),
        None => diagnostic,
    }
}

/// E0213
pub(crate) fn unknown_code(system: &CodeSystem, code: &str, span: Span) -> Diagnostic {
    let message =
        text(format!("{} 没有编码 `{code}`", system.zh), format!("`{code}` is not a value of {}", system.en));
    with_nearest_values(Diagnostic::error("E0213", span, message), system, code, span)
}

/// Adds the values of a system nearest to a text, else some of its values.
pub(super) fn with_nearest_values(
    diagnostic: Diagnostic,
    system: &CodeSystem,
    code: &str,
    span: Span,
) -> Diagnostic {
    let known: Vec<&str> =
        system.values.iter().flat_map(|(code, name)| [code.as_str(), name.as_str()]).collect();
    let nearest = near(code, known);
    let shown: Vec<String> =
        system.values.iter().take(8).map(|(code, name)| format!("\"{code}\" {name}")).collect();
    match nearest.first() {
        Some(first) => diagnostic
            .help(text(
                format!("相近的值：{}", quoted(&nearest, "、")),
                format!("nearest: {}", quoted(&nearest, ", ")),
            ))
            .fix(span, format!("\"{first}\"")),
        None => diagnostic.help(text(
            format!("已知的值如 {}", shown.join("、")),
            format!("known values such as {}", shown.join(", ")),
        )),
    }
}

/// E0214
pub(crate) fn ambiguous_code((name, span): (&str, Span), first: &str, second: &str) -> Diagnostic {
    let message = text(
        format!("名称 `{name}` 对应不止一个编码"),
        format!("the name `{name}` belongs to several codes"),
    );
    let help = text(
        format!("写编码：\"{first}\" 或 \"{second}\""),
        format!("write the code: \"{first}\" or \"{second}\""),
    );
    Diagnostic::error("E0214", span, message).help(help)
}

/// E0215
pub(crate) fn no_group(span: Span) -> Diagnostic {
    let message = text("这里没有组，不能用 本组", "there is no group here for `group` to stand for");
    Diagnostic::error("E0215", span, message).help(text(
        "在 针对 之后写 按 (…)，或以统计为主体",
        "group the subject by (…), or write the rule over a summary",
    ))
}

/// E0217
pub(crate) fn only_in_members(name: &Name) -> Diagnostic {
    let message = text(
        format!("`{}` 是组里各条记录的，一组不止一个", name.text),
        format!("`{}` belongs to the records of the group, which are several", name.text),
    );
    let help = text(
        format!("用 合计(本组.{0})、任一(本组.{0} …) 等，或把它作为键", name.text),
        format!("use sum(group.{0}) or any(group.{0} …), or make it a key", name.text),
    );
    Diagnostic::error("E0217", name.span, message).help(help)
}

/// E0216
pub(crate) fn unknown_override(name: &Name, zh: &str, en: &str, known: &[String]) -> Diagnostic {
    let message = text(
        format!("没有名为 `{}` 的{zh}可以替换", name.text),
        format!("there is no {en} `{}` to replace", name.text),
    );
    offer(Diagnostic::error("E0216", name.span, message), &name.text, name.span, &borrowed(known))
}
