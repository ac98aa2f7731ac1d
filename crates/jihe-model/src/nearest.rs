//! What a misspelt name probably meant.
//!
//! In: the name as written and the names there are. Out: at most three of them, nearest first.
//! Invariant: the answer depends on the names only, not on their order; ties go by text.

/// At most three names near to a wanted one, nearest first.
///
/// Chinese names are short and every character counts, so one differing character is near and a name that holds the
/// other whole is near too.
///
/// ```
/// use jihe_model::nearest::nearest;
/// assert_eq!(nearest("供药天", ["供药天数", "数量", "住院天数"]), ["供药天数"]);
/// assert_eq!(nearest("generic_nam", ["generic_name", "item_name"]), ["generic_name"]);
/// assert!(nearest("完全无关", ["数量", "金额"]).is_empty());
/// ```
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = wanted.trim().to_lowercase().chars().collect();
    let mut scored: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let letters: Vec<char> = name.to_lowercase().chars().collect();
            score(&wanted, &letters).map(|score| (score, name))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup_by(|left, right| left.1 == right.1);
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Twice the edit distance, or a little more than one edit when one name holds the other; none when too far.
fn score(wanted: &[char], name: &[char]) -> Option<usize> {
    if wanted.is_empty() || name.is_empty() {
        return None;
    }
    let longer = wanted.len().max(name.len());
    let shorter = wanted.len().min(name.len());
    let distance = edit_distance(wanted, name);
    let allowed = match longer {
        0..=2 => 1,
        3..=5 => {
            if ideographic(wanted) {
                2
            } else {
                1
            }
        }
        6..=8 => 2,
        _ => 3,
    };
    let near = distance <= allowed && distance < longer;
    let holds = shorter >= 2 && (contains(wanted, name) || contains(name, wanted));
    match (near, holds) {
        (true, _) => Some(distance.saturating_mul(2)),
        (false, true) => Some(allowed.saturating_mul(2).saturating_add(1)),
        (false, false) => None,
    }
}

fn ideographic(letters: &[char]) -> bool {
    letters.iter().all(|letter| !letter.is_ascii())
}

fn contains(long: &[char], short: &[char]) -> bool {
    long.windows(short.len().max(1)).any(|window| window == short)
}

/// Edits by insertion, deletion, replacement and swap of neighbours.
fn edit_distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut next = vec![row.saturating_add(1)];
        for (column, other) in right.iter().enumerate() {
            let at = |line: &[usize], place: usize| line.get(place).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, column).saturating_add(usize::from(letter != other));
            let deleted = at(&last, column.saturating_add(1)).saturating_add(1);
            let inserted = at(&next, column).saturating_add(1);
            let swapped = match (row.checked_sub(1), column.checked_sub(1)) {
                (Some(up), Some(back)) if left.get(up) == Some(other) && right.get(back) == Some(letter) => {
                    at(&before, back).saturating_add(1)
                }
                _ => usize::MAX,
            };
            next.push(replaced.min(deleted).min(inserted).min(swapped));
        }
        before = core::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits() {
        let distance = |left: &str, right: &str| {
            edit_distance(&left.chars().collect::<Vec<_>>(), &right.chars().collect::<Vec<_>>())
        };
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("金额", "额金"), 1);
        assert_eq!(distance("", "金额"), 2);
        assert_eq!(distance("同", "同"), 0);
    }

    #[test]
    fn order_of_names_does_not_matter() {
        let names = ["金额", "总金额", "金额数", "全自费金额"];
        let mut reversed = names;
        reversed.reverse();
        assert_eq!(nearest("金客", names), nearest("金客", reversed));
        assert_eq!(nearest("金额", names).len(), 3);
    }

    #[test]
    fn swapped_and_partial_names_are_near() {
        assert_eq!(nearest("数供药天", ["供药天数"]), ["供药天数"]);
        assert_eq!(nearest("药天数", ["供药天数", "金额"]), ["供药天数"]);
        assert_eq!(nearest("psn_on", ["psn_no", "setl_id"]), ["psn_no"]);
        assert!(nearest("ab", ["cd"]).is_empty());
    }
}
