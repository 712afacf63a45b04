//! The changes that are measured.

/// A change of the declaration: what is replaced in it by what; an empty text stands for its end.
pub(crate) struct Change {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    edits: &'static [(&'static str, &'static str)],
}

impl Change {
    /// The declaration after it.
    pub(crate) fn apply(&self, declaration: &str) -> String {
        let mut text = declaration.to_owned();
        for (from, to) in self.edits {
            assert!(text.contains(from), "{}: no `{from}`", self.name);
            text = if from.is_empty() { text + to } else { text.replacen(from, to, 1) };
        }
        text
    }
}

const fn change(name: &'static str, edits: &'static [(&'static str, &'static str)]) -> Change {
    Change { name, edits }
}

/// The line that a column of `items` is put before.
const ITEMS: &str = "e        = \"vector(16)\"";
const PARTITION_2025: &str = "[tables.events_2025]\npartition_of = \"events\"\n\
     values = \"FROM ('2025-01-01') TO ('2026-01-01')\"";
const TABLE_2025: &str = "[tables.events_2025]\nindexes = { events_2025_id_idx = [\"id\"] }\n\n\
     [tables.events_2025.columns]\nid = \"bigint\"\nday = \"date\"\namount = \"integer\"\n\
     note = { type = \"integer\", default = 0 }";
const TABLE_2026: &str = "[tables.events_2026]\nindexes = { events_2026_id_idx = [\"id\"] }\n\n\
     [tables.events_2026.columns]\nid     = \"bigint\"\nday    = \"date\"\namount = \"integer\"\n\
     note   = { type = \"integer\", default = 0 }";
const PARTITION_2026: &str = "[tables.events_2026]\npartition_of = \"events\"\n\
     values = \"FROM ('2026-01-01') TO ('2027-01-01')\"";

/// All of them.
pub(crate) const CHANGES: &[Change] = &[
    change("SET NOT NULL", &[("\"integer?\"", "\"integer\"")]),
    change(
        "CHECK added",
        &[("", "\n[tables.items.checks]\nitems_amount_check = \"amount >= 0\"\n")],
    ),
    change(
        "FOREIGN KEY added",
        &[(
            "owner_id = \"bigint\"",
            "owner_id = { type = \"bigint\", references = \"owners.id\" }",
        )],
    ),
    change("UNIQUE added", &[("", "\n[tables.items.uniques]\nitems_code_key = [\"code\"]\n")]),
    change(
        "index added",
        &[("", "\n[tables.items.indexes.items_amount_idx]\ncolumns = [\"amount\"]\n")],
    ),
    change(
        "HNSW index added",
        &[(
            "",
            "\n[tables.items.indexes.items_cosine_idx]\nmethod = \"hnsw\"\n\
             columns = [{ name = \"e\", metric = \"cosine\" }]\n",
        )],
    ),
    change("HNSW index replaced (`m`)", &[("m = 16", "m = 8")]),
    change(
        "primary key replaced",
        &[(
            "[tables.items]\nprimary_key = [\"id\"]",
            "[tables.items]\nprimary_key = [\"id\", \"owner_id\"]",
        )],
    ),
    change(
        "column added, constant default",
        &[(ITEMS, "extra = { type = \"text\", default = \"'x'\" }\ne = \"vector(16)\"")],
    ),
    change(
        "column added, volatile default",
        &[(
            ITEMS,
            "extra = { type = \"uuid\", default = \"gen_random_uuid()\" }\ne = \"vector(16)\"",
        )],
    ),
    change(
        "identity column added",
        &[(ITEMS, "extra = { type = \"bigint\", identity = \"always\" }\ne = \"vector(16)\"")],
    ),
    change("varchar longer, under an expression index", &[("varchar(20)", "varchar(40)")]),
    change(
        "collation, of an indexed column",
        &[("label    = \"text\"", "label = { type = \"text\", collation = \"POSIX\" }")],
    ),
    change("integer to bigint", &[("amount   = \"integer\"", "amount = \"bigint\"")]),
    change(
        "integer to bigint, `expand`",
        &[("amount   = \"integer\"", "amount = { type = \"bigint\", on_change = \"expand\" }")],
    ),
    change("vector to halfvec, under HNSW", &[("\"vector(16)\"", "\"halfvec(16)\"")]),
    change(
        "vector to halfvec, under HNSW, `expand`",
        &[("\"vector(16)\"", "{ type = \"halfvec(16)\", on_change = \"expand\" }")],
    ),
    change("label of an enum removed", &[(", \"void\"]", "]")]),
    change(
        "partition created",
        &[(
            "",
            "\n[tables.events_2027]\npartition_of = \"events\"\n\
             values = \"FROM ('2027-01-01') TO ('2028-01-01')\"\n",
        )],
    ),
    change("partition attached", &[(TABLE_2026, PARTITION_2026)]),
    change("partition detached", &[(PARTITION_2025, TABLE_2025)]),
    change(
        "index of a partitioned table added",
        &[(
            "{ events_id_idx = [\"id\"] }",
            "{ events_id_idx = [\"id\"], events_amount_idx = [\"amount\"] }",
        )],
    ),
    change(
        "CHECK of a partitioned table added",
        &[("", "\n[tables.events.checks]\nevents_amount_check = \"amount >= 0\"\n")],
    ),
    change(
        "column, CHECK and index added together",
        &[
            (ITEMS, "extra = \"text?\"\ne = \"vector(16)\""),
            (
                "",
                "\n[tables.items.checks]\nitems_amount_check = \"amount >= 0\"\n\
                 \n[tables.items.indexes.items_amount_idx]\ncolumns = [\"amount\"]\n",
            ),
        ],
    ),
    change("column dropped", &[("price    = \"integer?\"\n", "")]),
];
