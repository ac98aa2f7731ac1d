//! Every construct of `docs/language.md`, and which of them a package uses.
//!
//! In: a package. Out: names of constructs.
//! Invariant: every keyword, function and unit of the language and every record kind is a construct unless left out by
//! name; a new one is a failure until the generator writes it.

use super::package::{Package, words};
use super::spelling::Spelling;
use jihe_syntax::keywords::{Class, KEYWORDS};
use std::collections::BTreeSet;

/// Words of test blocks, which other tests run; and 地区, also a field, which a tag finds where it is the package's.
const LEFT_OUT: [&str; 9] = ["测试", "期望", "命中", "通过", "不适用", "豁免", "无法判定", "序", "地区"];

/// Constructs that no single word shows.
const STRUCTURES: [&str; 70] = [
    "加减",
    "乘除",
    "单价",
    "单价 数",
    "周期 比较",
    "列示 查表",
    "集 除 集",
    "规则包 地区",
    "规则包 医保年度",
    "派生 值",
    "派生 行",
    "派生 集",
    "派生 随机",
    "派生 参数",
    "统计 的统计",
    "统计 窗口",
    "统计 其中",
    "按 月周季年",
    "按 时",
    "按 逐日",
    "按 集值",
    "按 窗口",
    "针对 其中",
    "窗口 其中",
    "窗口 天",
    "窗口 月",
    "窗口 小时分钟",
    "窗口 无界",
    "最近 N 次",
    "至 本条",
    "以 计",
    "同一 多键",
    "同一 算式",
    "同一 异名",
    "关系",
    "集 的集",
    "嵌套 集",
    "计数 其中",
    "存在 其中",
    "邻条 字段",
    "最密 时间",
    "最大 多参",
    "合计 算式",
    "查表",
    "查表 逐级",
    "查表 于",
    "表 多行",
    "集 单元格",
    "元组 属于",
    "属于 表",
    "属于 编码集",
    "编码集 列",
    "编码集 区间",
    "参数 日期值",
    "性质 若",
    "违规金额 摊",
    "违规金额 若",
    "超出部分 关系",
    "超出部分 天数",
    "违规明细 关系",
    "违规明细 混合",
    "违规明细 非明细",
    "涉及 的集",
    "列示 各类",
    "扩展 字段",
    "扩展 种类",
    "扩展 多键",
    "扩展 区间",
    "英文 词",
    "英文 名",
];

/// Everything that enough cases must use.
pub(crate) fn wanted() -> BTreeSet<String> {
    let keywords = KEYWORDS
        .iter()
        .filter(|keyword| !LEFT_OUT.contains(&keyword.zh))
        .map(|keyword| shown(keyword.class, keyword.zh));
    let kinds = jihe_model::kinds::base_schema().kinds.into_iter().map(|kind| format!("种类 {}", kind.zh));
    let structures = STRUCTURES.iter().map(|name| (*name).to_owned());
    keywords.chain(kinds).chain(structures).collect()
}

fn shown(class: Class, word: &str) -> String {
    match class {
        Class::Function => format!("{word}()"),
        Class::Unit => format!("1 {word}"),
        Class::Reserved | Class::Contextual => word.to_owned(),
    }
}

/// What a package uses.
pub(crate) fn used(package: &Package) -> BTreeSet<String> {
    let schema = jihe_model::kinds::base_schema();
    let tag = |tag: &'static str| {
        if schema.kinds.iter().any(|kind| kind.zh == tag) {
            return Some(format!("种类 {tag}"));
        }
        // What a word shows is counted by the word; kinds of the package are one construct.
        let is_word = KEYWORDS.iter().any(|keyword| keyword.zh == tag);
        (!is_word && !["投诉", "随访"].contains(&tag)).then(|| tag.to_owned())
    };
    let mut found: BTreeSet<String> = package.tags().into_iter().filter_map(tag).collect();
    let text = package.chinese();
    for word in words(&text) {
        let follows_number = word.before.is_some_and(|before| before.is_ascii_digit());
        for keyword in KEYWORDS.iter().filter(|keyword| keyword.zh == word.text) {
            let holds = match keyword.class {
                Class::Function => word.after == Some('(') || ["截止日", "年龄"].contains(&word.text),
                Class::Unit => follows_number,
                Class::Contextual => word.after != Some('(') && !LEFT_OUT.contains(&word.text),
                Class::Reserved => true,
            };
            if holds {
                found.insert(shown(keyword.class, keyword.zh));
            }
        }
    }
    match package.spelling {
        Spelling::Chinese => {}
        Spelling::EnglishWords => drop(found.insert("英文 词".to_owned())),
        Spelling::EnglishNames => drop(found.insert("英文 名".to_owned())),
    }
    found
}
