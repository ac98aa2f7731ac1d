//! Random records beside visits and lines: reports, rounds, traces, stock, devices, filings, and kinds of the package.
//!
//! In: random numbers. Out: blocks of rows.
//! Invariant: keys are unique within a kind, and no part of a key is missing.

use super::claims::{Block, choice, day_text, or_missing, time, time_on};
use super::random::Random;
use super::schema::{Added, OwnKind};
use super::vocabulary::Ty;

pub(crate) fn blocks(random: &mut Random) -> Vec<Block> {
    vec![
        reports(random),
        rounds(random),
        traces(random),
        stock(random),
        devices(random),
        filings(random),
        device_uses(random),
    ]
}

/// Columns that are part of the key of their kind, the first column apart.
const KEY_PARTS: [(&str, &[&str]); 12] = [
    ("参保", &["险种", "开始日期"]),
    ("慢特病备案", &["病种", "开始日期"]),
    ("诊断", &["编码", "排序号"]),
    ("手术", &["编码", "开始时间"]),
    ("医嘱执行", &["执行时间"]),
    ("追溯码", &["明细"]),
    ("进销存", &["项目编码", "类型", "日期", "批号", "单据号"]),
    ("查房", &["时间"]),
    ("设备注册", &["注册证号", "设备编号"]),
    ("收费备案", &["项目编码", "开始日期"]),
    ("设备使用", &["设备编号", "开始时间"]),
    ("投诉", &["参保人", "机构", "就诊", "明细"]),
];

/// Whether keys may not be unique, or rows not readable, without this column.
pub(crate) fn is_key(kind: &str, column: &str) -> bool {
    KEY_PARTS.iter().any(|(held, columns)| {
        (*held == kind || (kind == "随访" && *held == "投诉")) && columns.contains(&column)
    })
}

/// Rows whose first cells, as many as the key has, differ.
fn unique(key: usize, rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let mut kept: Vec<Vec<String>> = Vec::new();
    for row in rows {
        if !kept.iter().any(|held| held[..key] == row[..key]) {
            kept.push(row);
        }
    }
    kept
}

fn reports(random: &mut Random) -> Block {
    let row = |number: usize, random: &mut Random| {
        let (at, sampled) = (time(random), time(random));
        vec![
            format!("B{number}"),
            choice(random, &["V1", "V2", "V3", "V9", "-"]),
            choice(random, &["L01", "L02", "L99", "-"]),
            choice(random, &["X1", "X2", "Y1", "-"]),
            or_missing(random, 7, at),
            or_missing(random, 30, sampled),
            choice(random, &["1", "2.5", "0", "-"]),
            choice(random, &["药甲", "阴性", "-"]),
            choice(random, &["1", "0", "-"]),
        ]
    };
    let rows = (1..=random.below(7)).map(|number| row(number, random)).collect();
    let columns = vec![
        "报告号",
        "就诊",
        "收费明细",
        "项目编码",
        "报告时间",
        "采样时间",
        "结果数值",
        "结果",
        "异常标志",
    ];
    Block { kind: "检验检查", columns, rows }
}

fn rounds(random: &mut Random) -> Block {
    let row = |_, random: &mut Random| {
        vec![choice(random, &["V1", "V2", "V3", "V4"]), time(random), choice(random, &["1", "0", "-"])]
    };
    let rows = (0..random.below(6)).map(|number| row(number, random)).collect();
    Block { kind: "查房", columns: vec!["就诊", "时间", "在床"], rows: unique(2, rows) }
}

fn traces(random: &mut Random) -> Block {
    let row = |_, random: &mut Random| {
        let at = time(random);
        vec![
            choice(random, &["C1", "C1", "C2", "C3"]),
            choice(random, &["L01", "L02", "L03", "L04", "L99"]),
            or_missing(random, 8, at),
            choice(random, &["1", "2", "-"]),
            choice(random, &["1", "0", "0", "-"]),
        ]
    };
    let rows = (0..random.below(8)).map(|number| row(number, random)).collect();
    Block {
        kind: "追溯码", columns: vec!["码", "明细", "销售时间", "数量", "拆零"], rows: unique(2, rows)
    }
}

fn stock(random: &mut Random) -> Block {
    let row = |number: usize, random: &mut Random| {
        let day = random.below(50);
        vec![
            choice(random, &["H1", "H1", "H2", "H9"]),
            choice(random, &["X1", "X2", "Y1"]),
            choice(random, &["1", "2", "3"]),
            day_text(day),
            choice(random, &["药甲", "批乙"]),
            format!("E{number}"),
            choice(random, &["1", "5", "10", "-"]),
            choice(random, &["3", "8.5", "-"]),
        ]
    };
    let rows = (1..=random.below(8)).map(|number| row(number, random)).collect();
    let columns = vec!["机构", "项目编码", "类型", "日期", "批号", "单据号", "数量", "单价"];
    Block { kind: "进销存", columns, rows }
}

