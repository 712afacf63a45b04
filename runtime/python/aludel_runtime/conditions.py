"""What functions of a table take for conditions and keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import orm

__all__ = ["Key", "Order", "Where"]

# All of them must hold.
Where: TypeAlias = Sequence[sa.ColumnElement[bool]]
# The columns of a key.
Key: TypeAlias = Sequence[orm.InstrumentedAttribute[Any]]
# Columns to sort by, and whether the largest value comes first.
Order: TypeAlias = Sequence[tuple[orm.InstrumentedAttribute[Any], bool]]
