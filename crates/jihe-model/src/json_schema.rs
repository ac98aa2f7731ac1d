//! JSON Schema of the claims (contract 15).
//!
//! In: the schema of a run. Out: JSON Schema (2020-12) of one kind, or of all claims.
//! Invariant: what the schema allows under a name is what [`crate::ingest::claims_from_json`] reads under it.

use serde_json::{Map, Value, json};

use crate::schema::{CodeSystem, Field, Kind, KindId, Schema};
use crate::types::Type;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of the records of a kind; null for a kind that is not in the schema.
///
/// A field is described under its English name; its other names refer to that description.
pub fn json_schema(schema: &Schema, kind: KindId) -> Value {
    let Some(declared) = schema.kind(kind) else { return Value::Null };
    let mut described = record(schema, declared, "#");
    if let Some(object) = described.as_object_mut() {
        object.insert("$schema".into(), json!(DIALECT));
    }
    described
}

/// The JSON Schema of claims: an array a kind, under its Chinese or English name.
pub fn claims_schema(schema: &Schema) -> Value {
    let mut properties = Map::new();
    let mut definitions = Map::new();
    for kind in &schema.kinds {
        let place = format!("#/$defs/{}", kind.en);
        let records = json!({ "type": "array", "items": { "$ref": place }, "description": kind.zh });
        definitions.insert(kind.en.clone(), record(schema, kind, &place));
        properties.insert(kind.zh.clone(), records.clone());
        properties.insert(kind.en.clone(), records);
    }
    json!({
        "$schema": DIALECT,
        "title": "claims",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn record(schema: &Schema, kind: &Kind, place: &str) -> Value {
    let mut properties = Map::new();
    for field in &kind.fields {
        let main = json!({ "$ref": format!("{place}/properties/{}", field.en) });
        properties.insert(field.zh.clone(), main.clone());
        for name in field.national.iter().chain(&field.synonyms) {
            properties.insert(name.clone(), main.clone());
        }
        properties.insert(field.en.clone(), property(schema, field));
    }
    let keys: Vec<Value> = kind.fields.iter().filter(|field| field.required).map(any_name).collect();
    json!({
        "title": kind.en,
        "description": format!("{}：{}", kind.zh, kind.doc),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "allOf": keys,
    })
}

/// A required field may be given under any of its names.
fn any_name(field: &Field) -> Value {
    let names = [&field.zh, &field.en].into_iter().chain(&field.national).chain(&field.synonyms);
    let choices: Vec<Value> = names.map(|name| json!({ "required": [name] })).collect();
    json!({ "anyOf": choices })
}

fn property(schema: &Schema, field: &Field) -> Value {
    let mut property = shape(schema, field.ty);
    if let Some(object) = property.as_object_mut() {
        object.insert("description".into(), json!(format!("{}：{}", field.zh, field.doc)));
    }
    property
}

fn shape(schema: &Schema, ty: Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": ["boolean", "string", "integer", "null"], "enum": [
            true, false, 1, 0, null, "", "1", "0", "是", "否", "有", "无", "true", "false", "yes", "no", "Y", "N", "y", "n",
        ] }),
        Type::Code(system) => schema.system(system).map_or_else(|| json!({}), code),
        Type::Number | Type::UnitPrice => decimal(6),
        Type::Money => decimal(4),
        Type::Date => json!({ "type": ["string", "integer", "null"], "examples": ["2024-03-01"] }),
        Type::Instant => {
            json!({ "type": ["string", "integer", "null"], "examples": ["2024-03-01", "2024-03-01 08:30", "2024-03-01T08:30:00"] })
        }
        Type::Text
        | Type::Reference(_)
        | Type::CodeSet(_)
        | Type::Duration(_)
        | Type::Months
        | Type::Age
        | Type::AgeLimit => json!({ "type": ["string", "number", "null"] }),
        Type::Interval | Type::Period(_) => json!(false),
    }
}

/// Texts keep every digit; numbers are read exactly up to fifteen.
fn decimal(scale: u32) -> Value {
    json!({ "type": ["string", "number", "null"], "examples": ["12.50"], "$comment": format!("at most {scale} decimals") })
}

/// Any code is read, so the known ones are examples.
fn code(system: &CodeSystem) -> Value {
    let known: Vec<&String> = system.values.iter().map(|(code, _)| code).collect();
    let mut shape = json!({ "type": ["string", "integer", "null"], "$comment": system.zh });
    if let (Some(object), false) = (shape.as_object_mut(), known.is_empty()) {
        object.insert("examples".into(), json!(known));
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::base_schema;

    #[test]
    fn every_name_is_a_property_and_every_reference_resolves() {
        let schema = base_schema();
        for (at, kind) in (0u16..).zip(&schema.kinds) {
            let described = json_schema(&schema, KindId(at));
            let properties = described["properties"].as_object().unwrap();
            for field in &kind.fields {
                assert!(properties[&field.en]["description"].as_str().unwrap().contains(&field.zh));
                assert_eq!(properties[&field.zh]["$ref"], format!("#/properties/{}", field.en));
            }
        }
        let claims = claims_schema(&schema);
        let pointer = claims["$defs"]["item"]["properties"]["数量"]["$ref"].as_str().unwrap();
        assert!(claims.pointer(pointer.trim_start_matches('#')).is_some());
        assert_eq!(claims["properties"].as_object().unwrap().len(), schema.kinds.len() * 2);
    }

    #[test]
    fn a_kind_of_another_schema_has_none() {
        assert_eq!(json_schema(&base_schema(), KindId(999)), Value::Null);
    }
}
