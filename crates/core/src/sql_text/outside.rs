//! What a statement outside of a transaction does, to find what it left if it was interrupted. In:
//! a statement. Out: its kind and the names in it.

use super::classify::is_concurrent_reindex;
use super::lex::Token;
use super::split::ScriptStatement;

/// A statement that runs outside of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// What it does.
    pub kind: OutsideKind,
    /// The object that it is about: a relation as SQL with every part quoted, anything else by its
    /// bare name. Empty where there is none.
    pub name: String,
    /// The new index by its bare name, which lives in the namespace of its table, or the partition as
    /// SQL. Empty where there is none.
    pub second: String,
}

/// What a statement does that runs outside of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutsideKind {
    /// `CREATE INDEX CONCURRENTLY [name] ON table`.
    CreateIndex,
    /// `DROP INDEX CONCURRENTLY index`.
    DropIndex,
    /// `REINDEX INDEX CONCURRENTLY index`.
    ReindexIndex,
    /// `REINDEX TABLE CONCURRENTLY table`.
    ReindexTable,
    /// `REINDEX SCHEMA CONCURRENTLY schema`.
    ReindexSchema,
    /// `REINDEX DATABASE CONCURRENTLY [database]`.
    ReindexDatabase,
    /// `ALTER TABLE parent DETACH PARTITION partition CONCURRENTLY`.
    DetachPartition,
    /// `CREATE DATABASE name`.
    CreateDatabase,
    /// `DROP DATABASE name`.
    DropDatabase,
    /// `CREATE TABLESPACE name`.
    CreateTablespace,
    /// `DROP TABLESPACE name`.
    DropTablespace,
    /// `CREATE SUBSCRIPTION name`.
    CreateSubscription,
    /// `DROP SUBSCRIPTION name`.
    DropSubscription,
    /// `ALTER SUBSCRIPTION name …` that talks to the publisher.
    AlterSubscription,
    /// `REINDEX …` of several tables, one transaction for each of them.
    Reindex,
    /// `CLUSTER` of several tables, one transaction for each of them.
    Cluster,
    /// `VACUUM`, with transactions of its own.
    Vacuum,
    /// `CALL` of a procedure that may commit.
    Call,
    /// `DO` of a block that may commit.
    Do,
    /// `EXECUTE` of a prepared statement, which may be any of these.
    Execute,
    /// Anything else: all of it or nothing.
    Other,
}

impl OutsideKind {
    /// All of them.
    pub const ALL: [Self; 21] = [
        Self::CreateIndex,
        Self::DropIndex,
        Self::ReindexIndex,
        Self::ReindexTable,
        Self::ReindexSchema,
        Self::ReindexDatabase,
        Self::DetachPartition,
        Self::CreateDatabase,
        Self::DropDatabase,
        Self::CreateTablespace,
        Self::DropTablespace,
        Self::CreateSubscription,
        Self::DropSubscription,
        Self::AlterSubscription,
        Self::Reindex,
        Self::Cluster,
        Self::Vacuum,
        Self::Call,
        Self::Do,
        Self::Execute,
        Self::Other,
    ];

