//! The formatter.
//!
//! In: texts written anyhow. Out: canonical text.
//! Invariant: each case is its own small example of one law.

use crate::support::{faults, formatted, good, shape};
use jihe_diagnostics::Language;
use jihe_syntax::format;

const EVERYTHING: &str = r#"# 文件头

规则包 "甲"  版本 "1"   地区 "000000" 医保年度  自 ７月1日

编码集 甲 : 诊断 = { "A*"，"B01" 至 "B09" }  除 {"B05"} 除 乙   # 编码
编码集 乙 : 项目 来自 "乙.csv"
参数 上限 ＝ ３０天 范围 1 天 至 60 天 # 上限
 自 2024年1月1日 = 28 天
知识 限价 来自 "限价.csv" { 地区 键 逐级
  # 注
  上限价 : 单价；适应症 : 诊断 集 ; 生效、失效 : 日期 }
扩展 明细 { 绿色通道 : 是否 }
派生 就诊 {  # 开头
  住院 = 医疗类别 属于 住院类别;  # 尾注
  上次住院 = 上一 就诊 同一(参保人, 机构) 其中 住院
}


统计 机构日 = 就诊 其中 住院 其中 甲 或 乙 按 (机构, 日子 = 日(入院时间)) 补零 { 人次 = 计数(本组) }
规则 乙 {
  说明 "{{}}“{首(主项.名称)}”"   # 说明的注
  # 条件的注
  当 非 存在(其他 明细 同一(参保人) 最近30天内 至 本条 距 开始时间 以 退费时间 计) 且 0 <= 间隔 <= -上限 或 甲[乙, 丙 = 丁 于 日期].戊 != 2%
  针对 明细 其中 (项目编码, 编码) 属于 表
  生效 2023-03-14 起
  环节 事前、事后
  性质 若 甲 则 违规 否则 若 乙 则 高度可疑 否则 可疑
  优先于 丙
  除非 甲 因 "说“甲”"
  除非 丁 重要 因 "乙"
}
测试 "甲" 规则 乙 {
  参保人 众[1..30] { 性别 男， 时间 2024-03-01 08:30 }
  期望 众[3] 命中 违规金额 4元 性质 可疑
  期望 命中 1次  # 一次
}
# 文件尾"#;

/// The whole sample without its one faulty clause.
fn sample() -> String {
    EVERYTHING.replace("  除非 丁 重要 因 \"乙\"\n", "")
}

#[test]
fn canonical_text() {
    let expected = r#"# 文件头

规则包 "甲" 版本 "1" 地区 "000000" 医保年度 自 07-01

编码集 甲 : 诊断 = { "A*", "B01" 至 "B09" } 除 { "B05" } 除 乙  # 编码
编码集 乙 : 项目 来自 "乙.csv"
# 上限
参数 上限 = 30 天 范围 1 天 至 60 天
  自 2024-01-01 = 28 天
知识 限价 来自 "限价.csv" {
  地区 键 逐级
  # 注
  上限价 : 单价
  适应症 : 诊断 集
  生效, 失效 : 日期
}
扩展 明细 { 绿色通道 : 是否 }
派生 就诊 {  # 开头
  住院     = 医疗类别 属于 住院类别  # 尾注
  上次住院 = 上一 就诊 同一(参保人, 机构) 其中 住院
}

统计 机构日 = 就诊 其中 住院 且 (甲 或 乙) 按 (机构, 日子 = 日(入院时间)) 补零 { 人次 = 计数(本组) }
规则 乙 {
  环节 事前, 事后
  生效 2023-03-14 起
  优先于 丙
  针对 明细 其中 (项目编码, 编码) 属于 表
  # 条件的注
  当   非 存在(其他 明细 同一(参保人) 最近 30 天 至 本条 距 开始时间 以 退费时间 计) 且 0 ≤ 间隔 ≤ -上限
       或 甲[乙, 丙 = 丁 于 日期].戊 ≠ 2%
  除非 甲 因 "说“甲”"
  性质 若 甲 则 违规 否则 若 乙 则 高度可疑 否则 可疑
  说明 "{{}}“{首(主项.名称)}”"  # 说明的注
}
测试 "甲" 规则 乙 {
  参保人 众[1..30] { 性别 男; 时间 2024-03-01 08:30 }
  期望 众[3] 命中 违规金额 4 元 性质 可疑
  期望 命中 1 次  # 一次
}
# 文件尾
"#;
    assert_eq!(faults(&sample()), Vec::<String>::new());
    assert_eq!(formatted(&sample(), None), expected);
    assert_eq!(formatted(expected, None), expected, "idempotent");
}

