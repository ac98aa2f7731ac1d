//! The 29 ambiguities of the language decisions, a test each.
//!
//! In: the text of each. Out: the tree or the fault decided on.
//! Invariant: numbered as in the decisions; the ones the checker decides are tested here for how they parse.

use crate::support::{bare, condition, faults, good, in_rule, rule_of, set_value};
use jihe_syntax::tree::{ExprKind, ItemKind, RollingWord, SetExpr, SetSuffix};

fn set(expression: &str) -> SetExpr {
    match set_value(expression) {
        ExprKind::Set(set) => *set,
        other => panic!("{expression} is no set: {other:?}"),
    }
}

#[test]
fn a01_suffixes_never_stand_inside_an_operand() {
    let set = set("就诊 同一(参保人) 重叠 入院时间 至 出院时间 其中 住院");
    let names: Vec<String> = set.suffixes.iter().map(|(suffix, _)| bare(suffix)).collect();
    assert!(names[0].starts_with("Same"));
    assert!(names[1].starts_with("Interval") && names[1].contains("Range") && !names[1].contains("住院"));
    assert!(names[2].starts_with("Where") && names[2].contains("住院"));
}

#[test]
fn a02_dated_values_are_not_swallowed() {
    let tree = good("参数 次数 = 6\n  自 2024-01-01 = 5\n参数 甲 = 1");
    let ItemKind::Parameter(parameter) = &tree.items[0].kind else { panic!("a parameter") };
    assert_eq!(bare(&parameter.value.kind), "Number(\"6\")");
    assert_eq!(parameter.dated.len(), 1);
    assert_eq!(tree.items.len(), 2);
}

#[test]
fn a03_both_conditions_filter_the_set() {
    let set = set("明细 其中 甲 > 1 其中 乙 > 2");
    assert_eq!(set.suffixes.len(), 2);
    assert!(set.suffixes.iter().all(|(suffix, _)| matches!(suffix, SetSuffix::Where(_))));
}

#[test]
fn a04_a_condition_extends_to_the_bracket() {
    let inside = condition("存在(明细 同一(就诊) 其中 甲 且 乙)");
    assert!(inside.starts_with("Call"));
    let outside = condition("存在(明细 同一(就诊) 其中 甲) 且 乙");
    assert!(outside.starts_with("Binary(Expr { kind: Call"));
}

#[test]
fn a05_precedence() {
    let same = |one: &str, other: &str| {
        let strip =
            |text: &str| condition(text).replace("Paren(Expr { kind: ", "").replace([')', '}', ' '], "");
        assert_eq!(strip(one), strip(other), "{one}");
    };
    same("非 甲 属于 乙", "非 (甲 属于 乙)");
    same("甲 或 乙 且 丙", "甲 或 (乙 且 丙)");
    same("甲 + 乙 × 丙 > 丁", "(甲 + (乙 × 丙)) > 丁");
    same("甲 至 乙 + 1 天 = 丙", "(甲 至 (乙 + 1 天)) = 丙");
    assert!(condition("非 甲 属于 乙").starts_with("Not"));
    assert!(condition("若 甲 或 乙 则 丙 否则 丁").starts_with("If"));
}

#[test]
fn a06_words_run_together() {
    let run = condition("累计>上限且数量>2");
    assert!(run.starts_with("Chain") && run.contains("上限且数量"), "left to the checker");
    assert_eq!(jihe_syntax::keywords::splits("上限且数量")[0], ("上限", "且", "数量"));
    let split = |clauses: &str| faults(&in_rule(clauses)).join("|");
    assert_eq!(
        split("当 项目编码 属于限定频次"),
        "3:10 E0113 `属于限定频次` 连写了保留字，应写作 `属于 限定频次`"
    );
    assert_eq!(split("当 若累计 > 2 则 是 否则 否"), "3:5 E0113 `若累计` 连写了保留字，应写作 `若 累计`");
    assert_eq!(
        split("设 近期 = 退费 同一(参保人) 最近 90 天 以退费时间计"),
        "3:29 E0113 `以退费时间计` 连写了保留字，应写作 `以 退费时间 计`"
    );
    assert!(condition("非存在(甲)").contains("非存在"), "a name the checker will not know");
}

#[test]
fn a07_reserved_words_are_reserved_whole() {
    for name in
        ["起付线", "按摩费", "含量", "设备编号", "当量", "非药物占比", "或有负债", "若干", "其中药", "同一性"]
    {
        assert_eq!(condition(&format!("{name} > 1")).matches(name).count(), 1, "{name}");
    }
}

