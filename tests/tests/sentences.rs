//! Each normative sentence of the language reference has a test that bears its name.
//!
//! In: `tests/sentences/NN-short-name.jihe` with test blocks, `NN-*.csv` with its tables, `NN-short-name.error.jihe` with
//! faulty rules. Out: the blocks hold in the engine, the reference agrees, the faulty rules are given their codes.
//! Invariant: there are forty-three sentences, and no file without one.
//!
//! A file of faulty rules holds cases, each a whole rule file after a line `# expect: E0204`: the code that one of its
//! diagnostics must have; `none` where there must be none.

#[path = "sentences/laws.rs"]
mod laws;
#[path = "sentences/support.rs"]
mod support;

use support::{Sentence, file_names};

/// Test name, file name, the least number of expectations, and laws beyond test blocks.
macro_rules! sentences {
    ($($test:ident = $file:literal, $least:literal $(, $law:path)*;)+) => {
        /// The sentences' names, in order.
        const SENTENCES: &[&str] = &[$($file),+];

        $(
            #[test]
            fn $test() {
                let sentence = Sentence::load($file);
                sentence.holds($least);
                $($law(&sentence);)*
            }
        )+
    };
}

sentences! {
    sentence_01_subject_and_this = "01-subject-and-this", 13;
    sentence_02_names_inside_where = "02-names-inside-where", 10;
    sentence_03_nearest_parent = "03-nearest-parent", 9;
    sentence_04_no_shadowing = "04-no-shadowing", 2;
    sentence_05_kind_names = "05-kind-names", 9;
    sentence_06_nested_sets = "06-nested-sets", 8;
    sentence_07_one_range = "07-one-range", 6;
    sentence_08_neighbours = "08-neighbours", 17, laws::neighbours_and_coverage;
    sentence_09_clocks_and_anchors = "09-clocks-and-anchors", 20;
    sentence_10_days_and_hours = "10-days-and-hours", 14;
    sentence_11_window_ends = "11-window-ends", 17;
    sentence_12_months_and_weeks = "12-months-and-weeks", 15, laws::benefit_years_of_regions;
    sentence_13_during_overlapping_valid_at = "13-during-overlapping-valid-at", 28;
    sentence_14_open_ends = "14-open-ends", 12, laws::far_end_is_missing;
    sentence_15_total_order = "15-total-order", 13, laws::input_order_is_no_order;
    sentence_16_day_differences = "16-day-differences", 6;
    sentence_17_stay_days_and_age = "17-stay-days-and-age", 13;
    sentence_18_missing_group_key = "18-missing-group-key", 7, laws::missing_key_is_the_cause;
    sentence_19_set_valued_keys = "19-set-valued-keys", 9, laws::days_are_subjects;
    sentence_20_clock_of_a_group = "20-clock-of-a-group", 16;
    sentence_21_several_versions = "21-several-versions", 5, laws::several_versions_are_named;
    sentence_22_windows_over_summaries = "22-windows-over-summaries", 17;
    sentence_23_dense_summaries = "23-dense-summaries", 13, laws::dense_within_coverage;
    sentence_24_group_scope = "24-group-scope", 4, laws::message_prints_the_first;
    sentence_25_validity = "25-validity", 7;
    sentence_26_lookup_dates = "26-lookup-dates", 7;
    sentence_27_regions_and_empty_cells = "27-regions-and-empty-cells", 8;
    sentence_28_no_row = "28-no-row", 13;
    sentence_29_kleene = "29-kleene", 29;
    sentence_30_outcomes = "30-outcomes", 16;
    sentence_31_empty_sets = "31-empty-sets", 23;
    sentence_32_incomplete_sets = "32-incomplete-sets", 32, laws::coverage_of_a_run;
    sentence_33_missing_numbers = "33-missing-numbers", 9, laws::missing_numbers_have_causes;
    sentence_34_undecided_nature_and_amount = "34-undecided-nature-and-amount", 10, laws::undecided_amounts_are_counted;
    sentence_35_money = "35-money", 29;
    sentence_36_offending_default = "36-offending-default", 6, laws::offending_lines;
    sentence_37_excess_and_shares = "37-excess-and-shares", 10, laws::shares_of_lines;
    sentence_38_totals = "38-totals", 2, laws::totals_count_once;
    sentence_39_net_lines = "39-net-lines", 18, laws::netting_and_replay;
    sentence_40_data_quality = "40-data-quality", 4, laws::quality_has_no_amount;
    sentence_41_scope = "41-scope", 2, laws::scopes;
    sentence_42_sessions = "42-sessions", 2, laws::sessions;
    sentence_43_cost_classes = "43-cost-classes", 2, laws::costs;
}

#[test]
fn every_sentence_has_its_files_and_every_file_its_sentence() {
    let numbers: Vec<String> = SENTENCES.iter().map(|name| name.chars().take(2).collect()).collect();
    let expected: Vec<String> = (1..=43).map(|number| format!("{number:02}")).collect();
    assert_eq!(numbers, expected);
    let strays: Vec<String> = file_names()
        .into_iter()
        .filter(|file| file != "README.md")
        .filter(|file| {
            let rules = file.strip_suffix(".error.jihe").or_else(|| file.strip_suffix(".jihe"));
            let table = file.strip_suffix(".csv").is_some()
                && numbers.iter().any(|number| file.starts_with(&format!("{number}-")));
            !table && !rules.is_some_and(|name| SENTENCES.contains(&name))
        })
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}
