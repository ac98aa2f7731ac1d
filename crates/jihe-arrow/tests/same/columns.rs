//! Random columns of every Arrow type a reader takes, with the text of every cell.
//!
//! In: how many rows. Out: [`Random`]: an array, and what a CSV of it would hold.
//! Invariant: the texts are made here from the raw values, by no code of the reader.

use arrow_array::builder::{Decimal256Builder, StringDictionaryBuilder};
use arrow_array::types::{Int8Type, Int32Type, UInt16Type};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Date64Array, Decimal128Array, Float32Array, Float64Array, Int8Array,
    Int64Array, LargeStringArray, NullArray, StringArray, StringViewArray, TimestampMicrosecondArray,
    TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use std::sync::Arc;

/// A column, and its cells as text.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    pub(crate) array: ArrayRef,
    pub(crate) texts: Vec<Option<String>>,
}

/// Texts that stand in real tables, good and bad.
const WORDS: &[&str] = &[
    "A",
    "B",
    "1",
    "2",
    " 3 ",
    "",
    "NULL",
    "男",
    "女",
    "12.5",
    "-0.01",
    "1e3",
    "2024-03-01",
    "20240301",
    "2024-03-01 08:30",
    "9999-12-31",
    "7天",
    "是",
    "否",
    "0.00001",
    "922337203685477.5808",
    "长期",
];

/// A random column; `key` columns are texts or whole numbers, so that some rows are taken.
pub(crate) fn random(rows: usize, key: bool) -> BoxedStrategy<Random> {
    let texts = prop_oneof![texts(rows, 0.9), texts(rows, 0.999)];
    if key {
        let ids = vec(weighted(0.95, 0i64..40), rows)
            .prop_map(|values| numbers(values, |values| Arc::new(Int64Array::from(values)) as ArrayRef));
        return prop_oneof![texts, ids].boxed();
    }
    prop_oneof![3 => texts, 3 => whole(rows), 2 => decimals(rows), 2 => floats(rows), 4 => times(rows), 1 => others(rows)]
        .boxed()
}

fn texts(rows: usize, full: f64) -> impl Strategy<Value = Random> {
    let cells = vec(weighted(full, prop::sample::select(WORDS).prop_map(str::to_owned)), rows);
    (cells, 0..5usize).prop_map(|(texts, layout)| {
        let array: ArrayRef = match layout {
            0 => Arc::new(StringArray::from(texts.clone())),
            1 => Arc::new(LargeStringArray::from(texts.clone())),
            2 => Arc::new(StringViewArray::from_iter(texts.clone())),
            3 => Arc::new(
                texts.iter().map(Option::as_deref).collect::<arrow_array::DictionaryArray<Int32Type>>(),
            ),
            _ => {
                let mut builder = StringDictionaryBuilder::<UInt16Type>::new();
                texts.iter().for_each(|text| builder.append_option(text.as_deref()));
                Arc::new(builder.finish())
            }
        };
        Random { array, texts }
    })
}

fn numbers<T: Copy + ToString>(values: Vec<Option<T>>, array: impl Fn(Vec<Option<T>>) -> ArrayRef) -> Random {
    let texts = values.iter().map(|value| value.map(|value| value.to_string())).collect();
    Random { array: array(values), texts }
}

fn whole(rows: usize) -> BoxedStrategy<Random> {
    let small = vec(weighted(0.9, any::<i8>()), rows)
        .prop_map(|values| numbers(values, |values| Arc::new(Int8Array::from(values))));
    let wide = vec(weighted(0.9, prop_oneof![any::<i64>(), -50i64..3000, Just(20_240_301)]), rows)
        .prop_map(|values| numbers(values, |values| Arc::new(Int64Array::from(values))));
    let unsigned = vec(weighted(0.99, any::<u64>()), rows)
        .prop_map(|values| numbers(values, |values| Arc::new(UInt64Array::from(values))));
    prop_oneof![small, wide, unsigned].boxed()
}

fn floats(rows: usize) -> BoxedStrategy<Random> {
    let double = prop_oneof![
        (-1_000_000i32..1_000_000).prop_map(|cents| f64::from(cents) / 100.0),
        Just(0.1 + 0.2),
        Just(f64::NAN),
        Just(1e16),
        Just(12_345_678_901.25),
        Just(-0.0),
    ];
    let doubles = vec(weighted(0.9, double), rows).prop_map(|values| {
        let mut column = numbers(values, |values| Arc::new(Float64Array::from(values)));
        column.texts.iter_mut().for_each(|text| *text = text.take().filter(|text| text != "NaN"));
        column
    });
    let singles = vec(weighted(0.9, (-9_999i16..9_999).prop_map(|tenths| f32::from(tenths) / 10.0)), rows)
        .prop_map(|values| numbers(values, |values| Arc::new(Float32Array::from(values))));
    prop_oneof![doubles, singles].boxed()
}

/// Digits with the point put in by hand.
fn decimal_text(value: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, rest) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