    /// Its words, by which the ledger names it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateIndex => "CREATE INDEX CONCURRENTLY",
            Self::DropIndex => "DROP INDEX CONCURRENTLY",
            Self::ReindexIndex => "REINDEX INDEX CONCURRENTLY",
            Self::ReindexTable => "REINDEX TABLE CONCURRENTLY",
            Self::ReindexSchema => "REINDEX SCHEMA CONCURRENTLY",
            Self::ReindexDatabase => "REINDEX DATABASE CONCURRENTLY",
            Self::DetachPartition => "DETACH PARTITION CONCURRENTLY",
            Self::CreateDatabase => "CREATE DATABASE",
            Self::DropDatabase => "DROP DATABASE",
            Self::CreateTablespace => "CREATE TABLESPACE",
            Self::DropTablespace => "DROP TABLESPACE",
            Self::CreateSubscription => "CREATE SUBSCRIPTION",
            Self::DropSubscription => "DROP SUBSCRIPTION",
            Self::AlterSubscription => "ALTER SUBSCRIPTION",
            Self::Reindex => "REINDEX",
            Self::Cluster => "CLUSTER",
            Self::Vacuum => "VACUUM",
            Self::Call => "CALL",
            Self::Do => "DO",
            Self::Execute => "EXECUTE",
            Self::Other => "a statement outside of a transaction",
        }
    }

    /// The kind of these words.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == words)
    }

    /// Whether it waits for the end of transactions of others while nobody waits behind it.
    #[must_use]
    pub fn waits_for_transactions(self) -> bool {
        match self {
            Self::CreateIndex
            | Self::DropIndex
            | Self::ReindexIndex
            | Self::ReindexTable
            | Self::ReindexSchema
            | Self::ReindexDatabase => true,
            // Its second transaction takes ACCESS EXCLUSIVE on the partition (manual, ALTER TABLE).
            Self::DetachPartition => false,
            Self::CreateDatabase
            | Self::DropDatabase
            | Self::CreateTablespace
            | Self::DropTablespace
            | Self::CreateSubscription
            | Self::DropSubscription
            | Self::AlterSubscription
            | Self::Reindex
            | Self::Cluster
            | Self::Vacuum
            | Self::Call
            | Self::Do
            | Self::Execute
            | Self::Other => false,
        }
    }

    /// What may stay in the database, or elsewhere, where it did not come to its end.
    #[must_use]
    pub fn may_leave(self) -> Option<&'static str> {
        match self {
            Self::CreateIndex | Self::DropIndex => Some("an invalid index"),
            Self::ReindexIndex
            | Self::ReindexTable
            | Self::ReindexSchema
            | Self::ReindexDatabase => Some("invalid indexes named …_ccnew or …_ccold"),
            Self::DetachPartition => Some("the partition with its detach pending"),
            // Its catalog row says so first (DATCONNLIMIT_INVALID_DB).
            Self::DropDatabase => Some("a database that can only be dropped"),
            Self::CreateSubscription | Self::DropSubscription | Self::AlterSubscription => {
                Some("replication slots on the publisher")
            }
            Self::Reindex => Some("indexes already rebuilt"),
            Self::Cluster => Some("tables already clustered"),
            Self::Vacuum => Some("tables already vacuumed"),
            Self::Call | Self::Do | Self::Execute => Some("committed changes"),
            Self::CreateDatabase | Self::CreateTablespace | Self::DropTablespace | Self::Other => {
                None
            }
        }
    }

    /// Whether all that it may leave is in the catalog of its database, where it is looked for.
    #[must_use]
    pub fn is_found(self) -> bool {
        self.waits_for_transactions() || self == Self::DetachPartition
    }

    /// Whether it leaves nothing but what is looked for.
    #[must_use]
    pub fn is_all_found(self) -> bool {
        self.is_found() || self.may_leave().is_none()
    }
}

impl ScriptStatement {
    /// What it does outside of a transaction, taking for granted that it runs there.
    #[must_use]
    pub fn outside(&self) -> Outside {
        let tokens = Tokens(&self.tokens);
        let found = match self.words().as_slice() {
            ["create", "index", "concurrently", ..] => tokens.skip(3).created_index(),
            ["create", "unique", "index", "concurrently", ..] => tokens.skip(4).created_index(),
            ["drop", "index", "concurrently", ..] => {
                tokens.skip(3).after(&["if", "exists"]).relation(OutsideKind::DropIndex)
            }
            ["alter", "table", ..] => tokens.skip(2).detached_partition(),
            words @ ["reindex", ..] => {
                let found = is_concurrent_reindex(words).then(|| tokens.skip(1).reindexed());
                found.flatten().or_else(|| Some(Outside::unnamed(OutsideKind::Reindex)))
            }
            [verb @ ("create" | "drop" | "alter"), kind, ..] => {
                let rest = tokens.skip(2).after(&["if", "exists"]);
                cluster_wide(verb, kind).and_then(|it| rest.bare(it))
            }
            ["cluster", ..] => Some(Outside::unnamed(OutsideKind::Cluster)),
            ["vacuum", ..] => Some(Outside::unnamed(OutsideKind::Vacuum)),
            ["call", ..] => Some(Outside::unnamed(OutsideKind::Call)),
            ["do", ..] => Some(Outside::unnamed(OutsideKind::Do)),
            ["execute", ..] => Some(Outside::unnamed(OutsideKind::Execute)),
            _ => None,
        };
        found.unwrap_or_else(|| Outside::unnamed(OutsideKind::Other))
    }
}

