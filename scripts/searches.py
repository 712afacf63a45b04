"""Searches by a vector: the strategy of generated code against hand-written searches.

Started by `scripts/measure searches`; needs psycopg, sqlalchemy and numpy. For tables of several sizes, filters and k it
compares three searches, alternating in one run:

- index: hand-written, forced to use the index; of several values of hnsw.ef_search and hnsw.iterative_scan the
  fastest with a mean recall of at least 0.95 and all rows
- exact: hand-written, without the vector index
- before: what generated code sent before (for comparison)
- ours: the statements that generated code sends, see docs/searches.md

Each sends its settings and its search in one round trip, prepared. A search that is repeated by our strategy
is counted with the repetition. Time is the median over queries of the least time of a query. The table has the ratio of our time to the better of the two, our recall and our rows.

    searches.py build [TABLE…]      create and fill the tables (database measure_searches)
    searches.py run [TABLE…] [-k K] [--json FILE]
    searches.py table FILE…         Markdown table of the results
    searches.py drop
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import struct
import sys
import time
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from psycopg.adapt import Dumper
from psycopg.pq import Format
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

# What generated code sends is measured, not a copy of it.
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../runtime/python"))
from aludel_runtime.choice import EXACT, FORCED, Chosen, choose, returned  # noqa: E402

DATABASE = "measure_searches"
# name: rows, dimensions, bytes of text, m
TABLES = {
    "r1k": (1_000, 1536, 80, 16),
    "r10k": (10_000, 1536, 80, 16),
    "r24k": (24_001, 1536, 80, 16),
    "r100k": (100_000, 1536, 80, 16),
    "r10k_2kb": (10_000, 1536, 2000, 16),
    "r24k_2kb": (24_001, 1536, 2000, 16),
    "r1m": (1_000_000, 128, 80, 8),
}
QUERIES, FEW, RUNS = 12, 4, 2


def url(database: str) -> str:
    return os.environ["ALUDEL_TEST_URL"].rsplit("/", 1)[0] + "/" + database


def vectors(n: int, dims: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping clusters of unequal size in 40 dimensions, carried into `dims`, with noise.

    The million vectors of 128 dimensions lie between two centers each: an index with m = 8 does not connect
    separate clusters of a million rows, and needs an ef_search of 1,000 for any search.
    """
    fixed = np.random.default_rng(7)
    centers = fixed.normal(size=(200, 40)).astype("f4")
    sizes = 1 / np.arange(1, 201) ** 0.8
    lift = fixed.normal(size=(40, dims)).astype("f4") / np.sqrt(40)
    draw = np.random.default_rng(seed)
    cluster = draw.choice(200, size=n, p=sizes / sizes.sum())
    out = np.empty((n, dims), "f4")
    for a in range(0, n, 20_000):
        b = min(n, a + 20_000)
        middle = centers[cluster[a:b]]
        if dims == 128:
            part = draw.uniform(0.5, 1, size=(b - a, 1)).astype("f4")
            middle = part * middle + (1 - part) * centers[draw.permutation(cluster[a:b])]
        z = middle + 0.9 * draw.normal(size=(b - a, 40)).astype("f4")
        x = z @ lift + 0.25 * draw.normal(size=(b - a, dims)).astype("f4")
        out[a:b] = x / np.linalg.norm(x, axis=1, keepdims=True)
    return out, cluster


class VectorDumper(Dumper):
    format = Format.BINARY

    def dump(self, v: np.ndarray) -> bytes:
        return struct.pack(">hh", len(v), 0) + v.astype(">f4").tobytes()


def connect() -> psycopg.Connection[Any]:
    c = psycopg.connect(url(DATABASE), autocommit=True)
    row = c.execute("SELECT 'vector'::regtype::oid, '[1]'::vector").fetchone()
    assert row
    VectorDumper.oid = row[0]
    c.adapters.register_dumper(np.ndarray, VectorDumper)
    return c


