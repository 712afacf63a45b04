"""The choice between the vector index and an exact search, made by the server.

The index is better without a filter, comparing all rows that pass is better with a
filter that few rows pass. The planner chooses by costs that leave out the reads of
TOASTed vectors, so a statement of settings chooses instead: it estimates on a sample
how many rows pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import orm

from .conditions import Where

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

# How large a table is, or all partitions of one; how many of its rows make a sample;
# with how many rows that pass an exact search is better, without and with an index that
# finds them; and how many rows are in a hundredth of it if a policy hides some, which a
# sample does not see.
SIZE = """
SELECT n, k, 100 * 1000 / n AS part,
  (sqrt((pages * {page}) ^ 2 + 4 * {returned} * {compared} * k * n)
    - pages * {page}) / (2 * {compared}) AS few,
  sqrt({returned} / {compared} * k * n) AS few_indexed,
  CASE WHEN row_security_active(CAST(CAST(:relation AS text) AS regclass))
    THEN n / 100 ELSE 0 END AS hundredth
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
# About 1,000 rows of pages at random; four times as many if few of them pass.
ONCE = "TABLESAMPLE SYSTEM ((SELECT least(100, part) FROM search_size))"
TWICE = "TABLESAMPLE SYSTEM ((SELECT least(100, 4 * part) FROM search_size))"
UNDECIDED = """(SELECT once.passed < 25 AND part < 100
  AND greatest(once.seen, hundredth * part) < 8 * n / few
FROM search_once once, search_size)"""
# How many rows pass.
EVERY = "SELECT *, n AS f, 1::float8 AS share FROM search_size"
SOME = """SELECT *, n * passed / seen AS f, greatest(passed, 0.5)::float8 / seen AS share
FROM search_size, (
  SELECT coalesce(twice.passed, once.passed) AS passed,
    greatest(coalesce(twice.seen, once.seen), 1,
      hundredth * least(100, CASE WHEN twice.seen IS NULL THEN 1 ELSE 4 END * part)
    ) AS seen
  FROM search_size, search_once once LEFT JOIN search_twice twice ON true) sample"""
CHOICE = """
SELECT *, {one_pass} AS one_pass FROM (
  SELECT f < few AS exact, f >= few_indexed AS force,
    greatest({least}, ({wanted}) / share)
      * greatest(1, 16.0 / {m}) ^ 1.5 * greatest(1, n / 1e5) ^ 0.5 AS effort
  FROM ({estimate}) estimate) choice
"""
# What the search needs until it ends.
SETTINGS = {
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
NAMES = [*SETTINGS, "ivfflat.probes", "ivfflat.iterative_scan"]
BEFORE = ", ".join(f"current_setting('{name}', true)" for name in NAMES)
TOLD = {
    "exact": "exact",
    "effort": "least(1000, ceil(effort))::int",
    "one_pass": "one_pass",
    "before": f"ARRAY[{BEFORE}]",
} | {
    f"s{i}": f"set_config('{name}', {value}, true)"
    for i, (name, value) in enumerate(SETTINGS.items())
}
COLUMNS: list[sa.Label[Any]] = [
    sa.literal_column(sql).label(name) for name, sql in TOLD.items()
]
COUNTS: list[sa.ColumnElement[int]] = [
    sa.literal_column("passed"),
    sa.literal_column("seen"),
]


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


def sampled(table: sa.FromClause, where: Where, sample: str) -> sa.Select[Any]:
    """How many rows of a sample are seen, and how many of them pass. What follows this
    statement follows the table."""
    number = sa.func.count()
    columns = (number.filter(*where).label("passed"), number.label("seen"))
    counts = sa.select(*columns).select_from(table).suffix_with(sa.text(sample))
    return cast("sa.Select[Any]", counts)


def is_of(table: sa.FromClause, where: Where) -> bool:
    """Whether conditions are of one table, and join no other."""
    return all(it is table for condition in where for it in condition._from_objects)


# Parts of the statement that are the same for all searches by an index are made once.
CHOSEN = sa.select(*COLUMNS).select_from(sa.text("search_choice"))


@cache
def size_of(bytes_: int) -> sa.CTE:
    """The size of the table ``:relation`` for ``:k`` rows."""
    costs = {"page": PAGE, "returned": RETURNED, "compared": COMPARED + BYTE * bytes_}
    return sa.text(SIZE.format(**costs)).columns().cte("search_size")


@cache
def choice_of(m: int, one_pass: bool, few: bool, is_sampled: bool) -> sa.CTE:
    """What is chosen for few rows or many."""
    text = CHOICE.format(
        one_pass="effort <= 1000" if one_pass else "false",
        least=LEAST_EFFORT,
        wanted="k + sqrt(k) + 1" if few else "(k + k / 8) / 2",
        m=max(m, 1),
        estimate=SOME if is_sampled else EVERY,
    )
    return sa.text(text).columns().cte("search_choice")


@cache
def unsampled(size: tuple[int, int], one_pass: bool, few: bool) -> sa.Select[Any]:
    """The statement for a search that tries no filter."""
    bytes_, m = size
    return CHOSEN.add_cte(size_of(bytes_), choice_of(m, one_pass, few, False))


def choose(
    model: type[Any], where: Where, k: int, size: tuple[int, int], one: bool
) -> sa.Select[Any]:
    """The statement that chooses, and sets what a search for ``:k`` rows of the table
    ``:relation`` needs. It returns whether the search is exact, hnsw.ef_search, whether
    the scan ends after one pass, and the settings as they were. More passes would return
    the first rows that pass the filter, near or not. `size`: the bytes of a vector, and m
    of the index."""
    few = k <= ONE_PASS
    one_pass = one and bool(where) and few
    table = orm.class_mapper(model).local_table
    # With other tables, pairs of rows would be counted.
    if not where or not is_of(table, where):
        return unsampled(size, one_pass, few)
    bytes_, m = size
    once = sampled(table, where, ONCE).cte("search_once")
    again = sampled(table, where, TWICE).subquery("again")
    undecided: sa.ColumnElement[bool] = sa.literal_column(UNDECIDED)
    twice = sa.select(*COUNTS).select_from(again).where(undecided).cte("search_twice")
    decided = choice_of(m, one_pass, few, True)
    return CHOSEN.add_cte(size_of(bytes_), once, twice, decided)