impl Outside {
    fn unnamed(kind: OutsideKind) -> Self {
        Self { kind, name: String::new(), second: String::new() }
    }
}

fn cluster_wide(verb: &str, kind: &str) -> Option<OutsideKind> {
    Some(match (verb, kind) {
        ("create", "database") => OutsideKind::CreateDatabase,
        ("drop", "database") => OutsideKind::DropDatabase,
        ("create", "tablespace") => OutsideKind::CreateTablespace,
        ("drop", "tablespace") => OutsideKind::DropTablespace,
        ("create", "subscription") => OutsideKind::CreateSubscription,
        ("drop", "subscription") => OutsideKind::DropSubscription,
        ("alter", "subscription") => OutsideKind::AlterSubscription,
        _ => return None,
    })
}

/// The rest of a statement.
#[derive(Clone, Copy)]
struct Tokens<'a>(&'a [Token]);

impl<'a> Tokens<'a> {
    fn skip(self, count: usize) -> Self {
        Self(self.0.get(count..).unwrap_or_default())
    }

    /// What follows these words, or all of it where it does not begin with them.
    fn after(self, words: &[&str]) -> Self {
        let begins = self.0.len() >= words.len()
            && self.0.iter().zip(words).all(|(it, word)| it.word() == Some(word));
        if begins { self.skip(words.len()) } else { self }
    }

