//! What one run shares between all its threads.
//!
//! In: rules, plan, records. Out: [`Run`]: frame, constants as words, code sets, tables, causes.
//! Invariant: nothing here changes once evaluation starts.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

mod causes;
mod codes;
mod tables;

pub(crate) use causes::{Causes, DIVISION_BY_ZERO, EMPTY, OVERFLOW, TIME_OF_DAY, TOO_FEW, TOO_MANY_DAYS};
pub(crate) use codes::Matcher;
pub(crate) use tables::{TableData, TableIndex};

use crate::frame::Frame;
use crate::ir::ExprOp;
use crate::plan::Plan;
use hashbrown::HashMap;
use jihe_check::typed::{Builtin, Literal, TypedRules};
use jihe_model::records::Records;
use jihe_model::schema::{FieldId, KindId, Schema, SystemId};
use jihe_model::types::Type;
use jihe_model::value::{Symbol, Symbols, Value};

/// Everything evaluation reads.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) rules: &'a TypedRules,
    pub(crate) plan: &'a Plan,
    pub(crate) records: &'a Records,
    pub(crate) frame: Frame<'a>,
    pub(crate) causes: Causes,
    pub(crate) texts: Texts<'a>,
    /// The word of each text of the plan.
    pub(crate) text_words: Vec<i64>,
    /// Values of each parameter by first day.
    pub(crate) parameters: Vec<Vec<(i64, i64)>>,
    /// Code sets of the rules, then those of table cells.
    pub(crate) codes: Vec<Matcher>,
    pub(crate) tables: Vec<TableData>,
    /// Place of each code of an ordered system, by symbol.
    pub(crate) places: Vec<HashMap<u32, i64>>,
    /// First three characters of every diagnosis code met.
    pub(crate) categories: HashMap<u32, i64>,
    /// 明细, and its field 金额.
    pub(crate) item: Option<(KindId, Option<FieldId>)>,
    /// About how many pairs are held at once.
    pub(crate) chunk: usize,
}

/// The texts of the records and of the rules.
#[derive(Debug)]
pub(crate) struct Texts<'a> {
    base: &'a Symbols,
    extra: Symbols,
}

impl Texts<'_> {
    /// The text of a word.
    pub(crate) fn text(&self, word: i64) -> &str {
        let Ok(symbol) = u32::try_from(word) else { return "" };
        let base = u32::try_from(self.base.len()).unwrap_or(u32::MAX);
        if symbol < base {
            return self.base.text(Symbol(symbol));
        }
        self.extra.text(Symbol(symbol.saturating_sub(base)))
    }

    fn intern(&mut self, text: &str) -> i64 {
        if let Some(found) = self.base.find(text) {
            return i64::from(found.0);
        }
        let base = u32::try_from(self.base.len()).unwrap_or(u32::MAX);
        i64::from(self.extra.intern(text).0.saturating_add(base))
    }

    fn word(&mut self, literal: &Literal) -> i64 {
        match literal {
            Literal::Word(word) => *word,
            Literal::Text(text) => self.intern(text),
        }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.base.len().saturating_add(self.extra.len())).unwrap_or(u32::MAX)
    }

    /// A value as people read it.
    pub(crate) fn display(&self, value: Value, ty: Type, schema: &Schema) -> Option<String> {
        let (value, symbols) = self.translated(value, ty);
        jihe_model::display::display_value(value, ty, symbols, schema)
    }

    /// A value as a part of a key.
    pub(crate) fn key_text(&self, word: i64, ty: Type) -> String {
        let (value, symbols) = self.translated(Value::Known(word), ty);
        let word = if let Value::Known(word) = value { word } else { word };
        jihe_model::display::key_text(word, ty, symbols)
    }

    fn translated(&self, value: Value, ty: Type) -> (Value, &Symbols) {
        let base = i64::try_from(self.base.len()).unwrap_or(i64::MAX);
        match value {
            Value::Known(word) if ty.is_symbol() && word >= base => {
                (Value::Known(word.saturating_sub(base)), &self.extra)
            }
            other => (other, self.base),
        }
    }

    /// How many symbols records use.
    pub(crate) fn base_len(&self) -> usize {
        self.base.len()
    }
}

