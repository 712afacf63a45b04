//! Whether a scratch database has changed, from the rows of its catalog that were written since:
//! much cheaper than reading all of it twice.
//!
//! Every row of a system catalog has the transaction that wrote it (`xmin`; manual, 5.5 "System
//! Columns"). A hash of the rows of user objects is kept, and each revision updates those that it
//! wrote. Deleted rows change the number of rows. A difference here need not be a difference of the
//! schema, as a table that was dropped and created again has other OIDs; then the catalog has to be
//! read.

use std::collections::BTreeMap;

use tokio_postgres::Statement;
use tokio_postgres::types::Type;

use crate::scratch::ScratchDatabase;

/// A system catalog that says what the objects of a database are.
struct Catalog {
    name: &'static str,
    /// What tells its rows apart, of the alias `it`.
    key: &'static str,
    /// Columns that change without meaning anything for an object.
    noise: &'static str,
    /// Rows that count.
    rows: &'static str,
    /// The first major version that has it.
    since: u32,
}

const OID: &str = "it.oid::text";
const ALL: &str = "true";

/// Those of objects that initdb did not make (FirstNormalObjectId in `access/transam.h`): what it made is not
/// read as part of a schema, and there are thousands, which the index on the OID leaves out.
const fn plain(name: &'static str) -> Catalog {
    Catalog { name, key: OID, noise: "", rows: "it.oid >= 16384", since: 0 }
}

const fn keyed(name: &'static str, key: &'static str, rows: &'static str) -> Catalog {
    Catalog { name, key, noise: "", rows, since: 0 }
}

/// A catalog with a few rows, of which some are initdb's and can be changed nevertheless: `public`, plpgsql.
const fn whole(name: &'static str) -> Catalog {
    Catalog { rows: ALL, ..plain(name) }
}

/// The catalogs of the manual's chapter "System Catalogs" but for those of the cluster, of statistics, of
/// large objects and of subscriptions. TOAST tables are left out with all that belongs to them: they come
/// with a column and stay without it; so are columns that were dropped, and the place of the others, which
/// is no difference.
const CATALOGS: [Catalog; 45] = [
    Catalog {
        name: "pg_class",
        key: OID,
        noise: "relpages,reltuples,relallvisible,relallfrozen,relfilenode,relhasindex,relhasrules,\
                relhastriggers,relhassubclass,relnatts,relfrozenxid,relminmxid,reltoastrelid",
        rows: "it.oid >= 16384 AND it.relnamespace <> 99",
        since: 0,
    },
    Catalog {
        name: "pg_attribute",
        key: "it.attrelid || '.' || it.attname",
        noise: "attnum,attcacheoff,atthasmissing,attmissingval",
        rows: "it.attrelid >= 16384 AND NOT it.attisdropped AND it.attrelid NOT IN \
               (SELECT cls.oid FROM pg_catalog.pg_class cls WHERE cls.relnamespace = 99)",
        since: 0,
    },
    Catalog {
        name: "pg_index",
        key: "it.indexrelid::text",
        noise: "indcheckxmin",
        rows: "it.indexrelid >= 16384 AND it.indexrelid NOT IN (SELECT cls.oid FROM pg_catalog.pg_class cls \
               WHERE cls.relnamespace = 99)",
        since: 0,
    },
    Catalog {
        name: "pg_depend",
        key: "it::text",
        noise: "",
        rows: "it.objid >= 16384 AND NOT (it.classid = 1259 AND it.objid IN \
               (SELECT cls.oid FROM pg_catalog.pg_class cls WHERE cls.relnamespace = 99)) \
               AND NOT (it.refclassid = 1259 AND it.refobjid IN \
               (SELECT cls.oid FROM pg_catalog.pg_class cls WHERE cls.relnamespace = 99))",
        since: 0,
    },
    whole("pg_namespace"),
    plain("pg_attrdef"),
    plain("pg_constraint"),
    keyed("pg_inherits", "it.inhrelid || '.' || it.inhparent", ALL),
    keyed("pg_partitioned_table", "it.partrelid::text", ALL),
    keyed("pg_sequence", "it.seqrelid::text", ALL),
    plain("pg_type"),
    plain("pg_enum"),
    keyed("pg_range", "it.rngtypid::text", ALL),
    plain("pg_proc"),
    keyed("pg_aggregate", "it.aggfnoid::oid::text", "it.aggfnoid >= 16384::oid"),
    plain("pg_operator"),
    plain("pg_opfamily"),
    plain("pg_opclass"),
    plain("pg_amop"),
    plain("pg_amproc"),
    whole("pg_am"),
    plain("pg_cast"),
    plain("pg_transform"),
    plain("pg_conversion"),
    plain("pg_collation"),
    plain("pg_ts_config"),
    keyed(
        "pg_ts_config_map",
        "it.mapcfg || '.' || it.maptokentype || '.' || it.mapseqno",
        "it.mapcfg >= 16384",
    ),
    plain("pg_ts_dict"),
    plain("pg_ts_parser"),
    plain("pg_ts_template"),
    plain("pg_trigger"),
    plain("pg_rewrite"),
    plain("pg_policy"),
    plain("pg_event_trigger"),
    whole("pg_language"),
    plain("pg_statistic_ext"),
    plain("pg_publication"),
    plain("pg_publication_rel"),
    Catalog { since: 15, ..plain("pg_publication_namespace") },
    whole("pg_extension"),
    plain("pg_foreign_data_wrapper"),
    plain("pg_foreign_server"),
    keyed("pg_foreign_table", "it.ftrelid::text", ALL),
    // 2200 is `public`.
    keyed(
        "pg_description",
        "it.objoid || '.' || it.classoid || '.' || it.objsubid",
        "it.objoid >= 16384 OR it.objoid = 2200",
    ),
    plain("pg_default_acl"),
];

