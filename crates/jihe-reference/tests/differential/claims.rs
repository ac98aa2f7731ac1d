//! Small random records: ties, same-day times, missing values, refunds, lost columns, lost kinds.
//!
//! In: random numbers. Out: [`Claims`], which prints as the blocks of `support/case.rs`.
//! Invariant: keys are unique within a kind.

use super::random::Random;
use super::registers_claims::{self as registers, is_key};
use super::schema::Schema;
use jihe_model::records::RunDates;

/// The rows of one kind.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) kind: &'static str,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// All records of a case, and its dates.
#[derive(Debug, Clone)]
pub(crate) struct Claims {
    pub(crate) blocks: Vec<Block>,
    pub(crate) run: RunDates,
}

impl Claims {
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            text.push_str(&format!("{}: {}\n", block.kind, block.columns.join(", ")));
            for row in &block.rows {
                text.push_str(&format!("    {}\n", row.join(", ")));
            }
        }
        text
    }
}

/// 2024-01-01.
const FIRST_DAY: i64 = 19_723;

pub(crate) fn claims(random: &mut Random, schema: &Schema) -> Claims {
    let scale = if random.chance(8) { 5 } else { 1 };
    let mut blocks = vec![
        persons(random),
        institutions(random),
        practitioners(random),
        visits(random, scale),
        diagnoses(random),
        settlements(random),
        items(random, scale),
        refunds(random),
        enrolments(random),
        executions(random),
        operations(random),
        registrations(random),
    ];
    blocks.extend(registers::blocks(random));
    blocks.extend(schema.own.iter().map(|own| registers::own_block(random, own)));
    for (kind, added) in &schema.added {
        let block = blocks.iter_mut().find(|block| block.kind == *kind).expect("a base kind");
        block.columns.push(added.name);
        for row in &mut block.rows {
            row.push(registers::value(random, added));
        }
    }
    blocks.retain(|_| !random.chance(3));
    for block in &mut blocks {
        lose_a_column(block, random);
    }
    Claims { blocks, run: run(random) }
}

/// The key column stays; another is lost now and then.
fn lose_a_column(block: &mut Block, random: &mut Random) {
    if !random.chance(7) || block.columns.len() < 3 {
        return;
    }
    let lost = 1 + random.below(block.columns.len() - 1);
    if is_key(block.kind, block.columns[lost]) {
        return;
    }
    block.columns.remove(lost);
    for row in &mut block.rows {
        row.remove(lost);
    }
}

fn run(random: &mut Random) -> RunDates {
    match random.below(4) {
        0 => RunDates::default(),
        1 => RunDates { unbounded: true, ..RunDates::default() },
        2 => RunDates { coverage: Some((FIRST_DAY - 400, FIRST_DAY + 400)), ..RunDates::default() },
        _ => RunDates {
            coverage: Some((FIRST_DAY, FIRST_DAY + 20)),
            as_of: Some(FIRST_DAY + 30),
            ..RunDates::default()
        },
    }
}

pub(crate) fn or_missing(random: &mut Random, percent: usize, text: String) -> String {
    if random.chance(percent) { "-".to_owned() } else { text }
}

pub(crate) fn choice(random: &mut Random, from: &[&str]) -> String {
    (*random.pick(from)).to_owned()
}

pub(crate) fn day_text(day: usize) -> String {
    let (month, day) = if day < 31 { (1, day + 1) } else { (2, day - 30) };
    format!("2024-{month:02}-{day:02}")
}

/// A time on a day; half of them with a time of day, often the same one.
pub(crate) fn time_on(random: &mut Random, day: usize) -> String {
    if random.chance(40) {
        return day_text(day);
    }
    format!("{} {}", day_text(day), random.pick(&["08:00", "08:00", "08:20", "09:15", "23:30", "00:00"]))
}

pub(crate) fn time(random: &mut Random) -> String {
    let day = random.below(26);
    time_on(random, day)
}

fn persons(random: &mut Random) -> Block {
    let rows = (1..=3).map(|number| {
        vec![
            format!("P{number}"),
            choice(random, &["1", "2", "-"]),
            choice(random, &["1960-01-01", "2008-02-29", "2023-12-15", "2006-01-10", "-"]),
            choice(random, &["村一", "村二", "-"]),
        ]
    });
    Block {
        kind: "参保人", columns: vec!["人员编号", "性别", "出生日期", "村居"], rows: rows.collect()
    }
}

