//! Declarations of one table whose texts are invented at random: checks, predicates, defaults,
//! generated columns, a policy and views, of all common types and operators. PostgreSQL takes all of
//! them, and prints few of them as they were written.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A declaration as the text of a schema.toml.
pub(crate) fn declaration() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 0..400).prop_map(|bytes| Maker(bytes.into_iter()).make())
}

/// The columns that expressions are about.
const COLUMNS: &[(&str, &str)] = &[
    ("v", "varchar(20)"),
    ("c", "char(5)"),
    ("t", "text"),
    ("n", "integer"),
    ("s", "smallint"),
    ("m", "numeric(10,2)"),
    ("d", "double precision"),
    ("b", "boolean"),
    ("ts", "timestamp"),
    ("tz", "timestamptz"),
    ("dt", "date"),
    ("iv", "interval"),
    ("va", "varchar(9)[]"),
    ("ta", "text[]"),
    ("ia", "integer[]"),
    ("j", "jsonb"),
];

/// Expressions without operands, of each sort.
const CONDITIONS: &[&str] = &[
    "v IN ('a', 'b')",
    "v NOT IN ('a', 'b', 'c')",
    "c IN ('a', 'b')",
    "t IN ('a')",
    "t = ANY (ARRAY['a', 'b'])",
    "v = ANY ('{a,b}')",
    "v = ANY (va)",
    "n IN (1, 2, 3)",
    "s IN (1, 2)",
    "m IN (1, 2.5)",
    "n BETWEEN 1 AND 5",
    "n NOT BETWEEN s AND 5",
    "m BETWEEN SYMMETRIC 5 AND 1.5",
    "v BETWEEN 'a' AND 'm'",
    "dt BETWEEN '2020-01-01' AND date '2021-01-01' + 3",
    "ts BETWEEN '2020-01-01' AND '2021-01-01 12:00'",
    "tz > '2020-01-01 00:00:00+02'",
    "tz AT TIME ZONE 'UTC' > '2020-01-01'",
    "(ts AT TIME ZONE 'Europe/Berlin') < tz",
    "iv > '1 day 2 hours'",
    "iv <= interval '90' minute",
    "v LIKE 'a%'",
    "c NOT LIKE '%b'",
    "t ILIKE 'a\\_%'",
    "v LIKE 'a!%' ESCAPE '!'",
    "v SIMILAR TO '(a|b)%'",
    "t ~ '^[a-z]+$'",
    "v !~* 'x'",
    "b",
    "NOT b",
    "b IS TRUE",
    "b IS NOT FALSE",
    "b IS UNKNOWN",
    "v IS NULL",
    "n IS DISTINCT FROM 1",
    "v IS NOT DISTINCT FROM 'a'",
    "(n, v) = (1, 'a')",
    "(n, m) < (s, 2)",
    "va && ARRAY['a', 'b']::varchar[]",
    "ta @> ARRAY['a']",
    "n = ALL (ia)",
    "ia[1] > 0",
    "va[1:2] = '{a,b}'",
    "j ? 'a'",
    "j ->> 'a' = 'x'",
    "j #>> '{a,b}' IS NULL",
    "j @> '{\"a\": 1}'",
    "(j ->> 'n')::int > 5",
    "length(v) > 0 AND v <> ''",
    "n::text LIKE '1%'",
    "v::text IN ('a', 'b')",
    "nullif(btrim(v), '') IS NOT NULL",
    "coalesce(v, t) = 'x'",
    "greatest(n, s) > 0",
    "extract(year FROM ts) > 2000",
    "date_trunc('day', ts) = ts",
    "position('a' IN v) > 0",
    "substring(v FROM 1 FOR 2) = 'ab'",
    "v COLLATE \"C\" > 'a'",
    "d = 1.5 OR d = 'NaN'",
    "n = 1::bigint",
    "n % 2 = 0",
    "-n < +5",
    "n & 3 = 1",
    "m::int = n",
    "dt + 1 > '2020-01-01'",
    "ts + interval '1 day' > ts",
    "ts - '1 day'::interval > '2020-01-01'",
    "age(ts, ts) < '1 mon'",
    "cardinality(va) = 0",
    "v = 'a' || 'b'",
    "v || t = 'ab'",
    "CASE v WHEN 'a' THEN b WHEN 'b' THEN NOT b ELSE n > 1 END",
];

const TEXTS: &[&str] = &[
    "v",
    "c",
    "t",
    "'a'::varchar",
    "v || 'x'",
    "v || t || 'x'",
    "lower(v)",
    "coalesce(v, 'x')",
    "v::text",
    "c::text",
    "v::char(3)",
    "n::varchar(3)",
    "substring(t FROM 2)",
    "trim(BOTH ' ' FROM t)",
    "overlay(v PLACING 'a' FROM 1)",
    "j ->> 'a'",
    "ta[1]",
    "va[1]",
    "nullif(v, '')",
    "CAST(m AS text)",
    "CASE WHEN v IN ('a', 'b') THEN v ELSE 'other' END",
];