    fn word(self) -> Option<&'a str> {
        self.0.first().and_then(Token::word)
    }

    /// A name with its dots, every part quoted, and what follows it.
    fn qualified(self) -> Option<(String, Self)> {
        let mut parts = Vec::new();
        let mut rest = self.0;
        while let [Token::Word(part) | Token::Name(part), after @ ..] = rest {
            parts.push(format!("\"{}\"", part.replace('"', "\"\"")));
            rest = after;
            let [Token::Symbol('.'), next @ ..] = after else { break };
            rest = next;
        }
        (!parts.is_empty()).then(|| (parts.join("."), Self(rest)))
    }

    fn relation(self, kind: OutsideKind) -> Option<Outside> {
        let (name, _) = self.qualified()?;
        Some(Outside { kind, name, second: String::new() })
    }

    fn bare(self, kind: OutsideKind) -> Option<Outside> {
        let [Token::Word(name) | Token::Name(name), ..] = self.0 else { return None };
        Some(Outside { kind, name: name.clone(), second: String::new() })
    }

    /// `[IF NOT EXISTS] [name] ON [ONLY] table …`.
    fn created_index(self) -> Option<Outside> {
        let rest = self.after(&["if", "not", "exists"]);
        let (second, rest) = match rest.0 {
            // ON is reserved, so that it is no name.
            [Token::Word(word), ..] if word == "on" => (String::new(), rest),
            [Token::Word(name) | Token::Name(name), ..] => (name.clone(), rest.skip(1)),
            _ => return None,
        };
        let (name, _) = rest.after(&["on"]).after(&["only"]).qualified()?;
        Some(Outside { kind: OutsideKind::CreateIndex, name, second })
    }

    /// `[IF EXISTS] [ONLY] parent [*] DETACH PARTITION partition …`.
    fn detached_partition(self) -> Option<Outside> {
        let (name, rest) = self.after(&["if", "exists"]).after(&["only"]).qualified()?;
        let rest = if rest.0.first() == Some(&Token::Symbol('*')) { rest.skip(1) } else { rest };
        if rest.word() != Some("detach") {
            return None;
        }
        let (second, _) = rest.after(&["detach", "partition"]).qualified()?;
        Some(Outside { kind: OutsideKind::DetachPartition, name, second })
    }

    /// `[(option, …)] INDEX | TABLE | SCHEMA | DATABASE [CONCURRENTLY] [name]`.
    fn reindexed(self) -> Option<Outside> {
        let options = self.0.iter().position(|it| *it == Token::Symbol(')'));
        let rest = match self.0.first() {
            Some(Token::Symbol('(')) => self.skip(options? + 1),
            _ => self,
        };
        let named = rest.skip(1).after(&["concurrently"]);
        match rest.word()? {
            "index" => named.relation(OutsideKind::ReindexIndex),
            "table" => named.relation(OutsideKind::ReindexTable),
            "schema" => named.bare(OutsideKind::ReindexSchema),
            "database" | "system" => Some(Outside::unnamed(OutsideKind::ReindexDatabase)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::split;
    use super::*;

    /// The kind of a statement and its names, as one text.
    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let statements = split(sql).unwrap();
        let [statement] = statements.as_slice() else { panic!("{sql}") };
        let Outside { kind, name, second } = statement.outside();
        assert_eq!(format!("{} {name} {second}", kind.as_str()).trim_end(), expected, "{sql}");
    }

    #[test]
    fn indexes() {
        let create = "CREATE INDEX CONCURRENTLY";
        check("create index concurrently Idx on T (a)", &format!("{create} \"t\" idx"));
        check(
            "create unique index concurrently if not exists \"Idx\" on only s.\"T\" (a)",
            &format!("{create} \"s\".\"T\" Idx"),
        );
        check("create index concurrently on t (a)", &format!("{create} \"t\""));
        check("create index concurrently on only t using gin (a)", &format!("{create} \"t\""));
        check("create index concurrently \"on\" on \"only\" (a)", &format!("{create} \"only\" on"));
        let drop = "DROP INDEX CONCURRENTLY";
        check("drop index concurrently s.i cascade", &format!("{drop} \"s\".\"i\""));
        check("drop index concurrently if exists I", &format!("{drop} \"i\""));
    }

    #[test]
    fn reindex() {
        check("reindex index concurrently i", "REINDEX INDEX CONCURRENTLY \"i\"");
        check("reindex (concurrently) table s.t", "REINDEX TABLE CONCURRENTLY \"s\".\"t\"");
        check("reindex (verbose, concurrently on) index i", "REINDEX INDEX CONCURRENTLY \"i\"");
        check("reindex schema concurrently \"S\"", "REINDEX SCHEMA CONCURRENTLY S");
        check("reindex database concurrently", "REINDEX DATABASE CONCURRENTLY");
        check("reindex (concurrently false) table t", "REINDEX");
        check("reindex schema s", "REINDEX");
    }

    #[test]
    fn partitions() {
        let detach = "DETACH PARTITION CONCURRENTLY";
        check("alter table t detach partition p concurrently", &format!("{detach} \"t\" \"p\""));
        check(
            "alter table if exists only s.t * detach partition \"S\".p concurrently",
            &format!("{detach} \"s\".\"t\" \"S\".\"p\""),
        );
    }

    #[test]
    fn everything_else() {
        check("create database d", "CREATE DATABASE d");
        check("drop database if exists \"D\" with (force)", "DROP DATABASE D");
        check("create tablespace s location '/x'", "CREATE TABLESPACE s");
        check("drop subscription s", "DROP SUBSCRIPTION s");
        check("alter subscription s refresh publication", "ALTER SUBSCRIPTION s");
        check("vacuum t", "VACUUM");
        check("cluster", "CLUSTER");
        check("call p()", "CALL");
        check("do 'x'", "DO");
        check("alter system reset all", OutsideKind::Other.as_str());
        check("alter database d set tablespace s", OutsideKind::Other.as_str());
    }

    #[test]
    fn words_name_a_kind() {
        for kind in OutsideKind::ALL {
            assert_eq!(OutsideKind::parse(kind.as_str()), Some(kind));
        }
    }
}