def build(names: list[str]) -> None:
    with psycopg.connect(url("postgres"), autocommit=True) as c:
        if not c.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            c.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0")
    with psycopg.connect(url(DATABASE), autocommit=True) as c:
        c.execute("CREATE EXTENSION IF NOT EXISTS vector")
        for name in names:
            rows, dims, text, m = TABLES[name]
            began = time.time()
            c.execute(f"DROP TABLE IF EXISTS {name}")
            # 250 bytes stand for the other columns of a table. `r` and `rb` are 0 to 9,999 at random.
            c.execute(
                f"CREATE TABLE {name} (id bigint PRIMARY KEY, body text NOT NULL, other text NOT NULL,"
                " r int NOT NULL, rb int NOT NULL, tenant int NOT NULL,"
                f" embedding vector({dims}) NOT NULL)"
            )
            c.execute(f"ALTER TABLE {name} ALTER body SET STORAGE PLAIN, ALTER other SET STORAGE PLAIN")
            data, cluster = vectors(rows, dims, 1)
            numbers = np.random.default_rng(3).integers(0, 10_000, (rows, 2))
            body, other = b"x" * (text if text < 1000 else 1600), b"y" * 250
            with c.cursor().copy(f"COPY {name} FROM STDIN WITH (FORMAT binary)") as copy:
                copy.write(b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0))
                for i in range(rows):
                    v = struct.pack(">hh", dims, 0) + data[i].astype(">f4").tobytes()
                    texts = b"".join(struct.pack(">i", len(t)) + t for t in (body, other))
                    ints = struct.pack(">iiiiii", 4, numbers[i, 0], 4, numbers[i, 1], 4, cluster[i])
                    copy.write(struct.pack(">hiq", 7, 8, i) + texts + ints + struct.pack(">i", len(v)) + v)
                copy.write(struct.pack(">h", -1))
            c.execute("SET maintenance_work_mem = '2GB'")
            c.execute(f"CREATE INDEX ON {name} (rb)")
            c.execute(f"CREATE INDEX ON {name} (tenant)")
            c.execute(f"CREATE INDEX {name}_v ON {name} USING hnsw (embedding vector_cosine_ops) WITH (m = {m})")
            c.execute(f"VACUUM ANALYZE {name}")
            print(f"{name}: {time.time() - began:.0f} s", flush=True)


# ---------------------------------------------------------------- the strategy


class Base(orm.DeclarativeBase):
    pass


def model_of(table: str) -> type[Base]:
    return type(table, (Base,), {"__tablename__": table, "id": orm.mapped_column(sa.BigInteger, primary_key=True)})


def settings_sql(model: type[Base], where: str | None, k: int, value_bytes: int, m: int) -> str:
    """The statement that generated code sends before a search."""
    conditions = [sa.type_coerce(sa.text(where), sa.Boolean())] if where else []
    made = choose(model, model.__tablename__, conditions, k, (value_bytes, m), True)
    dialect: Any = postgresql.dialect
    options = {"literal_binds": True}
    return str(made.compile(dialect=dialect(paramstyle="named"), compile_kwargs=options))


def settings_of(pairs: dict[str, str]) -> list[str]:
    return [f"{name} = {value}" for name, value in pairs.items()]


def search_sql(table: str, where: str | None, limit: int) -> str:
    """The nearest rows, in the order of the plan, which is that of the distance only nearly."""
    condition = f"WHERE {where} " if where else ""
    return f"SELECT id, body, embedding <=> %s AS distance FROM {table} {condition}ORDER BY embedding <=> %s LIMIT {limit}"


# ---------------------------------------------------------------- measuring

Found = tuple[float, list[int], str]


