"""Projects of Alembic as people have them, made by the real one.

``projects.py make FOLDER NAME=URL …`` makes a project in FOLDER/NAME, with two revisions by
``revision --autogenerate`` from its models, and upgrades the database to the second.
``projects.py check FOLDER NAME=URL …`` is ``alembic check`` with the models as they are
after a third change, which aludel has made in the meantime.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import alembic
from alembic import command
from alembic.config import Config

TEMPLATE = Path(alembic.__file__).parent / "templates" / "generic"

# The models of the commonest project. What is in braces differs from project to project.
MODELS = """
import enum
import os
from typing import Optional

import sqlalchemy as sa
from pgvector.sqlalchemy import Vector
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql

CHANGES = int(os.environ.get("CHANGES", "3"))


class Base(orm.DeclarativeBase):
    {base}


class Status(enum.Enum):
    draft = "draft"
    done = "done"


class Kind(enum.Enum):
    page = "page"
    note = "note"


class Owner(Base):
    __tablename__ = "owners"
    {arguments}
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    email: orm.Mapped[str] = orm.mapped_column(sa.String(200), unique=True, index=True)


class Document(Base):
    __tablename__ = "documents"
    __table_args__ = (
        sa.Index(
            "ix_documents_embedding",
            "embedding",
            postgresql_using="hnsw",
            postgresql_with={{"m": 16, "ef_construction": 64}},
            postgresql_ops={{"embedding": "vector_cosine_ops"}},
        ),
        {more}
    )
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    title: orm.Mapped[str] = orm.mapped_column(sa.String(50))
    embedding: orm.Mapped[list[float]] = orm.mapped_column(Vector(1536))
    status: orm.Mapped[Status]
    {columns}
    if CHANGES > 1:
        kind: orm.Mapped[Optional[Kind]] = orm.mapped_column(
            sa.Enum(Kind, native_enum=False, create_constraint=True, name="kind")
        )
        owner_id: orm.Mapped[Optional[int]] = orm.mapped_column(
            sa.ForeignKey("{schema}owners.id", ondelete="CASCADE")
        )
    if CHANGES > 2:
        note: orm.Mapped[Optional[str]] = orm.mapped_column(sa.Text)
"""

# The usual env.py, but that the address comes from the environment, as it mostly does.
ENVIRONMENT = """
import os
import sys

from alembic import context
from sqlalchemy import create_engine, pool

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.modules.pop("models", None)
import models

sys.path.pop(0)
options = dict(
    target_metadata=models.Base.metadata, compare_server_default=True, **{options}
)


def include(name, kind, parents):
    return kind != "schema" or name in {schemas}


if context.is_offline_mode():
    url = os.environ["DATABASE_URL"]
    context.configure(url=url, literal_binds=True, include_name=include, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    path = {"options": "-c search_path=public,extensions"}
    engine = create_engine(
        os.environ["DATABASE_URL"], poolclass=pool.NullPool, connect_args=path
    )
    with engine.connect() as connection:
        context.configure(connection=connection, include_name=include, **options)
        with context.begin_transaction():
            context.run_migrations()
"""

CONVENTION = """metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )"""

DEFAULTS = """
    count: orm.Mapped[int] = orm.mapped_column(server_default="0")
    state: orm.Mapped[str] = orm.mapped_column(server_default="5%: new")
    made: orm.Mapped[str] = orm.mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
    key: orm.Mapped[str] = orm.mapped_column(sa.Uuid, server_default=sa.text("gen_random_uuid()"))
    data: orm.Mapped[str] = orm.mapped_column(postgresql.JSONB, server_default=sa.text("'{}'"))
"""

COMPUTED = """
    lower: orm.Mapped[str] = orm.mapped_column(sa.Computed("lower(title)", persisted=True))