fn institutions(random: &mut Random) -> Block {
    let rows = (1..=2).map(|number| {
        vec![
            format!("H{number}"),
            choice(random, &["2", "2", "2", "2", "1", "3", "9", "-"]),
            choice(random, &["640402", "640402", "640402", "640400", "640400", "640100", "110000", "-"]),
            choice(random, &["2", "1", "-"]),
            choice(random, &["1", "0", "-"]),
        ]
    });
    Block {
        kind: "机构",
        columns: vec!["机构编号", "级别", "地区", "核定床位", "投诉举报"],
        rows: rows.collect(),
    }
}

fn practitioners(random: &mut Random) -> Block {
    let rows = (1..=2).map(|number| vec![format!("D{number}"), choice(random, &["H1", "H2", "-"])]);
    Block { kind: "医师", columns: vec!["医师编号", "机构"], rows: rows.collect() }
}

fn visits(random: &mut Random, scale: usize) -> Block {
    let count = 3 + random.below(6 * scale);
    let mut rows = Vec::new();
    for number in 1..=count {
        let start = random.below(22);
        let length = *random.pick(&[0, 0, 1, 3, 6]);
        let end = if random.chance(4) && start > 0 {
            time_on(random, start - 1)
        } else {
            time_on(random, start + length)
        };
        let begin = time_on(random, start);
        rows.push(vec![
            format!("V{number}"),
            choice(random, &["P1", "P1", "P1", "P2", "P1", "P2", "P3", "P9", "-"]),
            choice(random, &["H1", "H1", "H1", "H2", "H2", "H9", "-"]),
            choice(random, &["D1", "D2", "-"]),
            choice(random, &["21", "21", "11", "14", "-"]),
            or_missing(random, 7, begin),
            or_missing(random, 20, end),
            choice(random, &["I10", "I10.1", "J18", "C50", "-"]),
            choice(random, &["内科", "外科", "-"]),
            choice(random, &["100", "250.5", "33.33", "0", "-"]),
            choice(random, &["1", "0", "0", "-"]),
            choice(random, &["1", "0", "-"]),
        ]);
    }
    let columns = vec![
        "就诊号",
        "参保人",
        "机构",
        "医师",
        "医疗类别",
        "时间",
        "出院时间",
        "主诊断",
        "科室",
        "总费用",
        "计划再入院",
        "异地",
    ];
    Block { kind: "就诊", columns, rows }
}

fn diagnoses(random: &mut Random) -> Block {
    let count = random.below(7);
    let row = |number: usize, random: &mut Random| {
        vec![
            format!("V{}", 1 + random.below(6)),
            choice(random, &["I10", "C50", "C44.1", "Z51.1", "J18"]),
            number.to_string(),
            choice(random, &["1", "0", "-"]),
        ]
    };
    let rows = (1..=count).map(|number| row(number, random)).collect();
    Block { kind: "诊断", columns: vec!["就诊", "编码", "排序号", "主诊断标志"], rows }
}

fn settlements(random: &mut Random) -> Block {
    let count = random.below(7);
    let mut rows = Vec::new();
    for number in 1..=count {
        let at = time(random);
        rows.push(vec![
            format!("S{number}"),
            choice(random, &["V1", "V2", "V3", "V4", "V9", "-"]),
            or_missing(random, 6, at),
            choice(random, &["100", "101", "98.5", "500", "0", "-"]),
            choice(random, &["200", "300", "1200", "-"]),
        ]);
    }
    Block {
        kind: "结算", columns: vec!["结算号", "就诊", "结算时间", "基金支付", "总费用"], rows
    }
}

fn items(random: &mut Random, scale: usize) -> Block {
    let count = 4 + random.below(11 * scale);
    let mut rows = Vec::new();
    for number in 1..=count {
        let refund = random.chance(15);
        let quantity = if refund {
            choice(random, &["-1", "-2"])
        } else {
            choice(random, &["1", "2", "3", "1.5", "1", "2", "0", "-"])
        };
        let original = if refund && random.chance(60) {
            format!("L{:02}", 1 + random.below(count))
        } else {
            "-".to_owned()
        };
        let price = choice(random, &["10", "10", "3.333333", "0.5", "-"]);
        let amount = if refund { choice(random, &["-10", "-20", "-"]) } else { amount(random) };
        let (used, billed) = (time(random), time(random));
        let mut row = vec![
            format!("L{number:02}"),
            original,
            choice(random, &["V1", "V1", "V2", "V2", "V3", "V1", "V3", "V2", "V4", "V9", "-"]),
            choice(random, &["S1", "S2", "-"]),
            choice(random, &["X1", "X1", "X2", "X3", "Y1", "X1", "X2", "X1", "-"]),
            choice(random, &["药甲", "药甲", "药乙", "-"]),
            quantity,
            price,
            amount,
            or_missing(random, 8, used),
            or_missing(random, 50, billed),
            choice(random, &["5", "7", "10", "0", "-"]),
            choice(random, &["D1", "D2", "D9", "-"]),
            choice(random, &["1", "0", "-"]),
        ];
        if refund && row[1] == "-" && !rows.is_empty() {
            imitate(&mut row, &rows, random);
        }
        rows.push(row);
    }
    let columns = vec![
        "明细号",
        "原明细",
        "就诊",
        "结算",
        "项目编码",
        "通用名",
        "数量",
        "单价",
        "金额",
        "使用时间",
        "计费时间",
        "供药天数",
        "开单医师",
        "比照标志",
    ];
    Block { kind: "明细", columns, rows }
}

