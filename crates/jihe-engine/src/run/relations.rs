//! What records of each kind refer to, and which of the four kinds a finding names that leads to.
//!
//! In: the schema. Out: [`Relations`].
//! Invariant: references stand in the order of the fields, so that the first that is filled counts.

use jihe_model::schema::{FieldId, KindId, Schema};
use jihe_model::types::Type;

/// What a finding names if all its records share it: 参保人, 机构, 医师, 就诊.
const NAMED: [&str; 4] = ["person", "institution", "practitioner", "visit"];

/// The references of every kind.
#[derive(Debug)]
pub(crate) struct Relations {
    kinds: Vec<Vec<(FieldId, KindId)>>,
    /// The kinds a finding names.
    pub(crate) named: [Option<KindId>; 4],
}

impl Relations {
    pub(crate) fn of(schema: &Schema) -> Self {
        let reference = |(at, ty): (u16, Type)| {
            let Type::Reference(to) = ty else { return None };
            Some((FieldId(at), to))
        };
        let kinds = schema.kinds.iter().map(|kind| {
            let types = kind.fields.iter().map(|field| field.ty);
            (0u16..).zip(types).filter_map(reference).collect()
        });
        Relations { kinds: kinds.collect(), named: NAMED.map(|name| schema.find_kind(name)) }
    }

    /// The fields of a kind that refer to records, and the kinds of these.
    pub(crate) fn of_kind(&self, kind: KindId) -> &[(FieldId, KindId)] {
        self.kinds.get(usize::from(kind.0)).map_or(&[], |held| held)
    }
}
