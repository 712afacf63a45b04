"""What the type of a column is to PostgreSQL, and how values of it are sent."""

from __future__ import annotations

import re
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from . import encoders
from .encoders import Encoder
from .revisions import InRevisions

__all__: list[str] = []

DIALECT: Any = cast("Any", pg.dialect)()

# Types that SQLAlchemy calls otherwise.
SPELLED = {"varchar": "character varying", "char": "character"}

# Types whose name alone has a length of 1.
WITHOUT_LENGTH = {"character": "bpchar", "bit": '"bit"'}

ENCODERS: dict[type[Any], Encoder] = {
    sa.BigInteger: encoders.copy_int8,
    sa.Boolean: encoders.copy_bool,
    sa.CHAR: encoders.copy_text,
    sa.Date: encoders.copy_date,
    sa.Double: encoders.copy_float8,
    sa.Integer: encoders.copy_int4,
    sa.LargeBinary: encoders.copy_bytes,
    sa.REAL: encoders.copy_float4,
    sa.SmallInteger: encoders.copy_int2,
    sa.String: encoders.copy_text,
    sa.Text: encoders.copy_text,
    sa.Uuid: encoders.copy_uuid,
    pg.CITEXT: encoders.copy_text,
    pg.INTERVAL: encoders.copy_interval,
    pg.JSON: encoders.copy_json,
    pg.JSONB: encoders.copy_jsonb,
    pg.OID: encoders.copy_oid,
}


def printed(kind: Any) -> str:
    """A type as PostgreSQL prints it to a session whose search_path is public."""
    ours = kind.printed() if isinstance(kind, InRevisions) else None
    if ours is not None:
        return ours
    item = getattr(kind, "item_type", None)
    if item is not None:
        return f"{printed(item)}[]"
    of = getattr(kind, "of", None)
    if of is not None:
        return printed(of)
    made: Any = kind
    text = str(made.compile(dialect=DIALECT)).split(" COLLATE ")[0]
    # What is in quotes is a name.
    parts = re.split(r'("[^"]*")', text)
    text = "".join(it if it.startswith('"') else it.lower() for it in parts)
    text = text.replace(", ", ",").replace(" (", "(")
    name, length, rest = text.partition("(")
    return SPELLED.get(name, name) + length + rest


def is_printed_as(kind: Any, text: str) -> bool:
    """Whether PostgreSQL prints a type so. Extensions can be in any schema."""
    if isinstance(kind, pg.CITEXT | pg.HSTORE):
        text = text.rpartition(".")[2]
    return printed(kind).replace('"', "") == text.replace('"', "")


def bare(kind: Any) -> str | None:
    """The type of values without a domain and a length, which in a cast would truncate
    longer ones; None where there are no arrays that unnest() gives back as they were."""
    of = getattr(kind, "of", None)
    if of is not None:
        return bare(of)
    if hasattr(kind, "item_type") or getattr(kind, "is_record", False):
        return None
    name = re.sub(r"\([-\d,]+\)", "", printed(kind))
    if name.endswith("[]"):
        return None
    if getattr(kind, "is_enum", False) and "." not in name:
        return f"public.{name}"
    return WITHOUT_LENGTH.get(name, name)


def encoder(kind: Any) -> Encoder | None:
    """What makes the bytes of a value for COPY; None where it is sent with INSERT."""
    if isinstance(kind, InRevisions):
        form = kind.copied()
        return encoder(form) if isinstance(form, sa.types.TypeEngine) else form
    if isinstance(kind, sa.DateTime):
        zoned, plain = encoders.copy_timestamptz, encoders.copy_timestamp
        return zoned if kind.timezone else plain
    if isinstance(kind, sa.Time):
        return None if kind.timezone else encoders.copy_time
    return ENCODERS.get(type(kind))
