//! A stable topological order: of all nodes that are ready, the one with the smallest key is next.

use std::collections::{BTreeMap, BTreeSet};

/// Orders keys so that every `(before, after)` edge holds.
///
/// # Errors
/// The keys on a cycle, or between two.
pub(super) fn order<K: Ord + Clone>(
    keys: impl IntoIterator<Item = K>,
    edges: &BTreeSet<(K, K)>,
) -> Result<Vec<K>, Vec<K>> {
    let mut waiting: BTreeMap<K, usize> = keys.into_iter().map(|it| (it, 0)).collect();
    let mut after: BTreeMap<&K, Vec<&K>> = BTreeMap::new();
    for (first, second) in edges {
        if first == second || !waiting.contains_key(first) {
            continue;
        }
        if let Some(count) = waiting.get_mut(second) {
            *count += 1;
            after.entry(first).or_default().push(second);
        }
    }
    let mut ready: BTreeSet<K> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(key, _)| key.clone()).collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while let Some(key) = ready.pop_first() {
        for next in after.get(&key).into_iter().flatten() {
            let count = waiting.get_mut(*next).expect("edges lead to known keys");
            *count -= 1;
            if *count == 0 {
                ready.insert((*next).clone());
            }
        }
        waiting.remove(&key);
        ordered.push(key);
    }
    if waiting.is_empty() { Ok(ordered) } else { Err(cycle(waiting.into_keys().collect(), edges)) }
}

/// Of the keys on and behind a cycle, those from which no path leads out of it.
fn cycle<K: Ord + Clone>(behind: BTreeSet<K>, edges: &BTreeSet<(K, K)>) -> Vec<K> {
    let mut before: BTreeMap<&K, Vec<&K>> = BTreeMap::new();
    let mut leading: BTreeMap<&K, usize> = behind.iter().map(|it| (it, 0)).collect();
    for (first, second) in edges.iter().filter(|it| it.0 != it.1) {
        if let (true, Some(count)) = (behind.contains(second), leading.get_mut(first)) {
            *count += 1;
            before.entry(second).or_default().push(first);
        }
    }
    let mut ends: Vec<&K> =
        leading.iter().filter(|(_, count)| **count == 0).map(|(key, _)| *key).collect();
    while let Some(end) = ends.pop() {
        leading.remove(end);
        for key in before.get(end).into_iter().flatten() {
            if let Some(count) = leading.get_mut(*key) {
                *count -= 1;
                if *count == 0 {
                    ends.push(key);
                }
            }
        }
    }
    leading.into_keys().cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_win_over_keys_and_keys_decide_the_rest() {
        let edges = BTreeSet::from([(3, 1), (2, 1)]);
        assert_eq!(order([1, 2, 3, 4], &edges), Ok(vec![2, 3, 1, 4]));
    }

    #[test]
    fn a_circle_is_named() {
        let edges = BTreeSet::from([(0, 1), (1, 2), (2, 1), (2, 3)]);
        assert_eq!(order([0, 1, 2, 3], &edges), Err(vec![1, 2]));
    }
}