#[test]
fn a08_numbers_touch_units_and_period_words() {
    let set = set("明细 同一(参保人) 最近30天");
    let Some((SetSuffix::Rolling(rolling), _)) = set.suffixes.last() else { panic!("a window") };
    assert_eq!(rolling.word, RollingWord::Last);
    assert!(bare(&rolling.length).contains("Quantity(\"30\", Day)"));
    assert!(condition("最近30天累计 > 2").contains("Name(\"最近30天累计\")"));
    assert!(condition("年龄 < 3个月").contains("Quantity(\"3\", Month)"));
    assert_eq!(faults(&in_rule("当 供药天数 > 30天数")), ["3:14 E0106 数字后的 `天数` 不是单位"]);
}

#[test]
fn a09_inside_is_a_noise_word() {
    assert_eq!(
        bare(&set("明细 同一(参保人) 最近 30 天 内").suffixes),
        bare(&set("明细 同一(参保人) 最近 30 天").suffixes)
    );
}

#[test]
fn a10_clause_words_are_names_in_expressions() {
    assert!(condition("性质 = \"1\"").contains("Name(\"性质\")"));
    assert!(condition("机构.名称 含 \"院\" 且 限价[项目编码].依据 = 说明").contains("Name(\"说明\")"));
    let tree = good("规则 甲 { 编号 \"1\" 针对 明细 当 性质 = \"1\" 性质 违规 违规金额 金额 说明 \"甲\" }");
    assert_eq!(rule_of(&tree.items[0]).clauses.len(), 6);
}

#[test]
fn a11_a_reserved_word_as_a_name_says_so() {
    assert_eq!(faults(&in_rule("设 重叠 = 1")), ["3:5 E0102 `重叠` 是保留字，不能作名称"]);
    assert_eq!(faults(&in_rule("设 窗口 = 期间")), ["3:10 E0102 `期间` 是保留字，不能作名称"]);
    assert!(good(&in_rule("设 医保年度 = 1")).items.len() == 1, "a function, not reserved");
}

#[test]
fn a12_a_clause_word_first_on_its_line_ends_the_expression() {
    let text = "规则 甲 {\n  针对 明细\n  当 累计 >\n  性质 若 甲 则 违规 否则 可疑\n}";
    let faults = faults(text);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("3:8 E0103 此处应有"), "{faults:?}");
    let tree = good("规则 甲 {\n  针对 明细\n  当 甲 且\n  性质 = \"1\"\n}");
    assert_eq!(rule_of(&tree.items[0]).clauses.len(), 2, "a name where an operator follows");
}

#[test]
fn a13_a_name_is_a_call_before_a_bracket() {
    assert!(condition("首 + 末 + 最大 + 天数 + 跨度 + 计数 + 月 > 1").matches("Name").count() == 7);
    assert!(condition("月(日期) = 月").contains("Call"));
    let tree = good(
        "rule a {\n  for each item\n  let w = items same(person) last 30 days\n  when last(w.amount) > 1\n}",
    );
    let text = bare(&rule_of(&tree.items[0]).clauses);
    assert!(text.contains("Rolling { word: Last") && text.contains("Call(Name { text: \"last\""), "{text}");
}

#[test]
fn a14_a_bare_kind_parses_for_the_checker_to_refuse() {
    assert!(condition("存在(明细)").contains("Name(\"明细\")"));
}

#[test]
fn a15_table_columns() {
    assert!(condition("项目编码 属于 限价.项目编码").contains("In, , Expr { kind: Dot"));
    assert!(condition("限价[项目编码].上限价 > 1").contains("Dot(Expr { kind: Index"));
}

#[test]
fn a16_tuples() {
    assert!(condition("(甲, 乙) 属于 表").contains("Binary(Expr { kind: Tuple"));
    assert!(condition("存在(表[主项 = 甲, 子项 = 本条.乙])").contains("name: Some(Name { text: \"主项\""));
}

#[test]
fn a17_to_many_paths_parse() {
    assert!(condition("就诊.诊断.编码 属于 甲").contains("Dot"));
}

#[test]
fn a18_dates() {
    assert!(condition("日期 > 2024-01-01").contains("Date(Date { year: 2024, month: 1, day: 1"));
    assert!(condition("日期 > 2024年1月1日").contains("Date(Date { year: 2024, month: 1, day: 1"));
    assert!(condition("日期 > 2024-1-1").matches("Subtract").count() == 2, "the checker refuses it");
}

#[test]
fn a19_units_of_time_are_functions_before_a_bracket() {
    assert!(condition("月(日期) = 1 月").contains("Call(Name { text: \"月\""));
}

