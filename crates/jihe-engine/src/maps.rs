//! Hash tables whose keys are numbers the engine gave: nodes of the plan, sources, rows, symbols.
//!
//! In: nothing. Out: [`HashMap`] and [`HashSet`].
//! Invariant: nobody outside chooses these keys, so a hasher without a secret serves; a check of one claim asks them
//! thousands of times.

use rustc_hash::FxBuildHasher;

/// A table by numbers.
pub(crate) type HashMap<K, V> = hashbrown::HashMap<K, V, FxBuildHasher>;

/// A set of numbers.
pub(crate) type HashSet<K> = hashbrown::HashSet<K, FxBuildHasher>;
