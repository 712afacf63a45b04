"""The choice between the vector index and an exact search, made by the server.

The index is better without a filter, comparing all rows that pass is better with a
filter that few rows pass. The planner chooses by costs that leave out the reads of
TOASTed vectors, so a statement of settings chooses instead: it estimates on a sample
how many rows pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.sql.util import ClauseAdapter

from .conditions import Where

__all__: list[str] = []

# Microseconds for a row that the index returns, for a row that is compared and for each
# of its bytes, and for a page that is read from the first to the last.
RETURNED, COMPARED, BYTE, PAGE = 45.0, 2.0, 0.003, 4.0
# The least hnsw.ef_search, and the most rows for which one pass can be enough.
LEAST_EFFORT, ONE_PASS = 64, 400

# A generic plan of earlier runs ignores settings, and matches no partial index.
CUSTOM = {"plan_cache_mode": "force_custom_plan"}
# Only a vector index needs no sort.
FORCED = {"enable_sort": "off"} | CUSTOM
# Another index can find the rows of a filter, by a bitmap scan.
EXACT = {"enable_indexscan": "off"} | CUSTOM

# Of a table, or of the partitions of one.
SIZE = """
SELECT n, k, 100 * 1000 / n AS part,
  (sqrt((pages * {page}) ^ 2 + 4 * {returned} * {compared} * k * n)
    - pages * {page}) / (2 * {compared}) AS few,
  sqrt({returned} / {compared} * k * n) AS few_indexed
FROM (
  SELECT CAST(:k AS float8) AS k, sum(pages)::float8 AS pages,
    greatest(1, sum(pages * CASE WHEN reltuples > 0 AND relpages > 0
      THEN reltuples / relpages ELSE 20 END))::float8 AS n
  FROM (SELECT CAST(CAST(:relation AS text) AS regclass)::oid AS relid
    UNION SELECT relid
    FROM pg_partition_tree(CAST(CAST(:relation AS text) AS regclass)) WHERE isleaf) leaf,
  LATERAL (
    SELECT reltuples, relpages,
      pg_relation_size(oid) / current_setting('block_size')::int AS pages
    FROM pg_class WHERE oid = leaf.relid OFFSET 0) class) total
"""

# What the search needs until it ends, by what was estimated.
CHOICE = {
    "plan_cache_mode": "'force_custom_plan'",
    "jit": "'off'",
    "enable_indexscan": "CASE WHEN exact THEN 'off' ELSE 'on' END",
    "enable_sort": "CASE WHEN NOT exact AND force THEN 'off' ELSE 'on' END",
    "enable_seqscan": "CASE WHEN exact OR force THEN 'on' ELSE 'off' END",
    "cpu_index_tuple_cost": "CASE WHEN exact OR force THEN '0.005' ELSE '1000' END",
    "hnsw.ef_search": "least(1000, ceil(effort))::int::text",
    "hnsw.iterative_scan": "CASE WHEN one_pass THEN 'off' ELSE 'relaxed_order' END",
    "hnsw.max_scan_tuples": "least(1e9, greatest(20000, 20 * effort))::int::text",
    "hnsw.scan_mem_multiplier": "least(1000, greatest(4, ceil(20 * effort * 400"
    " / pg_size_bytes(current_setting('work_mem')))))::text",
}
# All that searches set.
NAMES = [*CHOICE, "ivfflat.probes", "ivfflat.iterative_scan"]
BEFORE = ", ".join(f"current_setting('{name}', true)" for name in NAMES)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the server has chosen."""

    # Fewer rows than wanted are all there are.
    complete: bool
    # hnsw.ef_search, where the scan ends after one pass.
    one_pass: int | None = None

    def more(self, found: int, wanted: int) -> int | None:
        """hnsw.ef_search for a second pass: where half of the rows were found, the
        others are near."""
        if self.one_pass is None or self.one_pass > ONE_PASS or 2 * found < wanted:
            return None
        return min(1000, 4 * self.one_pass)


def returned(k: int) -> int:
    """How many rows the index returns for the k nearest: the last ones of many are those
    that a first pass misses."""
    return k + k // 8 if k > ONE_PASS else k


