//! The fuzz bodies, run as properties with seeds.
//!
//! In: shipped and golden rules, cut, spliced and sprinkled with random characters. Out: nothing; returning is the property.
//! Invariant: no input makes the library panic.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test reads files and may fail loudly"
)]

use jihe_tests::{root, text};
use proptest::prelude::*;
use proptest::sample::Index;

fn seeds() -> Vec<String> {
    let mut seeds: Vec<String> = jihe_rulebook::files().iter().map(|(_, text)| (*text).to_owned()).collect();
    for entry in std::fs::read_dir(root().join("tests/golden")).unwrap() {
        let case = entry.unwrap().path();
        if case.join("rules.jihe").is_file() {
            seeds.push(format!("{}\n---\n{}", text(case.join("rules.jihe")), text(case.join("claims.json"))));
        }
    }
    seeds
}

/// A piece of a seed, a foreign word in its middle.
fn mutant() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "(",
        ")",
        "{",
        "}",
        "\"",
        "其中",
        "至 本条",
        "最近 30 天",
        "按 (参保人)",
        "9999999999999999999",
        "÷ 0",
        "同一(",
        "本组",
        "，",
        "】",
        "\u{0}",
        "#",
        "- ",
    ]);
    (any::<Index>(), any::<Index>(), any::<Index>(), any::<Index>(), words).prop_map(
        |(seed, from, to, at, word)| {
            let seeds = seeds();
            let chars: Vec<char> = seed.get(&seeds).chars().collect();
            let (from, to) = (from.index(chars.len() + 1), to.index(chars.len() + 1));
            let piece: Vec<char> = chars.get(from.min(to)..from.max(to)).unwrap_or_default().to_vec();
            let at = at.index(piece.len() + 1);
            let (head, tail) = piece.split_at(at);
            format!("{}{word}{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
        },
    )
}

#[test]
fn the_seeds_themselves() {
    for seed in seeds() {
        jihe::fuzz::parse(seed.as_bytes());
        jihe::fuzz::compile(seed.as_bytes());
        jihe::fuzz::audit(seed.as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutants_of_the_seeds(text in mutant()) {
        jihe::fuzz::parse(text.as_bytes());
        jihe::fuzz::compile(text.as_bytes());
        jihe::fuzz::audit(text.as_bytes());
    }

    #[test]
    fn any_bytes(data in prop::collection::vec(any::<u8>(), 0..400)) {
        jihe::fuzz::parse(&data);
        jihe::fuzz::audit(&data);
    }
}

#[test]
fn deep_and_long_inputs_are_refused_not_followed() {
    for open in ["(", "{", "[", "若 ", "非 ", "-", "（", "“"] {
        let text = format!("规则 深 {{ 针对 明细 当 {} }}", open.repeat(100_000));
        jihe::fuzz::compile(text.as_bytes());
    }
    jihe::fuzz::compile("规则 长 { 说明 \"".repeat(10_000).as_bytes());
    jihe::fuzz::compile(&vec![b'a'; 3 << 20]);
}
