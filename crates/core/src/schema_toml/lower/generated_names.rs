//! The names that PostgreSQL generates for keys, foreign keys and sequences (`ChooseRelationName`,
//! `ChooseConstraintName` and `ChooseIndexNameAddition` in the server).

use crate::model::ident::{Ident, MAX_IDENT_BYTES, object_name};

/// A generated name: its parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipe<'a> {
    /// The table.
    pub(crate) table: &'a Ident,
    /// The columns; none for a primary key.
    pub(crate) columns: &'a [Ident],
    /// `pkey`, `key`, `fkey`, `seq`.
    pub(crate) label: &'static str,
}

/// The name, regardless of existing names.
pub(crate) fn generated_name(recipe: Recipe<'_>) -> Ident {
    numbered(recipe, 0)
}

/// The first name of its kind that is free.
pub(super) fn free_name(recipe: Recipe<'_>, taken: impl Fn(&Ident) -> bool) -> Ident {
    let mut number = 0;
    loop {
        let name = numbered(recipe, number);
        if !taken(&name) {
            return name;
        }
        number += 1;
    }
}

fn numbered(recipe: Recipe<'_>, number: u32) -> Ident {
    let label = match number {
        0 => recipe.label.to_owned(),
        _ => format!("{}{number}", recipe.label),
    };
    let columns = addition(recipe.columns);
    let columns = (!recipe.columns.is_empty()).then_some(columns.as_str());
    object_name(recipe.table.as_str(), columns, &label)
}

/// The columns joined by underscores; no more of them once the text is too long to be kept.
fn addition(columns: &[Ident]) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column.as_str());
        if joined.len() > MAX_IDENT_BYTES {
            break;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, columns: &[&str], label: &'static str, taken: &[&str], expected: &str) {
        let columns: Vec<Ident> = columns.iter().map(|it| Ident::new(*it)).collect();
        let table = Ident::new(table);
        let recipe = Recipe { table: &table, columns: &columns, label };
        let name = free_name(recipe, |name| taken.contains(&name.as_str()));
        assert_eq!(name.as_str(), expected);
    }

    /// Made by PostgreSQL 16.
    #[test]
    fn names_are_made_as_the_server_makes_them() {
        check("users", &[], "pkey", &[], "users_pkey");
        check("t", &["a", "b"], "key", &[], "t_a_b_key");
        check("t", &["a"], "fkey", &["t_a_fkey", "t_a_fkey1"], "t_a_fkey2");
        check(
            "a_table_with_a_rather_long_name_indeed",
            &["first_column_of_the_key", "second_column_of_the_key"],
            "fkey",
            &[],
            "a_table_with_a_rather_long_na_first_column_of_the_key_seco_fkey",
        );
    }
}
