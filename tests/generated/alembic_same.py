"""Alembic finds no difference between a package of models and a database, nor does
``verify`` of any table.

``alembic_same.py PACKAGE URL [SCRATCH_URL]``: both databases were migrated to the schema
that the models were generated from. On the scratch database, where the tables are
dropped, ``create_all`` makes tables of which the same holds, and whose columns,
constraints and indexes are the same to the word.
"""

from __future__ import annotations

import asyncio
import difflib
import importlib
import sys
import warnings
from collections.abc import Callable
from types import ModuleType

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext


def ours(metadata: sa.MetaData) -> Callable[..., bool]:
    """Tables that no code was asked for are none of our business."""
    known = {table.fullname for table in metadata.tables.values()}

    def include(
        thing: object, name: str, kind: str, reflected: bool, other: object
    ) -> bool:
        if kind == "table" and reflected and isinstance(thing, sa.Table):
            schema = "" if thing.schema in (None, "public") else f"{thing.schema}."
            return f"{schema}{thing.name}" in known
        return True

    return include


def differences(engine: sa.Engine, models: ModuleType) -> list[object]:
    metadata = models.Base.metadata
    with engine.connect() as connection:
        options = {"include_schemas": True, "include_object": ours(metadata)}
        options |= models.support.alembic_options()
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))


# What tables are made of, in words. Exclusion constraints are not in the models; NOT NULL
# and the default of a domain are said of its columns, too.
CATALOG = """
    WITH t AS (SELECT unnest(CAST(:tables AS text[]))::regclass::oid AS oid)
    SELECT attrelid::regclass::text AS of, attname::text AS what, concat_ws(' ',
        format_type(atttypid, atttypmod), attnotnull OR typnotnull,
        coalesce(pg_get_expr(adbin, adrelid), typdefault), attidentity, attgenerated,
        nullif(attcollation, typcollation)::regcollation,
        col_description(attrelid, attnum)) AS how
    FROM t JOIN pg_attribute ON attrelid = t.oid JOIN pg_type ON pg_type.oid = atttypid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM t JOIN pg_constraint ON conrelid = t.oid WHERE contype NOT IN ('x', 'n', 't')
    UNION ALL
    SELECT indrelid::regclass::text, '', pg_get_indexdef(indexrelid)
    FROM t JOIN pg_index ON indrelid = t.oid WHERE NOT indisexclusion
    UNION ALL
    SELECT seqrelid::regclass::text, '', concat_ws(' ', seqtypid::regtype, seqstart,
        seqincrement, seqmin, seqmax, seqcache, seqcycle)
    FROM t JOIN pg_depend ON refobjid = t.oid JOIN pg_sequence ON seqrelid = objid
    UNION ALL
    SELECT oid::regclass::text, pg_get_partkeydef(oid), obj_description(oid) FROM t
    ORDER BY 1, 2, 3
"""


def catalog(engine: sa.Engine, tables: list[str]) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text(CATALOG), {"tables": tables})
        return [" ".join(str(it) for it in row) for row in rows]


async def verify(models: ModuleType, url: str) -> None:
    """The columns of all tables and views are those of their models."""
    engine = models.make_engine(url)
    async with models.make_sessions(engine)() as session:
        for module in vars(models).values():
            if isinstance(module, ModuleType) and hasattr(module, "verify"):
                await module.verify(session)
    await engine.dispose()


def main(package: str, url: str, scratch: str | None) -> None:
    warnings.simplefilter("ignore")
    models = importlib.import_module(package)
    metadata: sa.MetaData = models.Base.metadata
    found = differences(engine_of(url), models)
    assert not found, "\n".join(map(str, found))
    asyncio.run(verify(models, url))
    if scratch is not None:
        live, engine = engine_of(url), engine_of(scratch)
        names = engine.dialect.identifier_preparer
        tables = [names.format_table(it) for it in metadata.tables.values()]
        with engine.begin() as connection:
            for table in tables:
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table} CASCADE")
        metadata.create_all(engine)
        found = differences(engine, models)
        assert not found, "\n".join(map(str, found))
        made, expected = catalog(engine, tables), catalog(live, tables)
        assert made == expected, "\n".join(difflib.unified_diff(expected, made))


def engine_of(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgres://", "postgresql+psycopg2://"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None)