#[test]
fn to_english_and_back() {
    let chinese = formatted(&sample(), None);
    let english = formatted(&chinese, Some(Language::English));
    assert_eq!(faults(&english), Vec::<String>::new());
    for line in [
        "parameter 上限 = 30 days range 1 day to 60 days",
        "  since 2024-01-01 = 28 days",
        "  when not exists(other 明细 same(参保人) last 30 days to this from 开始时间 on 退费时间) and 0 <= 间隔 <= -上限",
        "  nature if 甲 then violation else if 乙 then likely else suspicious",
        "  message \"{{}}“{first(主项.名称)}”\"  # 说明的注",
        "  expect 众[3] hit amount 4 yuan nature suspicious",
        "  expect hit 1 time  # 一次",
    ] {
        assert!(english.lines().any(|written| written == line), "{line}\n{english}");
    }
    assert_eq!(formatted(&english, Some(Language::English)), english);
    assert_eq!(formatted(&english, None), english, "without a language each keeps its own");
    assert_eq!(formatted(&english, Some(Language::Chinese)), chinese);
}

#[test]
fn the_tree_is_kept() {
    let text = sample().replace(" 其中 住院 其中 甲 或 乙 ", " 其中 住院 ");
    assert_eq!(shape(&good(&text)), shape(&good(&formatted(&text, None))));
}

#[test]
fn text_that_could_not_be_read_is_kept() {
    let text = "参数 甲=1\n规则 乙 { 针对 明细 # 注\n 当 > }\n\n# 后\n参数 丙=2\n";
    let kept = "参数 甲 = 1\n规则 乙 { 针对 明细 # 注\n 当 > }\n\n# 后\n参数 丙 = 2\n";
    assert_eq!(faults(text).len(), 1);
    assert_eq!(formatted(text, None), kept);
}

#[test]
fn an_empty_file_is_empty() {
    assert_eq!(formatted(" \n\n", None), "");
    assert_eq!(formatted("# 注", None), "# 注\n");
    assert_eq!(
        format(&jihe_syntax::tree::SyntaxTree::default(), &jihe_diagnostics::Sources::new(), None),
        ""
    );
}

#[test]
fn english_is_the_same_language() {
    let chinese = "\
规则 超量购药 {
  编号 \"C1\"
  环节 事前, 事中, 事后
  生效 2023-03-14 起
  针对 明细 其中 就诊.医疗类别 属于 慢病 且 供药天数 > 0 天
  设   窗口 = 明细 同一(参保人, 通用名) 最近 30 天 至 本条
  设   累计 = 合计(窗口.供药天数)
  当   累计 > 上限天数 且 不存在(其他 明细 同一(就诊) 当日)
  除非 缺省(就诊.备注, \"\") 含 \"长处方\" 因 \"另行核算\"
  性质 若 累计 > 2 × 上限天数 则 违规 否则 可疑
  违规金额 金额 × 最小(1, (累计 - 上限天数) ÷ 供药天数)
  涉及 窗口
  说明 \"{合计(窗口.供药天数)}\"
}
";
    let english = "\
rule 超量购药 {
  id \"C1\"
  stage pre, live, post
  effective from 2023-03-14 onward
  for each 明细 where 就诊.医疗类别 in 慢病 and 供药天数 > 0 days
  let 窗口 = 明细 same(参保人, 通用名) last 30 days to this
  let 累计 = sum(窗口.供药天数)
  when 累计 > 上限天数 and none(other 明细 same(就诊) same day)
  unless default(就诊.备注, \"\") contains \"长处方\" because \"另行核算\"
  nature if 累计 > 2 * 上限天数 then violation else suspicious
  amount 金额 * min(1, (累计 - 上限天数) / 供药天数)
  involving 窗口
  message \"{sum(窗口.供药天数)}\"
}
";
    let written = english.replace("effective from", "effective");
    assert_eq!(formatted(chinese, Some(Language::English)), written);
    assert_eq!(formatted(english, Some(Language::Chinese)), chinese);
    assert_eq!(formatted(english, None), written);
}
