//! Random sets: windows of every direction and unit, neighbours, relations, lookups.
//!
//! In: the subject's kind. Out: the text of a set, the kind of its rows, and whether it is one row at most.
//! Invariant: a window names its keys.

use super::rules::{Scope, Writer};
use super::vocabulary::{Kind, Ty};

const CANDIDATES: [&str; 20] = [
    "明细",
    "明细",
    "明细",
    "就诊",
    "就诊",
    "就诊",
    "结算",
    "退费",
    "参保",
    "医嘱执行",
    "原始明细",
    "手术",
    "慢特病备案",
    "检验检查",
    "查房",
    "追溯码",
    "进销存",
    "设备注册",
    "收费备案",
    "设备使用",
];

/// Relations by the kind they start from: how written, and the kind of the records.
const RELATIONS: [(&str, &str, &str); 26] = [
    ("明细", "就诊.明细", "明细"),
    ("明细", "就诊.诊断", "诊断"),
    ("明细", "明细.医嘱执行", "医嘱执行"),
    ("明细", "明细.退费", "退费"),
    ("明细", "同药", "明细"),
    ("明细", "明细.追溯码", "追溯码"),
    ("明细", "就诊.查房", "查房"),
    ("明细", "明细.设备使用", "设备使用"),
    ("就诊", "就诊.明细", "明细"),
    ("就诊", "就诊.诊断", "诊断"),
    ("就诊", "就诊.结算", "结算"),
    ("就诊", "参保人.就诊", "就诊"),
    ("就诊", "就诊.检验检查", "检验检查"),
    ("就诊", "就诊.查房", "查房"),
    ("就诊", "就诊.原始明细", "原始明细"),
    ("结算", "结算.明细", "明细"),
    ("退费", "就诊.退费", "退费"),
    ("参保人", "参保人.就诊", "就诊"),
    ("参保人", "参保人.参保", "参保"),
    ("参保人", "参保人.慢特病备案", "慢特病备案"),
    ("机构", "机构.就诊", "就诊"),
    ("机构", "机构.进销存", "进销存"),
    ("机构", "机构.设备注册", "设备注册"),
    ("机构", "机构.收费备案", "收费备案"),
    ("机构", "机构.设备使用", "设备使用"),
    ("医师", "医师.就诊", "就诊"),
];

