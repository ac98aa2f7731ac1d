//! What a run needs of its rules alone: words of texts, parameters, code sets, tables, causes.
//!
//! In: rules, plan, and the texts that go before theirs. Out: [`Constants`].
//! Invariant: made once for a ruleset they serve every session; a batch makes its own, after the texts of its records.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use super::texts::Growing;
use super::{Causes, Matcher, Relations, TableData, TableIndex, symbol};
use crate::ir::{ExprId, ExprOp, SetOp};
use crate::maps::HashMap;
use crate::plan::Plan;
use jihe_check::typed::{Builtin, TableId, TypedRules};
use jihe_model::records::Records;
use jihe_model::schema::{FieldId, KindId, SystemId};
use jihe_model::types::Type;
use jihe_model::value::Symbols;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What depends on rules only.
#[derive(Debug)]
pub(crate) struct Constants {
    /// Texts of the rules that were not there before.
    pub(crate) symbols: Symbols,
    pub(crate) causes: Causes,
    pub(crate) text_words: Vec<i64>,
    pub(crate) parameters: Vec<Vec<(i64, i64)>>,
    pub(crate) codes: Vec<Matcher>,
    pub(crate) tables: Vec<TableData>,
    pub(crate) places: Vec<HashMap<u32, i64>>,
    pub(crate) categories: HashMap<u32, i64>,
    pub(crate) item: Option<(KindId, Option<FieldId>)>,
    /// For every way the rules look into a table: the rows by those columns, made when first asked for.
    pub(crate) table_indexes: TableIndexes,
    pub(crate) relations: Relations,
}

/// Rows of tables by columns.
pub(crate) type TableIndexes = HashMap<(TableId, Vec<usize>), OnceLock<TableIndex>>;

impl Constants {
    /// The constants of a run over records; their texts come first.
    pub(crate) fn after(rules: &TypedRules, plan: &Plan, records: &Records) -> Self {
        Self::new(rules, plan, (&records.symbols, diagnosis_codes(rules, records)))
    }

    /// The constants of sessions; nothing comes before.
    pub(crate) fn first(rules: &TypedRules, plan: &Plan) -> Self {
        Self::new(rules, plan, (&Symbols::new(), BTreeSet::new()))
    }

    fn new(rules: &TypedRules, plan: &Plan, before: (&Symbols, BTreeSet<u32>)) -> Self {
        let (base, diagnoses) = before;
        let mut texts = Growing { base, extra: Symbols::new() };
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
        let mut categories = HashMap::default();
        if asks_categories(plan) {
            let after = u32::try_from(texts.base.len()).unwrap_or(u32::MAX);
            let own = (after..).take(texts.extra.len());
            categories_of(own.chain(diagnoses), (texts.base, &mut texts.extra), &mut categories);
        }
        let item = rules.schema.find_kind("item");
        let amount = |item| rules.schema.kind(item).and_then(|kind| kind.find_field("amount"));
        Constants {
            symbols: texts.extra,
            causes,
            text_words,
            parameters,
            codes,
            tables,
            places,
            categories,
            item: item.map(|item| (item, amount(item))),
            table_indexes: table_indexes(rules, plan),
            relations: Relations::of(&rules.schema),
        }
    }
}

/// Every table and list of columns the rules look into.
fn table_indexes(rules: &TypedRules, plan: &Plan) -> TableIndexes {
    let mut found = TableIndexes::default();
    for (_, node) in plan.arena.exprs() {
        if let ExprOp::InTable(table, _, columns, _) = &node.op {
            found.entry((*table, columns.clone())).or_default();
        }
    }
    for set in plan.arena.sets() {
        if let SetOp::Lookup(table, keys, _) = &set.op {
            let columns = key_order(rules, *table, keys).iter().map(|key| key.0).collect();
            found.entry((*table, columns)).or_default();
        }
    }
    found
}

/// The keys of a lookup in the order in which the table declares them.
pub(crate) fn key_order(
    rules: &TypedRules,
    table: TableId,
    keys: &[(usize, ExprId)],
) -> Vec<(usize, ExprId)> {
    let declared = rules.tables.get(table.index()).map(|table| table.key.as_slice()).unwrap_or_default();
    let place_of = |column: &usize| declared.iter().position(|key| key == column).unwrap_or(usize::MAX);
    let mut keys = keys.to_vec();
    keys.sort_by_key(|(column, _)| place_of(column));
    keys
}

/// Whether a rule asks for the category of a diagnosis code.
pub(crate) fn asks_categories(plan: &Plan) -> bool {
    plan.arena.exprs().any(|(_, node)| match &node.op {
        ExprOp::Call(function, _) => *function == Builtin::DiagnosisCategory,
        _ => false,
    })
}

/// Categories are new texts, so they are interned before evaluation.
pub(crate) fn categories_of(
    codes: impl Iterator<Item = u32>,
    symbols: (&Symbols, &mut Symbols),
    found: &mut HashMap<u32, i64>,
) {
    let (base, extra) = symbols;
    let codes: Vec<u32> = codes.filter(|code| !found.contains_key(code)).collect();
    for code in codes {
        let text = super::Texts { base, extra }.of(code);
        let head: String = text.chars().take(3).collect();
        found.insert(code, i64::from(super::texts::intern(base, extra, &head)));
    }
}

/// The code system of diagnoses.
pub(crate) fn diagnosis_system(rules: &TypedRules) -> Option<SystemId> {
    rules.schema.find_system("诊断")
}

/// The symbols of all columns of the system 诊断.
pub(crate) fn diagnosis_codes(rules: &TypedRules, records: &Records) -> BTreeSet<u32> {
    let mut codes = BTreeSet::new();
    let Some(system) = diagnosis_system(rules) else { return codes };
    for (id, table) in &records.tables {
        let Some(kind) = rules.schema.kind(*id) else { continue };
        for (field, column) in kind.fields.iter().zip(&table.columns) {
            let Some(column) = column.as_ref().filter(|_| field.ty == Type::Code(system)) else { continue };
            codes.extend((0..table.rows).filter_map(|row| column.get(row)).filter_map(symbol));
        }
    }
    codes
}
