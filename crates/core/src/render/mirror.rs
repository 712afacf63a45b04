//! The trigger that keeps a second column equal to the one that it replaces, as SQL.

use crate::model::sequence::ColumnRef;
use crate::plan::statement::{FillValue, Mirror, MirrorAction};

pub(super) fn statement(mirror: &Mirror, action: MirrorAction) -> String {
    let Mirror { table, old, new, trigger, .. } = mirror;
    let function = table.sibling(trigger.clone());
    match action {
        // It runs with the search_path of whoever writes a row.
        MirrorAction::CreateFunction => format!(
            "CREATE FUNCTION {function}() RETURNS trigger\n    LANGUAGE plpgsql SET search_path TO \
             public\n    AS $aludel$\nBEGIN\n    NEW.{new} := {};\n    RETURN NEW;\nEND\n$aludel$",
            mirror.value(&format!("NEW.{old}"))
        ),
        MirrorAction::CreateTrigger => format!(
            "CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table}\n    \
             FOR EACH ROW EXECUTE FUNCTION {function}()"
        ),
        MirrorAction::EnableAlways => {
            format!("ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        }
        MirrorAction::AddCheck => format!(
            "ALTER TABLE {table} ADD CONSTRAINT {} CHECK ({}) NOT VALID",
            mirror.check,
            mirror.condition()
        ),
        MirrorAction::ValidateCheck => {
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", mirror.check)
        }
        MirrorAction::DropCheck => format!("ALTER TABLE {table} DROP CONSTRAINT {}", mirror.check),
        MirrorAction::Analyze => format!("ANALYZE {table} ({new})"),
        MirrorAction::DropTrigger => format!("DROP TRIGGER {trigger} ON {table}"),
        MirrorAction::DropFunction => format!("DROP FUNCTION {function}()"),
        MirrorAction::DropOld => format!("ALTER TABLE {table} DROP COLUMN {old}"),
    }
}

/// UPDATE of the rows in which a column has not its value yet.
pub(super) fn fill(column: &ColumnRef, value: &FillValue) -> String {
    let (table, name) = (&column.table, &column.column);
    match value {
        FillValue::Default => {
            format!("UPDATE {table} SET {name} = DEFAULT WHERE {name} IS NULL")
        }
        FillValue::Mirror(mirror) => {
            let value = mirror.value(&mirror.old.to_string());
            let [new, old] = mirror.compared();
            format!("UPDATE {table} SET {name} = {value} WHERE {new} IS DISTINCT FROM {old}")
        }
    }
}
