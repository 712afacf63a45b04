//! Names that PostgreSQL made up for what partitions have from their parents.

use crate::model::Schema;
use crate::model::inheritance::made_attached_name;

/// Leaves out the names of attached indexes that PostgreSQL would make up again, and of those that
/// belong to a constraint of the partition itself.
pub(super) fn forget_made_names(schema: &mut Schema) {
    let tables: Vec<_> = schema.tables().filter(|it| !it.attached.is_empty()).cloned().collect();
    for mut table in tables {
        table.attached.retain(|parent, own| {
            let made = made_attached_name(schema, &table.name, parent);
            let is_made = made.is_some_and(|it| {
                let number = own.as_str().strip_prefix(it.as_str());
                number.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
            });
            let is_own = schema.constraints(&table.name).any(|it| it.name == *own);
            !is_made && !is_own
        });
        schema.insert(table);
    }
}
