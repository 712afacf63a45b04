"""Bytes of COPY, labels of enums, and types in revisions."""

import asyncio
import datetime as dt
import enum
import struct
import unittest
from typing import Any, cast

import pydantic
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from aludel_runtime import encoders, loading
from aludel_runtime.enums import Labels, OpenEnum
from aludel_runtime.errors import UnknownLabel
from aludel_runtime.revisions import alembic_options, compare_type, render_item
from aludel_runtime.types import Domain, List, Raw
from aludel_runtime.values import Aware
from aludel_runtime.vectors import Embedding

DIALECT: Any = cast("Any", pg.dialect)()


class Mood(enum.StrEnum):
    OK = "ok"
    NOT_OK = "not ok"


class Bytes(unittest.TestCase):
    def test_times_are_microseconds_since_2000(self) -> None:
        later = dt.datetime(2000, 1, 1, 0, 0, 1, 5)
        self.assertEqual(encoders.copy_timestamp(later), struct.pack(">q", 1_000_005))
        zoned = later.replace(tzinfo=dt.timezone(dt.timedelta(hours=1)))
        sent = encoders.copy_timestamptz(zoned)
        self.assertEqual(sent, struct.pack(">q", 1_000_005 - 3_600_000_000))
        self.assertEqual(encoders.copy_date(dt.date(2000, 1, 2)), struct.pack(">i", 1))

    def test_the_last_time_is_infinity(self) -> None:
        sent = encoders.copy_timestamp(dt.datetime.max)
        self.assertEqual(sent, b"\x7f" + b"\xff" * 7)

    def test_a_time_has_a_zone_or_has_none(self) -> None:
        now = dt.datetime(2026, 1, 1)
        with self.assertRaises(ValueError):
            encoders.copy_timestamptz(now)
        with self.assertRaises(ValueError):
            encoders.copy_timestamp(now.replace(tzinfo=dt.UTC))
        adapter = pydantic.TypeAdapter[dt.datetime](Aware)
        with self.assertRaises(pydantic.ValidationError):
            adapter.validate_python(now)

    def test_rows_name_the_column_of_a_wrong_value(self) -> None:
        async def sent(value: Any) -> bytes:
            rows = [{"a": value}]
            known: dict[str, encoders.Encoder | None] = {"a": encoders.copy_int2}
            parts = [it async for it in loading.binary(rows, known, ())]
            return b"".join(parts)

        body = asyncio.run(sent(7))
        self.assertTrue(body.endswith(b"\0\x01\0\0\0\x02\0\x07\xff\xff"))
        self.assertTrue(asyncio.run(sent(None)).endswith(b"\xff\xff\xff\xff\xff\xff"))
        with self.assertRaisesRegex(ValueError, "^a: "):
            asyncio.run(sent(1 << 20))


class Enums(unittest.TestCase):
    def test_unknown_labels_name_their_column(self) -> None:
        kind = Labels(Mood, name="mood")
        sa.Table("notes", sa.MetaData(), sa.Column("feeling", kind))
        process = kind.result_processor(DIALECT, None)
        self.assertIs(process("not ok"), Mood.NOT_OK)
        with self.assertRaises(UnknownLabel) as raised:
            process("bad")
        error = raised.exception
        self.assertEqual((error.column, error.label), ("notes.feeling", "bad"))
        self.assertIn("`codegen.open`", str(error))

    def test_open_enums_keep_them(self) -> None:
        process = OpenEnum(Mood, "mood").result_processor(DIALECT, None)
        self.assertIs(process("ok"), Mood.OK)
        self.assertEqual(process("bad"), "bad")


class Context:
    """What Alembic hands to ``render_item``."""

    def __init__(self) -> None:
        self.imports: set[str] = set()


class Revisions(unittest.TestCase):
    def test_types_are_written_by_their_names(self) -> None:
        context = Context()
        text = render_item("type", Embedding(3), context)
        domain = "postgresql.DOMAIN(sa.quoted_name('VECTOR(3)', False), sa.Text(), "
        self.assertEqual(text, f"{domain}create_type=False)")
        imports = {"from sqlalchemy.dialects import postgresql"}
        self.assertEqual(context.imports, imports)
        text = render_item("type", List(Labels(Mood, name="mood")), context)
        labels = "postgresql.ENUM('ok', 'not ok', name='mood')"
        self.assertEqual(text, f"postgresql.ARRAY({labels})")

    def test_all_else_is_left_to_alembic(self) -> None:
        self.assertIs(render_item("type", sa.Text(), Context()), False)
        self.assertIs(render_item("table", Embedding(3), Context()), False)

    def test_types_that_are_read_as_strings_are_equal(self) -> None:
        def compared(read: Any, own: Any) -> bool | None:
            column = sa.Column[Any]("a")
            return compare_type(None, column, column, read, own)

        self.assertIs(compared(sa.String(), Raw("name")), False)
        self.assertIsNone(compared(sa.String(), Raw("name[]")))
        self.assertIs(compared(pg.ARRAY(sa.String()), Raw("name[]")), False)
        self.assertIsNone(compared(pg.ARRAY(sa.VARCHAR()), Raw("name")))
        self.assertIsNone(compared(sa.VARCHAR(), Domain("d", sa.Text)))
        self.assertEqual(
            set(alembic_options()),
            {"compare_type", "compare_server_default", "render_item"},
        )


if __name__ == "__main__":
    unittest.main()
