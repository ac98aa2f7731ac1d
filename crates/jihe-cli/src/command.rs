//! One file a command.
//!
//! In: [`Args`]. Out: how it ended.
//! Invariant: this file only dispatches.

mod audit;
mod check;
mod demo;
mod explain;
mod fmt;
mod map;
mod profile;
mod synth;
mod test;

use crate::args::{Args, Command};
use crate::outcome::{Exit, Failure};

/// Runs the command asked for.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let language = args.language();
    match &args.command {
        Command::Check { rules, params, format } => check::run(rules, params.as_deref(), *format, language),
        Command::Test { rules, params } => test::run(rules, params.as_deref(), language),
        Command::Fmt { rules, check, lang } => fmt::run(rules, *check, lang.map(Into::into), language),
        Command::Explain { code: Some(code), .. } => explain::code(code),
        Command::Explain { rules, params, .. } => explain::plan(rules, params.as_deref()),
        Command::Audit(options) => audit::run(options, language),
        Command::Map { suggest } => map::run(suggest),
        Command::Profile { data, rules, params, reading, format } => {
            let (files, reading) = ((rules.as_slice(), params.as_deref()), (data.as_path(), reading));
            profile::run(files, reading, *format, language)
        }
        Command::Synth { persons, seed, variant, format, out } => {
            let config = jihe_synth::Config { persons: *persons, seed: *seed, variant: (*variant).into() };
            synth::run(&config, *format, out, language)
        }
        Command::Demo { out } => demo::run(out, language),
    }
}
