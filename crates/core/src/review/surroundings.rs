//! What is known of the database that statements are going to run on.

use std::collections::BTreeMap;

/// What a live server says of itself, where one was asked. Everything in it is optional: without a server
/// nothing is known, and every table that was there before can be large.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The tables by their names as SQL.
    pub tables: BTreeMap<String, TableSize>,
    /// `maintenance_work_mem` in bytes.
    pub maintenance_work_mem: Option<u64>,
    /// `max_parallel_maintenance_workers`.
    pub parallel_workers: Option<u32>,
    /// The bytes of shared memory that are free for a parallel build (`/dev/shm`).
    pub shared_memory: Option<u64>,
    /// `pg_extension.extversion` of pgvector on the server.
    pub pgvector: Option<String>,
    /// Transactions that have been open for long now.
    pub long_transactions: Vec<LongTransaction>,
    /// How far the slowest replica is behind, in bytes.
    pub replication_lag: Option<u64>,
}

/// How large a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableSize {
    /// Its rows, estimated (`pg_class.reltuples`).
    pub rows: u64,
    /// Its bytes, with its TOAST table.
    pub bytes: u64,
}

/// A transaction that would make a statement wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongTransaction {
    /// The process.
    pub pid: i32,
    /// For how many seconds it has been open.
    pub seconds: u64,
    /// The tables that it has locked, as SQL.
    pub tables: Vec<String>,
}

/// Rows up to which a scan or a rewrite takes no time that anyone notices.
pub(super) const SMALL: u64 = 10_000;

/// Bytes up to which the same holds.
pub(super) const SMALL_BYTES: u64 = 16 << 20;

impl TableSize {
    /// Whether reading it takes no time that anyone notices.
    #[must_use]
    pub fn is_small(self) -> bool {
        self.rows <= SMALL && self.bytes <= SMALL_BYTES
    }
}

/// The bytes that a setting means whose unit is kB (manual 20.1.1, "Parameter Names and Values"); None where it is
/// no amount of memory.
#[must_use]
pub fn memory_setting(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim() {
        "B" => 1,
        "" | "kB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_memory() {
        let texts = ["64MB", "2 GB", "65536", "8kB", "12B", "x", "5 parsecs"].map(memory_setting);
        let expected =
            [Some(64 << 20), Some(2 << 30), Some(64 << 20), Some(8 << 10), Some(12), None, None];
        assert_eq!(texts, expected);
    }
}
