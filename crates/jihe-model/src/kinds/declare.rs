//! The macro by which a kind is declared once, for the schema and as a Rust struct.
//!
//! In: a declaration in `kinds/*.rs`. Out: a public struct with serde, and the constant `KIND`.
//! Invariant: a struct field and its schema entry share name, type and documentation.

/// A kind as declared, before names are resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KindSpec {
    pub(crate) zh: &'static str,
    pub(crate) en: &'static str,
    pub(crate) doc: &'static str,
    pub(crate) key: &'static [&'static str],
    pub(crate) clock: &'static [&'static str],
    /// Empty, or start and end.
    pub(crate) interval: &'static [&'static str],
    pub(crate) open_ended: bool,
    pub(crate) impersonal: bool,
    pub(crate) fields: &'static [FieldSpec],
}

/// A field as declared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FieldSpec {
    pub(crate) en: &'static str,
    pub(crate) zh: &'static str,
    /// Empty, or one name.
    pub(crate) national: &'static [&'static str],
    pub(crate) synonyms: &'static [&'static str],
    pub(crate) ty: TypeSpec,
    pub(crate) doc: &'static str,
}

/// A type as declared: code systems and kinds by their Chinese name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum TypeSpec {
    Text,
    Bool,
    Number,
    Money,
    UnitPrice,
    Date,
    Instant,
    Days,
    Hours,
    Minutes,
    Code(&'static str),
    Ref(&'static str),
}

/// The Rust type of a field of a record struct.
macro_rules! wire_type {
    (Text) => {
        String
    };
    (Bool) => {
        bool
    };
    (Number) => {
        $crate::wire::Number
    };
    (Money) => {
        $crate::wire::Money
    };
    (UnitPrice) => {
        $crate::wire::UnitPrice
    };
    (Date) => {
        $crate::wire::Date
    };
    (Instant) => {
        $crate::wire::Instant
    };
    (Days) => {
        $crate::wire::Days
    };
    (Hours) => {
        $crate::wire::Hours
    };
    (Minutes) => {
        $crate::wire::Minutes
    };
    (Code) => {
        String
    };
    (Ref) => {
        String
    };
}

/// Declares a kind: `field: Type = "中文名" / "national" + ["synonym"], "说明";`
macro_rules! record_kind {
    (
        $name:ident, $zh:literal, $en:literal, $about:literal;
        key: [$($key:ident),+];
        clock: [$($clock:ident),*];
        interval: [$($bound:ident),*];
        open_ended: $open:literal $(, impersonal: $impersonal:literal)?;
        $(
            $field:ident : $ty:ident $(($of:literal))? = $field_zh:literal
            $(/ $national:literal)? $(+ [$($synonym:literal),+])?, $doc:literal;
        )+
    ) => {
        #[doc = concat!($zh, "。", $about)]
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $(
                #[doc = concat!($field_zh, $("（`", $national, "`）",)? "：", $doc)]
                #[serde(
                    alias = $field_zh, $(alias = $national,)? $($(alias = $synonym,)+)?
                    skip_serializing_if = "Option::is_none"
                )]
                pub $field: Option<wire_type!($ty)>,
            )+
        }

        impl $crate::kinds::Record for $name {
            const KIND: &'static str = $en;
        }

        pub(crate) const KIND: crate::kinds::declare::KindSpec = crate::kinds::declare::KindSpec {
            zh: $zh,
            en: $en,
            doc: $about,
            key: &[$(stringify!($key)),+],
            clock: &[$(stringify!($clock)),*],
            interval: &[$(stringify!($bound)),*],
            open_ended: $open,
            impersonal: false $(|| $impersonal)?,
            fields: &[$(crate::kinds::declare::FieldSpec {
                en: stringify!($field),
                zh: $field_zh,
                national: &[$($national)?],
                synonyms: &[$($($synonym),+)?],
                ty: crate::kinds::declare::TypeSpec::$ty $(($of))?,
                doc: $doc,
            }),+],
        };
    };
}
