//! What a session is seen to do: the relations of its database, the locks that it has, the tables that it has
//! read. Two looks, before a statement and after it, become the facts of the statement.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::types::{Oid, Type};
use tokio_postgres::{Client, Error, Row};

use crate::plan::LockLevel;
use crate::review::{Facts, Footing, RelationKind, RelationLock, Scan};

/// A relation of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// What it is called, as SQL.
    pub name: String,
    /// What it is.
    pub kind: RelationKind,
    /// The table, where it is an index.
    pub table: Option<Oid>,
    /// What it is a partition or a child of.
    pub parent: Option<Oid>,
    /// Where it is stored (`pg_relation_filenode`); None where it is not.
    pub stored: Option<Oid>,
    /// The size of what is stored.
    pub bytes: i64,
}

/// The relations of the database, by their numbers.
pub type Relations = BTreeMap<Oid, Relation>;

/// The strongest lock on each relation, as far as anybody waits for it.
pub type Locks = BTreeMap<Oid, LockLevel>;

/// How often each table was read from its first page on.
pub type Scans = BTreeMap<Oid, i64>;

/// Reads the relations that people made.
///
/// # Errors
/// When the server refuses.
pub async fn relations(client: &Client) -> Result<Relations, Error> {
    let rows = client.query_typed(include_str!("queries/relations.sql"), &[]).await?;
    Ok(rows.iter().map(|row| (row.get("oid"), relation(row))).collect())
}

fn relation(row: &Row) -> Relation {
    let kind = match row.get("kind") {
        "i" | "I" => RelationKind::Index,
        "v" | "m" => RelationKind::View,
        "S" => RelationKind::Sequence,
        _ => RelationKind::Table,
    };
    Relation {
        name: row.get("name"),
        kind,
        table: row.get("table"),
        parent: row.get("parent"),
        stored: row.get("stored"),
        bytes: row.get("bytes"),
    }
}

/// Reads the locks on relations that a session has or waits for; None for the one that asks.
///
/// # Errors
/// When the server refuses.
pub async fn locks(client: &Client, pid: Option<i32>) -> Result<Locks, Error> {
    let sql = include_str!("queries/locks.sql");
    let mut locks = Locks::new();
    for row in client.query_typed(sql, &[(&pid, Type::INT4)]).await? {
        if let Some(level) = level(row.get("mode")) {
            strengthen(&mut locks, row.get("oid"), level);
        }
    }
    Ok(locks)
}

/// Adds a lock, if there is not a stronger one.
pub fn strengthen(locks: &mut Locks, relation: Oid, level: LockLevel) {
    let strongest = locks.entry(relation).or_insert(level);
    *strongest = level.max(*strongest);
}

/// Reads how often the session has read each table from its first page on.
///
/// # Errors
/// When the server refuses.
pub async fn scans(client: &Client) -> Result<Scans, Error> {
    let rows = client.query_typed(include_str!("queries/scans.sql"), &[]).await?;
    Ok(rows.iter().map(|row| (row.get("oid"), row.get("count"))).collect())
}

/// The level of a mode of `pg_locks`. Of ACCESS SHARE, which every query takes, nothing is said.
fn level(mode: &str) -> Option<LockLevel> {
    match mode {
        "RowShareLock" => Some(LockLevel::RowShare),
        "RowExclusiveLock" => Some(LockLevel::RowExclusive),
        "ShareUpdateExclusiveLock" => Some(LockLevel::ShareUpdateExclusive),
        "ShareLock" => Some(LockLevel::Share),
        "ShareRowExclusiveLock" => Some(LockLevel::ShareRowExclusive),
        "ExclusiveLock" => Some(LockLevel::Exclusive),
        "AccessExclusiveLock" => Some(LockLevel::AccessExclusive),
        _ => None,
    }
}

/// What was seen of a statement.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The relations before it.
    pub before: &'a Relations,
    /// The relations after it.
    pub after: &'a Relations,
    /// The locks that it has taken.
    pub locks: &'a Locks,
    /// The tables that it has read from the first page to the last.
    pub scanned: BTreeSet<Oid>,
    /// The relations that were there before the file.
    pub known: &'a Relations,
}

