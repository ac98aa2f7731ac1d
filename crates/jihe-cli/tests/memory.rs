//! `jihe audit --memory` on the command line: what it accepts, what it leaves behind.
//!
//! In: a small city made by each test. Out: exits, folders.
//! Invariant: the temporary folder is empty after every run, however it ended.
#![expect(clippy::tests_outside_test_module, clippy::unwrap_used, reason = "tests read and write files")]

mod support;

use jihe_tests::Folder;
use std::fs;
use std::process::{Command, Output, Stdio};
use support::{jihe, ran, run};

fn city(name: &str, persons: &str) -> Folder {
    let folder = Folder::new(&format!("bounded-{name}"));
    fs::create_dir(folder.path().join("temp")).unwrap();
    let (code, text) = run(&folder, &["synth", "--persons", persons, "--seed", "3", "--out", "data"]);
    assert_eq!(code, 0, "{text}");
    folder
}

fn audit(folder: &Folder, out: &str, more: &[&str]) -> Output {
    ran(folder, &[&["audit", "--data", "data", "--out", out, "--threads", "2"], more].concat())
}

fn left_behind(folder: &Folder) -> usize {
    fs::read_dir(folder.path().join("temp")).unwrap().count()
}

#[test]
fn the_output_is_the_same_and_nothing_is_left_behind() {
    let folder = city("same", "150");
    assert!(audit(&folder, "whole", &["--format", "json"]).status.success());
    let bounded = audit(&folder, "bounded", &["--format", "json", "--memory", "64MiB", "--temp-dir", "temp"]);
    assert!(bounded.status.success(), "{}", String::from_utf8_lossy(&bounded.stderr));
    for file in ["findings.json", "coverage.json", "rejects.csv"] {
        assert!(folder.read(&format!("whole/{file}")) == folder.read(&format!("bounded/{file}")), "{file}");
    }
    assert_eq!(left_behind(&folder), 0);
    refused(&folder);
}

/// Rows twice in full, and twice by halves: what a column tells that no rule looks at.
#[test]
fn needed_columns_are_the_same_from_csv_and_parquet() {
    let folder = city("needed", "150");
    folder.write("few.jihe", FEW);
    let made = jihe(
        &folder,
        &["synth", "--persons", "150", "--seed", "3", "--format", "parquet", "--out", "columns"],
    );
    assert!({ made }.output().unwrap().status.success());
    let items = folder.read("data/item.csv");
    let mut lines = items.lines();
    let (header, first) = (lines.next().unwrap(), lines.next().unwrap());
    let mut cells: Vec<&str> = first.split(',').collect();
    let name = header.split(',').position(|name| name == "item_name").unwrap();
    cells[name] = "另一个名称";
    let twice = cells.join(",");
    fs::create_dir(folder.path().join("twice")).unwrap();
    for entry in fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.path().join("twice").join(path.file_name().unwrap())).unwrap();
    }
    fs::write(folder.path().join("twice/item.csv"), format!("{items}{first}\n{twice}\n")).unwrap();
    let rules: [&[&str]; 2] = [&[], &["--rules", "few.jihe"]];
    for (data, number, more) in ["data", "columns", "twice"]
        .iter()
        .flat_map(|data| (0..).zip(rules).map(move |(number, more)| (data, number, more)))
    {
        let audit = |out: &str, words: &[&str]| {
            let start = ["audit", "--data", data, "--format", "json", "--columns", "needed", "--out", out];
            let done = ran(&folder, &[&start, more, words].concat());
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        let [whole, bounded] = ["whole", "bounded"].map(|name| format!("{name}-{data}-{number}"));
        audit(&whole, &[]);
        audit(&bounded, &["--memory", "64MiB", "--temp-dir", "temp"]);
        for file in ["findings.json", "coverage.json", "rejects.csv"] {
            let same = folder.read(&format!("{whole}/{file}")) == folder.read(&format!("{bounded}/{file}"));
            assert!(same, "{data} {number} {file}");
        }
    }
    assert_eq!(left_behind(&folder), 0);
    let rejects = folder.read("bounded-twice-1/rejects.csv");
    assert!(rejects.contains("主键重复而内容不同"), "{rejects}");
}

const FEW: &str = r#"
规则包 "少" 版本 "1"
规则 甲 { 编号 "F1" 针对 明细 当 金额 > 500 元 违规金额 金额 性质 可疑 说明 "{金额} {截止日}" }
"#;

fn refused(folder: &Folder) {
    let wrong: [(&[&str], i32, &str); 4] = [
        (&["--memory", "much"], 2, "看不懂内存大小“much”"),
        (&["--memory", "1MiB"], 2, "至少 64MiB"),
        (&["--memory", "1GiB", "--temp-dir", "nowhere"], 2, "nowhere 不存在"),
        (&["--temp-dir", "temp"], 2, "--memory"),
    ];
    for (words, code, says) in wrong {
        let output = audit(folder, "wrong", words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    }
    fs::write(folder.path().join("data/trace.csv.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]).unwrap();
    fs::remove_file(folder.path().join("data/trace.csv")).unwrap();
    let broken = audit(folder, "broken", &["--memory", "64MiB", "--temp-dir", "temp"]);
    assert_eq!(broken.status.code(), Some(3), "{}", String::from_utf8_lossy(&broken.stderr));
    assert!(!folder.path().join("broken").exists());
    assert_eq!(left_behind(folder), 0);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_broken_off_leaves_nothing_behind() {
    let folder = city("killed", "1200");
    let words = ["audit", "--data", "data", "--out", "out", "--memory", "64MiB", "--temp-dir", "temp"];
    let mut run = jihe(&folder, &words).stderr(Stdio::null()).spawn().unwrap();
    while left_behind(&folder) == 0 {
        assert!(run.try_wait().unwrap().is_none(), "it was over before it could be broken off");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(left_behind(&folder), 0);
    assert!(!folder.path().join("out").exists());
}
