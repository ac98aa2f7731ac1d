//! `jihe audit`: a folder of claim records in, findings and a coverage manifest out.
//!
//! In: rules, a data folder, dates. Out: `findings.*`, `coverage.json`, `rejects.csv` in a folder, a summary on the terminal.
//! Invariant: the output folder appears whole or not at all.

use crate::args::{AuditArgs, ColumnsArg, FindingFormat, LayoutArg};
use crate::files::{read_options, rule_files};
use crate::interrupt;
use crate::outcome::{Exit, Failure};
use crate::summary;
use crate::terminal::{self, line};
use jihe::model::finding::Nature;
use jihe::model::ingest::Needs;
use jihe::{Language, Options, Ruleset};
use jihe_io::{
    Cleanup, Format, Input, MemoryBound, OutputFolder, ReadOptions, RunFile, audit_within, parse_size,
};
use std::collections::BTreeSet;

/// The least memory a run can be given: the rules and the buffers of readers take some.
const LEAST: u64 = 64 << 20;

/// Audits.
pub(crate) fn run(args: &AuditArgs, language: Language) -> Result<Exit, Failure> {
    check_columns(args)?;
    let files = rule_files(&args.rules, args.params.as_deref())?;
    let ruleset = jihe::compile(&files).map_err(|error| Failure::rules(&error))?;
    let dates = dates(args)?;
    let out = OutputFolder::open(&args.out)?;
    if let Some(memory) = &args.memory {
        return within(args, (&ruleset, &dates), (&out, memory), language);
    }
    summary::stage(language, "读取数据", "reading", &args.data.display().to_string());
    let reading = reading(args, (&ruleset, &dates))?;
    let mut input = Input::read_with(ruleset.schema(), &args.data, &reading)?;
    dates.apply(&mut input.claims.records.run);
    summary::stage(language, "稽核", "auditing", &summary::counts(&input, &ruleset, language));
    let options = Options { threads: reading.threads };
    let report = ruleset.audit(&input.claims, &options);
    out.write(&report, &input, format(args))?;
    terminal::print(&summary::table(&report, &input, language));
    line(&summary::place(&args.out, language));
    let natures = report.findings().iter().map(|finding| finding.nature).collect();
    let exit = if fails(args, &natures) { Exit::Found } else { Exit::Clean };
    // The command ends here: giving back millions of small texts one by one would only keep its user waiting.
    std::mem::forget((report, input));
    Ok(exit)
}

fn format(args: &AuditArgs) -> Format {
    match args.format {
        FindingFormat::Csv => Format::Csv { bom: args.csv_bom },
        FindingFormat::Parquet => Format::Parquet,
        FindingFormat::Json => Format::Json,
    }
}

/// The same within bounded memory.
fn within(
    args: &AuditArgs,
    (ruleset, dates): (&Ruleset, &RunFile),
    (out, memory): (&OutputFolder, &str),
    language: Language,
) -> Result<Exit, Failure> {
    let cleanup = Cleanup::default();
    let bytes = parse_size(memory)?;
    if bytes < LEAST {
        return Err(Failure::usage(
            "--memory 太小，至少 64MiB",
            "--memory is too small; at least 64MiB are needed",
        ));
    }
    let bound = MemoryBound { bytes, temp_dir: args.temp_dir.clone(), cleanup: cleanup.clone() };
    out.removed_with(&cleanup);
    interrupt::remove_when_broken_off(cleanup.clone())?;
    summary::stage(language, "读取数据", "reading", &args.data.display().to_string());
    let reading = reading(args, (ruleset, dates))?;
    let rules = ruleset.typed().rules.len();
    let mut told = |stage| summary::spilled(language, stage, rules);
    let audited = audit_within(ruleset, (&args.data, &reading), (dates, &bound), &mut told);
    let written = audited.and_then(|audit| {
        let natures = audit.natures.clone();
        let table = summary::table(&audit.report, &audit.input, language);
        audit.write(out, format(args)).map(|()| (natures, table))
    });
    while cleanup.has_begun() {
        // The handler of the signal ends the process.
        std::thread::park();
    }
    let (natures, table) = written?;
    terminal::print(&table);
    line(&summary::place(&args.out, language));
    Ok(if fails(args, &natures) { Exit::Found } else { Exit::Clean })
}

/// The official checks of a layout go with reading all columns.
fn check_columns(args: &AuditArgs) -> Result<(), Failure> {
    match (args.columns, args.reading.layout) {
        (ColumnsArg::All, _) | (_, LayoutArg::Folder) => Ok(()),
        (ColumnsArg::Needed, LayoutArg::Feijian2024) => Err(Failure::usage(
            "--columns needed 不能与 --layout feijian2024 同用，请去掉其一",
            "--columns needed does not go with --layout feijian2024; leave one of them out",
        )),
    }
}

/// How to read.
fn reading(args: &AuditArgs, (ruleset, dates): (&Ruleset, &RunFile)) -> Result<ReadOptions, Failure> {
    let reading = read_options(&args.reading)?;
    match args.columns {
        ColumnsArg::All => Ok(reading),
        ColumnsArg::Needed => Ok(ReadOptions { needs: needs(ruleset, dates), ..reading }),
    }
}

/// What the rules look at.
fn needs(ruleset: &Ruleset, dates: &RunFile) -> Needs {
    let needs = ruleset.needs();
    if dates.as_of.is_some() && dates.coverage.is_some() { needs.with_dates_given() } else { needs }
}

fn dates(args: &AuditArgs) -> Result<RunFile, Failure> {
    let mut dates = RunFile::read(&args.data)?;
    if let Some(text) = &args.as_of {
        dates.as_of = Some(day(text)?);
    }
    if let Some(text) = &args.coverage {
        let (from, to) = text.split_once("..").ok_or_else(|| {
            Failure::usage(
                "--coverage 写作 2023-01-01..2024-12-31",
                "--coverage is written 2023-01-01..2024-12-31",
            )
        })?;
        let (from, to) = (day(from)?, day(to)?);
        if from > to {
            return Err(Failure::usage("--coverage 的起日晚于止日", "--coverage ends before it starts"));
        }
        dates.coverage = Some((from, to));
    }
    Ok(dates)
}

fn day(text: &str) -> Result<i64, Failure> {
    jihe::model::calendar::parse_date(text).ok_or_else(|| {
        Failure::usage(
            format!("“{text}”不是日期，写作 2024-12-31"),
            format!("`{text}` is not a day; write it as 2024-12-31"),
        )
    })
}

fn fails(args: &AuditArgs, natures: &BTreeSet<Nature>) -> bool {
    args.fail_on.is_some_and(|level| {
        natures.iter().any(|nature| match level.0 {
            Nature::DataQuality => *nature == Nature::DataQuality,
            Nature::Violation | Nature::Likely | Nature::Suspicious => *nature <= level.0,
        })
    })
}
