//! Partitions of indexes in a comparison: a declaration need not name them.

use crate::model::Schema;
use crate::model::attached::{is_generated_part, sources, written_name};
use crate::model::table::Table;

/// Gives a declaration the names that PostgreSQL has generated on the other side, where it says none, so
/// that they are no difference.
pub fn keep_generated(other: &Schema, declared: &mut Schema) {
    let partitions = declared.tables().filter(|it| it.partition_of.is_some());
    let partitions: Vec<Table> = partitions.cloned().collect();
    for mut table in partitions {
        for source in sources(declared, &table.name) {
            let Some(name) = written_name(other, &table.name, &source.root) else { continue };
            if is_generated_part(other, &table.name, &source.root, &name) {
                table.attached.entry(source.on_parent).or_insert(name);
            }
        }
        declared.insert(table);
    }
}

/// Copies the names that are written in a schema, which another one was created from: on a
/// scratch database they came about in another order.
pub fn carry_over(schema: &mut Schema, declared: &Schema) {
    let tables: Vec<Table> = schema.tables().cloned().collect();
    for table in tables {
        if let Some(written) = declared.table(&table.name)
            && written.attached != table.attached
        {
            schema.insert(Table { attached: written.attached.clone(), ..table });
        }
    }
}
