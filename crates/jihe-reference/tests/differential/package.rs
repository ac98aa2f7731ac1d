//! A random package: what may be declared, the rules, their tables; and the text of what the rules reach.
//!
//! In: declarations and rules as text. Out: [`Package::text`], in either spelling.
//! Invariant: the text declares exactly what some rule needs, directly or through another declaration.

use super::spelling::{Spelling, spelled};
use std::collections::{BTreeMap, BTreeSet};

/// Something rules may use, and the names they use it by.
#[derive(Debug, Clone)]
pub(crate) struct Declaration {
    pub(crate) names: Vec<String>,
    pub(crate) text: String,
    /// Constructs that its words do not show.
    pub(crate) tags: BTreeSet<&'static str>,
}

/// A random package.
#[derive(Clone)]
pub(crate) struct Package {
    pub(crate) head: String,
    pub(crate) declared: Vec<Declaration>,
    /// Rules with the constructs that their words do not show.
    pub(crate) rules: Vec<(String, BTreeSet<&'static str>)>,
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) spelling: Spelling,
}

impl Package {
    /// The package as Chinese text.
    pub(crate) fn chinese(&self) -> String {
        let rules: String = self.rules.iter().map(|(text, _)| text.as_str()).collect();
        let needed: String = self.needed(&rules).into_iter().map(|found| found.text.as_str()).collect();
        format!("{}{needed}{rules}", self.head)
    }

    /// The package as it is compiled.
    pub(crate) fn text(&self) -> String {
        spelled(&self.chinese(), self.spelling)
    }

    /// One rule with everything it reaches.
    pub(crate) fn reach(&self, rule: &str) -> String {
        let needed: String = self.needed(rule).into_iter().map(|found| found.text.as_str()).collect();
        format!("{needed}{rule}")
    }

    /// Constructs that words do not show, of the rules and all they reach.
    pub(crate) fn tags(&self) -> BTreeSet<&'static str> {
        let rules: String = self.rules.iter().map(|(text, _)| text.as_str()).collect();
        let declared = self.needed(&rules).into_iter().flat_map(|found| found.tags.iter().copied());
        let of_rules = self.rules.iter().flat_map(|(_, tags)| tags.iter().copied());
        declared.chain(of_rules).collect()
    }

    fn needed(&self, text: &str) -> Vec<&Declaration> {
        let mut words: BTreeSet<String> = words(text).map(|word| word.text.to_owned()).collect();
        let mut taken = vec![false; self.declared.len()];
        loop {
            let next = self.declared.iter().enumerate().find(|(place, declaration)| {
                !taken[*place] && declaration.names.iter().any(|name| words.contains(name))
            });
            let Some((place, declaration)) = next else { break };
            taken[place] = true;
            words.extend(self::words(&declaration.text).map(|word| word.text.to_owned()));
        }
        self.declared.iter().zip(taken).filter(|(_, taken)| *taken).map(|(found, _)| found).collect()
    }
}

/// A word outside string literals, with what stands around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'t> {
    pub(crate) text: &'t str,
    /// Where it begins.
    pub(crate) start: usize,
    /// The character before it, spaces apart.
    pub(crate) before: Option<char>,
    /// The character right after it.
    pub(crate) after: Option<char>,
}

/// Every word outside string literals.
pub(crate) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut place = 0;
    let mut quoted = false;
    let mut before = None;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[place..];
            let first = rest.chars().next()?;
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            if !quoted && end > 0 {
                let word =
                    Word { text: &rest[..end], start: place, before, after: rest[end..].chars().next() };
                place += end;
                before = word.text.chars().last();
                return Some(word);
            }
            quoted ^= first == '"';
            before = if first.is_whitespace() { before } else { Some(first) };
            place += first.len_utf8();
        }
    })
}

