{{ header }}
"""Code shared by the modules of all tables. Nothing here depends on the generator."""

from __future__ import annotations

{{ imports }}

{%- if used.base %}
class Base(DeclarativeBase):
    """The declarative base of all models."""

{% else %}

Base = _Base

{% endif %}
{%- if used.views %}
# Views have metadata of their own: `create_all` and Alembic see tables only.
VIEWS = sa.MetaData()

{% endif %}
M = TypeVar("M", bound=Base)
C = TypeVar("C")
T = TypeVar("T")

Where = Sequence[sa.ColumnElement[bool]]
Key = Sequence[orm.InstrumentedAttribute[Any]]

# Default of a patch field. It is never read: fields that are not set are left out.
UNSET: Any = None

# Rows that are there already are read again rather than left as they were.
FRESH = {"populate_existing": True}


# ---------------------------------------------------------------- connections


{% if used.vector || used.halfvec -%}
async def _register(connection: Any, schema: str) -> None:
    # Our types send bytes. pgvector's own send texts, and others lists: with this, such columns
    # work on the engine too.
{%- if used.vector %}
    def encode(value: Any) -> bytes:
        if isinstance(value, bytes):
            return value
        return vector_to_binary(json.loads(value) if isinstance(value, str) else value)

    await connection.set_type_codec(
        "vector",
        schema=schema,
        encoder=encode,
        decoder=pgvector.Vector.from_binary,
        format="binary",
    )
{%- endif %}
{%- if used.halfvec %}

    def encode_half(value: Any) -> bytes:
        if isinstance(value, bytes):
            return value
        return halfvec_to_binary(json.loads(value) if isinstance(value, str) else value)

    await connection.set_type_codec(
        "halfvec",
        schema=schema,
        encoder=encode_half,
        decoder=pgvector.HalfVector.from_binary,
        format="binary",
    )
{%- endif %}


def make_engine(
    url: str,
    *,
    vector_schema: str = {{ vector_schema }},
    **options: Any,
) -> AsyncEngine:
    """``postgresql+asyncpg://`` engine: probes pooled connections before use."""
    options.setdefault("pool_pre_ping", True)
    engine = create_async_engine(url, **options)

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.run_async(lambda c: _register(c, vector_schema))

    return engine
{%- else -%}
def make_engine(url: str, **options: Any) -> AsyncEngine:
    """``postgresql+asyncpg://`` engine: probes pooled connections before use."""
    options.setdefault("pool_pre_ping", True)
    return create_async_engine(url, **options)
{%- endif %}


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after a commit."""
    return async_sessionmaker(engine, expire_on_commit=False)


# ---------------------------------------------------------------- values


{% if used.types -%}
class InRevisions:
    """Mixed into types, for Alembic to write them into a revision by their names in SQL.

    It puts the module of a class before what ``__repr__`` says, and imports only modules
    of SQLAlchemy. As one of those, a type needs no import of this file, which is another
    by the time that the revision runs.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.__module__ = "sqlalchemy.dialects.postgresql"

    def __repr__(self) -> str:
        name = cast("Any", self).get_col_spec()
        # SQLAlchemy 2.1 wants a schema with the names that it knows itself.
        name = f"pg_catalog.{name}" if name in pg.dialect.ischema_names else name
        return f"DOMAIN(sa.quoted_name({name!r}, False), sa.Text(), create_type=False)"

{% endif %}
{%- if used.lists %}
def in_revision(kind: Any) -> str:
    """A type as a part of another one."""
    module = "postgresql" if "dialects" in type(kind).__module__ else "sa"
    return f"{module}.{kind!r}"

{% endif %}
{%- if used.labels || used.open_enums %}
def enum_in_revision(kind: type[enum.StrEnum], *more: str) -> str:
    """An enum, which the first table that has it creates."""
    return f"ENUM({', '.join([*(repr(it.value) for it in kind), *more])})"

{% endif %}
{%- if used.labels %}
class Labels(InRevisions, sa.types.TypeDecorator[Any]):
    """An enum stored by the labels of its members; SQLAlchemy would use their names."""

    impl = sa.Enum
    cache_ok = True

    def __init__(
        self,
        kind: type[enum.StrEnum],
        name: str,
        schema: str | None = None,
        create_type: bool = True,
    ) -> None:
        self.kind, self.name, self.schema = kind, name, schema
        self.create_type = create_type
        super().__init__(
            kind,
            name=name,
            schema=schema,
            values_callable=lambda kind: [member.value for member in kind],
            create_type=create_type,
        )

    def __repr__(self) -> str:
        more = [f"name={self.name!r}"]
        more += [f"schema={self.schema!r}"] if self.schema else []
        more += [] if self.create_type else ["create_type=False"]
        return enum_in_revision(self.kind, *more)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        known = {member.value: member for member in self.kind}

        def process(value: str | None) -> enum.StrEnum | None:
            if value is None:
                return None
            if value not in known:
                raise LookupError(
                    f"{self.kind.__name__} has no {value!r}: generate this code again"
                )
            return known[value]

        return process

{% endif %}
{%- if used.open_enums %}
class OpenEnum(InRevisions, sa.types.UserDefinedType[Any]):
    """An enum that may have got labels since: those are plain strings."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: type[enum.StrEnum], name: str) -> None:
        self.kind, self.name = kind, name

    def __repr__(self) -> str:
        name = f"name=sa.quoted_name({self.name!r}, False)"
        return enum_in_revision(self.kind, name)

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        known = {member.value: member for member in self.kind}
        return lambda value: known.get(value, value)

{% endif %}
{%- if used.raw %}
class Raw(InRevisions, sa.types.UserDefinedType[str]):
    """A type that is transferred as text and converted by the server."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_expression(self, bindvalue: Any) -> Any:
        return sa.cast(sa.type_coerce(sa.cast(bindvalue, sa.Text), sa.Text), self)

    def column_expression(self, colexpr: Any) -> Any:
        return sa.cast(colexpr, sa.Text)

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return None

