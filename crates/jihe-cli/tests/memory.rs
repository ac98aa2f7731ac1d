//! `jihe audit --memory` on the command line: what it accepts, what it leaves behind.
//!
//! In: a small city made by each test. Out: exits, folders.
//! Invariant: the temporary folder is empty after every run, however it ended.
#![expect(
    clippy::disallowed_methods,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "tests read and write files"
)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, persons: &str) -> Self {
        let path = std::env::temp_dir().join(format!("jihe-bounded-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(path.join("temp")).unwrap();
        let folder = Self(path);
        let made =
            folder.jihe(&["synth", "--persons", persons, "--seed", "3", "--out", "data"]).output().unwrap();
        assert!(made.status.success());
        folder
    }

    fn jihe(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jihe"));
        command.current_dir(&self.0).args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn audit(&self, out: &str, more: &[&str]) -> Output {
        let words = ["audit", "--data", "data", "--out", out, "--threads", "2"];
        self.jihe(&[&words, more].concat()).output().unwrap()
    }

    fn left_behind(&self) -> usize {
        fs::read_dir(self.0.join("temp")).unwrap().count()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn the_output_is_the_same_and_nothing_is_left_behind() {
    let folder = Folder::new("same", "150");
    assert!(folder.audit("whole", &["--format", "json"]).status.success());
    let bounded = folder.audit("bounded", &["--format", "json", "--memory", "64MiB", "--temp-dir", "temp"]);
    assert!(bounded.status.success(), "{}", String::from_utf8_lossy(&bounded.stderr));
    for file in ["findings.json", "coverage.json", "rejects.csv"] {
        assert!(folder.text(&format!("whole/{file}")) == folder.text(&format!("bounded/{file}")), "{file}");
    }
    assert_eq!(folder.left_behind(), 0);
    refused(&folder);
}

/// Rows twice in full, and twice by halves: what a column tells that no rule looks at.
#[test]
fn needed_columns_are_the_same_from_csv_and_parquet() {
    let folder = Folder::new("needed", "150");
    fs::write(folder.0.join("few.jihe"), FEW).unwrap();
    let made =
        folder.jihe(&["synth", "--persons", "150", "--seed", "3", "--format", "parquet", "--out", "columns"]);
    assert!({ made }.output().unwrap().status.success());
    let items = folder.text("data/item.csv");
    let mut lines = items.lines();
    let (header, first) = (lines.next().unwrap(), lines.next().unwrap());
    let mut cells: Vec<&str> = first.split(',').collect();
    let name = header.split(',').position(|name| name == "item_name").unwrap();
    cells[name] = "另一个名称";
    let twice = cells.join(",");
    fs::create_dir(folder.0.join("twice")).unwrap();
    for entry in fs::read_dir(folder.0.join("data")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, folder.0.join("twice").join(path.file_name().unwrap())).unwrap();
    }
    fs::write(folder.0.join("twice/item.csv"), format!("{items}{first}\n{twice}\n")).unwrap();
    let rules: [&[&str]; 2] = [&[], &["--rules", "few.jihe"]];
    for (data, number, more) in ["data", "columns", "twice"]
        .iter()
        .flat_map(|data| (0..).zip(rules).map(move |(number, more)| (data, number, more)))
    {
        let audit = |out: &str, words: &[&str]| {
            let start = ["audit", "--data", data, "--format", "json", "--columns", "needed", "--out", out];
            let done = folder.jihe(&[&start, more, words].concat()).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        };
        let [whole, bounded] = ["whole", "bounded"].map(|name| format!("{name}-{data}-{number}"));
        audit(&whole, &[]);
        audit(&bounded, &["--memory", "64MiB", "--temp-dir", "temp"]);
        for file in ["findings.json", "coverage.json", "rejects.csv"] {
            let same = folder.text(&format!("{whole}/{file}")) == folder.text(&format!("{bounded}/{file}"));
            assert!(same, "{data} {number} {file}");
        }
    }
    assert_eq!(folder.left_behind(), 0);
    let rejects = folder.text("bounded-twice-1/rejects.csv");
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
        let output = folder.audit("wrong", words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(says), "{said}");
    }
    fs::write(folder.0.join("data/trace.csv.gz"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1]).unwrap();
    fs::remove_file(folder.0.join("data/trace.csv")).unwrap();
    let broken = folder.audit("broken", &["--memory", "64MiB", "--temp-dir", "temp"]);
    assert_eq!(broken.status.code(), Some(3), "{}", String::from_utf8_lossy(&broken.stderr));
    assert!(!folder.0.join("broken").exists());
    assert_eq!(folder.left_behind(), 0);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_broken_off_leaves_nothing_behind() {
    let folder = Folder::new("killed", "1200");
    let words = ["audit", "--data", "data", "--out", "out", "--memory", "64MiB", "--temp-dir", "temp"];
    let mut run = folder.jihe(&words).stderr(Stdio::null()).spawn().unwrap();
    while folder.left_behind() == 0 {
        assert!(run.try_wait().unwrap().is_none(), "it was over before it could be broken off");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(folder.left_behind(), 0);
    assert!(!folder.0.join("out").exists());
}
