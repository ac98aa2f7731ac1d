//! Seeded faults, so that a test can show the comparison with the reference finds them.
//!
//! In: nothing. Out: [`Mutant`], and whether one is active on this thread.
//! Invariant: without the feature `mutants` none is ever active and nothing of this is in the library.

/// A fault that the comparison with the reference must find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutant {
    /// 最近 N 天 begins a day too early.
    WindowEnd,
    /// Records of one time are in the reverse order of their keys.
    TieOrder,
    /// Refunds are not netted: every net line keeps what was billed.
    Netting,
    /// 且 is undecided as soon as one side is, even if another is false.
    KleeneAnd,
}

#[cfg(feature = "mutants")]
thread_local! {
    static ACTIVE: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}

/// Runs something with a fault on this thread.
#[cfg(feature = "mutants")]
pub fn with_mutant<T>(mutant: Mutant, run: impl FnOnce() -> T) -> T {
    ACTIVE.set(Some(mutant));
    let result = run();
    ACTIVE.set(None);
    result
}

/// Whether a fault is active.
#[cfg(feature = "mutants")]
pub(crate) fn active(mutant: Mutant) -> bool {
    ACTIVE.get() == Some(mutant)
}

/// Never: the feature is off.
#[cfg(not(feature = "mutants"))]
pub(crate) const fn active(_: Mutant) -> bool {
    false
}
