//! Random values and conditions.
//!
//! In: a type and a scope. Out: the text of an expression.
//! Invariant: text of the type asked for, of bounded depth.

use super::rules::{BoundSet, Scope, Writer};
use super::vocabulary::Ty;

const ORDERED: [&str; 6] = ["<", "≤", ">", "≥", "=", "≠"];

impl Writer<'_> {
    /// A condition that reads the record alone.
    pub(crate) fn simple_condition(&mut self, scope: Scope) -> String {
        let fields = scope.kind.fields;
        if fields.is_empty() {
            return "计数(本组) > 1".to_owned();
        }
        let (field, ty) = *self.random.pick(fields);
        let field = format!("{}{field}", scope.prefix);
        let op = *self.random.pick(&ORDERED);
        match ty {
            Ty::Number => format!("{field} {op} {}", self.random.pick(&["1", "2", "0", "1.5"])),
            Ty::Money => format!(
                "{field} {op} {}",
                self.random.pick(&["10 元", "20 元", "100 元", "0.01 万元", "限额"])
            ),
            Ty::Price if scope.kind.name != "明细" || !field.ends_with("单价") => {
                self.tag("单价 数");
                format!("数({field}) {op} {}", self.random.pick(&["5", "10", "0.5"]))
            }
            Ty::Price => {
                self.tag("单价");
                format!("{field} × {} {op} 金额", self.random.pick(&["数量", "1", "2"]))
            }
            Ty::Department => format!("{field} = \"内科\""),
            Ty::Days if self.random.chance(30) => format!("数({field}) {op} 5"),
            Ty::Days => format!("{field} {op} {}", self.random.pick(&["5 天", "7 天", "0 天", "期长"])),
            Ty::Date => format!("{field} {op} 2024-01-08"),
            Ty::Instant => self.time_condition(&field, op),
            Ty::Bool => {
                (*self.random.pick(&["F", "非 F", "缺省(F, 否)", "非 缺省(F, 是)"])).replace('F', &field)
            }
            Ty::Item => self.item_condition(&field),
            Ty::Diagnosis => match self.random.below(3) {
                0 => format!("{field} 属于 肿瘤"),
                1 => format!("{field} 不属于 {{ \"I10*\", \"J18\" }}"),
                _ => format!("诊断类目({field}) = \"I10\""),
            },
            Ty::VisitType => {
                self.tag("属于 编码集");
                if self.random.chance(50) {
                    format!("{field} 属于 住院")
                } else {
                    format!("{field} ≠ \"11\"")
                }
            }
            Ty::Level => format!("{field} {op} \"2\""),
            Ty::Sex => format!("{field} = \"1\""),
            Ty::Text => {
                let from = ["F 含 \"甲\"", "F = \"药甲\"", "缺省(F, \"无\") 不含 \"乙\""];
                (*self.random.pick(&from)).replace('F', &field)
            }
            Ty::Reference => format!("已知({field})"),
        }
    }

    fn time_condition(&mut self, field: &str, op: &str) -> String {
        match self.random.below(6) {
            0 => format!("日({field}) {op} 2024-01-08"),
            1 => format!("时({field}) {op} 9"),
            2 => format!("日({field}) + 3 天 {op} 截止日"),
            3 => format!("首日({}({field})) {op} 2024-01-08", self.random.pick(&["月", "周", "季"])),
            4 => {
                self.tag("周期 比较");
                format!("{period}({field}) = {period}(2024-01-08)", period = self.random.pick(&["月", "周"]))
            }
            _ => format!("已知({field})"),
        }
    }

    fn item_condition(&mut self, field: &str) -> String {
        match self.random.below(5) {
            4 => format!("{field} 属于 文件码"),
            0 => {
                self.tag("属于 表");
                format!("{field} 属于 限频.项目编码")
            }
            1 => {
                self.tag("属于 编码集");
                format!("{field} 属于 甲类")
            }
            2 => format!("{field} ≠ \"X2\""),
            _ => format!("{field} 属于 {{ \"X1\", \"Y*\" }}"),
        }
    }

    /// Any condition.
    pub(crate) fn condition(&mut self, scope: Scope) -> String {
        let shallow = Scope { depth: scope.depth.saturating_sub(1), ..scope };
        if scope.depth > 0 {
            match self.random.below(10) {
                0 | 1 => {
                    self.tag("且");
                    return format!("({} 且 {})", self.condition(shallow), self.condition(shallow));
                }
                2 | 3 => {
                    self.tag("或");
                    return format!("({} 或 {})", self.condition(shallow), self.condition(shallow));
                }
                4 => {
                    self.tag("非");
                    return format!("非 {}", self.condition(shallow));
                }
                _ => {}
            }
        }
        match self.random.below(10) {
            0 => self.simple_condition(scope),
            1..=3 => self.set_condition(scope),
            4 | 5 => self.special_condition(scope),
            _ => {
                let ty = *self.random.pick(&[Ty::Number, Ty::Number, Ty::Money, Ty::Days]);
                self.comparison(ty, scope)
            }
        }
    }

    /// Conditions that only some kinds have.
    fn special_condition(&mut self, scope: Scope) -> String {
        let (text, tag) = match scope.kind.name {
            "明细" => *self.random.pick(&[
                ("任一(就诊.诊断.编码 属于 适应[项目编码].诊断集)", "集 单元格"),
                ("就诊.主诊断 属于 适应[项目编码].诊断集", "集 单元格"),
                ("存在(组套[部件 = 项目编码])", "表 多行"),
                ("计数(组套[部件 = 项目编码]) > 1", "表 多行"),
                ("(\"T1\", 项目编码) 属于 组套", "元组 属于"),
                ("存在(明细 同一(就诊) 其中 (项目编码, 本条.项目编码) 属于 组套)", "元组 属于"),
                ("限频[项目编码].上限 < 数量", "查表"),
                ("限价[就诊.机构.地区, 就诊.机构.级别, 项目编码].上限价 < 单价", "查表 逐级"),
                ("限频[项目编码 于 就诊.入院时间].价 < 单价", "查表 于"),
                ("合计(同药.供药天数) > 10 天", "派生 集"),
                ("存在(上次药) 且 上次药.供药天数 > 5 天", "派生 行"),
                ("整百(金额 × 10)", "整百"),
                ("非 整百(金额)", "整百"),
                ("天数(同药.使用时间) > 2 天", "派生 集"),
                ("随数 > 1", "派生 随机"),
                ("超限", "派生 参数"),
                ("任一(就诊.明细.超限)", "派生 参数"),
                ("随数 > 1 且 任一(就诊.明细.随数 ≥ 2)", "派生 随机"),
            ]),
            "就诊" => *self.random.pick(&[
                ("存在(就诊 同一(参保人) 最近 7 天 其中 存在(明细 同一(就诊) 其中 数量 > 1))", "嵌套 集"),
                ("存在(前次) 且 前次.机构 = 机构", "派生 行"),
                ("前次.主诊断 = 主诊断", "派生 行"),
                ("住着 且 住院天 > 2 天", "派生 值"),
                ("年龄 < 18 岁", "年龄"),
                ("年龄 ≥ 6 月龄", "年龄"),
                ("重叠天数(其他 就诊 同一(参保人) 最近 30 天, 入院时间 至 出院时间) = 0 天", "重叠天数"),
                ("重叠天数(其他 就诊 同一(参保人), 本条) > 1 天", "重叠天数"),
            ]),
            "日入院" | "月结算" | "日在院" => ("合计((院总 同一(机构)).总) > 3", "统计 的统计"),
            _ => return self.simple_condition(scope),
        };
        self.tag(tag);
        text.to_owned()
    }

    fn comparison(&mut self, ty: Ty, scope: Scope) -> String {
        let op = *self.random.pick(&ORDERED);
        let left = self.term(ty, scope);
        if self.random.chance(10) {
            return format!("{} ≤ {left} ≤ {}", self.constant(ty), self.constant(ty));
        }
        let right = if self.random.chance(70) { self.constant(ty) } else { self.term(ty, scope) };
        if self.random.chance(10) { format!("{right} {op} {left}") } else { format!("{left} {op} {right}") }
    }

    pub(crate) fn constant(&mut self, ty: Ty) -> String {
        match ty {
            Ty::Money => (*self.random.pick(&["10 元", "20 元", "0 元", "33.33 元", "限额"])).to_owned(),
            Ty::Days => (*self.random.pick(&["1 天", "5 天", "7 天", "0 天", "窗长"])).to_owned(),
            _ => (*self.random.pick(&["1", "2", "0", "3", "1.5", "50%", "限次"])).to_owned(),
        }
    }

    /// 存在, 任一, 全部 over a bound set.
    fn set_condition(&mut self, scope: Scope) -> String {
        let Some(set) = self.bound() else { return self.simple_condition(scope) };
        let name = set.name.clone();
        match self.random.below(5) {
            0 => {
                self.tag("存在");
                format!("存在({name})")
            }
            1 => {
                self.tag("不存在");
                format!("不存在({name})")
            }
            _ if set.row => {
                self.tag("邻条 字段");
                let (field, ty) = *self.random.pick(set.kind.fields);
                match ty {
                    Ty::Number => format!("{name}.{field} > 1"),
                    Ty::Money => format!("{name}.{field} ≥ 20 元"),
                    Ty::Instant => format!("日({name}.{field}) > 2024-01-06"),
                    _ => format!("已知({name}.{field})"),
                }
            }
            2 => {
                self.tag("存在 其中");
                let inner = self.simple_condition(Scope { kind: set.kind, prefix: "", depth: 0 });
                format!("存在({name} 其中 {inner})")
            }
            _ => self.any_or_all(&set),
        }
    }

    fn any_or_all(&mut self, set: &BoundSet) -> String {
        let function = *self.random.pick(&["任一", "全部"]);
        self.tag(if function == "任一" { "任一" } else { "全部" });
        let fields =
            set.kind.of(&[Ty::Number, Ty::Money, Ty::Bool, Ty::VisitType, Ty::Diagnosis, Ty::Item, Ty::Days]);
        if fields.is_empty() {
            return format!("存在({})", set.name);
        }
        let (field, ty) = *self.random.pick(&fields);
        let path = format!("{}.{field}", set.name);
        let condition = match ty {
            Ty::Number => format!("{path} > 1"),
            Ty::Money => format!("{path} ≥ 10 元"),
            Ty::Days => format!("{path} > 5 天"),
            Ty::VisitType => format!("{path} 属于 住院"),
            Ty::Diagnosis => format!("{path} 属于 肿瘤"),
            Ty::Item => format!("{path} 属于 甲类"),
            _ => path,
        };
        format!("{function}({condition})")
    }

    pub(crate) fn bound(&mut self) -> Option<BoundSet> {
        if self.sets.is_empty() { None } else { Some(self.random.pick(&self.sets).clone()) }
    }

    /// A number, amount or length of time.
    pub(crate) fn term(&mut self, ty: Ty, scope: Scope) -> String {
        let named: Vec<String> =
            self.values.iter().filter(|(_, held)| *held == ty).map(|(name, _)| name.clone()).collect();
        if !named.is_empty() && self.random.chance(40) {
            return self.random.pick(&named).clone();
        }
        let fields = scope.kind.of(&[ty]);
        let shallow = Scope { depth: scope.depth.saturating_sub(1), ..scope };
        match self.random.below(12) {
            0 | 1 if !fields.is_empty() => format!("{}{}", scope.prefix, self.random.pick(&fields).0),
            2 if scope.depth > 0 => {
                self.tag("加减");
                let op = *self.random.pick(&["+", "-"]);
                format!("({} {op} {})", self.term(ty, shallow), self.term(ty, shallow))
            }
            3 if scope.depth > 0 => {
                self.tag("乘除");
                let op = *self.random.pick(&["×", "÷"]);
                format!("({} {op} {})", self.term(ty, shallow), self.term(Ty::Number, shallow))
            }
            4 if scope.depth > 0 => {
                self.tag("若");
                format!(
                    "(若 {} 则 {} 否则 {})",
                    self.condition(shallow),
                    self.term(ty, shallow),
                    self.term(ty, shallow)
                )
            }
            5 => {
                self.tag("缺省");
                format!("缺省({}, {})", self.aggregate_or_field(ty, scope), self.constant(ty))
            }
            6 => self.special(ty, scope),
            _ => self.aggregate_or_field(ty, scope),
        }
    }

    fn aggregate_or_field(&mut self, ty: Ty, scope: Scope) -> String {
        let fields = scope.kind.of(&[ty]);
        if self.sets.is_empty() || (self.random.chance(10) && !fields.is_empty()) {
            if fields.is_empty() {
                return self.constant(ty);
            }
            return format!("{}{}", scope.prefix, self.random.pick(&fields).0);
        }
        self.aggregate(ty)
    }

    /// Things only some kinds have: lookups, ages, derived fields.
    fn special(&mut self, ty: Ty, scope: Scope) -> String {
        match (scope.kind.name, ty) {
            ("明细", Ty::Number) if self.random.chance(25) => {
                self.tag("派生 随机");
                "随数".to_owned()
            }
            ("明细", Ty::Number) if self.random.chance(40) => {
                self.tag("查表");
                "限频[项目编码].上限".to_owned()
            }
            ("明细", Ty::Number) => {
                self.tag("查表 逐级");
                "(限价[就诊.机构.地区, 就诊.机构.级别, 项目编码].上限价 ÷ 单价)".to_owned()
            }
            ("明细", Ty::Money) => {
                self.tag("查表 于");
                "(限频[项目编码 于 就诊.入院时间].价 × 数量)".to_owned()
            }
            ("明细", Ty::Days) => {
                self.tag("派生 行");
                "(日(使用时间) - 日(上次药.使用时间))".to_owned()
            }
            ("就诊", Ty::Days) => {
                self.tag("派生 值");
                (*self.random.pick(&["住院天", "前次.住院天", "(日(入院时间) - 日(前次.出院时间))"]))
                    .to_owned()
            }
            ("就诊", Ty::Number) => {
                self.tag("年龄");
                (*self.random.pick(&[
                    "(若 年龄 < 18 岁 则 1 否则 2)",
                    "(若 年龄 ≥ 25 天 则 1 否则 0)",
                    "月份数(入院时间)",
                ]))
                .to_owned()
            }
            _ => self.aggregate_or_field(ty, scope),
        }
    }
}
