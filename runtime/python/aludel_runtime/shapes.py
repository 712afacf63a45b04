"""What the Pydantic classes of all tables are made from."""

from __future__ import annotations

import pydantic

__all__ = ["Create", "Cursor", "Out", "Patch"]


class Shape(pydantic.BaseModel):
    """Fields by their names, or by those of their columns. Bytes are base64 in JSON."""

    model_config = pydantic.ConfigDict(
        populate_by_name=True,
        arbitrary_types_allowed=True,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )


class Out(Shape):
    """A response, made of a row."""

    model_config = pydantic.ConfigDict(from_attributes=True)


class Create(Shape):
    """The values of ``insert``. An omitted one is the default.

    None is NULL where a column can be that. For the null of JSON, set the attribute of
    a row to ``sqlalchemy.JSON.NULL``.
    """

    model_config = pydantic.ConfigDict(extra="forbid")


class Patch(Shape):
    """The values of ``update``. An omitted one is unchanged; None is NULL."""

    model_config = pydantic.ConfigDict(extra="forbid")


class Cursor(Shape):
    """The position of a row in the order of pages."""
