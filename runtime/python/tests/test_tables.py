"""Objects that read and write rows, and what they see in a model."""

import unittest

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from aludel_runtime import encoders
from aludel_runtime.bits import Bits
from aludel_runtime.kinds import bare, encoder, is_printed_as, printed
from aludel_runtime.reads import Keyed
from aludel_runtime.shapes import Create, Cursor
from aludel_runtime.types import Domain, List, Raw
from aludel_runtime.vectors import Embedding
from aludel_runtime.writes import Writes
from aludel_runtime.writing import given


class Base(orm.DeclarativeBase):
    pass


class Note(Base):
    __tablename__ = "notes"
    __table_args__ = (sa.PrimaryKeyConstraint("part", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger)
    part: Mapped[str] = mapped_column(sa.String(5))
    title: Mapped[str] = mapped_column(sa.Text, server_default=sa.text("'a'"))
    meta: Mapped[object] = mapped_column(pg.JSONB, nullable=False)


class NoteCreate(Create):
    title: str | None = None
    meta: object = None


class Tables(unittest.TestCase):
    def test_keys_are_in_the_order_of_their_constraint(self) -> None:
        rows = Keyed(Note, tuple[str, int], Cursor)
        self.assertEqual([it.key for it in rows.key], ["part", "id"])
        self.assertEqual(rows.types, ["character varying", "bigint"])
        same = sa.and_(*rows.same(("a", 1)))
        self.assertIn("notes.part = :part_1 AND notes.id = :id_1", str(same))

    def test_models_of_other_modules_may_come_later(self) -> None:
        class Later(orm.DeclarativeBase):
            pass

        class Row(Later):
            __tablename__ = "rows"
            id: Mapped[int] = mapped_column(primary_key=True)
            missing = orm.relationship("Missing")

        rows = Keyed(Row, int, Cursor)
        Writes(rows, NoteCreate)
        with self.assertRaises(sa.exc.InvalidRequestError):
            _ = rows.key

    def test_none_is_the_default_where_it_is_no_value(self) -> None:
        new = NoteCreate(title=None, meta=None)
        self.assertEqual(given(Note, new, {}), {"meta": None})
        self.assertEqual(
            given(Note, new, {}, patch=True), {"title": None, "meta": None}
        )


class Kinds(unittest.TestCase):
    def test_types_are_printed_as_by_the_server(self) -> None:
        for kind, text in (
            (sa.BigInteger(), "bigint"),
            (sa.String(5), "character varying(5)"),
            (sa.CHAR(3), "character(3)"),
            (sa.Numeric(10, 2), "numeric(10,2)"),
            (pg.TIMESTAMP(timezone=True, precision=3), "timestamp(3) with time zone"),
            (pg.ARRAY(sa.String(5)), "character varying(5)[]"),
            (List(sa.Integer), "integer[]"),
            (sa.Text(collation="C"), "text"),
            (Embedding(3), "vector(3)"),
            (Bits(3), "bit(3)"),
            (Domain("app.short", sa.Text), "app.short"),
            (Raw("money"), "money"),
        ):
            self.assertEqual(printed(kind), text)
        self.assertTrue(is_printed_as(pg.CITEXT(), "contrib.citext"))
        self.assertFalse(is_printed_as(sa.Text(), "contrib.text"))

    def test_casts_have_no_length(self) -> None:
        for kind, text in (
            (sa.String(5), "character varying"),
            (sa.CHAR(3), "bpchar"),
            (Bits(3), '"bit"'),
            (pg.TIMESTAMP(timezone=True, precision=3), "timestamp with time zone"),
            (Domain("short", sa.String(5)), "character varying"),
            (Embedding(3), "vector"),
            (pg.ARRAY(sa.Text), None),
        ):
            self.assertEqual(bare(kind), text)

    def test_copy_has_values_of_most_types(self) -> None:
        self.assertIs(encoder(Domain("n", sa.Integer)), encoders.copy_int4)
        self.assertIs(encoder(sa.DateTime()), encoders.copy_timestamp)
        self.assertIs(encoder(sa.DateTime(timezone=True)), encoders.copy_timestamptz)
        self.assertIsNone(encoder(sa.Numeric(3, 1)))
        self.assertIsNone(encoder(Raw("money")))


if __name__ == "__main__":
    unittest.main()
