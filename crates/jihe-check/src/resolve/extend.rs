//! 扩展: new fields, and new kinds, of a package.
//!
//! In: 扩展 declarations. Out: a longer schema, and the meaning of type names.
//! Invariant: built-in kinds and fields keep their places; what is new comes after them.

use jihe_diagnostics::Diagnostic;
use jihe_model::schema::{Field, FieldId, Kind, KindId, Schema};
use jihe_model::types::Type;
use jihe_syntax::tree::{Column, Extend};

use crate::errors;

/// Adds kinds first, so that fields may refer to any of them, then fields.
pub(super) fn extend<'a>(
    extensions: impl Iterator<Item = &'a Extend> + Clone,
    schema: &mut Schema,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for extension in extensions.clone() {
        if schema.find_kind(&extension.kind.text).is_none() {
            schema.kinds.push(empty_kind(&extension.kind.text));
        }
    }
    for extension in extensions {
        add_fields(extension, schema, diagnostics);
    }
}

/// The type a name stands for: a basic type, a code system, or a kind referred to.
pub(crate) fn type_by_name(schema: &Schema, name: &str) -> Option<Type> {
    jihe_model::names::type_by_name(schema, name)
}

fn empty_kind(name: &str) -> Kind {
    Kind {
        zh: name.to_owned(),
        en: name.to_owned(),
        doc: String::new(),
        fields: Vec::new(),
        key: Vec::new(),
        clock: Vec::new(),
        interval: None,
        open_ended: false,
        impersonal: false,
        raw_of: None,
    }
}

fn add_fields(extension: &Extend, schema: &mut Schema, diagnostics: &mut Vec<Diagnostic>) {
    let Some(kind) = schema.find_kind(&extension.kind.text) else { return };
    let built_in = schema.kind(kind).is_some_and(|kind| !kind.doc.is_empty());
    for column in &extension.fields {
        for name in &column.names {
            let type_name = column.ty.as_ref().unwrap_or(name);
            let Some(ty) = type_by_name(schema, &type_name.text) else {
                diagnostics.push(errors::names::unknown_type(schema, type_name));
                continue;
            };
            if schema.kind(kind).is_some_and(|kind| kind.find_field(&name.text).is_some()) {
                diagnostics.push(errors::names::clashes_with_field(name, &extension.kind.text));
                continue;
            }
            push_field(schema, kind, field(&name.text, ty, column), column.key && !built_in);
        }
    }
}

fn field(name: &str, ty: Type, column: &Column) -> Field {
    Field {
        zh: name.to_owned(),
        en: name.to_owned(),
        national: None,
        synonyms: Vec::new(),
        ty,
        doc: String::new(),
        required: column.key,
    }
}

/// A new kind's clock is its first date or time; 开始日期 and 终止日期 are its interval.
fn push_field(schema: &mut Schema, id: KindId, field: Field, key: bool) {
    let Some(kind) = schema.kinds.get_mut(usize::from(id.0)) else { return };
    let Ok(place) = u16::try_from(kind.fields.len()) else { return };
    let is_time = matches!(field.ty, Type::Date | Type::Instant);
    kind.fields.push(field);
    if !kind.doc.is_empty() {
        return;
    }
    if key {
        kind.key.push(FieldId(place));
    }
    if is_time && kind.clock.is_empty() {
        kind.clock.push(FieldId(place));
    }
    if let (Some(start), Some(end)) = (kind.find_field("开始日期"), kind.find_field("终止日期")) {
        kind.interval = Some((start, end));
        kind.open_ended = true;
    }
}
