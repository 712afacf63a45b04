"""Revisions that Alembic writes from models run as they are: up, and down again.

``alembic_revision.py PACKAGE URL SCRATCH_URL …``: both databases were migrated to the
schema that the models were generated from. On the scratch database the tables and the
enums are dropped. Then ``alembic revision --autogenerate``, ``upgrade`` and ``downgrade``
do what they do for a user who has the line of the manual in ``env.py``. What they make is
the same to the word.
"""

from __future__ import annotations

import difflib
import importlib
import io
import re
import shutil
import sys
import tempfile
import warnings
from pathlib import Path
from types import ModuleType

import alembic
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from alembic_same import catalog, differences, engine_of, ours

# `env.py` of `alembic init`, with the models.
ENVIRONMENT = """
from alembic import context

given = context.config.attributes
models = given["models"]
with given["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        **models.support.alembic_options(),
        # Some tables are in other schemas, and some have no model.
        include_schemas=True,
        include_object=given["ours"],
    )
    with context.begin_transaction():
        context.run_migrations()
"""

TEMPLATES = Path(alembic.__file__).parent / "templates"


def project(folder: Path, engine: sa.Engine, models: ModuleType) -> Config:
    """What ``alembic init`` makes."""
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENVIRONMENT)
    shutil.copy(TEMPLATES / "generic" / "script.py.mako", folder)
    given = {"engine": engine, "models": models, "ours": ours(models.Base.metadata)}
    config = Config(stdout=io.StringIO(), attributes=given)
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return config


# Alembic writes none of it into a revision.
LIMITS = [(r"(PRIMARY KEY \(.*\)) DEFERRABLE.*", r"\1")]


def comparable(lines: list[str]) -> list[str]:
    for written, read in LIMITS:
        lines = [re.sub(written, read, it) for it in lines]
    return lines


def empty(engine: sa.Engine, tables: list[str]) -> None:
    """Nothing is left of what Alembic makes. What it cannot make, and is to be there
    first, stays: extensions, schemas, collations, sequences of no column, routines,
    domains, composite types, the enums that these are made of, and tables that have no
    model."""
    with engine.begin() as connection:
        for table in [*tables, "alembic_version"]:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table} CASCADE")
        enums = "SELECT oid::regtype::text FROM pg_type WHERE typtype = 'e'"
        for name in connection.exec_driver_sql(enums).scalars().all():
            try:
                with connection.begin_nested():
                    connection.exec_driver_sql(f"DROP TYPE {name}")
            except sa.exc.InternalError:
                assert made_of(connection, name), name


def made_of(connection: sa.Connection, name: str) -> bool:
    """Whether a domain or a composite type is made of an enum."""
    query = sa.text(
        "SELECT true FROM pg_depend WHERE refobjid = CAST(:name AS regtype) AND classid"
        " IN ('pg_type'::regclass, 'pg_class'::regclass) AND deptype = 'n'"
    )
    return bool(connection.scalar(query, {"name": name}))


def roundtrip(package: str, live: sa.Engine, engine: sa.Engine) -> None:
    models = importlib.import_module(package)
    metadata: sa.MetaData = models.Base.metadata
    names = engine.dialect.identifier_preparer
    tables = [names.format_table(it) for it in metadata.tables.values()]
    empty(engine, tables)
    with tempfile.TemporaryDirectory() as folder:
        config = project(Path(folder) / package, engine, models)
        command.revision(config, "first", autogenerate=True)
        try:
            command.upgrade(config, "head")
            made, expected = (comparable(catalog(it, tables)) for it in (engine, live))
            assert made == expected, "\n".join(difflib.unified_diff(expected, made))
            assert not differences(engine, models)
            if package == "documents":
                dropped(config, engine)
            command.downgrade(config, "base")
            left = sa.inspect(engine).get_table_names()
            assert not {it.name for it in metadata.tables.values()} & set(left), left
        except Exception:
            for it in Path(folder).glob("**/versions/*.py"):
                print(it.read_text())
            raise


def dropped(config: Config, engine: sa.Engine) -> None:
    """A column that no model has is dropped, and created again as it was read."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE documents ADD more vector(3)")
    before = catalog(engine, ["documents"])
    command.revision(config, "second", autogenerate=True)
    command.upgrade(config, "head")
    assert catalog(engine, ["documents"]) != before
    command.downgrade(config, "-1")
    assert catalog(engine, ["documents"]) == before


def main(arguments: list[str]) -> None:
    warnings.simplefilter("ignore")
    while arguments:
        package, live, scratch, *arguments = arguments
        roundtrip(package, engine_of(live), engine_of(scratch))


if __name__ == "__main__":
    main(sys.argv[1:])