/// What the catalog of a database held when it was last looked at.
pub struct Watch {
    /// Prepared, for to plan it takes as long as to run it. Where a file deallocates it, nothing is told.
    query: Statement,
    /// The transaction before the first that wrote anything.
    begun: String,
    /// For each catalog the number of its rows, and a hash of each that was written since then.
    catalogs: Vec<(i64, BTreeMap<String, String>)>,
}

impl Watch {
    /// Looks at a database in which nothing has been done yet. None where it cannot be looked at so: then
    /// everything has to be read.
    pub async fn begin(database: &ScratchDatabase) -> Option<Self> {
        let begun = mark(database).await?;
        let query = query(database.major_version()?);
        let query = database.prepare_typed(&query, &[Type::TEXT]).await.ok()?;
        let mut watch = Self { query, begun: begun.clone(), catalogs: Vec::new() };
        watch.catalogs = watch.written(database, &begun).await?;
        Some(watch)
    }

    /// Whether everything is as it was when it was last looked at, after what was done since a mark.
    #[must_use]
    pub async fn is_as_before(&self, database: &ScratchDatabase, since: &str) -> bool {
        let Some(now) = self.written(database, since).await else { return false };
        self.catalogs.iter().zip(&now).all(|((count, rows), (count_now, written))| {
            count == count_now && written.iter().all(|(key, hash)| rows.get(key) == Some(hash))
        })
    }

    /// Takes in what was done since a mark. None where the database does not say.
    pub async fn follow(&mut self, database: &ScratchDatabase, since: &str) -> Option<()> {
        let now = self.written(database, since).await?;
        let mut is_gone = false;
        for ((count, rows), (count_now, written)) in self.catalogs.iter_mut().zip(now) {
            let before = i64::try_from(rows.len()).ok()?;
            rows.extend(written);
            let new = i64::try_from(rows.len()).ok()? - before;
            is_gone |= *count + new != count_now;
            *count = count_now;
        }
        if is_gone {
            self.catalogs = self.written(database, &self.begun).await?;
        }
        Some(())
    }

    /// The number of rows of each catalog, and those that were written since a mark.
    async fn written(
        &self,
        database: &ScratchDatabase,
        since: &str,
    ) -> Option<Vec<(i64, BTreeMap<String, String>)>> {
        let rows = database.query(&self.query, &[&since]).await.ok()?;
        let catalog = |row: &tokio_postgres::Row| {
            let written: Vec<String> = row.get("written");
            let pair = |it: &String| {
                it.rsplit_once(' ').map(|(key, hash)| (key.to_owned(), hash.to_owned()))
            };
            (row.get("count"), written.iter().filter_map(pair).collect())
        };
        Some(rows.iter().map(catalog).collect())
    }
}

/// The number of a transaction that writes nothing: what is written later has a later one. None where the
/// database does not say.
pub async fn mark(database: &ScratchDatabase) -> Option<String> {
    let sql = "SELECT pg_catalog.pg_current_xact_id()::pg_catalog.xid::text AS mark";
    let row = database.query_typed(sql, &[]).await.ok()?;
    row.first().map(|it| it.get("mark"))
}

/// Each catalog is scanned once, and no row is taken to pieces but those that were written: these are fetched
/// by their places (manual, 5.5 "System Columns", `ctid`). Of PostgreSQL's own rows there are thousands.
fn query(version: u32) -> String {
    let present = CATALOGS.iter().filter(|it| it.since <= version).enumerate();
    let catalogs = present.map(|(at, Catalog { name, key, noise, rows, .. })| {
        format!(
            "SELECT {at} AS catalog, found.count, \
                    ARRAY(SELECT ({key})::text || ' ' || \
                                 pg_catalog.md5((pg_catalog.to_jsonb(it) - '{{{noise}}}'::text[])::text) \
                            FROM pg_catalog.{name} it WHERE it.ctid = ANY (found.places)) AS written \
               FROM (SELECT pg_catalog.count(*) AS count, \
                            pg_catalog.array_agg(it.ctid) FILTER (WHERE pg_catalog.age(it.xmin) <= \
                                (SELECT pg_catalog.age($1::text::pg_catalog.xid))) AS places \
                       FROM pg_catalog.{name} it WHERE {rows}) found"
        )
    });
    // Of user mappings only the view may be read by everybody.
    let mappings = format!(
        "SELECT {}, pg_catalog.count(*), ARRAY['all ' || coalesce(pg_catalog.md5(pg_catalog.string_agg(it::text, \
         ' ' ORDER BY it.umid)), '')] FROM pg_catalog.pg_user_mappings it",
        CATALOGS.len()
    );
    let all: Vec<String> = catalogs.chain([mappings]).collect();
    format!("{} ORDER BY catalog", all.join(" UNION ALL "))
}
