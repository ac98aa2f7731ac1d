//! The built-in record kinds: one file a kind, each field declared once.
//!
//! In: the declarations under `kinds/` and the code systems of [`crate::systems`]. Out: [`base_schema`] and one record struct a kind.
//! Invariant: the struct of a kind and its entry in the schema come from the same declaration, so they cannot drift.

#[macro_use]
mod declare;
mod charge_filing;
mod claims;
mod device_registration;
mod device_use;
mod diagnosis;
mod enrolment;
mod execution;
mod institution;
mod item;
mod operation;
mod person;
mod practitioner;
mod refund;
mod registration;
mod report;
mod round;
mod settlement;
mod stock;
mod trace;
mod visit;

pub use charge_filing::ChargeFiling;
pub use claims::Claims;
pub use device_registration::DeviceRegistration;
pub use device_use::DeviceUse;
pub use diagnosis::Diagnosis;
pub use enrolment::Enrolment;
pub use execution::Execution;
pub use institution::Institution;
pub use item::Item;
pub use operation::Operation;
pub use person::Person;
pub use practitioner::Practitioner;
pub use refund::Refund;
pub use registration::Registration;
pub use report::Report;
pub use round::Round;
pub use settlement::Settlement;
pub use stock::Stock;
pub use trace::Trace;
pub use visit::Visit;

use crate::ingest::{ClaimError, refuse_unknown_fields};
use crate::schema::{Field, FieldId, Kind, KindId, Schema};
use crate::systems::code_systems;
use crate::types::{DurationUnit, Type};
use declare::{FieldSpec, KindSpec, TypeSpec};

/// Name of the view of 明细 before netting.
const RAW_ZH: &str = "原始明细";
const RAW_EN: &str = "raw_item";

/// The built-in kinds in the order of the language reference.
const KINDS: [KindSpec; 19] = [
    person::KIND,
    enrolment::KIND,
    registration::KIND,
    institution::KIND,
    practitioner::KIND,
    visit::KIND,
    diagnosis::KIND,
    operation::KIND,
    item::KIND,
    settlement::KIND,
    refund::KIND,
    trace::KIND,
    stock::KIND,
    report::KIND,
    execution::KIND,
    round::KIND,
    device_registration::KIND,
    charge_filing::KIND,
    device_use::KIND,
];

/// A record struct of a built-in kind.
pub trait Record: serde::Serialize + serde::de::DeserializeOwned {
    /// English name of its kind.
    const KIND: &'static str;

    /// Reads a record, its fields under any of their names; an unknown field is refused with the nearest names.
    ///
    /// ```
    /// use jihe_model::kinds::{Item, Record};
    /// let schema = jihe_model::kinds::base_schema();
    /// let item = Item::from_json(&schema, &serde_json::json!({ "明细号": "1", "cnt": 2 })).unwrap();
    /// assert_eq!(item.quantity, Some(jihe_model::wire::Number(2_000_000)));
    /// let error = Item::from_json(&schema, &serde_json::json!({ "quantty": 2 })).unwrap_err();
    /// assert!(error.to_string().contains("quantity"));
    /// ```
    ///
    /// # Errors
    /// When it is no object, has an unknown field, or a value is not of its field's type.
    fn from_json(schema: &Schema, value: &serde_json::Value) -> Result<Self, ClaimError> {
        if let Some(kind) = schema.find_kind(Self::KIND).and_then(|kind| schema.kind(kind)) {
            refuse_unknown_fields(kind, value)?;
        }
        Self::deserialize(value).map_err(|error| ClaimError::Value(format!("{}: {error}", Self::KIND)))
    }
}

/// The schema every package starts from: all built-in kinds and code systems.
///
/// ```
/// let schema = jihe_model::kinds::base_schema();
/// let item = schema.find_kind("明细").and_then(|id| schema.kind(id)).unwrap();
/// assert_eq!(item.find_field("供药天数"), item.find_field("prd_days"));
/// ```
pub fn base_schema() -> Schema {
    let mut schema = Schema { kinds: Vec::new(), systems: code_systems() };
    schema.kinds = KINDS.iter().map(|spec| kind(&schema, spec)).collect();
    if let Some(item) = schema.find_kind("item")
        && let Some(kind) = schema.kind(item)
    {
        let raw = Kind {
            zh: RAW_ZH.into(),
            en: RAW_EN.into(),
            doc: "冲减退费之前的明细，含负数行。The fee lines before netting, negative ones included.".into(),
            raw_of: Some(item),
            ..kind.clone()
        };
        schema.kinds.push(raw);
    }
    schema
}

fn kind(schema: &Schema, spec: &KindSpec) -> Kind {
    let place = |name: &&str| {
        let at = spec.fields.iter().position(|field| field.en == *name).unwrap_or_default();
        FieldId(u16::try_from(at).unwrap_or(u16::MAX))
    };
    let key: Vec<FieldId> = spec.key.iter().map(place).collect();
    let interval = match spec.interval {
        [from, to] => Some((place(from), place(to))),
        _ => None,
    };
    let required = key.first().copied();
    let fields = (0u16..)
        .zip(spec.fields)
        .map(|(at, field)| Field { required: Some(FieldId(at)) == required, ..plain_field(schema, field) })
        .collect();
    Kind {
        zh: spec.zh.into(),
        en: spec.en.into(),
        doc: spec.doc.into(),
        fields,
        clock: spec.clock.iter().map(place).collect(),
        interval,
        open_ended: spec.open_ended,
        impersonal: spec.impersonal,
        key,
        raw_of: None,
    }
}

fn plain_field(schema: &Schema, spec: &FieldSpec) -> Field {
    Field {
        zh: spec.zh.into(),
        en: spec.en.into(),
        national: spec.national.first().map(|name| (*name).into()),
        synonyms: spec.synonyms.iter().map(|name| (*name).into()).collect(),
        ty: field_type(schema, spec.ty),
        doc: spec.doc.into(),
        required: false,
    }
}

/// A test proves that every name here is declared, so the fallback to text is never taken.
fn field_type(schema: &Schema, spec: TypeSpec) -> Type {
    match spec {
        TypeSpec::Text => Type::Text,
        TypeSpec::Bool => Type::Bool,
        TypeSpec::Number => Type::Number,
        TypeSpec::Money => Type::Money,
        TypeSpec::UnitPrice => Type::UnitPrice,
        TypeSpec::Date => Type::Date,
        TypeSpec::Instant => Type::Instant,
        TypeSpec::Days => Type::Duration(DurationUnit::Day),
        TypeSpec::Hours => Type::Duration(DurationUnit::Hour),
        TypeSpec::Minutes => Type::Duration(DurationUnit::Minute),
        TypeSpec::Code(system) => schema.find_system(system).map_or(Type::Text, Type::Code),
        TypeSpec::Ref(kind) => built_in(kind).map_or(Type::Text, Type::Reference),
    }
}

/// Kinds refer to each other, so places come from the declarations, not from the schema under construction.
fn built_in(zh: &str) -> Option<KindId> {
    let at = KINDS.iter().position(|spec| spec.zh == zh)?;
    u16::try_from(at).ok().map(KindId)
}

#[cfg(test)]
mod tests;
