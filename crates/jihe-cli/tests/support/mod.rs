//! The command line run in a folder of a test's own.
//!
//! In: a folder, words. Out: the command; its exit code and everything it said.
//! Invariant: the command that runs is the one cargo has just built.
#![allow(dead_code, reason = "every file of tests uses a part of it")]

use jihe_tests::Folder;
use std::process::{Command, Output, Stdio};

pub(crate) fn jihe(folder: &Folder, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jihe"));
    command.current_dir(folder.path()).args(words).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn ran(folder: &Folder, words: &[&str]) -> Output {
    jihe(folder, words).output().unwrap()
}

/// Exit code, and what went to the terminal.
pub(crate) fn run(folder: &Folder, words: &[&str]) -> (i32, String) {
    let output = ran(folder, words);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}
