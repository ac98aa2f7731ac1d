//! Less common constructs: summaries of every shape, windows of groups, derived sets, unusual evidence and amounts.
//!
//! In: the writer. Out: clauses and declarations.
//! Invariant: as in `rules.rs`, a name is declared before it is used.

use super::package::Declaration;
use super::rules::{BoundSet, Scope, Writer};
use super::vocabulary::{Kind, Ty};

/// A summary declared at the head of every package, with windows over it.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) kind: &'static Kind,
    pub(crate) members: &'static str,
    pub(crate) windows: &'static [&'static str],
}

const fn summary(name: &'static str, fields: &'static [(&'static str, Ty)]) -> Kind {
    Kind { name, fields, keys: &[], clock: None, interval: None, is_line: false }
}

static ADMISSIONS: Kind =
    summary("日入院", &[("人次", Ty::Number), ("费用", Ty::Money), ("机构.级别", Ty::Level)]);
static DRUGS: Kind =
    summary("月用药", &[("药量", Ty::Number), ("药费", Ty::Money), ("就诊.医疗类别", Ty::VisitType)]);
static WEEKS: Kind = summary("周就诊", &[("次", Ty::Number), ("天", Ty::Days), ("参保人.性别", Ty::Sex)]);
static SETTLED: Kind = summary("月结算", &[("笔", Ty::Number), ("支付", Ty::Money), ("中值", Ty::Money)]);
static PRESENT: Kind = summary("日在院", &[("在院", Ty::Number), ("机构.级别", Ty::Level)]);
static PACKAGES: Kind = summary("套餐用", &[("份", Ty::Number), ("日数", Ty::Days), ("套餐", Ty::Item)]);
static TAKERS: Kind = summary("人药", &[("量", Ty::Number), ("首次", Ty::Instant), ("通用名", Ty::Text)]);

static STOCKS: Kind = summary("月库存", &[("进", Ty::Number), ("笔", Ty::Number), ("机构.级别", Ty::Level)]);
static YEARS: Kind = summary("年就诊", &[("次", Ty::Number), ("费用", Ty::Money), ("参保人.性别", Ty::Sex)]);
static QUARTERS: Kind = summary("季结算", &[("笔", Ty::Number), ("支付", Ty::Money)]);
static HOURS: Kind = summary("钟点收费", &[("笔", Ty::Number), ("金", Ty::Money)]);

pub(crate) static SUMMARIES: [Summary; 11] = [
    Summary {
        kind: &ADMISSIONS,
        members: "就诊",
        windows: &[
            "日入院 同一(机构) 此前 3 天",
            "其他 日入院 同一(机构)",
            "日入院 同一(机构) 前后 2 天",
            "上一 日入院 同一(机构)",
        ],
    },
    Summary {
        kind: &DRUGS,
        members: "明细",
        windows: &["月用药 同一(就诊) 此前 1 月", "其他 月用药 同一(月份)", "月用药 同一(就诊)"],
    },
    Summary {
        kind: &WEEKS,
        members: "就诊",
        windows: &[
            "周就诊 同一(参保人) 此前 2 周",
            "上一 周就诊 同一(参保人)",
            "周就诊 同一(参保人) 最近 2 次",
            "其他 周就诊 同一(周次)",
            "周就诊 同一(参保人) 最近 1 月 至 本条",
            "就诊 同一(参保人) 最近 7 天",
        ],
    },
    Summary {
        kind: &SETTLED,
        members: "结算",
        windows: &["月结算 同一(机构) 此前 1 月", "下一 月结算 同一(机构)", "月结算 同一(机构) 最近 2 月"],
    },
    Summary {
        kind: &PRESENT,
        members: "就诊",
        windows: &["日在院 同一(机构) 前后 1 天", "日在院 同一(机构) 此后", "其他 日在院 同一(日子)"],
    },
    Summary {
        kind: &PACKAGES,
        members: "明细",
        windows: &["其他 套餐用 同一(就诊)", "明细 同一(就诊) 最近 3 天"],
    },
    Summary {
        kind: &STOCKS,
        members: "进销存",
        windows: &[
            "月库存 同一(机构, 项目编码) 此前 1 月",
            "上一 月库存 同一(机构, 项目编码)",
            "其他 月库存 同一(机构)",
        ],
    },
    Summary {
        kind: &YEARS,
        members: "就诊",
        windows: &["年就诊 同一(参保人) 此前 1 年", "其他 年就诊 同一(年份)", "就诊 同一(参保人) 此前 30 天"],
    },
    Summary {
        kind: &QUARTERS,
        members: "结算",
        windows: &["季结算 同一(参保人) 最近 2 季", "下一 季结算 同一(参保人)"],
    },
    Summary {
        kind: &HOURS,
        members: "明细",
        windows: &["其他 钟点收费 同一(就诊)", "其他 钟点收费 同一(钟点)"],
    },
    Summary {
        kind: &TAKERS,
        members: "明细",
        windows: &["其他 人药 同一(参保人)", "其他 人药 同一(通用名)"],
    },
];

impl Writer<'_> {
    /// Derived fields of lines: a number and a set, or a record.
    pub(crate) fn derivations(&mut self) -> Vec<Declaration> {
        let item = self.schema.kind("明细");
        // Expressions that may not use derived fields.
        let plain = Box::leak(Box::new(Kind { name: "行", ..*item }));
        let value = self.term(Ty::Number, Scope { kind: plain, prefix: "", depth: 1 });
        let number = Declaration {
            names: vec!["随数".to_owned()],
            text: format!("派生 明细 {{ 随数 = {value} }}\n"),
            tags: std::mem::take(&mut self.constructs),
        };
        let (set, _, row) = self.window(item, item);
        self.own_set = if row { ("随行", true) } else { ("随窗", false) };
        let name = self.own_set.0;
        let set = Declaration {
            names: vec![name.to_owned()],
            text: format!("派生 明细 {{ {name} = {set} }}\n"),
            tags: std::mem::take(&mut self.constructs),
        };
        vec![number, set]
    }

    /// A window anchored at the clock of a group.
    pub(crate) fn group_window(&mut self, kind: &'static Kind, keys: &str) -> String {
        if !keys.starts_with("就诊") || !self.random.chance(40) {
            return String::new();
        }
        self.tag("按 窗口");
        let name = self.fresh();
        let set = *self.random.pick(&[
            "明细 同一(就诊) 当日",
            "明细 同一(就诊) 最近 7 天",
            "就诊.明细",
            "明细 同一(就诊) 此前",
        ]);
        self.sets.push(BoundSet { name: name.clone(), kind, row: false });
        format!("  设 {name} = {set}\n")
    }

    /// A value of any type, after a comma.
    pub(crate) fn shown(&mut self, scope: Scope) -> String {
        let fields = scope.kind.fields;
        if fields.is_empty() || self.random.chance(40) {
            return String::new();
        }
        self.tag("列示 各类");
        if scope.kind.name == "明细" && self.random.chance(25) {
            self.tag("列示 查表");
            let shown = [
                "限价[就诊.机构.地区, 就诊.机构.级别, 项目编码].上限价",
                "限频[项目编码].价",
                "限频[项目编码].上限",
            ];
            return format!(", {}", self.random.pick(&shown));
        }
        let (field, ty) = *self.random.pick(fields);
        let text = match ty {
            Ty::Instant => {
                let function = *self.random.pick(&["", "日", "周", "月", "季", "年", "医保年度", "时"]);
                if function.is_empty() { field.to_owned() } else { format!("{function}({field})") }
            }
            Ty::Date => format!("{}({field})", self.random.pick(&["月", "周", "日"])),
            _ => field.to_owned(),
        };
        format!(", {text}")
    }

    /// Another set, after a comma.
    pub(crate) fn also_involved(&mut self) -> String {
        if self.random.chance(60) {
            return String::new();
        }
        let paths: Vec<String> = self
            .sets
            .iter()
            .filter(|set| !set.row)
            .filter_map(|set| match set.kind.name {
                "就诊" => Some(format!("{}.明细", set.name)),
                "明细" | "结算" | "手术" => Some(format!("{}.就诊", set.name)),
                _ => None,
            })
            .collect();
        if paths.is_empty() {
            return String::new();
        }
        self.tag("涉及 的集");
        format!(", {}", self.random.pick(&paths))
    }

    /// Amounts that lie on other lines than usual, or on records that are no lines.
    pub(crate) fn other_money(&mut self, scope: Scope, lines: &[String]) -> Option<String> {
        if self.random.chance(60) {
            return None;
        }
        let settlements: Vec<String> = self
            .sets
            .iter()
            .filter(|set| set.kind.name == "结算" && !set.row)
            .map(|set| set.name.clone())
            .collect();
        let (text, tag) = match scope.kind.name {
            "就诊" => match self.random.below(4) {
                0 => ("  违规金额 超出部分(就诊.明细.数量, 2)\n".to_owned(), "超出部分 关系"),
                1 => ("  违规明细 就诊.明细\n  违规金额 总费用\n".to_owned(), "违规明细 关系"),
                2 => ("  违规金额 超出天数部分(就诊.明细.使用时间, 1 天)\n".to_owned(), "超出部分 关系"),
                _ => ("  违规明细 就诊.明细, 就诊.结算\n  违规金额 50 元\n".to_owned(), "违规明细 混合"),
            },
            "结算" => ("  违规明细 本条\n  违规金额 基金支付\n".to_owned(), "违规明细 非明细"),
            "明细" if !lines.is_empty() => {
                let set = self.random.pick(lines).clone();
                (format!("  违规金额 超出部分({set}.供药天数, 7 天)\n"), "超出部分 天数")
            }
            _ if !settlements.is_empty() => {
                let set = self.random.pick(&settlements).clone();
                (format!("  违规明细 {set}\n  违规金额 合计({set}.基金支付)\n"), "违规明细 非明细")
            }
            _ => return None,
        };
        self.tag(tag);
        Some(text)
    }
}
