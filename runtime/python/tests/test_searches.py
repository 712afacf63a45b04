"""What a search sets and chooses, and maximal marginal relevance."""

import unittest
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

from aludel_runtime.choice import Chosen, choose, returned
from aludel_runtime.mmr import mmr
from aludel_runtime.searches import Method, Search


class Base(orm.DeclarativeBase):
    pass


class Owner(Base):
    __tablename__ = "owners"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)


class Note(Base):
    __tablename__ = "notes"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    body: orm.Mapped[str]


def search(method: Method = "hnsw", **told: Any) -> Search:
    return Search(method=method, k=10, bytes=6152, **told)


class Settings(unittest.TestCase):
    def test_the_server_chooses(self) -> None:
        self.assertIsNone(search().settings())
        self.assertIsNone(search(filter=[Note.id > 1]).settings())

    def test_without_an_index_nothing_is_set(self) -> None:
        self.assertEqual(search("exact").settings(), ({}, True))

    def test_the_caller_can_choose(self) -> None:
        told = search(effort=5000, filter=[Note.id > 1]).settings()
        assert told is not None
        self.assertEqual(told[0]["hnsw.ef_search"], "1000")
        self.assertEqual(told[0]["hnsw.iterative_scan"], "off")
        self.assertEqual(told[0]["enable_sort"], "off")
        self.assertFalse(told[1])
        told = search(iterative_scan="strict_order", max_scan_tuples=0).settings()
        assert told is not None
        self.assertEqual(told[0]["hnsw.iterative_scan"], "strict_order")
        self.assertEqual(told[0]["hnsw.max_scan_tuples"], "1")
        self.assertTrue(told[1])
        told = search(exact=True).settings()
        assert told is not None
        self.assertEqual(told[0]["enable_indexscan"], "off")

    def test_ivfflat_has_no_strict_order(self) -> None:
        told = search("ivfflat", iterative_scan="strict_order", effort=0).settings()
        assert told is not None
        self.assertEqual(told[0]["ivfflat.iterative_scan"], "relaxed_order")
        self.assertEqual(told[0]["ivfflat.probes"], "1")
        told = search("ivfflat", effort=3).settings()
        assert told is not None
        self.assertEqual(told[0]["ivfflat.iterative_scan"], "off")


class Choice(unittest.TestCase):
    def sql(self, where: Any, k: int = 10) -> str:
        made = choose(Note, where, k, (6152, 8), True)
        dialect: Any = postgresql.dialect
        return str(made.compile(dialect=dialect()))

    def test_a_filter_is_tried_on_a_sample(self) -> None:
        self.assertNotIn("TABLESAMPLE", self.sql([]))
        sql = self.sql([Note.body == "x"])
        # No other table comes between.
        self.assertEqual(sql.count("FROM notes TABLESAMPLE SYSTEM"), 2)
        self.assertIn("effort <= 1000", sql)
        self.assertNotIn("effort <= 1000", self.sql([Note.body == "x"], 401))

    def test_what_does_not_differ_is_made_once(self) -> None:
        size = (6152, 8)
        self.assertIs(choose(Note, [], 1, size, True), choose(Note, [], 9, size, True))
        self.assertIsNot(
            choose(Note, [], 1, size, True), choose(Note, [], 401, size, True)
        )

    def test_of_other_tables_no_pairs_of_rows_are_counted(self) -> None:
        self.assertNotIn("TABLESAMPLE", self.sql([Note.id == Owner.id]))
        # What a subquery reads is no pair.
        known = sa.select(Owner.id).where(Owner.id == Note.id).exists()
        self.assertIn("TABLESAMPLE", self.sql([known]))

    def test_a_second_pass_is_for_rows_that_are_near(self) -> None:
        self.assertEqual(Chosen(False, 100).more(5, 10), 400)
        self.assertEqual(Chosen(False, 400).more(9, 10), 1000)
        self.assertIsNone(Chosen(False, 100).more(4, 10))
        self.assertIsNone(Chosen(False, 401).more(9, 10))
        self.assertIsNone(Chosen(False).more(9, 10))
        self.assertEqual((returned(400), returned(800)), (400, 900))


class Mmr(unittest.TestCase):
    def test_variety_counts(self) -> None:
        near = [[1.0, 0.0], [0.99, 0.01], [0.6, 0.8]]
        self.assertEqual(mmr([1.0, 0.0], near, 2, 1.0), [0, 1])
        self.assertEqual(mmr([1.0, 0.0], near, 2, 0.3), [0, 2])
        self.assertEqual(mmr([1.0, 0.0], [], 2, 0.5), [])


if __name__ == "__main__":
    unittest.main()
