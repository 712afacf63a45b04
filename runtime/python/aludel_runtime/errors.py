"""Errors of generated code."""

from __future__ import annotations

__all__ = ["InvalidCursor", "SchemaDrift", "UnknownLabel"]


class InvalidCursor(ValueError):
    """A text that is no cursor of a list."""

    def __init__(self) -> None:
        super().__init__("the cursor is not one of this list")


class SchemaDrift(RuntimeError):
    """The database differs from the one that the code was generated for."""

    def __init__(self, table: str, differences: list[str]) -> None:
        super().__init__(f"{table} has changed: {'; '.join(differences)}")
        self.table, self.differences = table, differences


class UnknownLabel(LookupError):
    """A column has a label that its enum in the code has not."""

    def __init__(self, column: str, enum: str, label: str) -> None:
        super().__init__(
            f"column {column} has the label {label!r}, which {enum} has not: generate"
            " the code again, or set `codegen.open` of the enum in schema.toml"
        )
        self.column, self.enum, self.label = column, enum, label
