//! The order in which objects with a definition in SQL are created on a scratch database: objects
//! mentioned in a text come before it.
//!
//! This is a guess from words that are names. After a wrong guess the rejected object is tried
//! again; without the guess a chain of views could take as many attempts as it is long.

use std::collections::BTreeMap;

use crate::plan::Step;
use crate::plan::statement::Statement;
use crate::render;

/// The steps, those that define something after the ones whose names they mention.
pub(super) fn in_order(steps: Vec<Step>) -> Vec<Step> {
    let mut defining: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, step) in steps.iter().enumerate() {
        if is_definition(step) {
            defining.entry(step.object.name.as_str()).or_default().push(number);
        }
    }
    let mentioned: Vec<Vec<usize>> = steps.iter().map(|it| mentions(it, &defining)).collect();
    let order = depth_first(&mentioned);
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    order.into_iter().filter_map(|it| steps[it].take()).collect()
}

fn is_definition(step: &Step) -> bool {
    matches!(step.statement, Statement::Define { .. })
}

/// The steps whose objects a definition mentions, each once.
fn mentions(step: &Step, defining: &BTreeMap<&str, Vec<usize>>) -> Vec<usize> {
    if !is_definition(step) {
        return Vec::new();
    }
    let sql = render::statement(&step.statement);
    let words = sql.split(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$'));
    let found = words
        .filter_map(|it| defining.get(it).or_else(|| defining.get(it.to_lowercase().as_str())));
    let mut found: Vec<usize> = found.flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// All numbers in their order, each after those that it needs, as far as there is no cycle.
fn depth_first(needs: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; needs.len()];
    let mut order = Vec::with_capacity(needs.len());
    for start in 0..needs.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, needs[start].iter())];
        while let Some((number, left)) = path.last_mut() {
            match left.next() {
                Some(&next) if !seen[next] => {
                    seen[next] = true;
                    path.push((next, needs[next].iter()));
                }
                Some(_) => {}
                None => {
                    order.push(*number);
                    path.pop();
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_circles_do_no_harm() {
        assert_eq!(depth_first(&[vec![2], vec![], vec![1]]), [1, 2, 0]);
        assert_eq!(depth_first(&[vec![1], vec![0], vec![2]]), [1, 0, 2]);
        let chain: Vec<Vec<usize>> = (1..=10_000).map(|it| vec![it % 10_000]).collect();
        assert_eq!(depth_first(&chain).len(), 10_000);
    }
}