class Bench:
    def __init__(self, table: str) -> None:
        self.table, (_, self.dims, _, self.m) = table, TABLES[table]
        self.model = model_of(table)
        self.truth: dict[str, list[list[int]]] = {}
        self.c = connect()

    def send(self, settings: list[str], sql: str, query: np.ndarray, first: str | None = None) -> tuple[float, Any, Any]:
        """Settings and a search in one round trip."""
        began = time.perf_counter()
        with self.c.pipeline():
            self.c.execute("BEGIN READ ONLY")
            chosen = self.c.execute(first, prepare=True) if first else None
            if settings:
                self.c.execute("".join(f"SELECT set_config({', true), set_config('.join(self.pair(s) for s in settings)}, true)"))
            found = self.c.execute(sql, [query, query], prepare=True)
            self.c.execute("COMMIT")  # psycopg forgets prepared statements at ROLLBACK
        rows = [row[0] for row in sorted(found.fetchall(), key=lambda row: row[2])]
        return (time.perf_counter() - began) * 1e3, rows, chosen.fetchone() if chosen else None

    @staticmethod
    def pair(setting: str) -> str:
        name, value = setting.split(" = ")
        return f"'{name}', '{value}'"

    def exact(self, where: str | None, k: int, query: np.ndarray) -> Found:
        ms, rows, _ = self.send(settings_of(EXACT), search_sql(self.table, where, k), query)
        return ms, rows, ""

    def index(self, ef: int, scan: str, where: str | None, k: int, query: np.ndarray) -> Found:
        settings = [*settings_of(FORCED), f"hnsw.ef_search = {ef}", f"hnsw.iterative_scan = {scan}"]
        ms, rows, _ = self.send(settings, search_sql(self.table, where, returned(k)), query)
        return ms, rows[:k], ""

    def before(self, where: str | None, k: int, query: np.ndarray) -> Found:
        settings = []
        if where or k > 40:
            settings = ["enable_seqscan = off", "plan_cache_mode = force_custom_plan", "hnsw.iterative_scan = strict_order"]
        if k > 40:
            settings.append(f"hnsw.ef_search = {min(k, 1000)}")
        ms, rows, _ = self.send(settings, search_sql(self.table, where, k), query)
        return ms, rows, ""

    def ours(self, where: str | None, k: int, query: np.ndarray) -> Found:
        first = settings_sql(self.model, where, k, 4 * self.dims + 8, self.m)
        sql = search_sql(self.table, where, returned(k))
        ms, rows, (exact, effort, one_pass, *_) = self.send([], sql, query, first)
        way, chosen = "exact" if exact else "index", Chosen(exact, effort if one_pass else None)
        if len(rows) < k and not exact:
            wider = chosen.more(len(rows), k)
            if wider is not None:
                settings = [*settings_of(FORCED), f"hnsw.ef_search = {wider}", "hnsw.iterative_scan = off"]
                more, rows, _ = self.send(settings, sql, query)
                ms, way = ms + more, "index twice"
            if len(rows) < k:
                more, rows, _ = self.send(settings_of(EXACT), sql, query)
                ms, way = ms + more, way + ", exact"
        return ms, rows[:k], way

    def cell(self, name: str, where: str | None, k: int, queries: list[np.ndarray]) -> dict[str, Any]:
        searches: dict[str, Any] = {"exact": self.exact, "ours": self.ours, "before": self.before}
        for ef in (40, 100, 200, 400, 1000):
            def index(*args: Any, ef: int = ef) -> Found:
                return self.index(ef, "relaxed_order", *args)
            searches[f"index {ef}"] = index
        if name not in self.truth:
            self.truth[name] = [self.exact(where, 1000, q)[1] for q in queries]
        truth = [set(ids[:k]) for ids in self.truth[name]]
        ms: dict[str, list[list[float]]] = {s: [[] for _ in queries] for s in searches}
        recall: dict[str, list[float]] = {s: [1.0] * len(queries) for s in searches}
        rows: dict[str, list[float]] = {s: [1.0] * len(queries) for s in searches}
        ways: list[str] = []
        for run in range(RUNS):
            for i, query in enumerate(queries):
                for s in random.sample(list(searches), len(searches)):
                    # Their times hardly depend on the query.
                    if i >= FEW and s in ("exact", "before") and ms["exact"][0][0] > 20:
                        continue
                    took, ids, way = searches[s](where, k, query)
                    ms[s][i].append(took)
                    recall[s][i] = len(truth[i] & set(ids)) / len(truth[i]) if truth[i] else 1.0
                    rows[s][i] = len(ids) / len(truth[i]) if truth[i] else 1.0
                    if s == "ours" and run:
                        ways.append(way)
            least = min(statistics.median(min(t) for t in ms[s] if t) for s in ms)
            for s in [s for s in searches if s.startswith("index")]:
                if statistics.median(min(t) for t in ms[s] if t) > 4 * least + 1:
                    del searches[s]
        # Of the queries that were run.
        recall = {s: [x for x, t in zip(recall[s], ms[s]) if t] for s in ms}
        rows = {s: [x for x, t in zip(rows[s], ms[s]) if t] for s in ms}
        mean = {s: statistics.mean(recall[s]) for s in recall}
        time_of = {s: statistics.median(min(t) for t in ms[s] if t) for s in ms}
        good = [s for s in ms if s.startswith("index") and mean[s] >= 0.95 and statistics.mean(rows[s]) > 0.999]
        index_best = min(good, key=time_of.__getitem__, default=None)
        best = min(time_of["exact"], time_of[index_best] if index_best else 1e9)
        return {
            "table": self.table, "filter": name, "k": k, "exact": time_of["exact"], "way": max(set(ways), key=ways.count),
            "ways": {w: ways.count(w) for w in set(ways)}, "index": time_of[index_best] if index_best else None,
            "index_by": index_best, "ours": time_of["ours"], "ratio": time_of["ours"] / best, "recall": mean["ours"],
            "rows": statistics.mean(rows["ours"]), "before": time_of["before"] / best, "before_recall": mean["before"],
            "before_rows": statistics.mean(rows["before"]), "all": time_of, "recalls": mean,
        }