const DECLARED: [(&[&str], &str); 31] = [
    (&["住院"], "编码集 住院 : 医疗类别 = { \"21\" }"),
    (&["甲类"], "编码集 甲类 : 项目 = { \"X*\" } 除 { \"X3\" }"),
    (&["肿瘤"], "编码集 肿瘤 : 诊断 = { \"C00\" 至 \"C97\" } 除 { \"C44*\" }"),
    (&["文件码"], "编码集 文件码 : 项目 来自 \"文件码.csv\""),
    (&["限次"], "参数 限次 = 2 范围 1 至 9"),
    (&["限额"], "参数 限额 = 20 元 范围 1 元 至 90 元\n  自 2024-01-10 = 12 元"),
    (&["窗长"], "参数 窗长 = 5 天"),
    (&["期长"], "参数 期长 = 3 天\n  自 2024-01-10 = 7 天\n  自 2024-01-16 = 2 天"),
    (&["限频"], "知识 限频 来自 \"限频.csv\" { 项目编码 键; 上限 : 数量; 价 : 单价; 生效, 失效 : 日期 }"),
    (&["限价"], "知识 限价 来自 \"限价.csv\" { 地区 键 逐级; 机构级别 键; 项目编码 键; 上限价 : 单价 }"),
    (&["组套"], "知识 组套 来自 \"组套.csv\" { 套餐 : 项目编码 键; 部件 : 项目编码 键 }"),
    (&["适应"], "知识 适应 来自 \"适应.csv\" { 项目编码 键; 诊断集 : 诊断 集 }"),
    (&["住着"], "派生 就诊 { 住着 = 医疗类别 属于 住院 }"),
    (&["住院天"], "派生 就诊 { 住院天 = 最大(1 天, 日(出院时间) - 日(入院时间)) }"),
    (&["前次"], "派生 就诊 { 前次 = 上一 就诊 同一(参保人) 其中 住着 }"),
    (&["供药期"], "派生 明细 { 供药期 = 日(使用时间) 至 日(使用时间) + 供药天数 }"),
    (&["上次药"], "派生 明细 { 上次药 = 上一 明细 同一(参保人, 通用名) }"),
    (&["同药"], "派生 明细 { 同药 = 明细 同一(参保人, 通用名) 最近 7 天 }"),
    (&["超限"], "派生 明细 { 超限 = 金额 > 限额 且 数量 > 限次 }"),
    (
        &["日入院"],
        "统计 日入院 = 就诊 按 (机构, 日子 = 日(入院时间)) 补零 { 人次 = 计数(本组); 费用 = 合计(本组.总费用) }",
    ),
    (
        &["月用药"],
        "统计 月用药 = 明细 其中 数量 > 0 按 (就诊, 月份 = 月(使用时间)) { 药量 = 合计(本组.数量); 药费 = 合计(本组.金额); 限 = 限频[\"X1\"].上限 }",
    ),
    (&["院总"], "统计 院总 = 日入院 按 (机构) { 总 = 合计(本组.人次) }"),
    (
        &["周就诊"],
        "统计 周就诊 = 就诊 其中 住着 按 (参保人, 周次 = 周(入院时间)) 补零 { 次 = 计数(本组); 天 = 合计(本组.住院天) }",
    ),
    (
        &["月结算"],
        "统计 月结算 = 结算 按 (机构 = 就诊.机构, 月份 = 月(结算时间)) 补零 { 笔 = 计数(本组); 支付 = 合计(本组.基金支付); 中值 = 中位(本组.基金支付) }",
    ),
    (&["日在院"], "统计 日在院 = 就诊 按 (机构, 日子 = 逐日(入院时间 至 出院时间)) { 在院 = 计数(本组) }"),
    (
        &["套餐用"],
        "统计 套餐用 = 明细 按 (就诊, 套餐 = 组套[部件 = 项目编码].套餐) { 份 = 合计(本组.数量); 日数 = 天数(本组.使用时间); 限 = 限频[\"X2\"].上限 }",
    ),
    (
        &["人药"],
        "统计 人药 = 明细 其中 数量 > 0 按 (参保人 = 就诊.参保人, 通用名) { 量 = 合计(本组.数量); 首次 = 首(本组.使用时间); 限 = 限频[\"Y1\"].上限 }",
    ),
    (
        &["月库存"],
        "统计 月库存 = 进销存 按 (机构, 项目编码, 月份 = 月(日期)) 补零 { 进 = 合计(本组.数量); 笔 = 计数(本组) }",
    ),
    (
        &["年就诊"],
        "统计 年就诊 = 就诊 按 (参保人, 年份 = 年(入院时间)) 补零 { 次 = 计数(本组); 费用 = 合计(本组.总费用) }",
    ),
    (
        &["季结算"],
        "统计 季结算 = 结算 按 (参保人 = 就诊.参保人, 季度 = 季(结算时间)) { 笔 = 计数(本组); 支付 = 合计(本组.基金支付) }",
    ),
    (
        &["钟点收费"],
        "统计 钟点收费 = 明细 按 (就诊, 钟点 = 时(使用时间)) { 笔 = 计数(本组); 金 = 合计(本组.金额) }",
    ),
];

/// What every package may use.
pub(crate) fn declarations() -> Vec<Declaration> {
    let one = |(names, text): &(&[&str], &str)| {
        let tags: &[&'static str] = match names[0] {
            "限额" | "期长" => &["参数 日期值"],
            "住院" | "甲类" => &["编码集 列"],
            "肿瘤" => &["编码集 区间"],
            _ => &[],
        };
        Declaration {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            text: format!("{text}\n"),
            tags: tags.iter().copied().collect(),
        }
    };
    DECLARED.iter().map(one).collect()
}
