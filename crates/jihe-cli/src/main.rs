//! The `jihe` command.
//!
//! In: arguments, files. Out: text on the terminal, files, an exit code (contract 14).
//! Invariant: this crate is the only one that prints, reads files and exits.
#![expect(clippy::print_stderr, reason = "a command line prints")]

mod args;
mod city;
mod command;
mod files;
mod interrupt;
mod outcome;
mod summary;
mod terminal;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let language = args.language();
    match command::run(&args) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) => {
            eprintln!("{}", failure.message(language));
            ExitCode::from(failure.exit.code())
        }
    }
}