impl Writer<'_> {
    pub(crate) fn set(&mut self, subject: &'static Kind) -> (String, &'static Kind, bool) {
        if (self.random.chance(20) || subject.keys.is_empty())
            && let Some(found) = self.relation(subject)
        {
            return found;
        }
        let kind = self.candidate(subject);
        let shared = kind.keys.iter().any(|key| subject.keys.contains(key));
        if !shared {
            return self.relation(subject).unwrap_or_else(|| self.window(subject, subject));
        }
        self.window(subject, kind)
    }

    fn candidate(&mut self, subject: &'static Kind) -> &'static Kind {
        let own = &self.schema.own;
        match self.random.below(10) {
            0..=4 => subject,
            5 | 6 if !own.is_empty() => self.random.pick(own).kind,
            _ => {
                let name: &&str = self.random.pick(&CANDIDATES);
                self.schema.kind(name)
            }
        }
    }

    fn relation(&mut self, subject: &'static Kind) -> Option<(String, &'static Kind, bool)> {
        let mut known: Vec<(String, &str)> = RELATIONS
            .iter()
            .filter(|(from, _, _)| *from == subject.name)
            .map(|(_, text, to)| ((*text).to_owned(), *to))
            .collect();
        // Records of the package's own kinds are reached the same way.
        for own in &self.schema.own {
            if own.kind.keys.contains(&subject.name) {
                known.push((format!("{}.{}", subject.name, own.kind.name), own.kind.name));
            }
        }
        if subject.name == "明细" {
            known.push((self.own_set.0.to_owned(), "明细"));
        }
        if known.is_empty() {
            return None;
        }
        let (text, kind) = self.random.pick(&known).clone();
        self.tag("关系");
        self.tag(self.schema.kind(kind).name);
        let row = text == self.own_set.0 && self.own_set.1;
        Some((text, self.schema.kind(kind), row))
    }

    pub(crate) fn window(
        &mut self,
        subject: &'static Kind,
        kind: &'static Kind,
    ) -> (String, &'static Kind, bool) {
        let itself = kind.name == subject.name;
        let keys: Vec<&str> = kind.keys.iter().filter(|key| subject.keys.contains(key)).copied().collect();
        let mut text = String::new();
        let mut row = false;
        let prefix = self.random.below(10);
        if prefix < 2 && kind.clock.is_some() && itself {
            self.tag(if prefix == 0 { "上一" } else { "下一" });
            text.push_str(if prefix == 0 { "上一 " } else { "下一 " });
            row = true;
        } else if prefix < 5 && itself {
            self.tag("其他");
            text.push_str("其他 ");
        }
        text.push_str(kind.name);
        self.tag(kind.name);
        if prefix >= 5
            && kind.keys.contains(&"就诊")
            && subject.keys.contains(&"就诊")
            && self.random.chance(6)
        {
            text.push_str(" 本次");
            return (text, kind, false);
        }
        self.tag("同一");
        let mut chosen = vec![(*self.random.pick(&keys)).to_owned()];
        if keys.len() > 1 && self.random.chance(35) {
            self.tag("同一 多键");
            let more = (*self.random.pick(&keys)).to_owned();
            if !chosen.contains(&more) {
                chosen.push(more);
            }
        }
        if itself && kind.name == "明细" && self.random.chance(6) {
            self.tag("同一 算式");
            chosen.push("月(使用时间)".to_owned());
        }
        if kind.name == "就诊" && subject.name == "明细" && self.random.chance(50) {
            self.tag("同一 异名");
            chosen = vec!["参保人 = 就诊.参保人".to_owned()];
        }
        text.push_str(&format!(" 同一({})", chosen.join(", ")));
        if let Some(period) = self.period(subject, kind, row) {
            text.push_str(&format!(" {period}"));
        }
        if self.random.chance(45) {
            self.tag("窗口 其中");
            let scope = Scope { kind, prefix: "", depth: 1 };
            let condition = if itself && self.random.chance(30) {
                self.tag("本条");
                self.against_subject(kind)
            } else {
                self.simple_condition(scope)
            };
            text.push_str(&format!(" 其中 {condition}"));
        }
        (text, kind, row)
    }

    /// A comparison of the candidate with the subject.
    fn against_subject(&mut self, kind: &'static Kind) -> String {
        let fields =
            kind.of(&[Ty::Money, Ty::Number, Ty::Item, Ty::Reference, Ty::Instant, Ty::VisitType, Ty::Date]);
        let (field, ty) = *self.random.pick(&fields);
        let ops: &[&str] = match ty {
            Ty::Money | Ty::Number | Ty::Instant | Ty::Date => &["<", "≤", ">", "≥", "=", "≠"],
            _ => &["=", "≠"],
        };
        let op = *self.random.pick(ops);
        format!("{field} {op} 本条.{field}")
    }

    fn period(&mut self, subject: &'static Kind, kind: &'static Kind, row: bool) -> Option<String> {
        let clocked = kind.clock.is_some() && subject.clock.is_some();
        if !clocked {
            return None;
        }
        match self.random.below(16) {
            0 | 1 => None,
            2 | 8 if !row => Some(self.calendar()),
            3 => self.during(subject, kind),
            4 | 5 if !row => self.overlapping(subject, kind),
            6 if !row => self.valid_at(subject, kind),
            7 if !row && kind.name == subject.name => {
                self.tag("最近 N 次");
                let count = 1 + self.random.below(3);
                Some(format!("最近 {count} 次"))
            }
            _ => Some(self.rolling(subject, kind, row)),
        }
    }

    fn calendar(&mut self) -> String {
        let (word, tag) = *self.random.pick(&[
            ("当日", "当日"),
            ("当周", "当周"),
            ("当月", "当月"),
            ("当季", "当季"),
            ("当年", "当年"),
            ("同一小时", "同一小时"),
            ("同一小时", "同一小时"),
            ("医保年度", "医保年度"),
        ]);
        self.tag(tag);
        word.to_owned()
    }

    fn rolling(&mut self, subject: &'static Kind, kind: &'static Kind, row: bool) -> String {
        let (word, tag) = *self.random.pick(&[
            ("最近", "最近"),
            ("最近", "最近"),
            ("随后", "随后"),
            ("前后", "前后"),
            ("此前", "此前"),
            ("此后", "此后"),
        ]);
        self.tag(tag);
        let bounded = !matches!(word, "此前" | "此后") || self.random.chance(70);
        let dates = kind.is_dated() || subject.is_dated();
        let length = if !bounded {
            self.tag("窗口 无界");
            String::new()
        } else if self.random.chance(30) && !dates {
            self.tag("窗口 小时分钟");
            (*self.random.pick(&[" 1 小时", " 24 小时", " 20 分钟", " 30 小时"])).to_owned()
        } else if self.random.chance(20) {
            self.tag("窗口 月");
            (*self.random.pick(&[" 1 月", " 2 月", " 1 季", " 1 年"])).to_owned()
        } else {
            self.tag("窗口 天");
            (*self.random.pick(&[" 1 天", " 3 天", " 7 天", " 窗长", " 期长", " 1 周"])).to_owned()
        };
        let until = if word == "最近" && kind.name == subject.name && !row && self.random.chance(40) {
            self.tag("至 本条");
            " 至 本条"
        } else {
            ""
        };
        let from = match subject.of(&[Ty::Instant]).as_slice() {
            fields if fields.len() > 1 && self.random.chance(15) => {
                self.tag("距");
                format!(" 距 {}", self.random.pick(fields).0)
            }
            _ => String::new(),
        };
        let clock = match kind.name {
            "就诊" if self.random.chance(15) => " 以 出院时间 计",
            "明细" if self.random.chance(10) => " 以 计费时间 计",
            _ => "",
        };
        if !clock.is_empty() {
            self.tag("以 计");
        }
        format!("{word}{length}{until}{from}{clock}")
    }

    /// An interval of the subject.
    fn interval_of(&mut self, subject: &'static Kind) -> Option<String> {
        if let Some((start, end)) = subject.interval {
            return Some(match self.random.below(3) {
                0 => format!("日({start}) 至 日({end})"),
                _ => format!("{start} 至 {end}"),
            });
        }
        match subject.name {
            "明细" if self.random.chance(50) => Some("供药期".to_owned()),
            "明细" => Some("日(使用时间) - 2 天 至 日(使用时间) + 2 天".to_owned()),
            "结算" => Some("日(结算时间) - 3 天 至 日(结算时间)".to_owned()),
            _ => None,
        }
    }

    fn during(&mut self, subject: &'static Kind, _kind: &'static Kind) -> Option<String> {
        let interval = self.interval_of(subject)?;
        self.tag("期间");
        Some(format!("期间 {interval}"))
    }

    fn overlapping(&mut self, subject: &'static Kind, kind: &'static Kind) -> Option<String> {
        kind.interval?;
        let interval = self.interval_of(subject)?;
        self.tag("重叠");
        Some(format!("重叠 {interval}"))
    }

    fn valid_at(&mut self, subject: &'static Kind, kind: &'static Kind) -> Option<String> {
        kind.interval?;
        let fields = subject.of(&[Ty::Instant, Ty::Date]);
        if fields.is_empty() {
            return None;
        }
        self.tag("有效于");
        let at = self.random.pick(&fields).0;
        Some(format!("有效于 {at}"))
    }
}