#[test]
fn a20_a_conditional_operand_needs_parentheses() {
    assert!(condition("甲 = (若 乙 则 1 否则 2)").contains("Paren"));
    assert_eq!(faults(&in_rule("当 甲 = 若 乙 则 1 否则 2")).len(), 1);
}

#[test]
fn a21_comparisons_chain() {
    assert!(condition("0 天 ≤ 间隔 ≤ 上限").starts_with("Chain"));
    assert!(condition("甲 < 乙 > 丙").starts_with("Chain"), "the checker refuses it");
}

#[test]
fn a22_strings_end_at_their_own_mark() {
    let text = bare(&rule_of(&good(&in_rule("说明 \"“{甲}”已包含“{乙}”，{{甲}}\"")).items[0]).clauses);
    assert!(text.contains("Text(\"“\")") && text.contains("Text(\"”，{甲}\")"), "{text}");
    assert!(bare(&good(&in_rule("说明 “一\"二”")).items).contains("一\\\"二"));
    assert_eq!(faults(&in_rule("说明 \"{甲\"")), ["3:7 E0110 说明中的花括号不成对，或其中不是表达式"]);
    assert_eq!(faults(&in_rule("说明 \"{缺省(甲, “无”)}\"")).len(), 1, "no text inside the braces");
}

#[test]
fn a23_code_patterns_are_kept_as_written() {
    let text = bare(
        &good("编码集 甲 : 诊断 = { \"Z51*\", \"M01\\*\", \"C00\" 至 \"C97\" } 除 { \"C44*\" } 除 乙").items,
    );
    assert!(text.contains("Z51*") && text.contains("M01\\\\*") && text.contains("to: Some"), "{text}");
}

#[test]
fn a24_bare_words_are_values_in_test_records() {
    let tree = good("测试 \"甲\" 规则 乙 { 参保人 甲 { 性别 男; 出生日期 1960-01-01; 住院 是 } }");
    assert!(bare(&tree.items).contains("Name(\"男\")"));
}

#[test]
fn a25_full_width_marks_and_digits() {
    let wide = "规则 甲 ｛\n 针对 明细\n 当 计数（明细 同一（就诊，项目编码）） ＞＝ １０．５ 且 甲［乙］．丙 ＝ ２％\n｝";
    let narrow = "规则 甲 {\n 针对 明细\n 当 计数(明细 同一(就诊,项目编码)) >= 10.5 且 甲[乙].丙 = 2%\n}";
    let all = |text: &str| bare(&good(text).items[0].kind);
    assert_eq!(all(wide), all(narrow));
    let span = good(wide).items[0].span;
    assert_eq!(usize::try_from(span.end).ok(), Some(wide.len()), "spans stay true");
}

#[test]
fn a26_separators_are_optional_at_line_ends() {
    let lines = good("知识 甲 来自 \"a.csv\" {\n  项目编码 键\n  日上限 : 数量\n  生效, 失效 : 日期\n}");
    let marks = good("知识 甲 来自 \"a.csv\" { 项目编码 键; 日上限 : 数量， 生效、失效 : 日期 ； }");
    assert_eq!(bare(&lines.items[0].kind), bare(&marks.items[0].kind));
    let units = good("派生 就诊 {\n  甲 = 3\n  月 = 明细 同一(就诊) 此前\n  日 = 5\n}");
    let ItemKind::Derive(derive) = &units.items[0].kind else { panic!("fields") };
    assert_eq!(derive.binds.len(), 3, "what begins the next line belongs to no number or window of this one");
    assert_eq!(faults("派生 就诊 { 甲 = 1 乙 = 2 }"), ["1:15 E0107 同一行的两项之间缺少分号"]);
}

#[test]
fn a27_difference_and_unless_are_two_words() {
    assert!(matches!(set("本组 除 首(本组)").suffixes[0].0, SetSuffix::Except(_)));
    assert_eq!(rule_of(&good(&in_rule("除非 甲 因 \"乙\"")).items[0]).clauses.len(), 2);
}

#[test]
fn a28_grouping_comes_last() {
    let text =
        bare(&good("规则 甲 {\n 针对 明细 其中 甲 按 (就诊, 日子 = 日(使用时间)) 补零\n 当 乙\n}").items);
    assert!(text.contains("dense: true"));
    assert_eq!(faults("规则 甲 {\n 针对 明细 按 (就诊) 其中 甲\n 当 乙\n}").len(), 1);
}

#[test]
fn a29_clauses_in_any_order() {
    let tree = good("规则 甲 {\n 说明 \"甲\"\n 当 乙\n 设 乙 = 1\n 针对 明细\n 编号 \"1\"\n 编号 \"2\"\n}");
    assert_eq!(rule_of(&tree.items[0]).clauses.len(), 6, "a second one is the checker's");
}
