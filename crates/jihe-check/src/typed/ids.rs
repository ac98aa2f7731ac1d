//! Places in the lists of the typed tree.
//!
//! In: nothing. Out: one newtype a list.
//! Invariant: an id is an index of the list its documentation names, and of no other.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// As an index.
            pub fn index(self) -> usize { usize::try_from(self.0).unwrap_or(usize::MAX) }
        }
    )*};
}

ids! {
    /// A row variable within one owner.
    VarId,
    /// A 设 of a rule: its place in [`super::Rule::lets`].
    LetId,
    /// A parameter: its place in [`super::TypedRules::parameters`].
    ParameterId,
    /// A code set: its place in [`super::TypedRules::code_sets`].
    CodeSetId,
    /// A knowledge table: its place in [`super::TypedRules::tables`].
    TableId,
    /// A derived field: its place in [`super::TypedRules::derived`].
    DerivedId,
    /// A summary or the groups of a rule: its place in [`super::TypedRules::summaries`].
    SummaryId,
    /// A rule: its place in [`super::TypedRules::rules`].
    RuleId,
}
