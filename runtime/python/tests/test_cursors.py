"""Cursors as text."""

import datetime as dt
import unittest
from decimal import Decimal

import pydantic

from aludel_runtime.cursors import decode_cursor, encode_cursor
from aludel_runtime.errors import InvalidCursor


class Cursor(pydantic.BaseModel):
    at: dt.datetime
    name: str
    amount: Decimal


class Cursors(unittest.TestCase):
    def test_they_are_read_back(self) -> None:
        at = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC)
        for name in ("", "a", "ab", "abc", "ü?>~"):
            cursor = Cursor(at=at, name=name, amount=Decimal("1.50"))
            text = encode_cursor(cursor)
            self.assertRegex(text, "^[A-Za-z0-9_-]+$")
            self.assertEqual(decode_cursor(Cursor, text), cursor)

    def test_other_texts_are_errors(self) -> None:
        for text in (
            "",
            "x",
            "WyJhIl0=",
            "WyJhIl0",
            "bnVsbA",
            "not a cursor",
            "é",
            "\0",
        ):
            with self.assertRaises(InvalidCursor) as caught:
                decode_cursor(Cursor, text)
            self.assertIn("not one of this list", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