impl<'a> Run<'a> {
    pub(crate) fn new(rules: &'a TypedRules, plan: &'a Plan, records: &'a Records, chunk: usize) -> Self {
        let mut texts = Texts { base: &records.symbols, extra: Symbols::new() };
        let text_words = plan.arena.texts().map(|text| texts.intern(text)).collect();
        let parameters = rules
            .parameters
            .iter()
            .map(|held| {
                held.values.iter().map(|(day, value)| (day.unwrap_or(i64::MIN), texts.word(value))).collect()
            })
            .collect();
        let mut codes: Vec<Matcher> = rules.code_sets.iter().map(Matcher::new).collect();
        let causes = Causes::new(rules);
        let tables = (0u32..)
            .zip(&rules.tables)
            .map(|(at, table)| TableData::new(at, table, &mut texts, (&mut codes, &causes)))
            .collect();
        let places = rules.schema.systems.iter().map(|system| {
            let ordered = if system.ordered { system.values.as_slice() } else { &[] };
            (0i64..)
                .zip(ordered)
                .filter_map(|(place, (code, _))| Some((symbol(texts.intern(code))?, place)))
                .collect()
        });
        let places = places.collect();
        let categories = categories(rules, plan, records, &mut texts);
        Run {
            rules,
            plan,
            records,
            frame: Frame::build(&rules.schema, records),
            causes,
            texts,
            text_words,
            parameters,
            codes,
            tables,
            places,
            categories,
            item: rules
                .schema
                .find_kind("item")
                .map(|item| (item, rules.schema.kind(item).and_then(|kind| kind.find_field("amount")))),
            chunk,
        }
    }

    /// The place of a code in its ordered system.
    pub(crate) fn place(&self, system: SystemId, word: i64) -> Option<i64> {
        self.places.get(usize::from(system.0))?.get(&symbol(word)?).copied()
    }
}

pub(crate) fn symbol(word: i64) -> Option<u32> {
    u32::try_from(word).ok()
}

/// Categories are new texts, so they are interned before evaluation; only if some rule asks for one.
fn categories(
    rules: &TypedRules,
    plan: &Plan,
    records: &Records,
    texts: &mut Texts<'_>,
) -> HashMap<u32, i64> {
    let mut found = HashMap::new();
    let asked =
        plan.arena.exprs().any(|(_, node)| matches!(node.op, ExprOp::Call(Builtin::DiagnosisCategory, _)));
    if !asked {
        return found;
    }
    let mut codes: Vec<u32> = (0..texts.len()).collect();
    if let Some(column_codes) = diagnosis_codes(rules, records) {
        let base = u32::try_from(texts.base_len()).unwrap_or(u32::MAX);
        codes.retain(|code| *code >= base);
        codes.extend(column_codes);
    }
    for code in codes {
        let text = texts.text(i64::from(code));
        let head: String = text.chars().take(3).collect();
        found.insert(code, texts.intern(&head));
    }
    found
}

/// The symbols of all columns of the system 诊断.
fn diagnosis_codes(rules: &TypedRules, records: &Records) -> Option<std::collections::BTreeSet<u32>> {
    let system = rules.schema.find_system("诊断")?;
    let mut codes = std::collections::BTreeSet::new();
    for (id, table) in &records.tables {
        let Some(kind) = rules.schema.kind(*id) else { continue };
        for (field, column) in kind.fields.iter().zip(&table.columns) {
            let Some(column) = column.as_ref().filter(|_| field.ty == Type::Code(system)) else { continue };
            codes.extend((0..table.rows).filter_map(|row| column.get(row)).filter_map(symbol));
        }
    }
    Some(codes)
}
