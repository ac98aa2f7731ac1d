//! Random rules as text, from a grammar of constructs.
//!
//! In: random numbers. Out: a [`Package`] of one to three rules, its tables, and the schema it makes.
//! Invariant: a name is declared before it is used.

use super::package::{Package, declarations};
use super::random::Random;
use super::schema::Schema;
use super::spelling::Spelling;
use super::vocabulary::{Kind, SUBJECTS, Ty};
use super::wider::{SUMMARIES, Summary};
use std::collections::{BTreeMap, BTreeSet};

/// What a bare name means where an expression stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    /// Fields that may be written.
    pub(crate) kind: &'static Kind,
    /// What is put before them: nothing, or `本条.`.
    pub(crate) prefix: &'static str,
    /// How deep expressions may still nest.
    pub(crate) depth: usize,
}

/// A set bound by 设.
#[derive(Debug, Clone)]
pub(crate) struct BoundSet {
    pub(crate) name: String,
    pub(crate) kind: &'static Kind,
    /// At most one row, reached with a dot.
    pub(crate) row: bool,
}

/// The generator's state.
#[derive(Debug)]
pub(crate) struct Writer<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) schema: &'r Schema,
    pub(crate) constructs: BTreeSet<&'static str>,
    pub(crate) sets: Vec<BoundSet>,
    pub(crate) values: Vec<(String, Ty)>,
    pub(crate) names: usize,
    /// The derived set of lines, and whether it is one row at most.
    pub(crate) own_set: (&'static str, bool),
}

pub(crate) fn rules(random: &mut Random) -> (Package, Schema) {
    let files = tables(random);
    let (schema, extensions) = Schema::random(random);
    let mut declared = declarations();
    declared.extend(extensions);
    let region = if random.chance(10) { " 地区 \"640400\"" } else { "" };
    let year = if random.chance(25) { random.pick(&YEARS) } else { "" };
    let head = format!("规则包 \"随机\" 版本 \"1\"{region}{year}\n");
    let mut writer = Writer {
        random,
        schema: &schema,
        constructs: BTreeSet::new(),
        sets: Vec::new(),
        values: Vec::new(),
        names: 0,
        own_set: ("同药", false),
    };
    declared.extend(writer.derivations());
    let mut rules = Vec::new();
    // Several rules of one package share what they have in common.
    for number in 0..=writer.random.below(3) {
        writer.sets.clear();
        writer.values.clear();
        let rule = match writer.random.below(10) {
            0..=5 => writer.plain_rule(),
            6 | 7 => writer.grouped_rule(),
            _ => writer.summary_rule(),
        };
        let rule = writer.finished(&rule, number);
        rules.push((rule, std::mem::take(&mut writer.constructs)));
    }
    let spelling = match random.below(10) {
        0 | 1 => Spelling::EnglishWords,
        2 | 3 => Spelling::EnglishNames,
        _ => Spelling::Chinese,
    };
    if head.contains("地区") {
        rules[0].1.insert("规则包 地区");
    }
    if head.contains("医保年度") {
        rules[0].1.insert("规则包 医保年度");
    }
    (Package { head, declared, rules, files, spelling }, schema)
}

/// Days on which a benefit year begins, in the midst of the records and elsewhere.
const YEARS: [&str; 3] = [" 医保年度 自 01-11", " 医保年度 自 1月15日", " 医保年度 自 07-01"];