/// Visit, item and price of an earlier row, so that a refund without reference finds its line, or several.
fn imitate(row: &mut [String], rows: &[Vec<String>], random: &mut Random) {
    let like = random.pick(rows);
    for column in [2, 4, 7] {
        row[column].clone_from(&like[column]);
    }
    row[9] = time_on(random, 25);
}

fn refunds(random: &mut Random) -> Block {
    let count = random.below(4);
    let mut rows = Vec::new();
    for number in 1..=count {
        let at = time(random);
        let key =
            if random.chance(30) { format!("L{:02}", 1 + random.below(10)) } else { format!("R{number}") };
        if rows.iter().any(|row: &Vec<String>| row[0] == key) {
            continue;
        }
        rows.push(vec![
            key,
            choice(random, &["L01", "L02", "L03", "L05", "L99", "-"]),
            choice(random, &["S1", "S2", "-"]),
            or_missing(random, 5, at),
            choice(random, &["1", "2", "-"]),
            choice(random, &["10", "5", "-"]),
        ]);
    }
    Block {
        kind: "退费", columns: vec!["退费号", "明细", "结算", "退费时间", "数量", "金额"], rows
    }
}

fn enrolments(random: &mut Random) -> Block {
    let count = random.below(5);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..count {
        let start = random.below(15);
        let end = day_text(start + random.below(12));
        let row = vec![
            choice(random, &["P1", "P2", "P3"]),
            choice(random, &["310", "390"]),
            day_text(start),
            or_missing(random, 30, end),
        ];
        if !rows.iter().any(|held| held[..3] == row[..3]) {
            rows.push(row);
        }
    }
    Block { kind: "参保", columns: vec!["参保人", "险种", "开始日期", "终止日期"], rows }
}

fn executions(random: &mut Random) -> Block {
    let count = random.below(5);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..count {
        let (start, length) = (random.below(20), random.below(3));
        let (begin, end) = (time_on(random, start), time_on(random, start + length));
        let row = vec![choice(random, &["L01", "L02", "L03", "L04"]), begin, or_missing(random, 20, end)];
        if !rows.iter().any(|held| held[..2] == row[..2]) {
            rows.push(row);
        }
    }
    Block { kind: "医嘱执行", columns: vec!["明细", "执行时间", "结束时间"], rows }
}

/// Now and then an amount so large that sums and products of it do not fit.
fn amount(random: &mut Random) -> String {
    if random.chance(1) {
        return "900000000000000".to_owned();
    }
    choice(random, &["10", "20", "30", "3.33", "15", "20", "10", "0", "-"])
}

fn operations(random: &mut Random) -> Block {
    let count = random.below(5);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..count {
        let (start, length) = (random.below(20), random.below(2));
        let (begin, end) = (time_on(random, start), time_on(random, start + length));
        let row = vec![
            choice(random, &["V1", "V2", "V3", "V4"]),
            choice(random, &["00.1", "00.2"]),
            or_missing(random, 5, begin),
            or_missing(random, 20, end),
            choice(random, &["1", "0", "-"]),
        ];
        if !rows.iter().any(|held| held[..3] == row[..3]) {
            rows.push(row);
        }
    }
    Block {
        kind: "手术", columns: vec!["就诊", "编码", "开始时间", "结束时间", "主手术"], rows
    }
}

fn registrations(random: &mut Random) -> Block {
    let count = random.below(5);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for _ in 0..count {
        let start = random.below(15);
        let end = day_text(start + random.below(12));
        let row = vec![
            choice(random, &["P1", "P2"]),
            choice(random, &["M1", "M2"]),
            day_text(start),
            or_missing(random, 30, end),
            choice(random, &["H1", "H2", "-"]),
        ];
        if !rows.iter().any(|held| held[..3] == row[..3]) {
            rows.push(row);
        }
    }
    Block {
        kind: "慢特病备案", columns: vec!["参保人", "病种", "开始日期", "终止日期", "机构"], rows
    }
}
