//! The order in which tables are filled: referenced tables first.

use std::collections::BTreeSet;

use super::table::TestTable;

/// Tables that are filled together: one, or several that reference each other in a cycle that no
/// nullable column breaks.
pub type Group = Vec<usize>;

/// Groups of tables by their index, each after those that it references. A reference that may be NULL
/// is ignored if there is no other order.
#[must_use]
pub fn order(tables: &[TestTable]) -> Vec<Group> {
    let mut left: BTreeSet<usize> = (0..tables.len()).collect();
    let mut groups = Vec::new();
    while !left.is_empty() {
        let free = |strict: bool| {
            left.iter().copied().find(|it| waits_for(tables, *it, &left, strict).is_empty())
        };
        let group = match free(true).or_else(|| free(false)) {
            Some(one) => vec![one],
            None => cycle(tables, &left),
        };
        left.retain(|it| !group.contains(it));
        groups.push(group);
    }
    groups
}

/// The tables not filled yet that a table references; with those that it need not reference where
/// `strict`.
fn waits_for(
    tables: &[TestTable],
    table: usize,
    left: &BTreeSet<usize>,
    strict: bool,
) -> BTreeSet<usize> {
    let of = &tables[table];
    let wanted = of.references.iter().filter(|it| strict || !of.may_be_null(it));
    let index = |oid: u32| left.iter().copied().find(|it| tables[*it].oid == oid);
    wanted.filter_map(|it| index(it.target)).filter(|it| *it != table).collect()
}

/// The smallest set of tables that waits for nothing but itself.
fn cycle(tables: &[TestTable], left: &BTreeSet<usize>) -> Group {
    let reached = |from: usize| {
        let mut seen = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(table) = open.pop() {
            open.extend(
                waits_for(tables, table, left, false).into_iter().filter(|it| seen.insert(*it)),
            );
        }
        seen
    };
    let smallest = left.iter().map(|it| reached(*it)).min_by_key(BTreeSet::len);
    smallest.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::kind::ValueKind;
    use crate::rows::table::{Reference, TestColumn};

    /// Tables as `a>b` (references), `a?b` (may reference); by the order of their first letters.
    #[track_caller]
    fn check(names: &str, references: &[&str], expected: &str) {
        let oid = |name: char| u32::from(name);
        let tables: Vec<TestTable> = names
            .chars()
            .map(|name| {
                let own = references.iter().filter(|it| it.starts_with(name)).enumerate();
                let (columns, references) = own
                    .map(|(at, it)| {
                        let number = i16::try_from(at).unwrap() + 1;
                        let column = TestColumn {
                            number,
                            name: format!("c{number}"),
                            type_name: "integer".to_owned(),
                            kind: ValueKind::Int(4),
                            nullable: it.contains('?'),
                            counted: false,
                            has_default: false,
                        };
                        let target = oid(it.chars().last().unwrap());
                        let (columns, target_columns) = (vec![number], vec![1]);
                        (column, Reference { columns, target, target_columns, deferrable: false })
                    })
                    .unzip();
                let (keys, checks) = (Vec::new(), Vec::new());
                TestTable {
                    oid: oid(name),
                    name: name.into(),
                    touched: true,
                    columns,
                    keys,
                    checks,
                    references,
                }
            })
            .collect();
        let shown: Vec<String> = order(&tables)
            .iter()
            .map(|group| group.iter().map(|it| tables[*it].name.as_str()).collect())
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn what_is_referenced_comes_first() {
        check("abc", &["a>b", "b>c"], "c b a");
        check("ab", &["a>a", "b>a"], "a b");
        check("ab", &["a?b", "b>a"], "a b");
        check("ab", &["a>b", "b?a"], "b a");
        check("abc", &["a>b", "b>a", "c>a"], "ab c");
        check("abc", &["a?b"], "b a c");
    }
}
