"""The binary form of values for COPY, by the type of the column."""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

__all__ = [
    "Encoder",
    "copy_bool",
    "copy_bytes",
    "copy_date",
    "copy_float4",
    "copy_float8",
    "copy_int2",
    "copy_int4",
    "copy_int8",
    "copy_interval",
    "copy_json",
    "copy_jsonb",
    "copy_oid",
    "copy_text",
    "copy_time",
    "copy_timestamp",
    "copy_timestamptz",
    "copy_uuid",
]

Encoder: TypeAlias = Callable[[Any], bytes]


def copy_text(value: str) -> bytes:
    return str(value).encode()


def copy_bytes(value: bytes) -> bytes:
    return bytes(value)


def copy_bool(value: bool) -> bytes:
    return b"\x01" if value else b"\x00"


def copy_int2(value: int) -> bytes:
    return struct.pack(">h", value)


def copy_int4(value: int) -> bytes:
    return struct.pack(">i", value)


def copy_int8(value: int) -> bytes:
    return struct.pack(">q", value)


def copy_oid(value: int) -> bytes:
    return struct.pack(">I", value)


def copy_float4(value: float) -> bytes:
    return struct.pack(">f", value)


def copy_float8(value: float) -> bytes:
    return struct.pack(">d", value)


def copy_uuid(value: UUID) -> bytes:
    return value.bytes


def copy_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def copy_jsonb(value: Any) -> bytes:
    return b"\x01" + json.dumps(value).encode()


def copy_date(value: dt.date) -> bytes:
    # As in the driver, the last and the first are infinity.
    if value == dt.date.max:
        return b"\x7f\xff\xff\xff"
    if value == dt.date.min:
        return b"\x80\0\0\0"
    return struct.pack(">i", value.toordinal() - 730_120)


def copy_time(value: dt.time) -> bytes:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return struct.pack(">q", seconds * 1_000_000 + value.microsecond)


def copy_timestamp(value: dt.datetime) -> bytes:
    if value.tzinfo is not None:
        raise ValueError("a timestamp has no time zone")
    if value == dt.datetime.max:
        return b"\x7f" + b"\xff" * 7
    if value == dt.datetime.min:
        return b"\x80" + bytes(7)
    since = value - dt.datetime(2000, 1, 1)
    seconds = since.days * 86_400 + since.seconds
    return struct.pack(">q", seconds * 1_000_000 + since.microseconds)


def copy_timestamptz(value: dt.datetime) -> bytes:
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    elif value not in (dt.datetime.max, dt.datetime.min):
        raise ValueError("a timestamptz needs a time zone")
    return copy_timestamp(value)


def copy_interval(value: dt.timedelta) -> bytes:
    micros = value.seconds * 1_000_000 + value.microseconds
    return struct.pack(">qii", micros, value.days, 0)
