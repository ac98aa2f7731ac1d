//! A first draft of a mapping, from the columns and some rows of each file.
//!
//! In: samples. Out: TOML with comments in Chinese and English.
//! Invariant: the draft is a mapping as it stands; a line that is a guess says so, and so does a column that was left out.

mod score;

use crate::error::Error;
use crate::input::Sheet;
use jihe::model::ingest::Cell;
use jihe::model::schema::{Kind, KindId, Schema};
use score::{Guess, Known, Sure};

/// The first rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sample {
    /// Its name without endings.
    pub file: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Some of its rows, cell by cell.
    pub rows: Vec<Vec<String>>,
}

impl Sample {
    #[cfg_attr(not(feature = "fs"), expect(dead_code, reason = "only folders are sampled"))]
    pub(crate) fn of(file: &str, sheet: &Sheet<'_>) -> Self {
        let cell = |cell: Cell<'_>| match cell {
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Missing | Cell::Word(_) | Cell::Unreadable => String::new(),
        };
        let width = sheet.names.len();
        let rows =
            sheet.rows().take(200).map(|row| (0..width).map(|column| cell(row.cell(column))).collect());
        let columns = sheet.names.iter().map(|name| (*name).to_owned()).collect();
        Self { file: file.to_owned(), columns, rows: rows.collect() }
    }

    /// The values of a column that are there.
    fn values(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(column))
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

/// Drafts a mapping.
///
/// # Errors
/// No file looks like any kind of record.
pub fn suggest(schema: &Schema, samples: &[Sample]) -> Result<String, Error> {
    let known = Known::new(schema)?;
    let mut text = String::from(
        "# 由 jihe map --suggest 起草，请逐行核对；“?”之后是没有把握的地方。\n\
         # Drafted by jihe map --suggest: check every line; what follows a \"?\" is a guess.\n\
         # 用法 / use: jihe audit --mapping this.toml --data DIR --out DIR\n\nversion = 1\n",
    );
    let mut drafted = 0usize;
    for sample in samples {
        if let Some(draft) = best_kind(schema, &known, sample) {
            drafted = drafted.saturating_add(1);
            text.push_str(&draft);
        } else {
            let (file, columns) = (comment(&sample.file), comment(&sample.columns.join(", ")));
            text.extend([
                "\n# ",
                &file,
                "：看不出是哪种记录，未映射。No kind of record was recognised. 列 / columns: ",
                &columns,
                "\n",
            ]);
        }
    }
    if drafted == 0 {
        return Err(Error::usage(
            "没有一个文件看得出是哪种记录：列名与已知字段都不相近",
            "no file looks like any kind of record: no column name is near a known field",
        ));
    }
    Ok(text)
}

/// The draft of the kind that fits a file best.
fn best_kind(schema: &Schema, known: &Known, sample: &Sample) -> Option<String> {
    let mut best: Option<(usize, KindId, Vec<Guess>)> = None;
    for (at, kind) in (0u16..).map(KindId).zip(&schema.kinds).filter(|(_, kind)| kind.raw_of.is_none()) {
        let guesses = known.guess(at, kind, sample);
        let named = score::named(kind, &sample.file);
        let score = guesses.iter().map(|guess| guess.sure.weight()).sum::<usize>().saturating_add(named);
        let better = best.as_ref().is_none_or(|(held, _, _)| score > *held);
        if better && (named > 0 || score >= 6) && has_key(kind, &guesses) {
            best = Some((score, at, guesses));
        }
    }
    let (_, id, guesses) = best?;
    Some(draft(schema.kind(id)?, sample, &guesses))
}

/// Lines of bills may go without a number of their own; nothing else may go without its key.
fn has_key(kind: &Kind, guesses: &[Guess]) -> bool {
    kind.en == "item" || kind.key.first().is_some_and(|key| guesses.iter().any(|guess| guess.field == *key))
}

fn draft(kind: &Kind, sample: &Sample, guesses: &[Guess]) -> String {
    let mut text = format!("\n[[file]]\nname = {}\n", quoted(&sample.file));
    let (sure, all) = (guesses.iter().filter(|guess| guess.sure == Sure::Name).count(), sample.columns.len());
    let told = format!(
        "kind = \"{}\"  # {}；{all} 列中 {sure} 列名称相符 / {sure} of {all} columns match by name\n[file.fields]\n",
        kind.en, kind.zh
    );
    text.push_str(&told);
    let keyed = kind.key.first().is_some_and(|key| guesses.iter().any(|guess| guess.field == *key));
    if !keyed && let Some(key) = kind.key.first().and_then(|key| kind.fields.get(usize::from(key.0))) {
        let told = format!(
            "{} = {{ digest = true }}  # ? 没有流水号列，以整行内容为号 / no number of its own: a digest of the row\n",
            key.en
        );
        text.push_str(&told);
    }
    for guess in guesses {
        let Some(field) = kind.fields.get(usize::from(guess.field.0)) else { continue };
        let Some(column) = sample.columns.get(guess.column) else { continue };
        let mut line = format!("{} = {}  # {}", field.en, quoted(column), field.zh);
        match guess.sure {
            Sure::Name => {}
            Sure::Elsewhere => line.push_str("；? 按其他接口的列名 / by a name of another interface"),
            Sure::Near => line.push_str("；? 名称相近 / similar name"),
            Sure::Shape => line.push_str("；? 按取值的样子 / by the look of its values"),
        }
        if let Some(odd) = &guess.odd {
            let odd = comment(odd);
            let told = format!("；? 样例“{odd}”不像此字段 / the sample `{odd}` does not look like it");
            line.push_str(&told);
        }
        text.push_str(&line);
        text.push('\n');
    }
    for (at, column) in sample.columns.iter().enumerate() {
        if !guesses.iter().any(|guess| guess.column == at) {
            let example = sample.values(at).next().map(comment).unwrap_or_default();
            let told = format!("# 未用到的列 / not used: {}  例 / e.g. {example}\n", comment(column));
            text.push_str(&told);
        }
    }
    text
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text that fits into a comment.
fn comment(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(60).collect()
}