FILTERS = {
    "none": None, "10 %": "r < 1000", "1 %": "r < 100", "0.1 %": "r < 10", "0 %": "r < 0",
    "10 %, indexed": "rb < 1000", "1 %, indexed": "rb < 100", "0.1 %, indexed": "rb < 10",
    "own tenant, 10 %": "tenant = 0", "own tenant, 1 %": "tenant = 17",
    "other tenant, 10 %": "tenant = 0", "other tenant, 1 %": "tenant = 17",
}


def run(tables: list[str], ks: list[int], filters: list[str], file: str | None) -> None:
    results = []
    for table in tables:
        bench = Bench(table)
        pool, cluster = vectors(1000, TABLES[table][1], 99)
        for name in filters:
            where = FILTERS[name]
            of = range(1000)
            if "tenant" in name and where:
                n = int(where.split()[-1])
                of = [i for i in of if (cluster[i] == n) == name.startswith("own")]
            queries = [pool[i] for i in of[:QUERIES]]
            for k in ks:
                if k == 40 and name not in ("none", "1 %"):
                    continue
                r = bench.cell(name, where, k, queries)
                results.append(r)
                index = f"{r['index']:8.1f} ({r['index_by'][6:]})" if r["index"] else "       -"
                print(
                    f"{table:9} {name:19} k={k:<4} exact {r['exact']:7.1f} index {index:15} ours {r['ours']:7.1f}"
                    f" x{r['ratio']:.2f} recall {r['recall']:.3f} rows {r['rows']:.2f} {r['ways']}"
                    f" | before x{r['before']:.1f} {r['before_recall']:.2f} {r['before_rows']:.2f}", flush=True,
                )
                if file:
                    with open(file, "w") as f:
                        json.dump(results, f, indent=1)


def table(files: list[str]) -> None:
    """Markdown: a line for a table and a filter; for each k our time, its ratio to the best, and the recall."""
    results = []
    for name in files:
        with open(name) as f:
            results += json.load(f)
    # Of a search measured again, the last.
    results = list({(r["table"], r["filter"], r["k"]): r for r in results}.values())
    ks = sorted({r["k"] for r in results})
    print("| rows | filter | " + " | ".join(f"k = {k}" for k in ks) + " |")
    print("| --- " * (len(ks) + 2) + "|")
    cells = {(r["table"], r["filter"], r["k"]): r for r in results}
    for of, name in dict.fromkeys((r["table"], r["filter"]) for r in results):
        line = []
        for k in ks:
            r = cells.get((of, name, k))
            if not r:
                line.append("")
                continue
            best = "index" if r["index"] and r["index"] < r["exact"] else "exact"
            least = min(r["exact"], r["index"] or 1e9)
            recall = "" if r["recall"] >= 0.9995 else f", recall {r['recall']:.2f}"
            rows = "" if r["rows"] >= 0.9995 else f", rows {r['rows']:.2f}"
            line.append(f"{least:.1f} ({best}), ×{r['ratio']:.1f}{recall}{rows}")
        print(f"| {of} | {name} | " + " | ".join(line) + " |")
    print(file=sys.stderr)
    for part, of in (("all", results), ("without tenants", [r for r in results if "tenant" not in r["filter"]])):
        within = [r for r in of if r["ratio"] <= 1.3 or r["ours"] - min(r["exact"], r["index"] or 1e9) <= 1]
        right = [r for r in of if r["recall"] >= 0.95 and r["rows"] >= 0.9995]
        before = [r for r in of if r["before"] <= 1.3 and r["before_recall"] >= 0.95 and r["before_rows"] >= 0.9995]
        both = [r for r in right if r in within]
        print(
            f"{part}: {len(of)} searches; within 1.3 or 1 ms: {len(within)}; recall and rows: {len(right)}; both:"
            f" {len(both)}; median ratio {statistics.median(r['ratio'] for r in of):.2f}; before: {len(before)}",
            file=sys.stderr,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["build", "run", "table", "drop"])
    parser.add_argument("names", nargs="*")
    parser.add_argument("-k", type=int, action="append")
    parser.add_argument("--filter", action="append", choices=list(FILTERS))
    parser.add_argument("--json")
    a = parser.parse_args()
    if a.command == "build":
        build(a.names or list(TABLES))
    elif a.command == "run":
        run(a.names or list(TABLES), a.k or [1, 10, 40, 100, 1000], a.filter or list(FILTERS), a.json)
    elif a.command == "table":
        table(a.names)
    elif a.command == "drop":
        with psycopg.connect(url("postgres"), autocommit=True) as c:
            c.execute(f"DROP DATABASE IF EXISTS {DATABASE}")


if __name__ == "__main__":
    main()