fn tables(random: &mut Random) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut limits = "项目编码,上限,价,生效,失效\n".to_owned();
    for (code, limit) in [("X1", "1"), ("X2", "2"), ("X3", ""), ("Y1", "3")] {
        match random.below(4) {
            0 => {}
            1 => limits.push_str(&format!("{code},{limit},5,,\n")),
            2 => limits.push_str(&format!("{code},{limit},5,,2024-01-10\n{code},2,9.5,2024-01-11,\n")),
            _ => limits.push_str(&format!("{code},{limit},8,2024-01-05,2024-01-20\n")),
        }
    }
    files.insert("限频.csv".to_owned(), limits);
    let mut prices = "地区,机构级别,项目编码,上限价\n".to_owned();
    let rows = [
        "640400,2,X1,4",
        "640400,,X1,7",
        "640000,1,X1,8",
        "640000,,X1,6",
        "640402,,X1,5",
        "000000,,X2,9",
        ",3,X1,2",
        "640000,1,X2,1",
        ",,Y1,3",
    ];
    // The order of the file must not matter.
    let (first, backwards) = (random.below(rows.len()), random.chance(50));
    for place in 0..rows.len() {
        let place = (first + place) % rows.len();
        let row = rows[if backwards { rows.len() - 1 - place } else { place }];
        if random.chance(80) {
            prices.push_str(row);
            prices.push('\n');
        }
    }
    files.insert("限价.csv".to_owned(), prices);
    let mut sets = "套餐,部件\n".to_owned();
    for row in ["T1,X1", "T1,X2", "T2,X2", "T2,Y1"] {
        if random.chance(75) {
            sets.push_str(row);
            sets.push('\n');
        }
    }
    files.insert("组套.csv".to_owned(), sets);
    files.insert("文件码.csv".to_owned(), "编码\nX1\nY*\n".to_owned());
    files.insert("适应.csv".to_owned(), "项目编码,诊断集\nX1,I10*;J18\nX2,C50\nY1,\n".to_owned());
    if random.chance(5) {
        let lost = (*random.pick(&["限频.csv", "限价.csv"])).to_owned();
        files.remove(&lost);
    }
    files
}