{% endif %}
{%- if used.domains %}
class Domain(InRevisions, sa.types.TypeDecorator[Any]):
    """A domain, whose values are sent, read and compared as the type below it has them."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, name: str, of: Any) -> None:
        self.name, self.of = name, sa.types.to_instance(of)
        super().__init__()
        self.impl = self.of
        self.should_evaluate_none = self.of.should_evaluate_none

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        # Numbers are read by their OID, which a domain has another of.
        if isinstance(self.of, sa.Float):
            coltype = 701
        elif isinstance(self.of, sa.Numeric):
            coltype = 1700
        return super().result_processor(dialect, coltype)


@compiles(Domain)
def _domain(of: Domain, _compiler: Any, **_: Any) -> str:
    return of.name

{% endif %}
{%- if used.serials %}
class Serial(InRevisions, sa.types.TypeDecorator[int]):
    """An integer whose sequence comes with it: as ``serial`` in a revision, where Alembic
    makes no sequences."""

    impl = sa.Integer
    cache_ok = True

    def __init__(self, of: Any) -> None:
        super().__init__()
        self.impl = self.of = sa.types.to_instance(of)

    def get_col_spec(self, **_: Any) -> str:
        names = {sa.SmallInteger: "smallserial", sa.BigInteger: "bigserial"}
        return names.get(type(self.of), "serial")

{% endif %}
{%- if used.lists %}
class List(InRevisions, sa.types.TypeDecorator[Any]):
    """An array without NULL, which only ``null_elements`` in the schema allows for."""

    impl = pg.ARRAY
    cache_ok = True

    def __init__(self, item_type: Any, dimensions: int | None = None) -> None:
        self.item_type = sa.types.to_instance(item_type)
        self.dimensions = dimensions
        super().__init__(self.item_type, dimensions=dimensions)

    def __repr__(self) -> str:
        return f"ARRAY({in_revision(self.item_type)})"

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        if value is not None and any(one is None for one in value):
            raise ValueError("NULL in an array, whose column has no `null_elements`")
        return value

{% endif %}
{%- if used.json %}
class Json(InRevisions, sa.types.TypeDecorator[Any]):
    """JSON as a type of your own: checked when it is read, and plain when written."""

    impl = sa.types.NullType
    cache_ok = True

    def __init__(self, kind: Any, of: Any) -> None:
        self.kind, self.of = kind, sa.types.to_instance(of)
        super().__init__()
        self.impl = self.of
        self.should_evaluate_none = self.of.should_evaluate_none
        self._adapter: pydantic.TypeAdapter[Any] = pydantic.TypeAdapter(kind)

    def __repr__(self) -> str:
        return repr(self.of).replace("=Text()", "=sa.Text()")

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        if op in (operators.eq, operators.ne):
            return self
        return self.impl_instance.coerce_compared_value(op, value)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:
        return None if value is None else self._adapter.validate_python(value)

{% endif %}
{%- if used.collated %}
def collated(kind: Any, name: str, schema: str, *size: Any) -> Any:
    """A type of text with a collation of another schema, which SQLAlchemy 2.0 takes
    for a part of the name and puts quotes around."""
    if sa.__version__.startswith("2.0."):
        return kind(*size, collation=f'{schema}"."{name}')
    return kind(*size, collation=name, collation_schema=schema)

{% endif %}
{%- if used.inet %}
Inet = IPv4Address | IPv6Address | IPv4Interface | IPv6Interface
Cidr = IPv4Network | IPv6Network

{% endif %}
{%- if used.aware %}
def to_aware(value: dt.datetime) -> dt.datetime:
    """Refuse a time without a zone. The last and the first are infinity to the driver,
    and have none."""
    if value.tzinfo is None and value not in (dt.datetime.max, dt.datetime.min):
        raise ValueError("a timestamptz needs a time zone")
    return value


# A timestamptz in a Pydantic class.
Aware = Annotated[dt.datetime, pydantic.AfterValidator(to_aware)]

{% endif %}
{%- if used.bits %}
class Bits(InRevisions, sa.types.UserDefinedType[str]):
    """``bit(n)``, or ``bit varying(n)``, as a string of 0 and 1."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, length: int | None, varying: bool = False) -> None:
        self.length, self.varying = length, varying

    def get_col_spec(self, **_: Any) -> str:
        name = "BIT VARYING" if self.varying else "BIT"
        return name if self.length is None else f"{name}({self.length})"

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        def process(value: str | None) -> Any:
            if value is None:
                return None
            if not self.varying and len(value) != self.length:
                raise ValueError(f"expected {self.length} bits, not {len(value)}")
            return asyncpg.BitString(cast("Any", value))

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        def process(value: Any) -> str | None:
            if isinstance(value, asyncpg.BitString):
                return value.as_string().replace(" ", "")
            return None if value is None else str(value)

        return process

