//! Columns under names of the caller's own.
//!
//! In: a kind, the columns of a table, pairs of column and field. Out: the columns by the names of fields.
//! Invariant: a renamed column stands in for one that has the name already; no other column changes.

use crate::nearest::nearest;
use crate::schema::Kind;
use jihe_diagnostics::Text;

/// A column and the field it holds, under any of the field's names.
pub type RenamePair = (String, String);

/// What renaming gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Every column, by the name that a field goes by; empty where another column stands in for it.
    pub columns: Vec<String>,
    /// Places of the pairs whose column and field are both there.
    pub fitting: Vec<usize>,
}

/// Renames what fits; pairs whose column or field is not there are left to the caller.
///
/// ```
/// let schema = jihe_model::kinds::base_schema();
/// let kind = schema.find_kind("item").and_then(|id| schema.kind(id)).unwrap();
/// let pairs = [("费用".to_owned(), "金额".to_owned()), ("序号".to_owned(), "明细号".to_owned())];
/// let renamed = jihe_model::ingest::rename(kind, &["明细号".to_owned(), "费用".to_owned()], &pairs);
/// assert_eq!((renamed.columns, renamed.fitting), (vec!["明细号".to_owned(), "金额".to_owned()], vec![0]));
/// ```
pub fn rename(kind: &Kind, columns: &[String], pairs: &[RenamePair]) -> Renamed {
    let mut names = columns.to_vec();
    let mut fitting = Vec::new();
    for (place, (column, field)) in pairs.iter().enumerate() {
        let at = columns.iter().position(|name| name == column);
        let (Some(at), Some(target)) = (at, kind.find_field(field)) else { continue };
        for (other, name) in names.iter_mut().enumerate() {
            if other == at {
                field.clone_into(name);
            } else if kind.find_field(name) == Some(target) {
                name.clear();
            }
        }
        fitting.push(place);
    }
    Renamed { columns: names, fitting }
}

/// Why a pair does not fit a table: it has no such column, or the kind no such field.
pub fn rename_misfit(kind: &Kind, table: &str, columns: &[String], (column, field): (&str, &str)) -> Text {
    if columns.iter().all(|name| name != column) {
        let (zh, en) = perhaps(&nearest(column, columns.iter().map(String::as_str)));
        return Text::new(
            format!("rename：表 {table} 没有列“{column}”{zh}"),
            format!("rename: table {table} has no column `{column}`{en}"),
        );
    }
    let names = kind.fields.iter().flat_map(|known| [known.zh.as_str(), known.en.as_str()]);
    let (zh, en) = perhaps(&nearest(field, names));
    Text::new(
        format!("rename：{}没有字段“{field}”（表 {table} 的列“{column}”）{zh}", kind.zh),
        format!("rename: {} has no field `{field}` (column `{column}` of table {table}){en}", kind.en),
    )
}

/// `，是否指“甲”“乙”`; nothing if nothing is near.
fn perhaps(nearest: &[&str]) -> (String, String) {
    if nearest.is_empty() {
        return (String::new(), String::new());
    }
    (format!("，是否指“{}”", nearest.join("”“")), format!("; did you mean `{}`", nearest.join("`, `")))
}
