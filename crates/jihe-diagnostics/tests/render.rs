//! The renderers on Chinese lines.
//!
//! In: diagnostics made by hand. Out: exact texts.
//! Invariant: what is shown under a wide character is two columns wide.
#![expect(clippy::expect_used, clippy::arithmetic_side_effects, reason = "a test may fail loudly")]

use jihe_diagnostics::{
    Diagnostic, FileId, Language, Sources, Span, Text, explain, explained, render_concise, render_json,
    render_sarif, render_text,
};

const RULE: &str = "参数 上限天数 = 30 天\n规则 甲 {\n\t当 费用.金额 > 上限天数\n}\n";

/// The span of the nth occurrence of a text.
fn span(file: FileId, text: &str, nth: usize) -> Span {
    let (start, found) = RULE.match_indices(text).nth(nth).expect("the text occurs");
    let position = |at: usize| u32::try_from(at).expect("a small text");
    Span { file, start: position(start), end: position(start + found.len()) }
}

fn mismatch() -> (Sources, Diagnostic) {
    let mut sources = Sources::new();
    let file = sources.add("规则/甲.jihe", RULE);
    let amount = span(file, "费用.金额", 0);
    let days = span(file, "上限天数", 1);
    let declared = span(file, "上限天数", 0);
    let diagnostic = Diagnostic::error(
        "E0302",
        amount,
        Text::new("`费用.金额` 是金额，`上限天数` 是天数", "`费用.金额` is money but `上限天数` is days"),
    )
    .here(Text::new("金额", "money"))
    .and(days, Text::new("天数", "days"))
    .and(declared, Text::new("在此声明", "declared here"))
    .help(Text::new("与金额比较", "compare with money"))
    .fix(days, "30 元");
    (sources, diagnostic)
}

#[test]
fn several_labels_stand_under_their_words() {
    let (sources, diagnostic) = mismatch();
    let text = render_text(&[diagnostic], &sources, Language::Chinese);
    let expected = "\
错误[E0302]: `费用.金额` 是金额，`上限天数` 是天数
  ┌ 规则/甲.jihe:1:4
1 │ 参数 上限天数 = 30 天
  │      -------- 在此声明
  ┆
3 │     当 费用.金额 > 上限天数
  │        ^^^^^^^^^ 金额
  │                    -------- 天数
  = 帮助: 与金额比较
  = 改为: `30 元`
";
    assert_eq!(text, expected);
}

#[test]
fn a_span_over_lines_says_where_it_ends() {
    let mut sources = Sources::new();
    let file = sources.add("甲.jihe", RULE);
    let span =
        Span {
            file, start: span(file, "规则", 0).start, end: u32::try_from(RULE.len()).expect("small") - 1
        };
    let diagnostic = Diagnostic::warning("E0999", span, Text::new("甲", "a"));
    let text = render_text(&[diagnostic], &sources, Language::English);
    assert_eq!(text, "warning[E0999]: a\n  ┌ 甲.jihe:2:1\n2 │ 规则 甲 {\n  │ ^^^^^^^^^ …to line 4\n");
}

#[test]
fn places_outside_every_file_do_no_harm() {
    let sources = Sources::new();
    let diagnostic = Diagnostic::error("E0999", Span::default(), Text::new("甲", "a"));
    let all = std::slice::from_ref(&diagnostic);
    assert_eq!(render_text(all, &sources, Language::Chinese), "错误[E0999]: 甲\n");
    assert_eq!(render_concise(all, &sources, Language::English), "error[E0999]: a\n");
    assert!(render_json(all, &sources, Language::English).contains("\"labels\":[]"));
    assert!(render_sarif(all, &sources, Language::English).contains("\"ruleId\": \"E0999\""));
}

#[test]
fn machines_read_characters_from_one() {
    let (sources, diagnostic) = mismatch();
    let json = render_json(std::slice::from_ref(&diagnostic), &sources, Language::English);
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(value[0]["code"], "E0302");
    assert_eq!(value[0]["labels"][0]["line"], 3);
    assert_eq!(value[0]["labels"][0]["column"], 4);
    assert_eq!(value[0]["labels"][0]["end_column"], 9);
    assert_eq!(value[0]["fix"]["replacement"], "30 元");
    let sarif = render_sarif(&[diagnostic], &sources, Language::Chinese);
    let value: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let result = &value["runs"][0]["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startColumn"], 4);
    assert_eq!(result["relatedLocations"].as_array().map(Vec::len), Some(2));
    assert_eq!(render_json(&[], &sources, Language::Chinese), "[]\n");
}

#[test]
fn pages_are_in_order_and_of_one_form() {
    let codes: Vec<&str> = explained().collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    for code in codes {
        let page = explain(code).expect("listed");
        assert!(page.starts_with(&format!("# {code} ")), "{code}");
        assert!(page.contains("```jihe\n"), "{code} has no repaired block");
    }
}
