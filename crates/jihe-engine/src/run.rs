//! What one run shares between all its threads.
//!
//! In: rules, plan, constants, frame. Out: [`Run`]: all that evaluation reads.
//! Invariant: nothing here changes once evaluation starts.

mod causes;
mod codes;
mod constants;
mod relations;
mod tables;
mod texts;

pub(crate) use causes::{Causes, DIVISION_BY_ZERO, EMPTY, OVERFLOW, TIME_OF_DAY, TOO_FEW, TOO_MANY_DAYS};
pub(crate) use codes::Matcher;
pub(crate) use constants::{
    Constants, TableIndexes, asks_categories, categories_of, diagnosis_system, key_order,
};
pub(crate) use relations::Relations;
pub(crate) use tables::{TableData, TableIndex};
pub(crate) use texts::{Texts, intern};

use crate::frame::Frame;
use crate::maps::HashMap;
use crate::plan::Plan;
use jihe_check::typed::TypedRules;
use jihe_model::schema::{FieldId, KindId, SystemId};

/// Everything evaluation reads.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    pub(crate) rules: &'a TypedRules,
    pub(crate) plan: &'a Plan,
    pub(crate) frame: Frame<'a>,
    pub(crate) causes: &'a Causes,
    pub(crate) texts: Texts<'a>,
    /// The word of each text of the plan.
    pub(crate) text_words: &'a [i64],
    /// Values of each parameter by first day.
    pub(crate) parameters: &'a [Vec<(i64, i64)>],
    /// Code sets of the rules, then those of table cells.
    pub(crate) codes: &'a [Matcher],
    pub(crate) tables: &'a [TableData],
    /// Place of each code of an ordered system, by symbol.
    places: &'a [HashMap<u32, i64>],
    /// First three characters of the diagnosis codes of rules, and of those of a session.
    categories: [&'a HashMap<u32, i64>; 2],
    /// 明细, and its field 金额.
    pub(crate) item: Option<(KindId, Option<FieldId>)>,
    pub(crate) table_indexes: &'a TableIndexes,
    /// What records refer to.
    pub(crate) relations: &'a Relations,
    /// About how many pairs are held at once.
    pub(crate) chunk: usize,
    /// From how many conditions on a code its rows are indexed.
    pub(crate) index_from: usize,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        of: (&'a TypedRules, &'a Plan, &'a Constants),
        frame: Frame<'a>,
        texts: Texts<'a>,
        chunk: usize,
    ) -> Self {
        let (rules, plan, constants) = of;
        Run {
            rules,
            plan,
            frame,
            causes: &constants.causes,
            texts,
            text_words: &constants.text_words,
            parameters: &constants.parameters,
            codes: &constants.codes,
            tables: &constants.tables,
            places: &constants.places,
            categories: [&constants.categories; 2],
            item: constants.item,
            table_indexes: &constants.table_indexes,
            relations: &constants.relations,
            chunk,
            index_from: usize::MAX,
        }
    }

    /// The same, with the rows of a code indexed from so many conditions on.
    pub(crate) fn indexing(mut self, from: usize) -> Self {
        self.index_from = from;
        self
    }

    /// The same, with the categories of a session's codes.
    pub(crate) fn with_categories(mut self, more: &'a HashMap<u32, i64>) -> Self {
        self.categories[1] = more;
        self
    }

    /// Gives the frame back.
    pub(crate) fn into_frame(self) -> Frame<'a> {
        self.frame
    }

    /// The place of a code in its ordered system.
    pub(crate) fn place(&self, system: SystemId, word: i64) -> Option<i64> {
        self.places.get(usize::from(system.0))?.get(&symbol(word)?).copied()
    }

    /// The first three characters of a diagnosis code.
    pub(crate) fn category(&self, code: u32) -> Option<i64> {
        self.categories.iter().find_map(|held| held.get(&code)).copied()
    }
}

pub(crate) fn symbol(word: i64) -> Option<u32> {
    u32::try_from(word).ok()
}