/// A first day, and a last day that may be missing.
fn days(random: &mut Random) -> (String, String) {
    let start = random.below(15);
    let end = day_text(start + random.below(12));
    (day_text(start), or_missing(random, 30, end))
}

fn devices(random: &mut Random) -> Block {
    let row = |_, random: &mut Random| {
        let (start, end) = days(random);
        vec![
            choice(random, &["H1", "H2"]),
            choice(random, &["证一", "证二"]),
            choice(random, &["M1", "M2"]),
            choice(random, &["药甲", "彩超", "-"]),
            or_missing(random, 5, start),
            end,
        ]
    };
    let rows = (0..random.below(5)).map(|number| row(number, random)).collect();
    let columns = vec!["机构", "注册证号", "设备编号", "类别", "开始日期", "终止日期"];
    Block { kind: "设备注册", columns, rows: unique(3, rows) }
}

fn filings(random: &mut Random) -> Block {
    let row = |_, random: &mut Random| {
        let (start, end) = days(random);
        vec![
            choice(random, &["H1", "H1", "H2"]),
            choice(random, &["X1", "X2", "Y1"]),
            start,
            end,
            choice(random, &["X1", "X3", "-"]),
            choice(random, &["4", "6.5", "-"]),
        ]
    };
    let rows = (0..random.below(5)).map(|number| row(number, random)).collect();
    let columns = vec!["机构", "项目编码", "开始日期", "终止日期", "比照项目", "单价"];
    Block { kind: "收费备案", columns, rows: unique(3, rows) }
}

fn device_uses(random: &mut Random) -> Block {
    let row = |_, random: &mut Random| {
        let (start, length) = (random.below(20), random.below(2));
        let (begin, end) = (time_on(random, start), time_on(random, start + length));
        vec![
            choice(random, &["H1", "H1", "H2"]),
            choice(random, &["M1", "M2"]),
            begin,
            or_missing(random, 15, end),
            choice(random, &["L01", "L02", "L03", "-"]),
            choice(random, &["X1", "X2", "-"]),
            choice(random, &["1", "2", "-"]),
        ]
    };
    let rows = (0..random.below(5)).map(|number| row(number, random)).collect();
    let columns = vec!["机构", "设备编号", "开始时间", "结束时间", "明细", "项目编码", "次数"];
    Block { kind: "设备使用", columns, rows: unique(3, rows) }
}

/// Rows of a kind that the package declares.
pub(crate) fn own_block(random: &mut Random, own: &OwnKind) -> Block {
    let row = |number: usize, random: &mut Random| {
        let cell = |(place, column): (usize, &Added)| match place {
            0 => format!("T{number}"),
            place if place < own.key => present(random, column),
            _ => value(random, column),
        };
        own.columns.iter().enumerate().map(cell).collect()
    };
    let rows = (1..=random.below(7)).map(|number| row(number, random)).collect();
    let columns = own.columns.iter().map(|column| column.name).collect();
    Block { kind: own.kind.name, columns, rows }
}

/// What a column of the package may hold, or nothing.
pub(crate) fn value(random: &mut Random, column: &Added) -> String {
    if random.chance(15) { "-".to_owned() } else { present(random, column) }
}

fn present(random: &mut Random, column: &Added) -> String {
    let from: &[&str] = match column.ty {
        Ty::Number => &["1", "2", "0", "1.5", "-3"],
        Ty::Money => &["10", "20.5", "0", "100", "-5"],
        Ty::Price => &["3.333333", "10", "0.5"],
        Ty::Days => &["5", "7", "0", "10"],
        Ty::Date => return day_in_january(random),
        Ty::Instant => return time(random),
        Ty::Bool => &["1", "0"],
        Ty::Item => &["X1", "X2", "X3", "Y1"],
        Ty::Diagnosis => &["I10", "I10.1", "C50", "C44.1", "J18"],
        Ty::VisitType => &["21", "11", "14"],
        Ty::Level => &["1", "2", "3"],
        Ty::Sex => &["1", "2"],
        Ty::Text | Ty::Department => &["药甲", "药乙", "车接车送"],
        Ty::Reference => match column.to {
            "参保人" => &["P1", "P1", "P2", "P9"],
            "机构" => &["H1", "H2", "H9"],
            "就诊" => &["V1", "V2", "V3", "V9"],
            _ => &["L01", "L02", "L03", "L99"],
        },
    };
    choice(random, from)
}

fn day_in_january(random: &mut Random) -> String {
    let day = random.below(26);
    day_text(day)
}
