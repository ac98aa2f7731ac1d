//! Work on a long run of things, shared among threads.
//!
//! In: things, and what to do with a portion of them. Out: the things, changed.
//! Invariant: the portions are those things in their order, so what becomes of them is the same for every number of threads.

/// Fewer things than this are not worth a thread.
#[cfg(feature = "threads")]
const LEAST: usize = 1 << 15;

/// Works on portions of some things; each portion comes with the place of its first thing. `cut` moves the place between
/// two portions on to where one may begin.
#[cfg(feature = "threads")]
pub(crate) fn portions<T: Send>(
    threads: usize,
    things: &mut [T],
    cut: impl Fn(&[T], usize) -> usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    if threads <= 1 || things.len() < LEAST {
        return work(0, things);
    }
    let share = things.len().div_ceil(threads).max(1);
    let (work, mut rest, mut at) = (&work, things, 0usize);
    std::thread::scope(|scope| {
        while !rest.is_empty() {
            let length = cut(rest, share.min(rest.len())).clamp(1, rest.len());
            let (portion, after) = rest.split_at_mut(length);
            let from = at;
            scope.spawn(move || work(from, portion));
            (rest, at) = (after, at.saturating_add(length));
        }
    });
}

/// Works on all of them at once, where there are no threads.
#[cfg(not(feature = "threads"))]
pub(crate) fn portions<T: Send>(
    _threads: usize,
    things: &mut [T],
    _cut: impl Fn(&[T], usize) -> usize,
    work: impl Fn(usize, &mut [T]) + Sync,
) {
    work(0, things);
}

/// A portion may begin anywhere.
pub(crate) fn anywhere<T>(_things: &[T], at: usize) -> usize {
    at
}

/// As many values as wanted, each made from its place.
pub(crate) fn made<T: Send + Copy + Default>(
    threads: usize,
    count: usize,
    make: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let mut values = vec![T::default(); count];
    portions(threads, &mut values, anywhere, |from, portion| {
        for (at, value) in (from..).zip(portion) {
            *value = make(at);
        }
    });
    values
}

#[cfg(test)]
mod tests {
    use super::{made, portions};

    #[test]
    fn what_is_made_is_the_same_for_every_number_of_threads() {
        let alone = made(1, 100_000, |at| at * 3);
        assert_eq!(alone.len(), 100_000);
        for threads in [2, 3, 7] {
            assert_eq!(made(threads, 100_000, |at| at * 3), alone);
        }
    }

    /// The first thing that differs from the one before.
    fn next_run(rest: &[usize], at: usize) -> usize {
        let last = at.checked_sub(1).and_then(|last| rest.get(last));
        last.map_or(at, |last| rest.partition_point(|thing| thing <= last))
    }

    fn add_one(thing: &mut usize) {
        *thing = thing.saturating_add(1);
    }

    #[test]
    fn portions_begin_where_they_may_and_hold_everything() {
        for threads in [1, 2, 5] {
            let mut things: Vec<usize> = (0..100_000).map(|at| at / 7).collect();
            let expected: Vec<usize> = things.iter().map(|at| at + 1).collect();
            portions(threads, &mut things, next_run, |from, portion| {
                assert_eq!(from % 7, 0, "a portion begins with a run");
                portion.iter_mut().for_each(add_one);
            });
            assert_eq!(things, expected);
        }
    }
}