{% endif %}
{%- if used.composites %}
class Composite(InRevisions, sa.types.UserDefinedType[Any]):
    """A composite type as a dataclass."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: type[Any], name: str) -> None:
        self.kind, self.name = kind, name

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        def process(value: Any) -> Any:
            if value is None:
                return None
            return tuple(getattr(value, field.name) for field in fields(value))

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        return lambda value: None if value is None else self.kind(*value)

{% endif %}
{%- if used.vectors %}
{%- if numpy %}
Array = NDArray[np.float32]
Numbers = Sequence[float] | Array


def to_array(value: Any) -> Array:
    """A list of numbers as an array of ``float32``."""
    try:
        with np.errstate(over="ignore"):
            values = np.asarray(value, dtype=np.float32)
    except TypeError as error:
        raise ValueError("not a list of numbers") from error
    if values.ndim != 1:
        raise ValueError("not a list of numbers")
    return values


class WithArrays(pydantic.BaseModel):
    """A Pydantic class with arrays, which numpy compares number by number."""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        mine, others = self.__dict__, other.__dict__
        return all(
            np.array_equal(value, others[name])
            if isinstance(value, np.ndarray)
            else bool(value == others[name])
            for name, value in mine.items()
        )


# An array in a Pydantic class: a list of numbers over the wire.
ArrayField = Annotated[
    Array,
    pydantic.PlainValidator(to_array),
    pydantic.PlainSerializer(lambda values: values.tolist(), return_type=list[float]),
    pydantic.WithJsonSchema({"type": "array", "items": {"type": "number"}}),
]

{% endif %}
def check_embedding(
    dim: int | None,
    values: {{ numbers }},
    *,
    half: bool = False,
) -> {{ numbers }}:
    """Refuse another length, and what the server would take for NaN or infinity, before
    it is asked. Numbers are counted as they are stored, in 32 bits or in 16."""
    if dim is not None and len(values) != dim:
        raise ValueError(f"expected {dim} dimensions, not {len(values)}")
{%- if numpy %}
    with np.errstate(over="ignore"):
        stored = np.asarray(values).astype(np.float16 if half else np.float32)
    finite = np.isfinite(stored)
    if not finite.all():
        i = int(np.argmin(finite))
        raise ValueError(f"NaN or infinity at {i} of the embedding, for {values[i]}")
{%- else %}
    stored = array("f", values)
    limit = 65520.0 if half else math.inf
    # A sum of what is finite is finite, and much faster than to look at each.
    fine = math.isfinite(sum(stored)) and (
        not half or not stored or -limit < min(stored) <= max(stored) < limit
    )
    if not fine:
        i = next(i for i, it in enumerate(stored) if not -limit < it < limit)
        raise ValueError(f"NaN or infinity at {i} of the embedding, for {values[i]}")
{%- endif %}
    return values


def _floats(value: Any) -> Any:
{%- if numpy %}
    return to_array(value)
{%- else %}
    return value.tolist() if hasattr(value, "tolist") else value
{%- endif %}

{% endif %}
{%- if used.vector %}
def vector_to_binary(values: {{ numbers }}) -> bytes:
    """``vector`` in its binary form."""
{%- if numpy %}
    packed = np.asarray(values, dtype=">f4")
{%- else %}
    packed = array("f", values)
    if sys.byteorder == "little":
        packed.byteswap()
{%- endif %}
    return struct.pack(">HH", len(packed), 0) + packed.tobytes()


class Embedding(InRevisions, VECTOR):
    """``vector(N)`` that checks the length and goes over the wire in binary.

    pgvector's own type sends text: three times the bytes, and Python parses every
    float of a row. Distance methods (``cosine_distance`` ...) are VECTOR's.
    """

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))
{% if let Some(package) = vector_package %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ package }} + "." + str(super().get_col_spec(**kw))
{% endif %}
    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = _floats(value)
            check_embedding(self.dim, values)
            return vector_to_binary(values) if binary else fallback(values)

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        fallback = super().result_processor(dialect, coltype)

{%- if numpy %}

        def process(value: Any) -> Array | None:
            if isinstance(value, pgvector.Vector):
                value = value.to_numpy()
            else:
                value = fallback(value)
            return None if value is None else to_array(value)
{%- else %}

        def process(value: Any) -> list[float] | None:
            if isinstance(value, pgvector.Vector):
                return value.to_list()
            return cast("list[float] | None", fallback(value))
{%- endif %}

        return process


# What Alembic reads from a database is of this type, for a revision that drops a column to
# create it again.
pg.dialect.ischema_names["vector"] = Embedding

{% endif %}
{%- if used.halfvec %}
def halfvec_to_binary(values: {{ numbers }}) -> bytes:
    """``halfvec`` in its binary form."""
    return struct.pack(f">HH{len(values)}e", len(values), 0, *values)


class HalfEmbedding(InRevisions, HALFVEC):
    """``halfvec(N)`` that checks the length and goes over the wire in binary."""

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))
{% if let Some(package) = vector_package %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ package }} + "." + str(super().get_col_spec(**kw))
{% endif %}
    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = _floats(value)
            check_embedding(self.dim, values, half=True)
            return halfvec_to_binary(values) if binary else fallback(values)

        return process

    def result_processor(self, dialect: sa.Dialect, coltype: Any) -> Any:
        fallback = super().result_processor(dialect, coltype)

        def process(value: Any) -> {% if numpy %}Array{% else %}list[float]{% endif %} | None:
            if not isinstance(value, pgvector.HalfVector):
                value = fallback(value)
{%- if numpy %}
            return None if value is None else to_array(value.to_numpy())
{%- else %}
            return None if value is None else cast("list[float]", value.to_list())
{%- endif %}

        return process


pg.dialect.ischema_names["halfvec"] = HalfEmbedding

{% endif %}
{%- if used.sparse_fields %}
def to_sparse(value: Any) -> SparseVector:
    """A vector, or its text, which has the places of its numbers from 1 on."""
    if isinstance(value, SparseVector):
        return value
    if isinstance(value, str):
        return SparseVector.from_text(value)
    raise ValueError("not a sparse vector")


# A sparse vector in a Pydantic class: its text over the wire.
SparseField = Annotated[
    SparseVector,
    pydantic.PlainValidator(to_sparse),
    pydantic.PlainSerializer(SparseVector.to_text, return_type=str, when_used="json"),
    pydantic.WithJsonSchema({"type": "string", "examples": ["{1:0.5,3:2}/5"]}),
]

{% endif %}
{%- if used.sparsevec %}
class SparseEmbedding(InRevisions, SPARSEVEC):
    """``sparsevec(N)`` that checks the length."""

    cache_ok = True

    def __init__(self, dim: int | str | None = None) -> None:
        super().__init__(None if dim is None else int(dim))
{% if let Some(package) = vector_package %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ package }} + "." + str(super().get_col_spec(**kw))
{% endif %}
    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)

        def process(value: Any) -> Any:
            if value is None:
                return None
            if not isinstance(value, pgvector.SparseVector):
                value = pgvector.SparseVector(_floats(value))
            if self.dim is not None and value.dimensions() != self.dim:
                raise ValueError(
                    f"expected {self.dim} dimensions, not {value.dimensions()}"
                )
            return fallback(value)

        return process


pg.dialect.ischema_names["sparsevec"] = SparseEmbedding

{% endif %}
{%- if used.listeners || used.columns_of %}
# ---------------------------------------------------------------- tables

{% endif %}
{%- if used.listeners %}
def listener(when: str, *statements: str) -> tuple[str, Any]:
    """Further statements of ``create_all`` for a table."""

    def run(_table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        for statement in statements:
            connection.execute(sa.text(statement))

    return when, run

{% endif %}
{%- if used.columns_of %}
def columns_of(
    name: str, *columns: str, schema: str | None = None
) -> list[sa.Column[Any]]:
    """Columns that a foreign key refers to where their table has no model, or a name
    has a dot."""
    made = [sa.Column[Any](column) for column in columns]
    return list(sa.Table(name, sa.MetaData(), *made, schema=schema).columns)

{% endif %}
# ---------------------------------------------------------------- reading


@dataclass(slots=True)
class Page(Generic[T, C]):
    """One page, and where the next one begins; None on the last page."""

    items: list[T]
    next: C | None


{%- if used.loose %}
class Loose:
    """Mixed into models without a key that a session could tell rows apart by. Objects of
    such a model are in no session: each read makes new ones."""

{% endif %}
def _parts(model: type[Base]{% if used.loose %}, full: Key = (){% endif %}) -> list[Any]:
    """What a statement names to get rows of a model."""
{%- if used.loose %}
    if issubclass(model, Loose):
        wanted = {column.key for column in full}
        every = orm.class_mapper(model).column_attrs
        light = [it for it in every if not it.deferred or it.key in wanted]
        return [getattr(model, it.key) for it in light or every]
{%- endif %}
    return [model]


def _object(model: type[M], row: Sequence[Any]{% if used.loose %}, full: Key = (){% endif %}) -> M:
    """A row of the columns in ``_parts``."""
{%- if used.loose %}
    if issubclass(model, Loose):
        made: M = orm.class_mapper(model).class_manager.new_instance()
        for part, value in zip(_parts(model, full), row, strict=True):
            orm.attributes.set_committed_value(made, part.key, value)
        orm.make_transient_to_detached(made)
        return made
{%- endif %}
    return cast("M", row[0])


async def _objects(
    session: AsyncSession, model: type[M], stmt: sa.Select[Any]
) -> list[M]:
    return [_object(model, row) for row in await session.execute(stmt)]


async def first(
    session: AsyncSession,
    model: type[M],
    where: Where,
    full: Key = (),
) -> M | None:
    """The row that a condition tells from all others, with the deferred columns that are
    asked for."""
{%- if used.loose %}
    stmt = sa.select(*_parts(model, full)).where(*where)
    if not issubclass(model, Loose):
        stmt = stmt.options(*map(orm.undefer, full))
{%- else %}
    stmt = sa.select(model).where(*where).options(*map(orm.undefer, full))
{%- endif %}
    rows = await session.execute(stmt, execution_options=FRESH if full else {})
    row = rows.one_or_none()
    return None if row is None else _object(model, row{% if used.loose %}, full{% endif %})


async def many(
    session: AsyncSession,
    model: type[M],
    key: Key,
    types: Sequence[str],
    keys: Sequence[Any],
) -> list[M]:
    """Rows in the order of their keys; keys that are not there are left out. Which keys
    are the same is for the server to say."""
    if not keys:
        return []
    rows = [tuple(one) if len(key) > 1 else (one,) for one in keys]
    names = [f"k{i}" for i in range(len(key))]
    wanted: Any
    if types:
        columns = zip(key, types, zip(*rows, strict=True), strict=True)
        lists = [_several(c.type, name, list(values)) for c, name, values in columns]
        wanted = sa.func.unnest(*lists).table_valued(*names, with_ordinality="n")
        wanted = wanted.render_derived()
    else:
        # An array of arrays would be taken apart as a whole.
        typed = [sa.column(n, c.type) for n, c in zip(names, key, strict=True)]
        wanted = sa.values(*typed, sa.column("n", sa.Integer), name="wanted")
        wanted = wanted.data([(*row, i) for i, row in enumerate(rows)])
    same = [column == wanted.c[n] for n, column in zip(names, key, strict=True)]
    stmt = sa.select(*_parts(model)).select_from(model).join(wanted, sa.and_(*same))
    return await _objects(session, model, stmt.order_by(wanted.c.n))


class _Several(sa.types.UserDefinedType[Any]):
    """An array of values of a type, which is cast to the bare name of that type: a length
    in a cast would cut off what is longer."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, of: sa.types.TypeEngine[Any], name: str) -> None:
        self.of, self.name = of, name

    def get_col_spec(self, **_: Any) -> str:
        return f"{self.name}[]"

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        one = self.of.dialect_impl(dialect).bind_processor(dialect)
        return None if one is None else lambda values: [one(it) for it in values]


