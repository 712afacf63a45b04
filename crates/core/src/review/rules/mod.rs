//! The rules, one in each file, and the table of them.
//!
//! A rule that is about what a statement does asks its facts; the text says only where it stands and
//! which form was chosen. What the same file has created raises nothing that concerns tables in use.

mod add_check_valid;
mod add_column_generated_stored;
mod add_column_identity;
mod add_column_not_null_no_default;
mod add_column_volatile_default;
mod add_exclude;
mod add_fk_valid;
mod add_primary_key;
mod add_unique;
mod alter_type;
mod alter_type_loss;
mod analyze_load;
mod attach_builds_index;
mod attach_without_check;
mod authorization_change;
mod backfill_in_migration;
mod cluster;
mod concurrently_in_transaction;
mod delete_cascades;
mod delete_without_where;
mod detach_not_concurrent;
mod domain_with_constraint;
mod drop_cascade;
mod drop_column;
mod drop_column_collateral;
mod drop_constraint;
mod drop_database;
mod drop_index_not_concurrent;
mod drop_locks_referenced;
mod drop_not_null;
mod drop_routine;
mod drop_schema;
mod drop_state;
mod drop_table;
mod drop_view;
mod enum_create;
mod enum_rename_value;
mod enum_value_position;
mod enum_value_same_transaction;
mod extension_upgrade;
mod fk_missing_index;
mod fk_type_mismatch;
mod force_recreate;
mod identifier_too_long;
mod if_not_exists_index;
mod index_lock_blocks_reads;
mod index_not_concurrent;
mod index_replaced_unsafely;
mod index_too_wide;
mod inline_constraint;
mod json_column;
mod lock_table;
mod lock_timeout_long;
mod lock_timeout_missing;
mod long_transaction;
mod many_fks;
mod multiple_alters;
mod noop_type_change;
mod not_measured;
mod not_repeatable;
mod not_valid_and_validate_together;
mod old_type;
mod opaque_statement;
mod partition_of_parent_lock;
mod pv01_dims_limit_type;
mod pv02_dims_limit_index;
mod pv03_index_without_dims;
mod pv04_opclass_missing;
mod pv05_opclass_type_mismatch;
mod pv06_opclass_operator_mismatch;
mod pv07_expression_mismatch;
mod pv08_expression_dims;
mod pv09_index_params;
mod pv10_ann_not_concurrent;
mod pv11_ann_in_transaction;
mod pv12_build_memory;
mod pv13_build_shm;
mod pv14_invalid_index_left;
mod pv15_ivfflat_empty;
mod pv16_ivfflat_lists;
mod pv17_dims_change;
mod pv18_using_null_or_padding;
mod pv19_typmod_dropped_under_index;
mod pv20_type_change_with_index;
mod pv21_precision_loss;
mod pv22_mixed_dims_column;
mod pv23_default_dims;
mod pv24_null_or_zero_vector;
mod pv25_alter_index_params;
mod pv26_duplicate_ann_index;
mod pv27_ann_unused_shape;
mod pv28_version_gate;
mod pv29_known_bad_version;
mod pv30_extension_schema;
mod pv31_drop_extension_cascade;
mod pv32_partitioned_ann;
mod pv33_wide_plain_storage;
mod pv34_btree_on_embedding;
mod pv35_setting_scope;
mod pv36_introspection_drift;
mod refresh_matview;
mod reindex_not_concurrent;
mod rename_column;
mod rename_schema;
mod rename_table;
mod replace_immutable_function;
mod replica_identity;
mod replication_lag;
mod sequence_restart;
mod serial_column;
mod set_local_before_concurrently;
mod set_not_null;
mod shape_not_read;
mod short_key;
mod statement_refused;
mod statement_timeout_missing;
mod table_copied;
#[cfg(test)]
mod tests;
mod timestamp_zone;
mod transaction_nesting;
mod transaction_unclosed;
mod trigger_lock;
mod truncate;
mod truncate_cascade;
mod unknown_allowance;
mod unused_allowance;
mod vacuum_full;
mod whole_table_work;
mod wide_lock_window;
mod work_under_lock;

use super::rule::Rule;

