"""Columns of bits."""

from __future__ import annotations

from typing import Any, cast

import asyncpg  # type: ignore[import-untyped,unused-ignore]
import sqlalchemy as sa

from .revisions import InRevisions

__all__ = ["Bits"]


class Bits(InRevisions, sa.types.UserDefinedType[str]):
    """``bit(n)``, or ``bit varying(n)``, as a string of 0 and 1."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, length: int | None, varying: bool = False) -> None:
        self.length, self.varying = length, varying

    def get_col_spec(self, **_: Any) -> str:
        name = "BIT VARYING" if self.varying else "BIT"
        return name if self.length is None else f"{name}({self.length})"

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        def process(value: str | None) -> Any:
            if value is None:
                return None
            if not self.varying and len(value) != self.length:
                raise ValueError(f"expected {self.length} bits, not {len(value)}")
            return asyncpg.BitString(cast("Any", value))

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        def process(value: Any) -> str | None:
            if isinstance(value, asyncpg.BitString):
                text: str = value.as_string()
                return text.replace(" ", "")
            return None if value is None else str(value)

        return process