def _several(of: Any, name: str, values: list[Any]) -> sa.ColumnElement[Any]:
{%- if used.raw %}
    if isinstance(of, Raw):
        return sa.cast(sa.literal(values, sa.ARRAY(sa.Text)), _Several(of, name))
{%- endif %}
    return sa.literal(values, _Several(of, name))


async def some(
    session: AsyncSession, model: type[M], where: Where, limit: int
) -> list[M]:
    """Rows in no order."""
    stmt = sa.select(*_parts(model)).where(*where).limit(limit)
    return await _objects(session, model, stmt)


async def page(
    session: AsyncSession,
    model: type[M],
    where: Where,
    order: Sequence[tuple[orm.InstrumentedAttribute[Any], bool]],
    after: Sequence[Any] | None,
    limit: int,
) -> tuple[list[M], bool]:
    """Rows after a position, in an order that tells any two rows apart, and whether
    there are more. The order has the columns, and whether the largest comes first."""
    stmt = sa.select(*_parts(model)).where(*where)
    if after is not None:
        stmt = stmt.where(_after(order, after))
    stmt = stmt.order_by(*(c.desc() if down else c.asc() for c, down in order))
    rows = await _objects(session, model, stmt.limit(limit + 1))
    return rows[:limit], len(rows) > limit > 0


