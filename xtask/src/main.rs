//! The tasks of a developer of Jihe: `cargo xtask test`, `cargo xtask wasm`, `cargo xtask tidy`.
//!
//! In: the words after `cargo xtask`. Out: exit 0, or the name of what failed and exit 1.
//! Invariant: CI runs the same words a contributor runs; nothing is checked only there.

#![expect(clippy::print_stdout, reason = "a developer's tool speaks on the terminal")]
#![expect(clippy::print_stderr, reason = "a developer's tool speaks on the terminal")]
#![expect(clippy::disallowed_methods, reason = "a developer's tool reads files and the environment")]

mod python;
mod rust;
mod setup;
mod shell;
mod site;
mod stages;
mod tally;
mod tidy;
mod wasm;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test [STAGE…]   every check there is, or the named stages only
  wasm            build the npm package into target/npm
  types           write the package's TypeScript types from the Rust types
  site            build the self-check page and the workbench into target/site
  tidy            dependency edges, file budgets, forbidden words

stages: ";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", names @ ..] => stages::run(names),
        ["wasm"] => wasm::build(&mut tally::Tally::default()),
        ["types"] => wasm::write_types(),
        ["site"] => site::build(&mut tally::Tally::default()),
        ["tidy"] => tidy::check(&mut tally::Tally::default()),
        _ => Err(format!("{USAGE}{}", stages::names())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
