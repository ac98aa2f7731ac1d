//! One broken declaration costs one error.
//!
//! In: files with faults. Out: exact places, and the neighbours alive.
//! Invariant: what can be read is read.

use crate::support::{faults, read};
use jihe_syntax::tree::ItemKind;

#[test]
fn six_declarations_three_broken() {
    let text = "\
规则 一 { 针对 明细 当 甲 > 1 }
规则 二 {
  针对 明细
  当 甲 乙
}
参数 三 = 1
规则 四 {
  针对 明细
  当 计数(甲 > 1
规则 五 { 针对 明细 当 甲 > 1 }
知识 六 来自 { 甲 键 }
";
    let places: Vec<String> = faults(text).iter().map(|fault| fault.chars().take(10).collect()).collect();
    assert_eq!(places, ["4:7 E0103 ", "9:12 E0105", "11:9 E0103"], "{:?}", faults(text));
    let read = read(text);
    assert_eq!(read.tree.items.len(), 3);
    let broken: Vec<&str> = read.tree.broken.iter().map(|name| name.text.as_str()).collect();
    assert_eq!(broken, ["二", "四", "六"]);
}

#[test]
fn a_misspelt_declaration_does_not_hurt_its_neighbours() {
    let text = "规则 一 { 针对 明细 当 甲 }\n规测 二 {\n 当 甲 }\n规则 三 { 针对 明细 当 甲 }\n参书 四 = 1\n参数 五 = 1\n参树 六 = 1\n}\n";
    assert_eq!(
        faults(text),
        [
            "2:1 E0101 `规测` 不是声明；相近的有 `规则`",
            "5:1 E0101 `参书` 不是声明；相近的有 `参数`",
            "7:1 E0101 `参树` 不是声明；相近的有 `参数`",
            "8:1 E0101 多余的 `}`",
        ]
    );
    assert_eq!(read(text).tree.items.len(), 3);
}

#[test]
fn strings_and_comments_hide_braces_and_words() {
    let text = "规则 一 {\n  # } 规则 二 {\n  名称 \"} 规则 三 {\"\n  针对 明细\n  当 甲\n}\n规则 四 { 针对 明细 当 甲 }";
    assert_eq!(faults(text), Vec::<String>::new());
    assert_eq!(read(text).tree.items.len(), 2);
}

#[test]
fn an_open_string_ends_at_its_line() {
    let text = "规则 一 {\n  名称 \"甲\n  针对 明细\n}\n规则 二 { 针对 明细 当 甲 }";
    assert_eq!(faults(text), ["2:6 E0104 文本缺少结束引号 `\"`"]);
    assert_eq!(read(text).tree.items.len(), 1);
}

#[test]
fn declarations_on_one_line() {
    let text = "参数 一 = 1 参数 二 = 2 规则 三 { 针对 明细 当 甲 } 测试 \"四\" 规则 三 { 期望 命中 1 次 } 参数 五 = 3";
    assert_eq!(faults(text), Vec::<String>::new());
    assert_eq!(read(text).tree.items.len(), 5);
}

#[test]
fn a_test_may_break_its_header() {
    let text = "测试 \"四\"\n规则 三 { 期望 命中 1 次 }\n规则 三 { 针对 明细 当 甲 }";
    assert_eq!(faults(text), Vec::<String>::new());
    assert!(matches!(read(text).tree.items[0].kind, ItemKind::Test(_)));
}

#[test]
fn marks_of_other_languages_are_named() {
    let text = "规则 一 { 针对 明细 当 甲 && 乙 }";
    assert_eq!(faults(text), ["1:18 E0112 规则中没有 `&` 这个符号，应写 `且`"]);
    assert_eq!(faults("规则 一 { 针对 明细 当 甲。乙 }").len(), 1);
    assert_eq!(faults("参数 一 = 1\u{1}").len(), 1);
}

#[test]
fn what_is_missing_is_said() {
    let message = |text: &str| faults(text).join("|");
    assert_eq!(message("规则 甲 {"), "1:6 E0105 声明没有写完，此处应有`}` 或 子句");
    assert_eq!(message("规则 { 针对 明细 }"), "1:4 E0103 此处应有名称，而不是 `{`");
    assert_eq!(message("参数 甲 30 天"), "1:6 E0103 此处应有`=`，而不是 `30`");
    assert_eq!(message("编码集 甲 = { \"1\" }"), "1:7 E0103 此处应有`:`，而不是 `=`");
    assert_eq!(message("规则包 甲"), "1:5 E0103 此处应有引号中的文本，而不是 `甲`");
}