impl Seen<'_> {
    /// The facts, as far as they are of relations.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let rewritten = self.rewritten();
        Facts {
            locks: self.relation_locks(),
            rebuilt: self.rebuilt(),
            rewritten: self.names(rewritten.iter().copied()),
            built: self.built(),
            scanned: self.scans(&rewritten),
            ..Facts::default()
        }
    }

    fn relation(&self, oid: Oid) -> Option<&Relation> {
        self.before.get(&oid).or_else(|| self.after.get(&oid))
    }

    fn names(&self, relations: impl Iterator<Item = Oid>) -> Vec<String> {
        relations.filter_map(|it| Some(self.relation(it)?.name.clone())).collect()
    }

    fn footing(&self, oid: Oid) -> Footing {
        match self.known.contains_key(&oid) {
            true => Footing::Existing,
            false => Footing::New,
        }
    }

    fn relation_locks(&self) -> Vec<RelationLock> {
        let lock = |(oid, level): (&Oid, &LockLevel)| {
            let relation = self.relation(*oid)?;
            let table = relation.table.and_then(|it| self.relation(it));
            Some(RelationLock {
                level: *level,
                relation: relation.name.clone(),
                kind: relation.kind,
                table: table.map(|it| it.name.clone()),
                footing: self.footing(*oid),
            })
        };
        let mut locks: Vec<RelationLock> = self.locks.iter().filter_map(lock).collect();
        locks.sort_by(|a, b| (b.level, a.kind, &a.relation).cmp(&(a.level, b.kind, &b.relation)));
        locks
    }

    /// The tables whose rows were rewritten. TRUNCATE gives them a new file, too, an empty one.
    fn rewritten(&self) -> BTreeSet<Oid> {
        let changed = self.before.iter().filter(|(oid, was)| {
            let now = self.after.get(oid);
            was.kind != RelationKind::Index
                && was.kind != RelationKind::Sequence
                && now.is_some_and(|it| it.stored != was.stored && (it.bytes > 0 || was.bytes == 0))
        });
        changed.map(|(oid, _)| *oid).collect()
    }

    /// Whether a table got a new file.
    fn has_new_file(&self, table: Oid) -> bool {
        let (was, now) = (self.before.get(&table), self.after.get(&table));
        was.zip(now).is_some_and(|(was, now)| was.stored != now.stored)
    }

    /// The indexes that were rewritten although their tables were not. One that a type change keeps has
    /// another number afterwards, and the same name.
    fn rebuilt(&self) -> Vec<String> {
        let now = indexes(self.after);
        let rebuilt = indexes(self.before).into_iter().filter(|(name, was)| {
            let table = was.table.filter(|it| !self.has_new_file(*it));
            let now = now.get(name);
            table.is_some() && now.is_some_and(|it| it.stored != was.stored)
        });
        rebuilt.map(|(name, _)| name.to_owned()).collect()
    }

    /// The indexes that it built, of tables that were there before.
    fn built(&self) -> Vec<String> {
        let before = indexes(self.before);
        let built = self.after.iter().filter(|(oid, it)| {
            it.kind == RelationKind::Index
                && it.stored.is_some()
                && !self.before.contains_key(oid)
                && !before.contains_key(it.name.as_str())
                && it.table.is_some_and(|it| self.known.contains_key(&it))
        });
        built.map(|(_, it)| it.name.clone()).collect()
    }

    /// The tables that were read, those that were rewritten among them. After TRUNCATE indexes are built of
    /// nothing.
    fn scans(&self, rewritten: &BTreeSet<Oid>) -> Vec<Scan> {
        let is_emptied = |it: &&Oid| self.has_new_file(**it) && !rewritten.contains(it);
        let scan = |oid: &Oid| {
            let table = self.relation(*oid)?.name.clone();
            Some(Scan { table, footing: self.footing(*oid) })
        };
        let read: BTreeSet<Oid> = self.scanned.union(rewritten).copied().collect();
        read.iter().filter(|it| !is_emptied(it)).filter_map(scan).collect()
    }
}

fn indexes(relations: &Relations) -> BTreeMap<&str, &Relation> {
    let indexes = relations.values().filter(|it| it.kind == RelationKind::Index);
    indexes.map(|it| (it.name.as_str(), it)).collect()
}

/// The tables that were read once more between two answers.
#[must_use]
pub fn read_between(before: &Scans, after: &Scans) -> BTreeSet<Oid> {
    let more = after.iter().filter(|(oid, count)| before.get(oid).is_none_or(|it| it < count));
    more.map(|(oid, _)| *oid).collect()
}

/// The locks that are stronger than those that were held already.
#[must_use]
pub fn taken(held: &Locks, now: &Locks) -> Locks {
    let new = now.iter().filter(|(oid, level)| held.get(oid).is_none_or(|it| it < level));
    new.map(|(oid, level)| (*oid, *level)).collect()
}
