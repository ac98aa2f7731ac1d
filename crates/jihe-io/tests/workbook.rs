//! Workbooks: which sheets are read, and what their cells mean.
//!
//! In: workbooks put together byte by byte. Out: records and rejects.
//! Invariant: a sheet gives what a CSV file of the same cells gives.
#![expect(clippy::tests_outside_test_module, clippy::unwrap_used, reason = "integration tests")]

use jihe_io::{Input, NamedBytes, ReadOptions, read_files};
use jihe_model::kinds::base_schema;
use std::fmt::Write;

/// A zip archive whose members are stored as they are.
fn zip(members: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        let (start, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(text.len()).unwrap());
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        common.extend(sum.sum().to_le_bytes());
        common.extend([size.to_le_bytes(), size.to_le_bytes()].concat());
        common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        common.extend([0, 0]);
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&common);
        bytes.extend(name.as_bytes());
        bytes.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, size) = (u32::try_from(bytes.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(members.len()).unwrap();
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), start.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

/// A cell as the format writes it; `date` cells have the style of days.
enum Cell {
    Text(&'static str),
    Number(&'static str),
    Date(&'static str),
    Empty,
}

fn sheet(rows: &[Vec<Cell>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (row, cells) in (1..).zip(rows) {
        write!(text, "<row r=\"{row}\">").unwrap();
        for (column, cell) in ('A'..).zip(cells) {
            let at = format!("{column}{row}");
            match cell {
                Cell::Text(value) => {
                    write!(text, "<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
                }
                Cell::Number(value) => write!(text, "<c r=\"{at}\"><v>{value}</v></c>"),
                Cell::Date(value) => write!(text, "<c r=\"{at}\" s=\"1\"><v>{value}</v></c>"),
                Cell::Empty => Ok(()),
            }
            .unwrap();
        }
        text.push_str("</row>");
    }
    text + "</sheetData></worksheet>"
}

fn workbook(sheets: &[(&str, String)]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let (mut list, mut links) = (String::new(), String::new());
    let mut members = Vec::new();
    for (number, (name, text)) in (1..).zip(sheets) {
        write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>").unwrap();
        write!(links, "<Relationship Id=\"rId{number}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>").unwrap();
        members.push((format!("xl/worksheets/sheet{number}.xml"), text.clone()));
    }
    write!(links, "<Relationship Id=\"rId99\" Type=\"{office}/styles\" Target=\"styles.xml\"/>").unwrap();
    let styles = format!(
        "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
    );
    let book = format!("<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{list}</sheets></workbook>");
    let links = format!("<Relationships xmlns=\"{package}/relationships\">{links}</Relationships>");
    let root = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let types = format!(
        "<Types xmlns=\"{package}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
    );
    let mut all: Vec<(&str, String)> = vec![
        ("[Content_Types].xml", types),
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", links),
        ("xl/styles.xml", styles),
    ];
    all.extend(members.iter().map(|(name, text)| (name.as_str(), text.clone())));
    zip(&all)
}

fn read(name: &str, bytes: Vec<u8>) -> Input {
    let file = NamedBytes { name: name.into(), bytes };
    read_files(&base_schema(), vec![file], &ReadOptions::default()).unwrap()
}

fn rows(input: &Input, kind: &str) -> usize {
    input.claims.records.tables.get(&base_schema().find_kind(kind).unwrap()).map_or(0, |table| table.rows)
}

fn lines() -> String {
    sheet(&[
        vec![Cell::Text("明细号"), Cell::Text("金额"), Cell::Text("使用时间"), Cell::Text("就诊")],
        vec![Cell::Text("L1"), Cell::Number("12.5"), Cell::Date("45352"), Cell::Number("1001")],
        vec![
            Cell::Text("L2"),
            Cell::Number("0.30000000000000004"),
            Cell::Date("45352.354166666664"),
            Cell::Empty,
        ],
        vec![Cell::Text("L3"), Cell::Number("1"), Cell::Empty, Cell::Number("440306198001011234")],
    ])
}

#[test]
fn sheets_named_for_kinds_are_read() {
    let person = sheet(&[vec![Cell::Text("人员编号")], vec![Cell::Text("P1")]]);
    let notes = sheet(&[vec![Cell::Text("说明")], vec![Cell::Text("x")]]);
    let input = read("导出.xlsx", workbook(&[("说明", notes), ("明细", lines()), ("person", person)]));
    assert_eq!(
        (rows(&input, "item"), rows(&input, "person")),
        (2, 1),
        "{:?} {:?}",
        input.files,
        input.claims.rejects
    );
    assert_eq!(input.files[0].file, "导出.xlsx#明细");
    assert_eq!((input.files[0].rows, input.files[0].rejected), (3, 1));
    let reject = &input.claims.rejects[0];
    assert!(reject.line == 4 && reject.reason.zh.contains("15 位"), "{reject:?}");
    let table = &input.claims.records.tables[&base_schema().find_kind("item").unwrap()];
    let item = base_schema().kind(base_schema().find_kind("item").unwrap()).unwrap().clone();
    let word = |field: &str, row: usize| table.column(item.find_field(field).unwrap()).unwrap().get(row);
    assert_eq!((word("amount", 0), word("amount", 1)), (Some(125_000), Some(3_000)));
    let moment = |text: &str| jihe_model::calendar::parse_instant(text).map(|moment| moment.0);
    assert_eq!(
        (word("used_time", 0), word("used_time", 1)),
        (moment("2024-03-01"), moment("2024-03-01 08:30"))
    );
}

#[test]
fn a_workbook_named_for_a_kind_gives_its_first_sheet() {
    let input = read("明细.xlsx", workbook(&[("Sheet1", lines()), ("Sheet2", String::from("<worksheet/>"))]));
    assert_eq!(rows(&input, "item"), 2, "{:?}", input.files);
    let input = read("什么.xlsx", workbook(&[("Sheet1", lines())]));
    assert!(input.files[0].problem.is_some() && rows(&input, "item") == 0);
}

#[test]
fn a_workbook_cut_anywhere_is_refused() {
    let bytes = workbook(&[("明细", lines())]);
    let refused = |bytes: Vec<u8>| {
        let input = read("明细.xlsx", bytes);
        let account = input.files.first().unwrap();
        account.problem.is_some() && account.rows == 0 && rows(&input, "item") == 0
    };
    assert!(!refused(bytes.clone()));
    for cut in (0..bytes.len()).step_by(37) {
        assert!(refused(bytes.get(..cut).unwrap().to_vec()), "cut at {cut}");
    }
    // A sheet whose text breaks off, in an archive that is whole.
    let text = lines();
    let cells = text.find("L2").unwrap();
    let end = text.find("</sheetData>").unwrap();
    let cuts = text.char_indices().map(|(at, _)| at).filter(|at| (cells..=end).contains(at));
    for cut in cuts.step_by(11) {
        assert!(refused(workbook(&[("明细", text.get(..cut).unwrap().to_owned())])), "sheet cut at {cut}");
    }
}
