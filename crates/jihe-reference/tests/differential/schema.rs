//! Random schemas: fields that a package adds to known kinds, and kinds of its own.
//!
//! In: random numbers. Out: [`Schema`]: its declarations, the kinds rules speak of, and what their columns may hold.
//! Invariant: a field is named for its type and kind, so that no two clash.

use super::package::Declaration;
use super::random::Random;
use super::vocabulary::{BASE, Kind, Ty};
use std::collections::BTreeSet;

/// A column that the package adds.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    pub(crate) name: &'static str,
    pub(crate) ty: Ty,
    /// The kind referred to.
    pub(crate) to: &'static str,
}

/// A kind of the package.
#[derive(Debug, Clone)]
pub(crate) struct OwnKind {
    pub(crate) kind: &'static Kind,
    pub(crate) columns: Vec<Added>,
    /// How many columns from the left make its key.
    pub(crate) key: usize,
}

/// The schema of a case.
#[derive(Debug, Clone)]
pub(crate) struct Schema {
    kinds: Vec<&'static Kind>,
    pub(crate) own: Vec<OwnKind>,
    /// New fields by kind.
    pub(crate) added: Vec<(&'static str, Added)>,
}

/// Types a field can have, as rules write them.
const TYPES: [(Ty, &str, &str); 14] = [
    (Ty::Number, "数量", "数"),
    (Ty::Number, "比例", "比"),
    (Ty::Money, "金额", "金"),
    (Ty::Price, "单价", "价"),
    (Ty::Days, "天数", "天"),
    (Ty::Date, "日期", "日"),
    (Ty::Instant, "时间", "时"),
    (Ty::Bool, "是否", "否"),
    (Ty::Text, "文本", "文"),
    (Ty::Item, "项目", "项"),
    (Ty::Diagnosis, "诊断", "病"),
    (Ty::VisitType, "医疗类别", "类"),
    (Ty::Sex, "性别", "性"),
    (Ty::Level, "机构级别", "级"),
];

/// Kinds that a field may refer to.
const TARGETS: [&str; 4] = ["参保人", "机构", "就诊", "明细"];

fn type_name(ty: Ty) -> &'static str {
    TYPES.iter().find(|(held, _, _)| *held == ty).map_or("文本", |(_, name, _)| *name)
}

impl Schema {
    /// The kind as this package knows it.
    pub(crate) fn kind(&self, name: &str) -> &'static Kind {
        self.kinds.iter().copied().find(|kind| kind.name == name).expect("a kind of the vocabulary")
    }

    pub(crate) fn random(random: &mut Random) -> (Self, Vec<Declaration>) {
        let mut schema = Self { kinds: BASE.to_vec(), own: Vec::new(), added: Vec::new() };
        let mut declarations = Vec::new();
        if random.chance(35) {
            for number in 0..=random.below(2) {
                schema.add_fields(random, number, &mut declarations);
            }
        }
        if random.chance(35) {
            schema.add_kind(random, "投诉", &mut declarations);
            if random.chance(40) {
                schema.add_kind(random, "随访", &mut declarations);
            }
        }
        (schema, declarations)
    }

    fn add_fields(&mut self, random: &mut Random, number: usize, declarations: &mut Vec<Declaration>) {
        let kind = *random.pick(&["明细", "明细", "就诊", "就诊", "结算", "参保人", "机构", "检验检查"]);
        let mut fields = self.kind(kind).fields.to_vec();
        let mut names = Vec::new();
        let mut text = format!("扩展 {kind} {{");
        for place in 0..=random.below(3) {
            let (ty, type_name, short) = *random.pick(&TYPES);
            let name = leaked(format!("附{short}{number}{place}"));
            text.push_str(&format!(" {name} : {type_name};"));
            fields.push((name, ty));
            names.push(name.to_owned());
            self.added.push((kind, Added { name, ty, to: "" }));
        }
        text.push_str(" }\n");
        self.replace(Kind { fields: fields.leak(), ..*self.kind(kind) });
        declarations.push(Declaration { names, text, tags: BTreeSet::from(["扩展 字段"]) });
    }

    fn add_kind(&mut self, random: &mut Random, name: &'static str, declarations: &mut Vec<Declaration>) {
        let mut columns = vec![Added { name: leaked(format!("{name}号")), ty: Ty::Text, to: "" }];
        let mut tags = BTreeSet::from(["扩展 种类"]);
        let first = random.below(TARGETS.len());
        for place in 0..=random.below(2) {
            let to = TARGETS[(first + place) % TARGETS.len()];
            columns.push(Added { name: to, ty: Ty::Reference, to });
        }
        let key = 1 + random.below(2);
        if key > 1 {
            tags.insert("扩展 多键");
        }
        let (clock, interval) = match random.below(4) {
            0 => (None, None),
            1 => {
                columns.push(Added { name: "受理时间", ty: Ty::Instant, to: "" });
                (Some("受理时间"), None)
            }
            2 => {
                columns.push(Added { name: "受理日期", ty: Ty::Date, to: "" });
                (Some("受理日期"), None)
            }
            _ => {
                tags.insert("扩展 区间");
                columns.push(Added { name: "开始日期", ty: Ty::Date, to: "" });
                columns.push(Added { name: "终止日期", ty: Ty::Date, to: "" });
                (Some("开始日期"), Some(("开始日期", "终止日期")))
            }
        };
        for place in 0..=random.below(3) {
            let (ty, _, short) = *random.pick(&TYPES);
            // A second date would be read after the clock, never instead of it.
            if clock.is_none() && matches!(ty, Ty::Date | Ty::Instant) {
                continue;
            }
            columns.push(Added { name: leaked(format!("另{short}{place}")), ty, to: "" });
        }
        let mut text = format!("扩展 {name} {{");
        for (place, column) in columns.iter().enumerate() {
            let ty = if column.ty == Ty::Reference { column.to } else { type_name(column.ty) };
            text.push_str(&format!(" {} : {ty}{};", column.name, if place < key { " 键" } else { "" }));
        }
        text.push_str(" }\n");
        let kind = own_kind(name, &columns, clock, interval);
        self.kinds.push(kind);
        self.own.push(OwnKind { kind, columns, key });
        declarations.push(Declaration { names: vec![name.to_owned()], text, tags });
    }

    fn replace(&mut self, kind: Kind) {
        let place = self.kinds.iter().position(|held| held.name == kind.name).expect("a known kind");
        self.kinds[place] = Box::leak(Box::new(kind));
    }
}

/// What rules may say of a kind with these columns.
fn own_kind(
    name: &'static str,
    columns: &[Added],
    clock: Option<&'static str>,
    interval: Option<(&'static str, &'static str)>,
) -> &'static Kind {
    let mut fields: Vec<(&'static str, Ty)> = columns.iter().map(|column| (column.name, column.ty)).collect();
    let mut keys: Vec<&'static str> = Vec::new();
    for column in columns.iter().filter(|column| column.ty == Ty::Reference) {
        keys.push(column.name);
        match column.to {
            "参保人" => fields.push(("参保人.性别", Ty::Sex)),
            "机构" => fields.push(("机构.级别", Ty::Level)),
            "就诊" => fields.push(("就诊.医疗类别", Ty::VisitType)),
            _ => fields.push(("明细.金额", Ty::Money)),
        }
    }
    Box::leak(Box::new(Kind {
        name,
        fields: fields.leak(),
        keys: keys.leak(),
        clock,
        interval,
        is_line: false,
    }))
}

/// Names live as long as the test: there are a few thousand.
fn leaked(text: String) -> &'static str {
    text.leak()
}