impl Writer<'_> {
    pub(crate) fn tag(&mut self, construct: &'static str) {
        self.constructs.insert(construct);
    }

    pub(crate) fn fresh(&mut self) -> String {
        self.names += 1;
        let letter = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"][self.names % 10];
        format!("{letter}{}", self.names)
    }

    /// A rule over records of a kind.
    fn plain_rule(&mut self) -> String {
        let kind = self.subject();
        let scope = Scope { kind, prefix: "", depth: 2 };
        let filter = if self.random.chance(40) {
            self.tag("针对 其中");
            format!(" 其中 {}", self.simple_condition(scope))
        } else {
            String::new()
        };
        let lets = self.lets(kind);
        let when = self.condition(scope);
        let tail = self.tail(scope, false);
        format!(
            "规则 随机 {{\n{}  针对 {}{filter}\n{lets}  当 {when}\n{tail}}}\n",
            self.validity(),
            kind.name
        )
    }

    fn subject(&mut self) -> &'static Kind {
        let own = &self.schema.own;
        let kind = if !own.is_empty() && self.random.chance(30) {
            self.random.pick(own).kind
        } else {
            let name: &&str = self.random.pick(&SUBJECTS);
            self.schema.kind(name)
        };
        self.tag(kind.name);
        kind
    }

    /// Its name, and the clauses that only say things about it.
    fn finished(&mut self, rule: &str, number: usize) -> String {
        let mut said = format!("规则 随机{number} {{\n");
        if self.random.chance(15) {
            said.push_str(&format!("  编号 \"R{number}\"\n  名称 \"随机的{number}\"\n"));
            said.push_str("  依据 \"某条例\", \"某目录\"\n");
        }
        if self.random.chance(12) {
            let stages: &&str = self.random.pick(&["事后", "事前, 事后", "事中"]);
            said.push_str(&format!("  环节 {stages}\n"));
        }
        if number > 0 && self.random.chance(20) {
            said.push_str("  优先于 随机0\n");
        }
        let mut rule = rule.replacen("规则 随机 {\n", &said, 1);
        if self.random.chance(15) {
            let end = rule.rfind("}\n").expect("a rule ends");
            rule.insert_str(end, "  核查 \"看单据\"\n");
        }
        rule
    }

    fn validity(&mut self) -> String {
        if !self.random.chance(12) {
            return String::new();
        }
        self.tag("生效");
        let text = if self.random.chance(50) { "2024-01-08 起" } else { "2024-01-04 至 2024-01-18" };
        format!("  生效 {text}\n")
    }

    /// One to three 设 of sets and values.
    fn lets(&mut self, subject: &'static Kind) -> String {
        let mut text = String::new();
        let scope = Scope { kind: subject, prefix: "", depth: 2 };
        for _ in 0..=self.random.below(2) {
            let name = self.fresh();
            let (mut set, kind, row) = self.set(subject);
            let less = self.sets.iter().find(|held| held.kind.name == kind.name && !held.row);
            if let Some(less) = less.map(|held| held.name.clone())
                && !row
                && self.random.chance(25)
            {
                self.tag("集 除 集");
                set.push_str(&format!(" 除 {less}"));
            }
            text.push_str(&format!("  设 {name} = {set}\n"));
            self.sets.push(BoundSet { name, kind, row });
        }
        for _ in 0..self.random.below(3) {
            let name = self.fresh();
            let ty = *self.random.pick(&[Ty::Number, Ty::Number, Ty::Money, Ty::Money, Ty::Days, Ty::Bool]);
            let value = if ty == Ty::Bool { self.condition(scope) } else { self.term(ty, scope) };
            text.push_str(&format!("  设 {name} = {value}\n"));
            self.values.push((name, ty));
        }
        text
    }

    fn grouped_rule(&mut self) -> String {
        self.tag("按");
        let (kind, keys): (&str, String) = match self.random.below(10) {
            0 => ("明细", "就诊, 项目编码".into()),
            1 => ("明细", "就诊, 日子 = 日(使用时间)".into()),
            2 => {
                self.tag("按 月周季年");
                let unit = *self.random.pick(&["月", "周", "季", "年", "医保年度"]);
                ("明细", format!("参保人 = 就诊.参保人, 期 = {unit}(使用时间)"))
            }
            3 => {
                self.tag("按 时");
                ("明细", "就诊, 钟点 = 时(使用时间)".into())
            }
            4 => {
                self.tag("按 逐日");
                ("就诊", "机构, 日子 = 逐日(入院时间 至 出院时间)".into())
            }
            5 => {
                self.tag("按 集值");
                ("明细", "就诊, 套餐 = 组套[部件 = 项目编码].套餐".into())
            }
            6 => ("就诊", "参保人".into()),
            7 => ("进销存", "机构, 月份 = 月(日期)".into()),
            8 => ("追溯码", "码".into()),
            _ => ("明细", "项目编码, 日子 = 日(使用时间)".into()),
        };
        let kind = self.schema.kind(kind);
        self.tag(kind.name);
        let scope = Scope { kind, prefix: "", depth: 1 };
        let filter = if self.random.chance(40) {
            self.tag("针对 其中");
            format!(" 其中 {}", self.simple_condition(scope))
        } else {
            String::new()
        };
        self.sets.push(BoundSet { name: "本组".into(), kind, row: false });
        let mut lets = self.group_window(kind, &keys);
        for _ in 0..self.random.below(3) {
            let name = self.fresh();
            let ty = *self.random.pick(&[Ty::Number, Ty::Number, Ty::Money, Ty::Days]);
            let value = self.aggregate(ty);
            lets.push_str(&format!("  设 {name} = {value}\n"));
            self.values.push((name, ty));
        }
        let group = Scope { kind: &GROUP, prefix: "", depth: 1 };
        let when = self.condition(group);
        let tail = self.tail(group, true);
        format!(
            "规则 随机 {{\n{}  针对 {}{filter} 按 ({keys})\n{lets}  当 {when}\n{tail}}}\n",
            self.validity(),
            kind.name
        )
    }

    fn summary_rule(&mut self) -> String {
        self.tag("统计");
        let summary: &'static Summary = self.random.pick(&SUMMARIES);
        self.tag("统计 窗口");
        let window = *self.random.pick(summary.windows);
        let name = self.fresh();
        let row = window.starts_with("上一") || window.starts_with("下一");
        // A window over the records themselves has their fields.
        let of_records = !window.contains(summary.kind.name);
        let members = self.schema.kind(summary.members);
        let kind = if of_records { members } else { summary.kind };
        self.sets.push(BoundSet { name: name.clone(), kind, row });
        let lets = format!("  设 {name} = {window}\n");
        let scope = Scope { kind: summary.kind, prefix: "", depth: 1 };
        let filter = if self.random.chance(30) {
            self.tag("统计 其中");
            format!(" 其中 {}", self.simple_condition(scope))
        } else {
            String::new()
        };
        let when = self.condition(scope);
        self.sets.push(BoundSet { name: "本组".into(), kind: members, row: false });
        let tail = self.tail(scope, true);
        format!(
            "规则 随机 {{\n{}  针对 {}{filter}\n{lets}  当 {when}\n{tail}}}\n",
            self.validity(),
            summary.kind.name
        )
    }

    /// 除非, 性质, 违规明细, 违规金额, 涉及, 列示, 说明.
    fn tail(&mut self, scope: Scope, grouped: bool) -> String {
        let mut text = String::new();
        if self.random.chance(45) {
            self.tag("除非");
            let exemption =
                if self.random.chance(50) { self.simple_condition(scope) } else { self.condition(scope) };
            text.push_str(&format!("  除非 {exemption} 因 \"缘由\"\n"));
        }
        if self.random.chance(25) {
            self.tag("性质 若");
            let natures = *self.random.pick(&["违规 否则 可疑", "违规 否则 高度可疑", "高度可疑 否则 可疑"]);
            text.push_str(&format!("  性质 若 {} 则 {natures}\n", self.condition(scope)));
        } else {
            if self.random.chance(8) {
                return text + "  性质 数据质量\n  说明 \"随机\"\n";
            }
            text.push_str("  性质 可疑\n");
        }
        text.push_str(&self.money(scope, grouped));
        let sets: Vec<String> = self.sets.iter().map(|set| set.name.clone()).collect();
        if !sets.is_empty() && self.random.chance(60) {
            self.tag("涉及");
            let set = self.random.pick(&sets).clone();
            let also = self.also_involved();
            text.push_str(&format!("  涉及 {set}{also}\n"));
        }
        if self.random.chance(50) {
            self.tag("列示");
            let value = self.term(Ty::Number, scope);
            let other = self.shown(scope);
            text.push_str(&format!("  列示 {value}{other}\n"));
        }
        let shown = self.values.first().map_or_else(String::new, |(name, _)| format!("{{{name}}}"));
        text.push_str(&format!("  说明 \"随机{shown}\"\n"));
        text
    }

    /// 违规明细 and 违规金额, where there are lines to put an amount on.
    fn money(&mut self, scope: Scope, grouped: bool) -> String {
        let lines: Vec<String> =
            self.sets.iter().filter(|set| set.kind.is_line && !set.row).map(|set| set.name.clone()).collect();
        if grouped && lines.contains(&"本组".to_owned()) {
            return self.group_money();
        }
        if let Some(clause) = self.other_money(scope, &lines) {
            return clause;
        }
        if scope.kind.is_line && self.random.chance(70) {
            self.tag("违规金额 摊");
            let ratio =
                *self.random.pick(&["金额", "金额 × 50%", "5 元", "金额 × 最小(1, 数量 ÷ 3)", "100 元"]);
            return format!("  违规金额 {ratio}\n");
        }
        if !lines.is_empty() && self.random.chance(70) {
            self.tag("违规明细");
            let set = self.random.pick(&lines).clone();
            let amount =
                if self.random.chance(50) { format!("合计({set}.金额)") } else { "7 元".to_owned() };
            return format!("  违规明细 {set}\n  违规金额 {amount}\n");
        }
        String::new()
    }

    fn group_money(&mut self) -> String {
        match self.random.below(6) {
            0 => String::new(),
            1 | 2 => {
                self.tag("超出部分");
                let limit = *self.random.pick(&["1", "2", "0.5", "限次"]);
                format!("  违规金额 超出部分(本组.数量, {limit})\n")
            }
            3 => {
                self.tag("超出天数部分");
                "  违规金额 超出天数部分(本组.使用时间, 1 天)\n".to_owned()
            }
            4 => {
                self.tag("违规金额 若");
                "  违规金额 若 计数(本组) > 1 则 超出部分(本组.数量, 1) 否则 3 元\n".to_owned()
            }
            _ => {
                self.tag("违规金额 摊");
                let amount = *self.random.pick(&[
                    "合计(本组.金额)",
                    "合计(本组.金额) ÷ 3",
                    "11 元",
                    "合计(本组.金额) - 10 元",
                ]);
                format!("  违规金额 {amount}\n")
            }
        }
    }
}

/// Groups offer no fields of their own that every group has.
pub(crate) const GROUP: Kind =
    Kind { name: "组", fields: &[], keys: &[], clock: None, interval: None, is_line: false };
