//! The TypeScript types of the npm package, from the Rust types its JSON is made of.
//!
//! In: the wire types. Out: `bindings/wasm/js/wire.d.ts`; `cargo xtask types` writes it, the test compares it.
//! Invariant: every type that crosses the boundary is named here once.
#![expect(clippy::disallowed_methods, reason = "a test reads the file it compares")]

use super::faults::{
    DiagnosticLine, ErrorLine, FailureLine, FixLine, LabelLine, PlaceLine, RejectLine, TestsLine,
};
use super::output::{FindingLine, InvolvedLine, OffendingLine, ReportLine};
use super::pages::{ColumnLine, FileLine, RuleTextLine, SummaryLine};
use super::session::{CheckLine, NotEvaluatedLine, WithdrawnLine};
use crate::manifest::{Manifest, RefundLine, RuleLine, RuleStatus, RulesetLine, TableLine, TotalLine};
use crate::requirements::{KindRequirement, Reach, Requirements};
use std::path::PathBuf;
use ts_rs::{Config, TS};

const HEAD: &str = "\
// The JSON of the library as TypeScript types.
//
// In: the Rust wire types. Out: what index.d.ts and files.d.ts speak of.
// Invariant: written by `cargo xtask types`, never by hand; a test of crates/jihe compares the two.

/** 违规, 高度可疑, 可疑, 数据质量 */
export type Nature = \"violation\" | \"likely\" | \"suspicious\" | \"data_quality\";
";

/// The declaration of a type, with what its Rust documentation says.
fn one<T: TS>() -> String {
    let config = Config::new().with_large_int("number");
    let text = format!("{}export {}\n", T::docs().unwrap_or_default(), T::decl(&config));
    // What is said about a type or field is one line each, and fields stand below their type.
    text.replace("{ \n/**", "{\n/**")
        .replace(", \n/**", ",\n/**")
        .replace("/**\n * ", "/** ")
        .replace("\n */\n", " */\n")
        .replace(", };", ",\n};")
}

fn all() -> String {
    let types = [
        one::<FindingLine<'static>>(),
        one::<OffendingLine<'static>>(),
        one::<InvolvedLine<'static>>(),
        one::<ReportLine<'static>>(),
        one::<Manifest>(),
        one::<RulesetLine>(),
        one::<TableLine>(),
        one::<RefundLine>(),
        one::<RuleLine>(),
        one::<RuleStatus>(),
        one::<TotalLine>(),
        one::<RejectLine<'static>>(),
        one::<SummaryLine<'static>>(),
        one::<RuleTextLine<'static>>(),
        one::<FileLine<'static>>(),
        one::<ColumnLine<'static>>(),
        one::<CheckLine<'static>>(),
        one::<WithdrawnLine<'static>>(),
        one::<NotEvaluatedLine<'static>>(),
        one::<Requirements>(),
        one::<KindRequirement>(),
        one::<Reach>(),
        one::<DiagnosticLine<'static>>(),
        one::<LabelLine<'static>>(),
        one::<PlaceLine<'static>>(),
        one::<FixLine<'static>>(),
        one::<ErrorLine<'static>>(),
        one::<TestsLine<'static>>(),
        one::<FailureLine<'static>>(),
    ];
    format!("{HEAD}\n{}", types.join("\n"))
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../bindings/wasm/js/wire.d.ts")
}

#[test]
fn the_types_of_the_npm_package_are_those_of_the_wire() {
    let written = std::fs::read_to_string(path()).expect("bindings/wasm/js/wire.d.ts");
    assert!(written == all(), "bindings/wasm/js/wire.d.ts is not what `cargo xtask types` writes");
}

#[test]
#[ignore = "writes bindings/wasm/js/wire.d.ts; run by `cargo xtask types`"]
fn write_the_types_of_the_npm_package() {
    std::fs::write(path(), all()).expect("bindings/wasm/js/wire.d.ts is writable");
}
