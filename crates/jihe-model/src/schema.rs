//! What claim records look like: kinds, fields, relations, code systems.
//!
//! In: the built-in kinds (`kinds/`) and a package's extensions. Out: a [`Schema`].
//! Invariant: every kind and field resolves by its Chinese, English and national name, and no name is ambiguous within a kind.

use crate::types::Type;

/// A kind of record, by its place in [`Schema::kinds`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindId(pub u16);

/// A field of a kind, by its place in [`Kind::fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// A code system, by its place in [`Schema::systems`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SystemId(pub u16);

/// All kinds and code systems of a run.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The kinds, built-in ones first.
    pub kinds: Vec<Kind>,
    /// The code systems, built-in ones first.
    pub systems: Vec<CodeSystem>,
}

/// A kind of record.
#[derive(Debug, Clone)]
pub struct Kind {
    /// 中文名, as in rules.
    pub zh: String,
    /// English name, as in file names and findings.
    pub en: String,
    /// What it is, for people.
    pub doc: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// The fields of its key, in order; the key of a record joins them by `|` (contract 2).
    pub key: Vec<FieldId>,
    /// The default clock: the first of these fields that has a value.
    pub clock: Vec<FieldId>,
    /// The interval it declares, for which the record itself may stand.
    pub interval: Option<(FieldId, FieldId)>,
    /// Whether a missing end means "still open" (stay, enrolment, registration).
    pub open_ended: bool,
    /// Whether a record belongs to no person, though it may lead to one: a place or a professional (机构, 医师). What
    /// refers to it is not that person's.
    pub impersonal: bool,
    /// For a view of another kind's rows before netting (原始明细): that kind.
    pub raw_of: Option<KindId>,
}

/// A field of a kind. A field whose type is `Reference(kind)` is a to-one relation and is named like its parent.
#[derive(Debug, Clone)]
pub struct Field {
    /// 中文名.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Name in the national interface, where there is one.
    pub national: Option<String>,
    /// Further names that resolve to it (入院时间, 就诊时间 for 时间).
    pub synonyms: Vec<String>,
    /// Its type.
    pub ty: Type,
    /// What it is, with its unit.
    pub doc: String,
    /// Whether a row without it is rejected (the key is always required).
    pub required: bool,
}

/// A code system and the values known of it.
#[derive(Debug, Clone, Default)]
pub struct CodeSystem {
    /// 中文名, the type name in rules (诊断, 项目, 医疗类别).
    pub zh: String,
    /// English name.
    pub en: String,
    /// Further type names for it (项目编码).
    pub synonyms: Vec<String>,
    /// Whether the listed values are all there are, so that an unknown literal is an error.
    pub closed: bool,
    /// Whether codes compare by `<` in the listed order (机构级别).
    pub ordered: bool,
    /// Code and its Chinese name. A code may be listed with several names, the first of which is shown.
    pub values: Vec<(String, String)>,
}

impl Schema {
    /// The kind of a number from this schema.
    pub fn kind(&self, id: KindId) -> Option<&Kind> {
        self.kinds.get(usize::from(id.0))
    }

    /// A kind by its Chinese or English name.
    pub fn find_kind(&self, name: &str) -> Option<KindId> {
        position(&self.kinds, |kind| kind.zh == name || kind.en == name).map(KindId)
    }

    /// A field.
    pub fn field(&self, kind: KindId, field: FieldId) -> Option<&Field> {
        self.kind(kind).and_then(|kind| kind.fields.get(usize::from(field.0)))
    }

    /// A code system.
    pub fn system(&self, id: SystemId) -> Option<&CodeSystem> {
        self.systems.get(usize::from(id.0))
    }

    /// A code system by any of its names.
    pub fn find_system(&self, name: &str) -> Option<SystemId> {
        position(&self.systems, |system| {
            system.zh == name || system.en == name || system.synonyms.iter().any(|synonym| synonym == name)
        })
        .map(SystemId)
    }

    /// The to-one parents of a kind: the references named like the kind they refer to, in order.
    ///
    /// A bare name is looked for in these; references that name a role (开单医师, 原明细) are only followed by a dot.
    pub fn parents(&self, child: KindId) -> Vec<FieldId> {
        let Some(kind) = self.kind(child) else { return Vec::new() };
        (0u16..)
            .zip(&kind.fields)
            .filter(|(_, field)| {
                self.find_kind(&field.zh).is_some_and(|parent| field.ty == Type::Reference(parent))
            })
            .map(|(at, _)| FieldId(at))
            .collect()
    }

    /// The fields of `child` that refer to `parent`, in order.
    pub fn references(&self, child: KindId, parent: KindId) -> Vec<FieldId> {
        let Some(kind) = self.kind(child) else { return Vec::new() };
        (0u16..)
            .zip(&kind.fields)
            .filter(|(_, field)| field.ty == Type::Reference(parent))
            .map(|(at, _)| FieldId(at))
            .collect()
    }
}

impl Kind {
    /// A field by any of its names.
    pub fn find_field(&self, name: &str) -> Option<FieldId> {
        position(&self.fields, |field| field.answers_to(name)).map(FieldId)
    }
}

impl Field {
    /// Whether the field goes by this name.
    pub fn answers_to(&self, name: &str) -> bool {
        self.zh == name
            || self.en == name
            || self.national.as_deref() == Some(name)
            || self.synonyms.iter().any(|synonym| synonym == name)
    }
}

fn position<T>(items: &[T], test: impl Fn(&T) -> bool) -> Option<u16> {
    items.iter().position(test).and_then(|at| u16::try_from(at).ok())
}