fn decimals(rows: usize) -> BoxedStrategy<Random> {
    let value = prop_oneof![
        (-1_000_000i128..1_000_000).prop_map(|value| value * 100),
        -1_000_000i128..1_000_000,
        any::<i64>().prop_map(|value| i128::from(value) * 1_000_003),
    ];
    (vec(weighted(0.9, value), rows), 0usize..9, any::<bool>())
        .prop_map(|(values, scale, wide)| {
            let texts = values.iter().map(|value| value.map(|value| decimal_text(value, scale))).collect();
            let scale = i8::try_from(scale).unwrap();
            if wide {
                let mut builder = Decimal256Builder::new().with_precision_and_scale(60, scale).unwrap();
                values.iter().for_each(|value| {
                    builder.append_option(value.map(|value| value.to_string().parse().unwrap()));
                });
                return Random { array: Arc::new(builder.finish()), texts };
            }
            let array = Decimal128Array::from(values).with_precision_and_scale(38, scale).unwrap();
            Random { array: Arc::new(array), texts }
        })
        .boxed()
}

/// Year, month and day of a day since 1970, by Hinnant's arithmetic.
fn civil(day: i64) -> String {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{of_month:02}")
}

fn moment(second: i64) -> String {
    let (day, clock) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let text = format!("{} {:02}:{:02}", civil(day), clock / 3_600, clock / 60 % 60);
    if clock % 60 == 0 { text } else { format!("{text}:{:02}", clock % 60) }
}

fn times(rows: usize) -> BoxedStrategy<Random> {
    let day = prop_oneof![8 => 19_000i64..20_500, 1 => -719_528i64..-700_000, 1 => 2_932_890i64..2_932_897];
    let days = vec(weighted(0.9, day.clone()), rows).prop_map(|days| {
        let texts = days.iter().map(|day| day.map(civil)).collect();
        let array: Date32Array = days.iter().map(|day| day.map(|day| i32::try_from(day).unwrap())).collect();
        Random { array: Arc::new(array) as ArrayRef, texts }
    });
    let complete = vec(19_000i32..20_500, rows).prop_map(|days| {
        let texts = days.iter().map(|day| Some(civil(i64::from(*day)))).collect();
        Random { array: Arc::new(Date32Array::from(days)) as ArrayRef, texts }
    });
    let milliseconds = vec(weighted(0.9, day.clone()), rows).prop_map(|days| {
        let texts = days.iter().map(|day| day.map(civil)).collect();
        let array: Date64Array = days.iter().map(|day| day.map(|day| day * 86_400_000)).collect();
        Random { array: Arc::new(array) as ArrayRef, texts }
    });
    let clock = prop_oneof![Just(0i64), 0i64..86_400, (0i64..1_440).prop_map(|minute| minute * 60)];
    let seconds = (19_000i64..20_500, clock).prop_map(|(day, clock)| day * 86_400 + clock);
    let stamps = (vec(weighted(0.9, seconds), rows), 0..5usize, 0i64..1_000).prop_map(stamps);
    prop_oneof![days, complete, milliseconds, stamps].boxed()
}

/// Moments in a unit, with a fraction of a second that is cut.
fn stamps((seconds, unit, part): (Vec<Option<i64>>, usize, i64)) -> Random {
    let texts: Vec<Option<String>> = seconds.iter().map(|second| second.map(moment)).collect();
    let scaled = |times: i64, more: i64| -> Vec<Option<i64>> {
        seconds.iter().map(|second| second.map(|second| second * times + more)).collect()
    };
    let array: ArrayRef = match unit {
        0 => Arc::new(TimestampSecondArray::from(scaled(1, 0))),
        1 => Arc::new(TimestampMillisecondArray::from(scaled(1_000, part))),
        2 => Arc::new(TimestampMicrosecondArray::from(scaled(1_000_000, part))),
        3 => Arc::new(TimestampNanosecondArray::from(scaled(1_000_000_000, part))),
        // In a zone, a moment is stored eight hours earlier than China's clocks show it.
        _ => Arc::new(TimestampSecondArray::from(scaled(1, -28_800)).with_timezone("Asia/Shanghai")),
    };
    Random { array, texts }
}

fn others(rows: usize) -> BoxedStrategy<Random> {
    let bits = vec(weighted(0.8, any::<bool>()), rows)
        .prop_map(|values| numbers(values, |values| Arc::new(BooleanArray::from(values))));
    let nothing = Just(Random { array: Arc::new(NullArray::new(rows)), texts: vec![None; rows] });
    let codes = vec(weighted(0.8, any::<bool>()), rows).prop_map(|values| {
        let texts: Vec<Option<String>> =
            values.iter().map(|value| value.map(|value| if value { "1" } else { "2" }.into())).collect();
        let array: arrow_array::DictionaryArray<Int8Type> = texts.iter().map(Option::as_deref).collect();
        Random { array: Arc::new(array) as ArrayRef, texts }
    });
    prop_oneof![bits, nothing, codes].boxed()
}