const DEFAULTS: &[(&str, &[&str])] = &[
    (
        "varchar(20)",
        &[
            "'a'",
            "'a'::varchar",
            "'a'::text",
            "'draft' || 'x'",
            "upper('x')",
            "current_user",
            "NULL",
        ],
    ),
    ("char(5)", &["'a'", "'a'::char", "'ab'::bpchar"]),
    (
        "text",
        &[
            "'it''s'",
            "E'a\\nb'",
            "'a'::varchar(3)",
            "concat('a', 1)",
            "CASE WHEN 1 IN (1, 2) THEN 'a' ELSE 'b' END",
        ],
    ),
    ("integer", &["1", "-1", "1 + 2", "'7'", "1.6", "length('abc')", "(2)::bigint"]),
    ("smallint", &["1", "'1'::smallint", "-1"]),
    ("numeric(10,2)", &["1", "1.50", "'1'", "-1.5", "1::numeric / 3"]),
    ("double precision", &["1", "1.5e3", "'Infinity'", "random()"]),
    ("boolean", &["true", "'t'", "1 = 1", "1 BETWEEN 0 AND 2 AND true", "'a' IN ('a', 'b')"]),
    (
        "timestamp",
        &[
            "now()",
            "'2020-01-01'",
            "(now() AT TIME ZONE 'utc')",
            "timezone('utc', now())",
            "localtimestamp",
            "CURRENT_TIMESTAMP(3)",
        ],
    ),
    (
        "timestamptz",
        &[
            "now()",
            "CURRENT_TIMESTAMP",
            "'2020-01-01 00:00:00+02'",
            "now() + '1 day'",
            "date_trunc('month', now())",
            "'infinity'",
        ],
    ),
    (
        "date",
        &[
            "current_date",
            "'2020-01-01'",
            "now()",
            "current_date + 7",
            "(now() AT TIME ZONE 'utc')::date",
        ],
    ),
    ("interval", &["'1 day'", "interval '1' year", "'1 day'::interval * 2", "'90 minutes'"]),
    ("varchar(9)[]", &["'{}'", "ARRAY['a', 'b']", "ARRAY[]::varchar[]", "'{a,b}'::text[]"]),
    (
        "text[]",
        &["'{}'", "ARRAY['a']::varchar[]", "ARRAY['a', 'b']", "string_to_array('a,b', ',')"],
    ),
    ("integer[]", &["'{1,2}'", "ARRAY[1, 2]", "ARRAY[]::int[]"]),
    ("jsonb", &["'{}'", "'{\"a\": [1]}'::jsonb", "jsonb_build_object('a', 1)", "'[]'::json"]),
];

struct Maker(std::vec::IntoIter<u8>);

impl Maker {
    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % end
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn condition(&mut self, depth: usize) -> String {
        let simple = self.pick(CONDITIONS).to_owned();
        if depth == 0 {
            return simple;
        }
        match self.below(9) {
            1 | 2 => format!("{simple} AND {}", self.condition(depth - 1)),
            3 => format!("{simple} OR {}", self.condition(depth - 1)),
            4 => format!("({simple} OR {}) AND b", self.condition(depth - 1)),
            5 => format!("NOT ({})", self.condition(depth - 1)),
            6 => format!("CASE WHEN {simple} THEN {} ELSE false END", self.condition(depth - 1)),
            7 => format!("coalesce({simple}, {})", self.condition(depth - 1)),
            8 => format!("{} IN ('a', {})", self.text(), self.text()),
            _ => simple,
        }
    }

    fn text(&mut self) -> String {
        let one = self.pick(TEXTS);
        match self.below(4) {
            1 => format!("({one}) || ({})", self.pick(TEXTS)),
            2 => {
                format!("CASE WHEN {} THEN {one} ELSE {} END", self.condition(0), self.pick(TEXTS))
            }
            3 => format!("coalesce({one}, {})", self.pick(TEXTS)),
            _ => one.to_owned(),
        }
    }

    fn make(mut self) -> String {
        let mut toml = "[tables.t.columns]\n".to_owned();
        for (name, data_type) in COLUMNS {
            let defaults = DEFAULTS.iter().find(|(it, _)| it == data_type);
            let defaults = defaults.expect("every type has defaults").1;
            let default = self.pick(defaults);
            let _ = writeln!(toml, "{name} = {{ type = \"{data_type}?\", default = {default:?} }}");
        }
        let (flag, word) = (self.condition(2), self.text());
        let _ = writeln!(toml, "g = {{ type = \"boolean?\", generated = {flag:?} }}");
        let _ = writeln!(toml, "w = {{ type = \"text?\", generated = {word:?} }}");
        let _ = writeln!(toml, "\n[tables.t.checks]");
        for number in 0..6 {
            let _ = writeln!(toml, "t_{number} = {:?}", self.condition(3));
        }
        let (key, predicate) = (self.text(), self.condition(2));
        let _ = writeln!(
            toml,
            "\n[tables.t.indexes.t_i]\ncolumns = [{{ expression = {key:?} }}]\nwhere = {predicate:?}"
        );
        let policy = format!("CREATE POLICY p ON t USING ({})", self.condition(2));
        let _ = writeln!(toml, "\n[tables.t.policies]\np = {policy:?}");
        let view = format!(
            "CREATE VIEW x AS SELECT {} AS a FROM t WHERE {}",
            self.text(),
            self.condition(2)
        );
        let _ = writeln!(toml, "\n[views]\nx = {view:?}");
        let view =
            format!("CREATE MATERIALIZED VIEW y AS SELECT n FROM t WHERE {}", self.condition(2));
        let _ = writeln!(toml, "\n[materialized_views]\ny = {view:?}");
        let domain = self.pick(&["'a', 'b'", "'a'", "'x', 'y', 'z'"]);
        let _ = writeln!(
            toml,
            "\n[domains.word]\ntype = \"varchar(9)\"\ncheck = \"VALUE IN ({domain})\"\n\
             \n[domains.size]\ntype = \"integer\"\ndefault = \"1 + 1\"\ncheck = \"VALUE BETWEEN 1 AND 5 AND VALUE <> 3\""
        );
        toml
    }
}
