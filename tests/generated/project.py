"""What a project has of its own for generated code to use."""

from __future__ import annotations

import pydantic
from sqlalchemy.orm import DeclarativeBase


class Model(DeclarativeBase):
    """The base of the models."""


class Note(pydantic.BaseModel):
    """What is in a column of JSON."""

    text: str
    stars: int = 0
