//! Whether objects that exchange their names have already done so.
//!
//! Both names exist before and after. The objects decide: the columns of tables, the type and the
//! position of a column, the owner of a sequence, the definition of other objects.

use crate::diff::likely::{in_common, resembles};
use crate::model::Schema;
use crate::model::column::Column;
use crate::model::object::{Object, ObjectId};

use super::Wish;

/// Whether the objects of a cycle are more like what is wanted after the renames than before. The
/// owner of a sequence has its new name in either case.
pub(super) fn is_better_moved(from: &Schema, to: &Schema, cycle: &[Wish], all: &[Wish]) -> bool {
    let moved: f64 = cycle.iter().map(|it| fit(from, &it.now, to, &it.new, all)).sum();
    let standing: f64 = cycle.iter().map(|it| fit(from, &it.place, to, &it.new, all)).sum();
    moved > standing
}

/// How well one object serves as another.
fn fit(from: &Schema, old: &ObjectId, to: &Schema, new: &ObjectId, renames: &[Wish]) -> f64 {
    let (Some(present), Some(wanted)) = (from.get(old), to.get(new)) else { return 0.0 };
    let share = |it: bool| if it { 1.0 } else { 0.0 };
    match (present, wanted) {
        (Object::Table(_), Object::Table(_)) => in_common(from, old, to, new),
        (Object::Column(present), Object::Column(wanted)) => {
            // The type says more than the place, for new columns come last.
            share(present.data_type == wanted.data_type)
                + 0.25 * share(present.value == wanted.value)
                + 0.125 * share(place(from, present) == place(to, wanted))
        }
        (Object::Sequence(present), Object::Sequence(wanted)) => {
            let owner = present.owned_by.as_ref().map(|it| ObjectId::table(&it.table));
            let owner = owner.map(|it| {
                let renamed = renames.iter().find(|wish| wish.now == it);
                renamed.map_or(it, |wish| wish.new.clone())
            });
            let wanted_owner = wanted.owned_by.as_ref().map(|it| ObjectId::table(&it.table));
            share(owner == wanted_owner) + 0.5 * share(present.options == wanted.options)
        }
        (present, wanted) => share(resembles(present, wanted)),
    }
}

/// Where a column stands among those of its table.
fn place(side: &Schema, column: &Column) -> Option<usize> {
    side.columns(&column.table).iter().position(|it| it.name == column.name)
}

/// How many labels stand where they are wanted once some are renamed.
pub(super) fn in_order(
    present: &[String],
    wanted: &[String],
    renames: &[(String, String)],
) -> usize {
    let renamed = present.iter().map(|label| {
        let new = renames.iter().find(|it| it.0 == *label);
        new.map_or(label, |it| &it.1)
    });
    renamed.zip(wanted).filter(|(present, wanted)| present == wanted).count()
}
