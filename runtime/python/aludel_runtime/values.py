"""Types of values in Pydantic classes."""

from __future__ import annotations

import datetime as dt
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Annotated, Any, TypeAlias

import pydantic

__all__ = ["UNSET", "Aware", "Cidr", "Inet"]

# Default of a patch field. It is never read: fields that are not set are left out.
UNSET: Any = None

Inet: TypeAlias = IPv4Address | IPv6Address | IPv4Interface | IPv6Interface
Cidr: TypeAlias = IPv4Network | IPv6Network


def to_aware(value: dt.datetime) -> dt.datetime:
    """Reject a time without a time zone. The last and the first have none: they are
    infinity to the driver."""
    if value.tzinfo is None and value not in (dt.datetime.max, dt.datetime.min):
        raise ValueError("a timestamptz needs a time zone")
    return value


# A timestamptz in a Pydantic class.
Aware = Annotated[dt.datetime, pydantic.AfterValidator(to_aware)]
