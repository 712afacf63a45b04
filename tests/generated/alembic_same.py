"""Alembic finds no difference between a package of models and a database.

``alembic_same.py PACKAGE URL [SCRATCH_URL]``: the database was migrated to the schema
that the models were generated from. On the scratch database, which is empty but for
its extensions and types, ``create_all`` makes tables of which the same holds.
"""

from __future__ import annotations

import importlib
import sys
import warnings

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

# Alembic takes both for VARCHAR.
UNREADABLE = {"name", '"char"'}

OPTIONS = {
    "compare_type": True,
    "compare_server_default": True,
    "include_schemas": True,
}


def differences(engine: sa.Engine, metadata: sa.MetaData) -> list[object]:
    known = {table.fullname for table in metadata.tables.values()}

    def ours(
        thing: object, name: str, kind: str, reflected: bool, other: object
    ) -> bool:
        # Tables that no code was asked for are none of our business.
        if kind == "table" and reflected and isinstance(thing, sa.Table):
            schema = "" if thing.schema in (None, "public") else f"{thing.schema}."
            return f"{schema}{thing.name}" in known
        return True

    with engine.connect() as connection:
        options = {**OPTIONS, "include_object": ours}
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, metadata)
        return [it for it in found if not is_sequence(it) and not is_unreadable(it)]


def is_sequence(difference: object) -> bool:
    # Alembic asks the server whether two defaults give the same value, which two numbers
    # of a sequence never are.
    if not isinstance(difference, list) or difference[0][0] != "modify_default":
        return False
    texts = {str(default.arg) for default in difference[0][-2:]}
    return len(texts) == 1 and "nextval(" in texts.pop()


def is_unreadable(difference: object) -> bool:
    if not isinstance(difference, list) or difference[0][0] != "modify_type":
        return False
    return getattr(difference[0][-1], "name", None) in UNREADABLE


def main(package: str, url: str, scratch: str | None) -> None:
    warnings.simplefilter("ignore")
    metadata: sa.MetaData = importlib.import_module(package).Base.metadata
    found = differences(engine_of(url), metadata)
    assert not found, "\n".join(map(str, found))
    if scratch is not None:
        metadata.create_all(engine_of(scratch))
        found = differences(engine_of(scratch), metadata)
        assert not found, "\n".join(map(str, found))


def engine_of(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgres://", "postgresql+psycopg2://"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
