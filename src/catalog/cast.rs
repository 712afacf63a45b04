//! Casts.

use super::row::row;
use crate::model::snapshot::{CastContext, Casts};

row! {
    "casts";
    /// A row of `pg_cast`.
    struct CastRow {
        source_oid: u32,
        target_oid: u32,
        source: String,
        target: String,
        context: String,
        is_binary: bool,
    }
}

/// All casts by the printed names of their types.
pub(super) fn casts(rows: Vec<CastRow>) -> Casts {
    let mut casts = Casts::default();
    for row in rows {
        casts.insert(row.source, row.target, context(&row.context));
    }
    casts
}

/// `castcontext`: `i`, `a` or `e`.
fn context(code: &str) -> CastContext {
    match code {
        "i" => CastContext::Implicit,
        "a" => CastContext::Assignment,
        _ => CastContext::Explicit,
    }
}
