//! How long it takes to compile the shipped rulebook, to audit one claim, and to audit 100,000 lines.
//!
//! In: the shipped rulebook, synthetic cities of seed 1. Out: Criterion's figures (`cargo bench -p jihe-benches`).
//! Invariant: every bench runs all shipped rules and counts findings, so that nothing easier is measured.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "Criterion's macros make undocumented functions; a bench may fail loudly"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jihe::{Options, Ruleset};
use jihe_io::Input;
use jihe_tests::{city, city_on_disk, compile, read, rulebook_files};
use std::hint::black_box;

fn compiling(criterion: &mut Criterion) {
    let files = rulebook_files();
    let mut group = criterion.benchmark_group("compile");
    group.bench_function("shipped rulebook", |bencher| {
        bencher.iter(|| jihe::compile(black_box(&files)).unwrap());
    });
    group.finish();
}

/// A claim of 20 lines with 500 lines of history, as one JSON text.
fn one_person() -> String {
    let lines: Vec<_> = (0..520u32)
        .map(|line| {
            let day = format!("2024-{:02}-{:02}", line / 48 + 1, line % 28 + 1);
            serde_json::json!({
                "feedetl_sn": format!("L{line}"), "visit": format!("V{}", line / 20), "used_time": day,
                "med_list_codg": format!("XA10BAE046A00101010{:04}", line % 40), "通用名": format!("药{}", line % 40),
                "供药天数": "7", "cnt": "1", "pric": "12.5", "amount": "12.50", "med_chrgitm_type": "09",
            })
        })
        .collect();
    let visits: Vec<_> = (0..26u32)
        .map(|visit| serde_json::json!({ "mdtrt_id": format!("V{visit}"), "psn_no": "P", "fixmedins_code": "H", "med_type": "14",
            "time": format!("2024-{:02}-{:02}", visit * 20 / 48 + 1, visit % 28 + 1) }))
        .collect();
    serde_json::json!({ "person": [{ "psn_no": "P", "gend": "1", "brdy": "1960-01-01" }], "visit": visits, "item": lines }).to_string()
}

fn one_claim(criterion: &mut Criterion) {
    let ruleset = compile(&rulebook_files());
    let text = one_person();
    let claims = ruleset.claims_from_json(&text).unwrap();
    let mut group = criterion.benchmark_group("one claim, 20 lines and 500 of history");
    group.bench_function("read JSON", |bencher| {
        bencher.iter(|| ruleset.claims_from_json(black_box(&text)).unwrap());
    });
    group.bench_function("audit, all shipped rules", |bencher| {
        bencher.iter(|| ruleset.audit(black_box(&claims), &Options { threads: 1 }));
    });
    group.finish();
}

fn many_lines(ruleset: &Ruleset) -> Input {
    let folder = city_on_disk(&city(2_500, 1), "bench");
    let input = read(ruleset, &folder);
    std::fs::remove_dir_all(folder).unwrap();
    input
}

fn batch(criterion: &mut Criterion) {
    let ruleset = compile(&rulebook_files());
    let input = many_lines(&ruleset);
    let item = ruleset.schema().find_kind("item").unwrap();
    let rows = input.claims.records.tables[&item].rows;
    let mut group = criterion.benchmark_group(format!("batch of {rows} lines, all shipped rules"));
    group.sample_size(10).throughput(Throughput::Elements(u64::try_from(rows).unwrap()));
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter_batched(
                || (),
                |()| ruleset.audit(&input.claims, &Options { threads }),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, compiling, one_claim, batch);
criterion_main!(benches);