/// All rules, sorted by code.
pub static RULES: &[&Rule] = &[
    &pv01_dims_limit_type::RULE,
    &pv02_dims_limit_index::RULE,
    &pv03_index_without_dims::RULE,
    &pv04_opclass_missing::RULE,
    &pv05_opclass_type_mismatch::RULE,
    &pv06_opclass_operator_mismatch::RULE,
    &pv07_expression_mismatch::RULE,
    &pv08_expression_dims::RULE,
    &pv09_index_params::RULE,
    &pv10_ann_not_concurrent::RULE,
    &pv11_ann_in_transaction::RULE,
    &pv12_build_memory::RULE,
    &pv13_build_shm::RULE,
    &pv14_invalid_index_left::RULE,
    &pv15_ivfflat_empty::RULE,
    &pv16_ivfflat_lists::RULE,
    &pv17_dims_change::RULE,
    &pv18_using_null_or_padding::RULE,
    &pv19_typmod_dropped_under_index::RULE,
    &pv20_type_change_with_index::RULE,
    &pv21_precision_loss::RULE,
    &pv22_mixed_dims_column::RULE,
    &pv23_default_dims::RULE,
    &pv24_null_or_zero_vector::RULE,
    &pv25_alter_index_params::RULE,
    &pv26_duplicate_ann_index::RULE,
    &pv27_ann_unused_shape::RULE,
    &pv28_version_gate::RULE,
    &pv29_known_bad_version::RULE,
    &pv30_extension_schema::RULE,
    &pv31_drop_extension_cascade::RULE,
    &pv32_partitioned_ann::RULE,
    &pv33_wide_plain_storage::RULE,
    &pv34_btree_on_embedding::RULE,
    &pv35_setting_scope::RULE,
    &pv36_introspection_drift::RULE,
    &add_check_valid::RULE,
    &add_column_generated_stored::RULE,
    &add_column_identity::RULE,
    &add_column_not_null_no_default::RULE,
    &add_column_volatile_default::RULE,
    &add_exclude::RULE,
    &add_fk_valid::RULE,
    &add_primary_key::RULE,
    &add_unique::RULE,
    &alter_type::RULE,
    &alter_type_loss::RULE,
    &analyze_load::RULE,
    &attach_builds_index::RULE,
    &attach_without_check::RULE,
    &authorization_change::RULE,
    &backfill_in_migration::RULE,
    &cluster::RULE,
    &concurrently_in_transaction::RULE,
    &delete_cascades::RULE,
    &delete_without_where::RULE,
    &detach_not_concurrent::RULE,
    &domain_with_constraint::RULE,
    &drop_cascade::RULE,
    &drop_column::RULE,
    &drop_column_collateral::RULE,
    &drop_constraint::RULE,
    &drop_database::RULE,
    &drop_index_not_concurrent::RULE,
    &drop_locks_referenced::RULE,
    &drop_not_null::RULE,
    &drop_routine::RULE,
    &drop_schema::RULE,
    &drop_state::RULE,
    &drop_table::RULE,
    &drop_view::RULE,
    &enum_create::RULE,
    &enum_rename_value::RULE,
    &enum_value_position::RULE,
    &enum_value_same_transaction::RULE,
    &extension_upgrade::RULE,
    &fk_missing_index::RULE,
    &fk_type_mismatch::RULE,
    &force_recreate::RULE,
    &identifier_too_long::RULE,
    &if_not_exists_index::RULE,
    &index_lock_blocks_reads::RULE,
    &index_not_concurrent::RULE,
    &index_replaced_unsafely::RULE,
    &index_too_wide::RULE,
    &inline_constraint::RULE,
    &json_column::RULE,
    &lock_table::RULE,
    &lock_timeout_long::RULE,
    &lock_timeout_missing::RULE,
    &long_transaction::RULE,
    &many_fks::RULE,
    &multiple_alters::RULE,
    &noop_type_change::RULE,
    &not_measured::RULE,
    &not_repeatable::RULE,
    &not_valid_and_validate_together::RULE,
    &old_type::RULE,
    &opaque_statement::RULE,
    &partition_of_parent_lock::RULE,
    &refresh_matview::RULE,
    &reindex_not_concurrent::RULE,
    &rename_column::RULE,
    &rename_schema::RULE,
    &rename_table::RULE,
    &replace_immutable_function::RULE,
    &replica_identity::RULE,
    &replication_lag::RULE,
    &sequence_restart::RULE,
    &serial_column::RULE,
    &set_local_before_concurrently::RULE,
    &set_not_null::RULE,
    &shape_not_read::RULE,
    &short_key::RULE,
    &statement_refused::RULE,
    &statement_timeout_missing::RULE,
    &table_copied::RULE,
    &timestamp_zone::RULE,
    &transaction_nesting::RULE,
    &transaction_unclosed::RULE,
    &trigger_lock::RULE,
    &truncate::RULE,
    &truncate_cascade::RULE,
    &unknown_allowance::RULE,
    &unused_allowance::RULE,
    &vacuum_full::RULE,
    &whole_table_work::RULE,
    &wide_lock_window::RULE,
    &work_under_lock::RULE,
];

pub(super) static UNKNOWN_ALLOWANCE: &Rule = &unknown_allowance::RULE;
pub(super) static UNUSED_ALLOWANCE: &Rule = &unused_allowance::RULE;

/// The rule of a code or a name, in any case.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    let is_meant =
        |it: &Rule| it.code.eq_ignore_ascii_case(code) || it.name.eq_ignore_ascii_case(code);
    RULES.iter().copied().find(|it| is_meant(it))
}
