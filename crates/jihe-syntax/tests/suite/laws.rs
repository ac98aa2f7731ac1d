//! Laws of parser and formatter on random expressions.
//!
//! In: expressions put together at random from every form of the language. Out: the same tree after formatting.
//! Invariant: everything generated is legal.

use crate::support::{faults, formatted, good, shape};
use jihe_diagnostics::Language;
use proptest::prelude::*;

fn operand() -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec![
        "金额",
        "含量",
        "重叠天",
        "月",
        "i",
        "3",
        "０．５",
        "2%",
        "30 天",
        "3个月",
        "2 万元",
        "1 day",
        "2024-01-01",
        "2024年1月1日",
        "2024-01-01 08:30",
        "\"文本\"",
        "“a\"b”",
        "是",
        "false",
        "本条",
        "this.金额",
        "本组",
        "就诊.机构.级别",
        "{ \"A*\", \"B\" 至 \"C\" }",
        "限价[地区, 项目编码 = 本条.项目编码 于 日期].上限价",
    ]);
    leaf.prop_map(str::to_owned).boxed()
}

fn expression() -> impl Strategy<Value = String> {
    operand().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            3 => (inner.clone(), binary(), inner.clone()).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
            1 => inner.clone().prop_map(|a| format!("非 ({a})")),
            1 => inner.clone().prop_map(|a| format!("- ({a})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}，{b})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("0 天 <= ({a}) ＜ ({b})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("若 {a} 则 {b} 否则 {c}")),
            2 => (set(inner.clone()), inner.clone()).prop_map(|(set, a)| format!("最大者({set}，{a}).金额")),
            1 => set(inner.clone()).prop_map(|set| format!("exists({set})")),
            1 => inner.prop_map(|a| format!("(明细 其中 {a}) ÷ 2")),
        ]
    })
}

fn binary() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "且", "or", "=", "≠", ">=", "＜", "+", "－", "×", "/", "至", "含", "lacks", "属于", "not in",
    ])
}

fn set(inner: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let prefix = prop::sample::select(vec!["", "其他 ", "上一 ", "following other "]);
    let suffix = prop::sample::select(vec![
        "",
        " 同一(参保人 = 开单医师.参保人, 项目编码)",
        " 当日",
        " same benefit_year",
        " 最近30天内 至 本条",
        " last 3 times",
        " 此前 12 月 距 开始时间 以 退费时间 计",
        " before 周期[项目编码].天数 from a on b",
        " 重叠 甲 至 乙",
        " valid at (甲 + 1 天) on b",
        " 此后",
        " 除 首(本组)",
    ]);
    (prefix, suffix, prop::option::of(inner)).prop_map(|(prefix, suffix, condition)| {
        let condition = condition.map_or(String::new(), |condition| format!(" 其中 {condition}"));
        format!("{prefix}明细{suffix}{condition}")
    })
}

const DECLARATIONS: &str = "
参数 上限 = 30 天
  自 2024-01-01 = 28 天
编码集 甲 : 诊断 = {
  \"A\",
  \"B\"
} 除 乙
知识 限价 来自 \"限价.csv\" {
  项目编码 键;
  上限价 : 单价
}
派生 就诊 {
  住院 = 甲
    且 乙
}
统计 日 = 就诊
  按 (机构) {
  人次 = 计数(本组)
}

规则 乙 {
  说明 \"甲\"
  当 甲
     且 乙
  针对 明细
}
测试 \"甲\" 规则 乙 {
  明细 一 {
    数量 1
  }
  期望 一 命中
}
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_comment_is_lost(places in prop::collection::vec(prop::option::weighted(0.3, any::<bool>()), 33)) {
        let mut text = String::new();
        let mut count = 0_usize;
        for (index, (line, place)) in DECLARATIONS.lines().zip(places.iter().cycle()).enumerate() {
            let comment = match place {
                None => String::new(),
                Some(true) => format!(" # 注{index}。"),
                Some(false) => format!("\n# 注{index}。"),
            };
            text.extend([line, &comment, "\n"]);
            count = count.saturating_add(usize::from(place.is_some()));
        }
        prop_assert_eq!(faults(&text), Vec::<String>::new(), "{}", text);
        let once = formatted(&text, None);
        prop_assert_eq!(once.matches('#').count(), count, "{}", once);
        prop_assert_eq!(good(&once).comments.len(), count);
        prop_assert_eq!(shape(&good(&text)), shape(&good(&once)));
        prop_assert_eq!(&formatted(&once, None), &once);
    }

    #[test]
    fn formatting_keeps_the_tree(condition in expression(), value in set(expression())) {
        let text = format!("规则 甲 {{\n 说明 \"甲{{{{\"\n 针对 明细\n 当 {condition}\n 设 乙 = {value}\n}}");
        prop_assert_eq!(faults(&text), Vec::<String>::new(), "{}", text);
        let once = formatted(&text, Some(Language::Chinese));
        prop_assert_eq!(faults(&once), Vec::<String>::new(), "{}", once);
        let spoken = formatted(&text, None);
        prop_assert_eq!(shape(&good(&text)), shape(&good(&spoken)));
        prop_assert_eq!(&formatted(&once, None), &once);
        let english = formatted(&once, Some(Language::English));
        prop_assert_eq!(faults(&english), Vec::<String>::new(), "{}", english);
        prop_assert_eq!(formatted(&english, Some(Language::Chinese)), once);
    }
}
