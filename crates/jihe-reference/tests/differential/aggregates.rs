//! Random aggregates over bound sets.
//!
//! In: a type. Out: the text of an aggregate of that type, or a constant where no set offers one.
//! Invariant: every function is applied to values of the types it takes.

use super::rules::{BoundSet, Scope, Writer};
use super::vocabulary::Ty;

impl Writer<'_> {
    /// An aggregate over a bound set.
    pub(crate) fn aggregate(&mut self, ty: Ty) -> String {
        let Some(set) = self.bound() else { return self.constant(ty) };
        if set.row {
            return self.of_row(&set, ty);
        }
        if self.random.chance(15)
            && let Some(found) = self.through(&set, ty)
        {
            return found;
        }
        match ty {
            Ty::Money => self.measure(&set, Ty::Money).unwrap_or_else(|| self.constant(Ty::Money)),
            Ty::Days => self.day_aggregate(&set),
            _ => self.count_aggregate(&set),
        }
    }

    /// Sets of sets, differences, and the record with the greatest value.
    fn through(&mut self, set: &BoundSet, ty: Ty) -> Option<String> {
        let name = &set.name;
        let (text, tag) = match (set.kind.name, ty) {
            ("就诊", Ty::Money) => (format!("合计({name}.明细.金额)"), "集 的集"),
            ("就诊", Ty::Number) => (format!("计数({name}.明细)"), "集 的集"),
            ("明细", Ty::Number) => match self.random.below(4) {
                0 => (format!("计数({name} 除 首({name}))"), "集 除 集"),
                1 => (format!("最大者({name}.金额).数量"), "最大者"),
                2 => (format!("最小者({name}.单价).数量"), "最小者"),
                _ => (format!("去重计数({name}.就诊.机构)"), "去重计数"),
            },
            ("明细", Ty::Money) => match self.random.below(3) {
                0 => (format!("最大者({name}.数量).金额"), "最大者"),
                1 => (format!("合计({name}.单价 × {name}.数量)"), "合计 算式"),
                _ => (format!("最大(合计({name}.金额), 10 元)"), "最大 多参"),
            },
            _ => return None,
        };
        self.tag(tag);
        Some(text)
    }

    fn of_row(&mut self, set: &BoundSet, ty: Ty) -> String {
        let fields = set.kind.of(&[ty]);
        if fields.is_empty() {
            return self.constant(ty);
        }
        self.tag("邻条 字段");
        format!("{}.{}", set.name, self.random.pick(&fields).0)
    }

    /// An aggregate that has the type of the values it is over.
    fn measure(&mut self, set: &BoundSet, ty: Ty) -> Option<String> {
        let fields = set.kind.of(&[ty]);
        if fields.is_empty() {
            return None;
        }
        let path = format!("{}.{}", set.name, self.random.pick(&fields).0);
        let (text, tag) = match self.random.below(12) {
            0..=3 => (format!("合计({path})"), "合计"),
            4 => (format!("平均({path})"), "平均"),
            5 => (format!("中位({path})"), "中位"),
            6 => (format!("分位({path}, {})", self.random.pick(&["90%", "25%", "100%"])), "分位"),
            7 => (format!("标准差({path})"), "标准差"),
            8 => (format!("最大({path})"), "最大"),
            9 => (format!("最小({path})"), "最小"),
            10 => (format!("首({path})"), "首"),
            _ => (format!("末({path})"), "末"),
        };
        self.tag(tag);
        Some(text)
    }

    fn day_aggregate(&mut self, set: &BoundSet) -> String {
        let times = set.kind.of(&[Ty::Instant, Ty::Date]);
        let name = &set.name;
        if !times.is_empty() && self.random.chance(40) {
            let function = *self.random.pick(&["天数", "跨度"]);
            self.tag(if function == "天数" { "天数" } else { "跨度" });
            return format!("{function}({name}.{})", self.random.pick(&times).0);
        }
        if set.kind.name == "明细" && self.random.chance(50) {
            self.tag("覆盖天数");
            return format!("覆盖天数({name}.供药期)");
        }
        if let Some((start, end)) = set.kind.interval {
            self.tag("覆盖天数");
            return format!("覆盖天数({name}.{start} 至 {name}.{end})");
        }
        self.measure(set, Ty::Days).unwrap_or_else(|| self.constant(Ty::Days))
    }

    fn count_aggregate(&mut self, set: &BoundSet) -> String {
        let name = set.name.clone();
        match self.random.below(12) {
            0..=2 => {
                self.tag("计数");
                format!("计数({name})")
            }
            3 => {
                self.tag("计数 其中");
                let inner = self.simple_condition(Scope { kind: set.kind, prefix: "", depth: 0 });
                format!("计数({name} 其中 {inner})")
            }
            4 | 5 => {
                let fields = set.kind.of(&[Ty::Reference, Ty::Item, Ty::Text, Ty::VisitType, Ty::Diagnosis]);
                if fields.is_empty() {
                    return format!("计数({name})");
                }
                self.tag("去重计数");
                format!("去重计数({name}.{})", self.random.pick(&fields).0)
            }
            6 => {
                let fields = set.kind.of(&[Ty::Money]);
                if fields.is_empty() {
                    return format!("计数({name})");
                }
                self.tag("最密");
                let width = *self.random.pick(&["10%", "5 元"]);
                format!("计数(最密({name}.{}, {width}))", self.random.pick(&fields).0)
            }
            7 => {
                let times = set.kind.of(&[Ty::Instant]);
                if times.is_empty() {
                    return format!("计数({name})");
                }
                self.tag("最密 时间");
                let width = *self.random.pick(&["1 天", "1 小时", "2 天"]);
                format!("计数(最密({name}.{}, {width}))", self.random.pick(&times).0)
            }
            8 => {
                let Some((start, end)) = set.kind.interval else { return format!("计数({name})") };
                self.tag("最大并发");
                format!("最大并发({name}.{start} 至 {name}.{end})")
            }
            9 => {
                let fields = set.kind.of(&[Ty::Number]);
                if fields.is_empty() {
                    return format!("计数({name})");
                }
                self.tag("名次");
                format!("名次(2, {name}.{})", self.random.pick(&fields).0)
            }
            _ => self.measure(set, Ty::Number).unwrap_or_else(|| format!("计数({name})")),
        }
    }
}