def _after(
    order: Sequence[tuple[orm.InstrumentedAttribute[Any], bool]],
    after: Sequence[Any],
) -> sa.ColumnElement[bool]:
    values = [sa.literal(v, c.type) for (c, _), v in zip(order, after, strict=True)]
    columns = [c for c, _ in order]
    if len({down for _, down in order}) == 1:
        # A comparison of rows is what an index answers as a whole.
        if len(columns) == 1:
            return columns[0] < values[0] if order[0][1] else columns[0] > values[0]
        row, position = sa.tuple_(*columns), sa.tuple_(*values)
        return row < position if order[0][1] else row > position
    choices = []
    for i, (column, down) in enumerate(order):
        same = [c == v for c, v in zip(columns[:i], values, strict=False)]
        last = column < values[i] if down else column > values[i]
        choices.append(sa.and_(*same, last))
    return sa.or_(*choices)


async def count(session: AsyncSession, model: type[Base], where: Where) -> int:
    """The number of rows."""
    stmt = sa.select(sa.func.count()).select_from(model).where(*where)
    return (await session.execute(stmt)).scalar_one()

{% if used.writes %}
# ---------------------------------------------------------------- writing


def given(
    new: pydantic.BaseModel,
    attributes: Mapping[str, str],
    defaulted: Container[str] = (),
) -> dict[str, Any]:
    """What is set, by attribute. None means the default where there is one and the
    column has no NULL."""
    names = (n for n in type(new).model_fields if n in new.model_fields_set)
    values = ((name, getattr(new, name)) for name in names)
    return {
        attributes.get(name, name): value
        for name, value in values
        if value is not None or name not in defaulted
    }


async def _written(
    session: AsyncSession, model: type[M], stmt: Any, full: Iterable[str] = ()
) -> M | None:
    stmt = stmt.returning(*_parts(model))
    if full:
        stmt = stmt.options(*(orm.undefer(getattr(model, name)) for name in full))
    row = (await session.execute(stmt, execution_options=FRESH)).one_or_none()
    return None if row is None else _object(model, row)


def _loaded(session: AsyncSession, model: type[Base]) -> set[str]:
    """Deferred columns that an object of the session has loaded. What writes a row reads
    these, too: all that is not read again is forgotten."""
{%- if used.loose %}
    if issubclass(model, Loose):
        return set()
{%- endif %}
    deferred = {it.key for it in orm.class_mapper(model).column_attrs if it.deferred}
    if not deferred:
        return deferred
    held = (it for it in session.identity_map.values() if isinstance(it, model))
    return deferred.intersection(name for one in held for name in one.__dict__)


async def insert(session: AsyncSession, model: type[M], values: Mapping[str, Any]) -> M:
    """Insert a row and read it back."""
    stmt = sa.insert(model)
    stmt = stmt.values(dict(values)) if values else stmt.values()
    return cast("M", await _written(session, model, stmt))

{% if used.upserts %}
async def upsert(
    session: AsyncSession,
    model: type[M],
    values: Mapping[str, Any],
    key: Key,
) -> M:
    """Insert, or put the given values into the row that has the same key. That row
    keeps its primary key, which others may refer to."""
    stmt = pg.insert(model)
    stmt = stmt.values(dict(values)) if values else stmt.values()
    columns = orm.class_mapper(model).columns
    kept = {column.name for column in cast("sa.Table", model.__table__).primary_key}
    kept |= {columns[column.key].name for column in key}
    taken = [n for n in values if columns[n].name not in kept] or [key[0].key]
    change = {columns[n].name: stmt.excluded[columns[n].key] for n in taken}
    stmt = stmt.on_conflict_do_update(index_elements=list(key), set_=change)
    row = await _written(session, model, stmt, _loaded(session, model))
    return cast("M", row)

{% endif %}
Encoder = Callable[[Any], bytes]

# How many rows go in a statement where COPY does not do.
BATCH = 1000


