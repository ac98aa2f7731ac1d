//! No text makes the parser panic or hang.
//!
//! In: deep, long and random texts. Out: a tree or diagnostics, soon.
//! Invariant: time grows with length, not with depth or disorder.

use crate::support::{faults, formatted, in_rule, read};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn quickly(text: &str) -> Vec<String> {
    let start = Instant::now();
    let faults = faults(text);
    assert!(start.elapsed() < Duration::from_secs(2), "{:?} for {} bytes", start.elapsed(), text.len());
    faults
}

#[test]
fn nesting_is_quick_up_to_the_limit_and_refused_beyond() {
    for (open, middle, close) in [
        ("(", "甲", ")"),
        ("计数(", "甲", ")"),
        ("甲[", "乙", "]"),
        ("若 甲 则 ", "乙", " 否则 丙"),
        ("(若 (甲) 则 ", "乙", " 否则 丙)"),
        ("存在(明细 同一(就诊) 其中 ", "甲", ")"),
        ("(甲, ", "乙", ")"),
        ("{", "\"甲\"", "}"),
    ] {
        let nested =
            |depth: usize| in_rule(&format!("当 {}{middle}{}", open.repeat(depth), close.repeat(depth)));
        let deep = quickly(&nested(25));
        assert!(open == "{" || deep.is_empty(), "{open}: {deep:?}");
        for depth in [26, 62, 63, 64, 200, 20_000] {
            quickly(&nested(depth));
        }
        assert!(quickly(&nested(200)).join("|").contains("E0108"), "{open}");
        quickly(&in_rule(&format!("当 {}", open.repeat(60))));
        quickly(&in_rule(&format!("当 {}{}", open.repeat(60), middle)));
    }
}

#[test]
fn chains_are_bounded() {
    for (first, link) in [("甲", " + 甲"), ("甲", ".乙"), ("甲", "[乙]"), ("甲", " 且 甲"), ("甲", " × 甲")]
    {
        let chained = |length: usize| in_rule(&format!("当 {first}{}", link.repeat(length)));
        assert_eq!(quickly(&chained(200)), Vec::<String>::new(), "{link}");
        assert!(quickly(&chained(20_000)).join("|").contains("E0108"), "{link}");
    }
    for prefix in ["非 ", "-"] {
        assert!(quickly(&in_rule(&format!("当 {}甲", prefix.repeat(20_000)))).join("|").contains("E0108"));
    }
    let ifs = "若 甲 则 乙 否则 ".repeat(5_000);
    assert!(quickly(&in_rule(&format!("当 {ifs}丙"))).join("|").contains("E0108"));
}

#[test]
fn what_is_too_long_is_refused() {
    let text = format!("参数 甲 = \"{}\"", "甲".repeat(30_000));
    assert!(faults(&text).join("|").contains("E0109"));
    assert!(faults(&"#".repeat(5 * 1024 * 1024)).join("|").contains("E0109"));
}

#[test]
fn many_rules_are_quick() {
    let text =
        "规则 甲 { 编号 \"1\" 针对 明细 其中 甲 > 1\n 当 乙 属于 丙 且 丁 = 2 天\n 说明 \"{甲}乙\" }\n"
            .repeat(5_000);
    let start = Instant::now();
    assert_eq!(read(&text).tree.items.len(), 5_000);
    assert!(start.elapsed() < Duration::from_secs(8), "{:?}", start.elapsed());
}

/// Pieces of rule text in any order.
fn pieces() -> impl Strategy<Value = String> {
    let words = "规则 参数 统计 测试 知识 编码集 甲 乙 { } ( ) [ ] \" “ ” = : ; , 针对 设 当 性质 说明 其中 同一 最近 30 天 至 且 非 若 则 \
                 否则 属于 . > - # 2024-01-01 \"{甲}\" 期望 命中 按 ， 来自 除 自 以 计";
    let mut pieces: Vec<&str> = words.split(' ').collect();
    pieces.extend(["\n", "\n", " ", "\u{1}", "\u{3000}"]);
    prop::collection::vec(prop::sample::select(pieces), 0..80).prop_map(|pieces| {
        pieces.iter().flat_map(|piece| [*piece, if piece.len() % 2 == 0 { " " } else { "" }]).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_pieces(text in pieces()) {
        let read = read(&text);
        for diagnostic in &read.diagnostics {
            let span = diagnostic.span();
            prop_assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
        }
        let once = formatted(&text, None);
        prop_assert_eq!(faults(&once).len(), read.diagnostics.len(), "{:?} became {:?}", text, once);
        if read.diagnostics.is_empty() {
            prop_assert_eq!(formatted(&once, None), once);
        }
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        read(&text);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read(&String::from_utf8_lossy(&bytes));
    }
}