def sampled(
    table: sa.FromClause, where: Where, part: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    """How many rows of pages at random are seen, and how many of them pass."""
    name = getattr(table, "name", None)
    some = sa.tablesample(table, sa.func.system(part), name=name)
    passes = ClauseAdapter(some).traverse(sa.and_(*where))
    number = sa.func.count()
    columns = (number.filter(passes).label("passed"), number.label("seen"))
    return sa.select(*columns, part.label("part")).select_from(some)


def choose(
    model: type[Any],
    relation: str,
    where: Where,
    k: int,
    size: tuple[int, int],
    one: bool,
) -> sa.Select[Any]:
    """The statement that chooses, and sets what a search for k rows needs. It returns
    whether the search is exact, hnsw.ef_search, whether the scan ends after one pass, and
    the settings as they were. More passes would return the first rows that pass the
    filter, near or not. `size`: the bytes of a vector, and m of the index."""
    bytes_, m = size
    costs = {"page": PAGE, "returned": RETURNED, "compared": COMPARED + BYTE * bytes_}
    sizes = sa.text(SIZE.format(**costs)).bindparams(k=max(k, 1), relation=relation)
    # Names that no table of a filter has.
    names = ("n", "k", "part", "few", "few_indexed")
    of = sizes.columns(*(sa.column(it, sa.Float) for it in names)).cte("search_size")
    every = (of.c.n.label("f"), *labelled({"share": "1.0"}))
    estimate = sampled_twice(model, where, of) if where else sa.select(of, *every)
    wanted = "k + sqrt(k) + 1" if k <= ONE_PASS else "(k + k / 8) / 2"
    effort = (
        f"greatest({LEAST_EFFORT}, ({wanted}) / share)"
        f" * greatest(1, 16.0 / {max(m, 1)}) ^ 1.5 * greatest(1, n / 1e5) ^ 0.5"
    )
    made = {"exact": "f < few", "force": "f >= few_indexed", "effort": effort}
    effort_of = sa.select(*labelled(made)).select_from(estimate.cte("search_estimate"))
    can = one and bool(where) and k <= ONE_PASS
    one_pass = {"one_pass": "effort <= 1000" if can else "false"}
    some = effort_of.subquery("effort_of")
    choice = sa.select(some, *labelled(one_pass)).subquery("choice")
    told = {
        "exact": "exact",
        "effort": "least(1000, ceil(effort))::int",
        "one_pass": "one_pass",
        "before": f"ARRAY[{BEFORE}]",
    }
    sets = {
        f"s{i}": f"set_config('{n}', {v}, true)"
        for i, (n, v) in enumerate(CHOICE.items())
    }
    return sa.select(*labelled(told | sets)).select_from(choice)


def labelled(columns: dict[str, str]) -> list[sa.Label[Any]]:
    """Columns as SQL, by name."""
    return [sa.literal_column(sql).label(name) for name, sql in columns.items()]


def sampled_twice(model: type[Any], where: Where, of: sa.CTE) -> sa.Select[Any]:
    """How many rows of a table pass, by about 1,000 of them, and by four times as many
    where few of those pass."""
    table = orm.class_mapper(model).local_table
    part = sa.select(sa.func.least(100, of.c.part)).scalar_subquery()
    once = sampled(table, where, part).cte("search_once")
    undecided = sa.and_(
        once.c.passed < 25,
        once.c.part < 100,
        once.c.seen < 8 * of.c.n / of.c.few,
    )
    both = once.join(of, sa.true())
    again = sa.select(undecided).select_from(both).scalar_subquery()
    part = sa.select(sa.func.least(100, 4 * of.c.part)).scalar_subquery()
    twice = sampled(table, where, part).where(again).cte("search_twice")
    second = twice.c.seen > 0
    passed = sa.case((second, twice.c.passed), else_=once.c.passed)
    seen = sa.func.greatest(sa.case((second, twice.c.seen), else_=once.c.seen), 1)
    share = sa.cast(sa.func.greatest(passed, 0.5), sa.Float) / seen
    estimate = sa.select(of, (of.c.n * passed / seen).label("f"), share.label("share"))
    return estimate.select_from(both.join(twice, sa.true()))