async def insert_many(
    session: AsyncSession,
    model: type[Base],
    rows: Iterable[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
    types: Mapping[str, str],
) -> int:
    """Load many rows, all or nothing; returns how many.

    COPY cannot say DEFAULT for one row, so rows are grouped by which columns they give,
    one COPY a group. A group that has a column without an encoder goes by INSERT: in
    statements of many rows, which are given as arrays of the ``types``, or row by row
    where a column has none.
    """
    await session.flush()
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        names = tuple(name for name in encoders if name in row)
        groups.setdefault(names, []).append(row)
    connection = await session.connection()
    # Also makes the driver begin a transaction.
    await connection.exec_driver_sql("SAVEPOINT load")
    try:
        for names, group in groups.items():
            known = {name: encoders[name] for name in names}
            if names and None not in known.values():
                await _copy(connection, model, group, known)
            else:
                await _insert(connection, model, group, names, types)
    except BaseException:
        # SQLAlchemy drops the connection of a statement that is cancelled. A COPY is none
        # of its own, and leaves the connection as it is.
        if not connection.invalidated:
            await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT load")
        raise
    await connection.exec_driver_sql("RELEASE SAVEPOINT load")
    return sum(map(len, groups.values()))


async def _insert(
    connection: AsyncConnection,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    types: Mapping[str, str],
) -> None:
    columns = orm.class_mapper(model).columns
    stmt = sa.insert(cast("sa.Table", model.__table__))
    if not names:
        for _ in rows:
            await connection.execute(stmt)
        return
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        if not all(name in types for name in names):
            by_key = [{columns[n].key: row[n] for n in names} for row in batch]
            await connection.execute(stmt, by_key)
            continue
        lists = [
            _several(columns[name].type, types[name], [row[name] for row in batch])
            for name in names
        ]
        places = [f"c{i}" for i in range(len(names))]
        given = sa.func.unnest(*lists).table_valued(*places).render_derived()
        query = sa.select(given)
        keys = [columns[name].key for name in names]
        await connection.execute(stmt.from_select(keys, query))


async def _copy(
    connection: AsyncConnection,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
) -> None:
    raw: Any = (await connection.get_raw_connection()).driver_connection
    table = cast("sa.Table", model.__table__)
    columns = orm.class_mapper(model).columns
    # None is a value to columns of JSON that are NOT NULL.
    told = {name for name in encoders if columns[name].type.should_evaluate_none}
    await raw.copy_to_table(
        table.name,
        schema_name=table.schema or "public",
        columns=[columns[name].name for name in encoders],
        source=_binary(rows, encoders, told),
        format="binary",
    )


async def _binary(
    rows: Iterable[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
    told: Container[str],
) -> AsyncIterator[bytes]:
    """The body of COPY .. (FORMAT binary), in pieces of about half a megabyte."""
    buffer = bytearray(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    for row in rows:
        buffer += struct.pack(">h", len(encoders))
        for name, encode in encoders.items():
            value = row[name]
            if encode is None or (value is None and name not in told):
                buffer += b"\xff\xff\xff\xff"
                continue
            try:
                field = encode(value)
            except (ArithmeticError, TypeError, ValueError, struct.error) as error:
                raise ValueError(f"{name}: {error}") from error
            buffer += struct.pack(">i", len(field)) + field
        if len(buffer) > 1 << 19:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer) + b"\xff\xff"


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
    # As the driver has it, the last and the first are infinity.
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

{% if used.updates %}
async def update(
    session: AsyncSession,
    model: type[M],
    where: Where,
    values: Mapping[str, Any],
) -> M | None:
    """Change a row and read it back. None if there is no such row."""
    if not values:
        return await first(session, model, where)
    stmt = sa.update(model).where(*where).values(dict(values))
    return await _written(session, model, stmt, _loaded(session, model))


async def delete(session: AsyncSession, model: type[Base], where: Where) -> int:
    """The number of deleted rows. An empty condition is an error."""
    if not where:
        raise ValueError("no condition")
    result = await session.execute(sa.delete(model).where(*where))
    return cast("sa.CursorResult[Any]", result).rowcount

{% endif %}
{%- endif %}
{%- if used.searches %}
# ---------------------------------------------------------------- nearest neighbors

{% if used.quantize %}
{%- if let Some(package) = vector_package %}
def binary_quantize(vector: Any) -> sa.Function[Any]:
    """The signs of a vector. SQLAlchemy puts no quotes around a function's schema."""
    package = sa.quoted_name({{ package }}, False)
    return sa.Function("binary_quantize", vector, packagenames=(package,))

{% endif %}
{%- endif %}

Metric = Literal["l2", "inner_product", "cosine", "l1", "hamming", "jaccard"]
IterativeScan = Literal["off", "strict_order", "relaxed_order"]
Method = Literal["hnsw", "ivfflat", "exact"]


@dataclass(slots=True)
class Hit(Generic[T]):
    """One row and its distance."""

    row: T
    distance: float


def _hit(model: type[M], row: Sequence[Any]) -> Hit[M]:
    return Hit(_object(model, row[:-1]), float(row[-1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How to search."""

    method: Method
    other: Method | None = None
    k: int
    where: Where = ()
    filtered: bool = False
    max_distance: float | None = None
    effort: int | None = None
    iterative_scan: IterativeScan | None = None
    max_scan_tuples: int | None = None
    exact: bool = False

    def settings(self) -> dict[str, str]:
        """What the search must set; empty where the defaults do.

        An HNSW scan gives at most ``hnsw.ef_search`` rows (40 unless set), IVFFlat
        what is in ``ivfflat.probes`` lists, and a filter is applied to those
        afterwards, as are deletions since the last VACUUM. Settings that the planner
        reads are lost on a generic plan kept from earlier runs, hence
        force_custom_plan.
        """
        custom = {"plan_cache_mode": "force_custom_plan"}
        if self.exact:
            return {"enable_indexscan": "off"} | custom
        s: dict[str, str] = {}
        # The planner may take either of two indexes.
        if "hnsw" in (self.method, self.other):
            if self.effort is not None and self.method == "hnsw":
                s["hnsw.ef_search"] = str(min(max(self.effort, 1), 1000))
            elif self.k > 40:
                s["hnsw.ef_search"] = str(min(self.k, 1000))
            scan = self.iterative_scan
            if scan is None and (self.filtered or self.k > 40):
                scan = "strict_order"
            if scan is not None:
                s["hnsw.iterative_scan"] = scan
            if self.max_scan_tuples is not None:
                s["hnsw.max_scan_tuples"] = str(self.max_scan_tuples)
        if "ivfflat" in (self.method, self.other):
            if self.effort is not None and self.method == "ivfflat":
                s["ivfflat.probes"] = str(min(max(self.effort, 1), 32768))
            if self.relaxed():
                s["ivfflat.iterative_scan"] = "relaxed_order"
        # The planner does not count reading vectors out of TOAST, and falls to a
        # sequential scan as more is looked for.
        return s | {"enable_seqscan": "off"} | custom if s else s

    def relaxed(self) -> bool:
        """Whether rows are returned in an approximate order."""
        if self.exact or self.method == "exact" or self.iterative_scan == "off":
            return False
        if self.iterative_scan == "relaxed_order":
            return True
        if "ivfflat" not in (self.method, self.other):
            return False
        # IVFFlat scans on in no other order.
        told = self.iterative_scan is not None or self.effort is None
        return told or self.filtered or self.method == "hnsw"


@asynccontextmanager
async def applied(
    session: AsyncSession, settings: dict[str, str]
) -> AsyncIterator[None]:
    """Settings for the statements inside only, in the session's transaction.

    The savepoint is made on the connection, not on the session, so that rolling it
    back expires no loaded object; what is pending is flushed first, so that it is
    not rolled back.
    """
    await session.flush()
    if not settings:
        yield
        return
    connection = await session.connection()
    await connection.exec_driver_sql("SAVEPOINT search")
    try:
        change = (sa.func.set_config(n, v, True) for n, v in settings.items())
        await connection.execute(sa.select(*change))
        with session.no_autoflush:
            yield
    except Exception:
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT search")
        raise
    # Not on cancellation: SQLAlchemy has dropped the connection by then.
    await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT search")
    await connection.exec_driver_sql("RELEASE SAVEPOINT search")


def limit_of(n: int, settings: dict[str, str]) -> sa.ColumnElement[int]:
    """A generic plan takes a tenth of the table for a parameter in LIMIT, and leaves
    the index alone: so a literal where no settings go along, and a parameter where
    they do, as they hold force_custom_plan."""
    if settings:
        return sa.literal(n, sa.Integer)
    return sa.literal_column(str(int(n)), sa.Integer)


async def nearest(
    session: AsyncSession,
    model: type[M],
    distance: sa.ColumnElement[float],
    search: Search,
) -> list[Hit[M]]:
    """The rows that are nearest.

    A bound on the distance is no condition for the server, which would scan on and look
    for more. And it takes a relaxed order for the right one, and would not sort it.
    """
    settings = search.settings()
    stmt = sa.select(*_parts(model), distance.label("distance")).where(*search.where)
    stmt = stmt.order_by(distance).limit(limit_of(search.k, settings))
    async with applied(session, settings):
        hits = [_hit(model, row) for row in await session.execute(stmt)]
    if search.max_distance is not None:
        hits = [hit for hit in hits if hit.distance <= search.max_distance]
    if search.relaxed():
        # NaN comes last, as it does in the server.
        hits.sort(key=lambda hit: (math.isnan(hit.distance), hit.distance))
    return hits

{% if used.rerank || used.hybrid %}
def _numbered(key: Key) -> list[Any]:
    """Columns of a key by names that no other part of a search has."""
    return [column.label(f"k{i}") for i, column in enumerate(key)]

{% endif %}
{%- if used.rerank %}
async def nearest_rerank(
    session: AsyncSession,
    model: type[M],
    key: Key,
    candidates: sa.ColumnElement[float],
    distance: sa.ColumnElement[float],
    search: Search,
    k: int,
) -> list[Hit[M]]:
    """Two stages: the rows that ``candidates`` puts first, sorted by ``distance``."""
    settings = search.settings()
    ids: Any = sa.select(*_numbered(key)).where(*search.where).order_by(candidates)
    near = ids.limit(limit_of(search.k, settings)).cte("near")
    same = (near.c[f"k{i}"] == column for i, column in enumerate(key))
    stmt: Any = sa.select(*_parts(model), distance.label("distance"))
    stmt = stmt.select_from(model).join(near, sa.and_(*same))
    stmt = stmt.order_by(distance).limit(limit_of(k, settings))
    async with applied(session, settings):
        return [_hit(model, row) for row in await session.execute(stmt)]

{% endif %}
{%- if used.mmr %}
async def nearest_mmr(
    session: AsyncSession,
    model: type[M],
    vector: orm.InstrumentedAttribute[Any],
    distance: sa.ColumnElement[float],
    query: {{ numbers }},
    search: Search,
    k: int,
    weight: float,
) -> list[Hit[M]]:
    """Of the nearest rows those that are close and yet differ."""
    settings = search.settings()
    # Under a name of its own, as the rows may have the vector, too.
    other = vector.label("vector")
    stmt: Any = sa.select(other, *_parts(model), distance.label("distance"))
    stmt = stmt.where(*search.where).order_by(distance)
    stmt = stmt.limit(limit_of(search.k, settings))
    async with applied(session, settings):
        rows = (await session.execute(stmt)).all()
    rows = sorted(rows, key=lambda row: row[-1])
    picked = mmr(query, [row[0] for row in rows], k, weight)
    return [_hit(model, rows[i][1:]) for i in picked]


def mmr(
    query: {{ numbers }},
    candidates: Sequence[{{ numbers }}],
    k: int,
    weight: float,
) -> list[int]:
    """Greedy maximal marginal relevance over cosine similarity; places, best first."""

    def unit(v: {{ numbers }}) -> list[float]:
        norm = math.hypot(*v) or 1.0
        return [x / norm for x in v]

    def dot(a: Sequence[float], b: Sequence[float]) -> float:
        return float(sum(map(mul, a, b)))

    units = [unit(c) for c in candidates]
    q = unit(query)
    near = [dot(q, u) for u in units]
    same = [0.0] * len(units)
    left, picked = list(range(len(units))), list[int]()
    while left and len(picked) < k:
        best = max(left, key=lambda i: (weight * near[i] - (1 - weight) * same[i], -i))
        left.remove(best)
        picked.append(best)
        for i in left:
            s = dot(units[i], units[best])
            same[i] = s if len(picked) == 1 else max(same[i], s)
    return picked

{% endif %}
{%- if used.hybrid %}
@dataclass(slots=True)
class Ranked(Generic[T]):
    """One row of a hybrid search: larger scores are better, ranks begin at 1."""

    row: T
    score: float
    vector_rank: int | None
    text_rank: int | None


async def hybrid(
    session: AsyncSession,
    model: type[M],
    key: Key,
    distance: sa.ColumnElement[float],
    document: Any,
    tsquery: sa.ColumnElement[Any],
    search: Search,
    k: int,
    text_where: Where,
    rrf_k: float,
    weights: tuple[float, float],
) -> list[Ranked[M]]:
    """Vector and full-text search fused by reciprocal rank in one statement."""
    settings = search.settings()
    n = limit_of(search.k, settings)
    names = [f"k{i}" for i in range(len(key))]

    ids = sa.select(*_numbered(key), distance.label("distance")).where(*search.where)
    near = ids.order_by(distance).limit(n).subquery("near")
    ties = [near.c[name] for name in names]
    rank = sa.func.row_number().over(order_by=(near.c.distance, *ties))
    v = sa.select(*ties, rank.label("rank")).cte("v")

    relevance = sa.func.ts_rank_cd(document, tsquery)
    matches = document.op("@@", is_comparison=True)(tsquery)
    ids = sa.select(*_numbered(key), relevance.label("relevance"))
    ids = ids.where(matches, *text_where)
    found = ids.order_by(relevance.desc(), *key).limit(n).subquery("found")
    ties = [found.c[name] for name in names]
    rank = sa.func.row_number().over(order_by=(found.c.relevance.desc(), *ties))
    t = sa.select(*ties, rank.label("rank")).cte("t")

    zero = sa.literal(0.0)
    vector_part = weights[0] / (rrf_k + sa.cast(v.c.rank, sa.Float))
    text_part = weights[1] / (rrf_k + sa.cast(t.c.rank, sa.Float))
    score = sa.func.coalesce(vector_part, zero) + sa.func.coalesce(text_part, zero)
    both = [sa.func.coalesce(v.c[name], t.c[name]).label(name) for name in names]
    ranks = (v.c.rank.label("vector_rank"), t.c.rank.label("text_rank"))
    same = sa.and_(*(v.c[name] == t.c[name] for name in names))
    fused = (
        sa.select(*both, score.label("score"), *ranks)
        .select_from(v.join(t, same, full=True))
        .order_by(score.desc(), *both)
        .limit(limit_of(k, settings))
        .cte("fused")
    )
    again = [fused.c[n] == column for n, column in zip(names, key, strict=True)]
    stmt: Any = sa.select(
        *_parts(model), fused.c.score, fused.c.vector_rank, fused.c.text_rank
    )
    stmt = stmt.select_from(model).join(fused, sa.and_(*again))
    stmt = stmt.order_by(fused.c.score.desc(), *key)
    async with applied(session, settings):
        rows = await session.execute(stmt)
        return [Ranked(_object(model, row[:-3]), *row[-3:]) for row in rows]

{% endif %}
{%- endif %}
# ---------------------------------------------------------------- drift


class SchemaDrift(RuntimeError):
    """The database differs from the one that this code was generated for."""

    def __init__(self, table: str, differences: list[str]) -> None:
        super().__init__(f"{table} has changed: {'; '.join(differences)}")
        self.table, self.differences = table, differences


async def verify(
    session: AsyncSession, table: str, expected: Sequence[tuple[str, str, bool]]
) -> None:
    """Compare a live table with its code. Added columns are ignored."""
    # Types are compared as a session prints them that finds public and nothing else.
    stmt = sa.text("""
        SELECT a.attname::text, CASE
            WHEN NOT pg_type_is_visible(e.oid)
            THEN regexp_replace(format_type(a.atttypid, a.atttypmod), '^public[.]', '')
            WHEN n.nspname IN ('pg_catalog', 'public')
            THEN format_type(a.atttypid, a.atttypmod)
            ELSE quote_ident(n.nspname) || '.' || format_type(a.atttypid, a.atttypmod)
            END, a.attnotnull
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_type e ON e.oid = CASE
            WHEN t.typtype = 'b' AND t.typcategory = 'A' THEN t.typelem ELSE t.oid END
        JOIN pg_namespace n ON n.oid = e.typnamespace
        WHERE a.attrelid = to_regclass(:t) AND a.attnum > 0 AND NOT a.attisdropped
    """)
    rows = await session.execute(stmt, {"t": table})
    live = {name: (kind, not_null) for name, kind, not_null in rows}
    if not live:
        raise SchemaDrift(table, ["there is no such table"])
    differences = []
    for name, kind, not_null in expected:
        if name not in live:
            differences.append(f"no column {name}")
        elif live[name][0] != kind:
            differences.append(f"{name} is {live[name][0]}, not {kind}")
        elif live[name][1] != not_null:
            is_now = "NOT NULL" if live[name][1] else "nullable"
            differences.append(f"{name} is {is_now}")
    if differences:
        raise SchemaDrift(table, differences)
