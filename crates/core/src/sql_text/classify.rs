//! Classifies statements by their first words: whether they may run in a transaction block, and
//! whether they affect more than their database.

use super::lex::Token;
use super::split::ScriptStatement;

/// How a statement stands to transaction blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TxMode {
    /// It runs in one, and is undone with it.
    Inside,
    /// It runs in one, but what follows may only use its work after a commit:
    /// `ALTER TYPE … ADD VALUE` (manual, ALTER TYPE, "Notes").
    EndsTransaction,
    /// PostgreSQL refuses it in one (`PreventInTransactionBlock` in the server's sources).
    Outside,
}

impl Token {
    /// The keyword or unquoted identifier, in lower case.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Name(_) | Self::Literal | Self::Symbol(_) => None,
        }
    }
}

impl ScriptStatement {
    /// How it stands to transaction blocks.
    ///
    /// What only the catalog knows is not seen: REINDEX and CLUSTER of a partitioned table, and
    /// procedures that commit.
    #[must_use]
    pub fn tx_mode(&self) -> TxMode {
        let words = self.words();
        let outside = match words.as_slice() {
            ["create" | "drop", "database" | "tablespace" | "subscription", ..] => true,
            ["alter", "system", ..] | ["vacuum", ..] | ["discard", "all"] => true,
            ["alter", "database", ..] => has_pair(&words, "set", "tablespace"),
            ["alter", "subscription", ..] => alters_replication(&words),
            ["alter", "table", ..] => {
                has_pair(&words, "detach", "partition") && words.contains(&"concurrently")
            }
            ["alter", "type", ..] if has_pair(&words, "add", "value") => {
                return TxMode::EndsTransaction;
            }
            ["reindex", ..] => {
                is_concurrent_reindex(&words)
                    || words.iter().any(|it| matches!(*it, "schema" | "database" | "system"))
            }
            ["cluster", rest @ ..] => self.names_no_table(rest),
            ["create", "index", "concurrently", ..]
            | ["create", "unique", "index", "concurrently", ..]
            | ["drop", "index", "concurrently", ..] => true,
            _ => false,
        };
        if outside { TxMode::Outside } else { TxMode::Inside }
    }

    /// Whether it reaches beyond its database: roles, databases, tablespaces, the server's
    /// settings, memberships, what roles own, subscriptions (which live in a shared catalog and call out).
    #[must_use]
    pub fn is_cluster_wide(&self) -> bool {
        let words = self.words();
        match words.as_slice() {
            ["create" | "alter" | "drop", "user", "mapping", ..] => false,
            // Privileges on what all databases share are among what a role has.
            ["drop" | "reassign", "owned", ..] => true,
            ["create" | "alter" | "drop", kind, ..] => is_cluster_wide_kind(kind),
            ["comment", "on", kind, ..] => is_cluster_wide_kind(kind),
            ["security", "label", rest @ ..] => {
                rest.windows(2).any(|it| it[0] == "on" && is_cluster_wide_kind(it[1]))
            }
            ["grant" | "revoke", rest @ ..] => match rest.iter().position(|it| *it == "on") {
                None => true,
                Some(at) => rest
                    .get(at + 1)
                    .is_some_and(|it| matches!(*it, "database" | "tablespace" | "parameter")),
            },
            _ => false,
        }
    }

    /// Whether it may change its session (settings, advisory locks), as far as its words tell: a
    /// definition that works out no value does not, everything else may, through a function that it
    /// calls.
    #[must_use]
    pub fn may_change_session(&self) -> bool {
        let words = self.words();
        let works_out = ["select", "values", "execute", "using", "default", "check", "set_config"];
        !self.defines() || words.iter().any(|it| works_out.contains(it))
    }

    /// Whether it is about what the catalog has: CREATE, ALTER, DROP, COMMENT, GRANT, REVOKE.
    #[must_use]
    pub fn defines(&self) -> bool {
        let words = self.words();
        let first = words.first().copied().unwrap_or_default();
        ["create", "alter", "drop", "comment", "grant", "revoke"].contains(&first)
    }

    /// Whether it ends statements that were prepared: DISCARD, DEALLOCATE.
    #[must_use]
    pub fn ends_prepared(&self) -> bool {
        matches!(self.words().first(), Some(&("discard" | "deallocate")))
    }

    /// Whether it may commit on its own, where it is not in a transaction.
    #[must_use]
    pub fn may_commit(&self) -> bool {
        matches!(self.words().first(), Some(&("call" | "do")))
    }

    /// Whether only the catalog knows if it may run in a transaction: procedures and blocks that commit,
    /// REINDEX and CLUSTER of a partitioned table, and what a prepared statement is.
    #[must_use]
    pub fn may_need_no_transaction(&self) -> bool {
        let first = self.words().first().copied();
        self.may_commit() || matches!(first, Some("reindex" | "cluster" | "execute"))
    }

    /// Whether its work is on rows, as far as its first words tell: `DO` and `SELECT` may do anything.
    #[must_use]
    pub fn writes_rows(&self) -> bool {
        let first = self.words().first().copied().unwrap_or_default();
        let verbs = [
            "insert", "update", "delete", "merge", "copy", "truncate", "do", "call", "select",
            "with",
        ];
        verbs.contains(&first)
    }