"""

# What is said otherwise than in the commonest project.
PROJECTS: dict[str, dict[str, str]] = {
    "common": {},
    "schemas": {
        "arguments": '__table_args__ = {"schema": "app"}',
        "more": '{"schema": "app"},',
        "schema": "app.",
        "options": "{'include_schemas': True, 'version_table_schema': 'app'}",
        "schemas": "(None, 'app')",
    },
    "convention": {"base": CONVENTION},
    "defaults": {"columns": DEFAULTS},
    "computed": {"columns": COMPUTED},
    "elsewhere": {},
    "heads": {},
    "labels": {},
    "by_hand": {},
    "rows": {},
}


def models(name: str) -> str:
    parts = {
        "base": "pass",
        "arguments": "",
        "more": "",
        "columns": "",
        "schema": "",
        **PROJECTS[name],
    }
    for unused in ("options", "schemas"):
        parts.pop(unused, None)
    return MODELS.format(**parts)


class Project:
    """One of them, in its folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder = name, folder / name
        self.config = Config(str(self.folder / "alembic.ini"), stdout=io.StringIO())

    def write(self) -> None:
        scripts = self.folder / "alembic"
        (scripts / "versions").mkdir(parents=True)
        ini = "[alembic]\nscript_location = %(here)s/alembic\npath_separator = os\n"
        (self.folder / "alembic.ini").write_text(ini)
        (self.folder / "models.py").write_text(models(self.name))
        told = PROJECTS[self.name]
        environment = ENVIRONMENT.replace("{options}", told.get("options", "{}"))
        environment = environment.replace("{schemas}", told.get("schemas", "(None,)"))
        (scripts / "env.py").write_text(environment)
        # pgvector asks for its import in each revision.
        template = (TEMPLATE / "script.py.mako").read_text()
        template = template.replace(
            "import sqlalchemy as sa\n", "import sqlalchemy as sa\nimport pgvector.sqlalchemy\n"
        )
        (scripts / "script.py.mako").write_text(template)

    def revise(self, identity: str, **options: object) -> None:
        command.revision(self.config, identity, rev_id=identity, **options)

    def edit(self, identity: str, *edits: tuple[str, str]) -> None:
        """Changes a revision as its author does after it was generated."""
        path = next((self.folder / "alembic" / "versions").glob(f"{identity}_*.py"))
        text = path.read_text()
        for before, after in edits:
            assert before in text, f"{before} is not in\n{text}"
            text = text.replace(before, after, 1)
        path.write_text(text)

    def make(self) -> None:
        self.write()
        os.environ["CHANGES"] = "1"
        self.revise("first", autogenerate=True)
        command.upgrade(self.config, "heads")
        os.environ["CHANGES"] = "2"
        self.revise("second", autogenerate=True, head="first")
        self.after_second()
        command.upgrade(self.config, "heads")

    def after_second(self) -> None:
        if self.name == "heads":
            self.revise("other", head="first", splice=True)
            self.edit("other", ("pass", "op.execute('CREATE VIEW other AS SELECT email FROM owners')"))
            self.edit("other", ("pass", "op.execute('DROP VIEW other')"))
        if self.name == "labels":
            self.revise("words", head="base", branch_label="search", depends_on="second")
            self.edit("words", ("pass", VIEW), ("pass", "op.execute('DROP VIEW words')"))
        if self.name == "by_hand":
            self.edit("second", ("    op.add_column", BY_HAND))
        if self.name == "rows":
            self.edit("second", ("    op.add_column", ROWS))


VIEW = "op.execute('CREATE VIEW words AS SELECT title FROM documents')"

BY_HAND = """    op.alter_column("documents", "title", type_=sa.Text(), existing_type=sa.String(50))
    op.alter_column(
        "documents", "title", type_=sa.String(50), postgresql_using="left(title, 50)"
    )
    op.execute(
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$; SELECT f();"
        " DROP FUNCTION f();"
    )
    with op.batch_alter_table("owners") as batch:
        batch.alter_column("email", existing_type=sa.String(200), nullable=False)
    op.add_column"""

ROWS = """    owners = sa.table("owners", sa.column("id", sa.Integer), sa.column("email", sa.String))
    op.bulk_insert(
        owners,
        [{"id": 1, "email": "it's: a@example.org"}, {"id": 2, "email": "50% b@example.org"}],
    )
    op.execute(owners.update().where(owners.c.id == 2).values(email="c@example.org"))
    op.add_column"""


def main(action: str, folder: str, *databases: str) -> None:
    for it in databases:
        name, url = it.split("=", 1)
        os.environ["DATABASE_URL"] = url.replace("postgres://", "postgresql+psycopg2://")
        project = Project(Path(folder), name)
        if action == "make":
            project.make()
        else:
            os.environ["CHANGES"] = "3"
            command.check(project.config)


if __name__ == "__main__":
    main(*sys.argv[1:])
