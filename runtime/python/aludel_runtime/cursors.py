"""Cursors as text: clients send back what they were sent, and need not know what it says."""

from __future__ import annotations

import base64
import binascii
from typing import TypeVar

import pydantic

from .errors import InvalidCursor

__all__ = ["decode_cursor", "encode_cursor"]

C = TypeVar("C", bound=pydantic.BaseModel)


def encode_cursor(cursor: pydantic.BaseModel) -> str:
    """A cursor as text: its JSON in the base64 of URLs, which hides nothing."""
    json = cursor.model_dump_json().encode()
    return base64.urlsafe_b64encode(json).rstrip(b"=").decode()


def decode_cursor(kind: type[C], text: str) -> C:
    """The cursor that a client sent back. ``InvalidCursor`` if it is none of this kind."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        json = base64.b64decode(padded, altchars=b"-_", validate=True)
        return kind.model_validate_json(json)
    # What pydantic raises is a ValueError, too.
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor from error