    /// CLUSTER without a table takes every table that was clustered before.
    fn names_no_table(&self, words: &[&str]) -> bool {
        let names = self.tokens.iter().any(|it| matches!(it, Token::Name(_)));
        !names && words.iter().all(|it| matches!(*it, "verbose" | "true" | "false" | "on" | "off"))
    }

    /// Its keywords and unquoted identifiers, in order.
    pub(super) fn words(&self) -> Vec<&str> {
        self.tokens.iter().filter_map(Token::word).collect()
    }
}

fn has_pair(words: &[&str], first: &str, second: &str) -> bool {
    words.windows(2).any(|it| it == [first, second])
}

fn is_cluster_wide_kind(kind: &str) -> bool {
    matches!(
        kind,
        "role" | "user" | "group" | "database" | "tablespace" | "system" | "subscription"
    )
}

/// Whether an ALTER SUBSCRIPTION may talk to the publisher, which it does outside transactions.
fn alters_replication(words: &[&str]) -> bool {
    words.iter().any(|it| matches!(*it, "refresh" | "publication" | "two_phase" | "failover"))
}

pub(super) fn is_concurrent_reindex(words: &[&str]) -> bool {
    let after = words.iter().position(|it| *it == "concurrently").map(|at| words.get(at + 1));
    after.is_some_and(|next| !matches!(next, Some(&"false" | &"off")))
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    #[track_caller]
    fn only(sql: &str) -> ScriptStatement {
        let mut statements = split(sql).unwrap();
        assert_eq!(statements.len(), 1, "{sql}");
        statements.remove(0)
    }

    #[track_caller]
    fn check_mode(expected: TxMode, statements: &[&str]) {
        for sql in statements {
            assert_eq!(only(sql).tx_mode(), expected, "{sql}");
        }
    }

    #[test]
    fn refused_in_a_transaction() {
        check_mode(
            TxMode::Outside,
            &[
                "create index concurrently on t (a)",
                "CREATE UNIQUE INDEX /* now */ CONCURRENTLY i -- why\n ON t (a)",
                "create index concurrently if not exists i on t (a)",
                "drop index concurrently i",
                "reindex index concurrently i",
                "reindex (concurrently) table t",
                "reindex (verbose, concurrently true) index i",
                "reindex schema s",
                "reindex database",
                "reindex system d",
                "vacuum",
                "vacuum (full) t",
                "create database d",
                "drop database d",
                "create tablespace s location '/x'",
                "alter database d set tablespace s",
                "alter system set work_mem = '1GB'",
                "alter table t detach partition p concurrently",
                "create subscription s connection '' publication p",
                "drop subscription s",
                "alter subscription s refresh publication",
                "cluster",
                "cluster verbose",
                "discard all",
            ],
        );
    }

    #[test]
    fn taken_in_a_transaction() {
        check_mode(
            TxMode::Inside,
            &[
                "create index i on t (a)",
                "create index \"concurrently\" on t (a)",
                "create table concurrently (a int)",
                "drop index i",
                "refresh materialized view concurrently v",
                "reindex table t",
                "reindex (concurrently false) table t",
                "alter table t detach partition p",
                "alter table t detach partition p finalize",
                "alter database d set work_mem = '1GB'",
                "alter subscription s disable",
                "alter type t add attribute a int",
                "alter type t rename value 'a' to 'b'",
                "cluster t using i",
                "cluster \"T\"",
                "select 'create index concurrently'",
                "comment on table t is 'vacuum'",
                "analyze t",
                "discard plans",
            ],
        );
    }

    #[test]
    fn must_be_committed_before_use() {
        check_mode(
            TxMode::EndsTransaction,
            &[
                "alter type mood add value 'meh'",
                "ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'meh' BEFORE 'ok'",
            ],
        );
    }

    #[test]
    fn reaches_beyond_the_database() {
        let yes = [
            "create role r",
            "create user u",
            "alter group g add user u",
            "drop role r",
            "alter role r in database d set work_mem = '1GB'",
            "create database d",
            "alter database d owner to r",
            "drop tablespace s",
            "alter system reset all",
            "comment on role r is 'x'",
            "grant admin to bob",
            "revoke admin from bob",
            "drop owned by r",
            "reassign owned by a to b",
            "grant connect on database d to r",
            "create subscription s connection '' publication p",
        ];
        let no = [
            "create table role (a int)",
            "create user mapping for u server s",
            "drop user mapping for u server s",
            "grant select on table t to r",
            "grant usage on schema s to r",
            "alter table t owner to r",
            "comment on table t is 'role'",
            "set role r",
        ];
        for sql in yes {
            assert!(only(sql).is_cluster_wide(), "{sql}");
        }
        for sql in no {
            assert!(!only(sql).is_cluster_wide(), "{sql}");
        }
    }

    #[test]
    fn what_may_change_the_session() {
        let may = [
            "set role x",
            "select f()",
            "do $$ begin end $$",
            "insert into t select f()",
            "create table t as select pg_advisory_unlock_all()",
            "alter table t add a int default f()",
            "alter table t alter a type int using f(a)",
        ];
        for sql in may {
            assert!(only(sql).may_change_session(), "{sql}");
        }
        for sql in ["create table t ()", "alter table t add a int", "comment on table t is 'x'"] {
            assert!(!only(sql).may_change_session(), "{sql}");
        }
    }

    #[test]
    fn what_writes_rows() {
        assert!(only("insert into t values (1)").writes_rows());
        assert!(!only("create table t as select 1").writes_rows());
    }
}
