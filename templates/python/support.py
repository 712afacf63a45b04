{{ header }}
"""What the modules of all tables share. Nothing here depends on the generator."""

from __future__ import annotations

{{ imports }}

{%- if used.base %}
class Base(DeclarativeBase):
    """The declarative base of all models."""

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


def enum_labels(kind: type[enum.Enum]) -> list[str]:
    """SQLAlchemy stores the names of members unless told to store the values."""
    return [member.value for member in kind]

{% if used.open_enums %}
class OpenEnum(sa.types.UserDefinedType[Any]):
    """An enum that may have got labels since: those are plain strings."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, kind: type[enum.StrEnum], name: str) -> None:
        self.kind, self.name = kind, name

    def get_col_spec(self, **_: Any) -> str:
        return self.name

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return lambda value: None if value is None else str(value)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:
        known = {member.value: member for member in self.kind}
        return lambda value: known.get(value, value)

{% endif %}
{%- if used.raw %}
class Raw(sa.types.UserDefinedType[str]):
    """A type that is carried as its text and converted by the server."""

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
{%- if used.inet %}
Inet = IPv4Address | IPv6Address | IPv4Interface | IPv6Interface
Cidr = IPv4Network | IPv6Network

{% endif %}
{%- if used.bits %}
class Bits(sa.types.UserDefinedType[str]):
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
class Composite(sa.types.UserDefinedType[Any]):
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
        values = np.asarray(value, dtype=np.float32)
    except TypeError as error:
        raise ValueError("not a list of numbers") from error
    if values.ndim != 1:
        raise ValueError("not a list of numbers")
    return values


# An array in a Pydantic class: a list of numbers over the wire.
ArrayField = Annotated[
    Array,
    pydantic.PlainValidator(to_array),
    pydantic.PlainSerializer(lambda values: values.tolist(), return_type=list[float]),
    pydantic.WithJsonSchema({"type": "array", "items": {"type": "number"}}),
]

{% endif %}
def check_embedding(dim: int, values: {{ numbers }}) -> {{ numbers }}:
    """Refuse another length, NaN and infinity before the server is asked."""
    if len(values) != dim:
        raise ValueError(f"expected {dim} dimensions, not {len(values)}")
    if not {% if numpy %}np.isfinite(values).all(){% else %}math.isfinite(math.fsum(values)){% endif %}:
        raise ValueError("the embedding has a NaN or infinite value")
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
    """``vector`` as it goes over the wire."""
{%- if numpy %}
    packed = np.asarray(values, dtype=">f4")
{%- else %}
    packed = array("f", values)
    if sys.byteorder == "little":
        packed.byteswap()
{%- endif %}
    return struct.pack(">HH", len(packed), 0) + packed.tobytes()


class Embedding(VECTOR):
    """``vector(N)`` that checks the length and goes over the wire in binary.

    pgvector's own type sends text: three times the bytes, and Python parses every
    float of a row. Distance methods (``cosine_distance`` ...) are VECTOR's.
    """

    cache_ok = True
{% if elsewhere %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ vector_schema }} + "." + str(super().get_col_spec(**kw))
{% endif %}
    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = _floats(value)
            if self.dim is not None:
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

{% endif %}
{%- if used.halfvec %}
def halfvec_to_binary(values: {{ numbers }}) -> bytes:
    """``halfvec`` as it goes over the wire."""
    return struct.pack(f">HH{len(values)}e", len(values), 0, *values)


class HalfEmbedding(HALFVEC):
    """``halfvec(N)`` that checks the length and goes over the wire in binary."""

    cache_ok = True
{% if elsewhere %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ vector_schema }} + "." + str(super().get_col_spec(**kw))
{% endif %}
    def bind_processor(self, dialect: sa.Dialect) -> Any:
        fallback = super().bind_processor(dialect)
        binary = dialect.driver == "asyncpg"

        def process(value: Any) -> Any:
            if value is None:
                return None
            values = _floats(value)
            if self.dim is not None:
                check_embedding(self.dim, values)
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

{% endif %}
{%- if used.sparsevec %}
class SparseEmbedding(SPARSEVEC):
    """``sparsevec(N)`` that checks the length."""

    cache_ok = True
{% if elsewhere %}
    def get_col_spec(self, **kw: Any) -> str:
        return {{ vector_schema }} + "." + str(super().get_col_spec(**kw))
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

{% endif %}
# ---------------------------------------------------------------- reading


@dataclass(slots=True)
class Page(Generic[T, C]):
    """One page, and where the next one begins; None on the last page."""

    items: list[T]
    next: C | None


async def first(
    session: AsyncSession,
    model: type[M],
    where: Where,
    *options: Any,
) -> M | None:
    """The row that a condition tells from all others."""
    stmt = sa.select(model).options(*options).where(*where)
    rows = await session.scalars(stmt, execution_options=FRESH if options else {})
    return rows.one_or_none()


async def many(
    session: AsyncSession,
    model: type[M],
    key: Key,
    keys: Sequence[Any],
) -> list[M]:
    """Rows in the order of their keys; keys that are not there are left out."""
    if len(key) == 1:
        found = key[0] == sa.func.any(sa.literal(list(keys), sa.ARRAY(key[0].type)))
    else:
        found = sa.tuple_(*key).in_([tuple(one) for one in keys])
    rows = (await session.scalars(sa.select(model).where(found))).all()
    names = [column.key for column in key]
    by_key = {tuple(getattr(row, name) for name in names): row for row in rows}
    wanted = [tuple(one) if len(key) > 1 else (one,) for one in keys]
    return [by_key[one] for one in wanted if one in by_key]


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
    stmt = sa.select(model).where(*where)
    if after is not None:
        stmt = stmt.where(_after(order, after))
    stmt = stmt.order_by(*(c.desc() if down else c.asc() for c, down in order))
    rows = (await session.scalars(stmt.limit(limit + 1))).all()
    return list(rows[:limit]), len(rows) > limit > 0


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
    """How many rows there are."""
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


async def insert(session: AsyncSession, model: type[M], values: Mapping[str, Any]) -> M:
    """Insert a row and read it back."""
    stmt = sa.insert(model).values(**values).returning(model)
    return (await session.scalars(stmt, execution_options=FRESH)).one()

{% if used.upserts %}
async def upsert(
    session: AsyncSession,
    model: type[M],
    values: Mapping[str, Any],
    key: Key,
) -> M:
    """Insert, or put the given values into the row that has the same key."""
    stmt = pg.insert(model).values(**values)
    names = {column.key for column in key}
    columns = orm.class_mapper(model).columns
    taken = [name for name in values if name not in names] or [key[0].key]
    change = {columns[n].name: stmt.excluded[columns[n].key] for n in taken}
    stmt = stmt.on_conflict_do_update(index_elements=list(key), set_=change)
    rows = await session.scalars(stmt.returning(model), execution_options=FRESH)
    return rows.one()

{% endif %}
Encoder = Callable[[Any], bytes]


async def insert_many(
    session: AsyncSession,
    model: type[Base],
    rows: Iterable[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
) -> int:
    """Load many rows, all or nothing; returns how many.

    COPY cannot say DEFAULT for one row, so rows are grouped by which columns they
    give, one COPY a group. Columns without an encoder go by INSERT.
    """
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        names = tuple(name for name in encoders if name in row)
        groups.setdefault(names, []).append(row)
    connection = await session.connection()
    # Also makes the driver begin a transaction.
    await connection.exec_driver_sql("SAVEPOINT load")
    written = 0
    try:
        for names, group in groups.items():
            known = {name: encoders[name] for name in names}
            if names and None not in known.values():
                written += await _copy(connection, model, group, known)
            else:
                stmt = sa.insert(cast("sa.Table", model.__table__))
                columns = orm.class_mapper(model).columns
                rows_of = [{columns[n].key: v for n, v in r.items()} for r in group]
                for one in rows_of if not names else [rows_of]:
                    await connection.execute(stmt, one)
                written += len(group)
    except BaseException:
        await connection.exec_driver_sql("ROLLBACK TO SAVEPOINT load")
        raise
    await connection.exec_driver_sql("RELEASE SAVEPOINT load")
    return written


async def _copy(
    connection: AsyncConnection,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    encoders: Mapping[str, Encoder | None],
) -> int:
    raw: Any = (await connection.get_raw_connection()).driver_connection
    table = cast("sa.Table", model.__table__)
    columns = orm.class_mapper(model).columns
    done = await raw.copy_to_table(
        table.name,
        schema_name=table.schema or "public",
        columns=[columns[name].name for name in encoders],
        source=_binary(rows, encoders),
        format="binary",
    )
    return int(done.rpartition(" ")[2])


async def _binary(
    rows: Iterable[Mapping[str, Any]], encoders: Mapping[str, Encoder | None]
) -> AsyncIterator[bytes]:
    """The body of COPY .. (FORMAT binary), in pieces of about half a megabyte."""
    buffer = bytearray(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    for row in rows:
        buffer += struct.pack(">h", len(encoders))
        for name, encode in encoders.items():
            value = row[name]
            if value is None or encode is None:
                buffer += b"\xff\xff\xff\xff"
            else:
                field = encode(value)
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
    return struct.pack(">i", value.toordinal() - 730_120)


def copy_time(value: dt.time) -> bytes:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return struct.pack(">q", seconds * 1_000_000 + value.microsecond)


def _since_2000(value: dt.datetime, zone: dt.tzinfo | None) -> bytes:
    since = value - dt.datetime(2000, 1, 1, tzinfo=zone)
    seconds = since.days * 86_400 + since.seconds
    return struct.pack(">q", seconds * 1_000_000 + since.microseconds)


def copy_timestamp(value: dt.datetime) -> bytes:
    if value.tzinfo is not None:
        raise ValueError("a timestamp has no time zone")
    return _since_2000(value, None)


def copy_timestamptz(value: dt.datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError("a timestamptz needs a time zone")
    return _since_2000(value, dt.UTC)


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
    """Change a row and read it back. None where there is none."""
    if not values:
        return await first(session, model, where)
    stmt = sa.update(model).where(*where).values(**values).returning(model)
    return (await session.scalars(stmt, execution_options=FRESH)).one_or_none()


async def delete(session: AsyncSession, model: type[Base], where: Where) -> int:
    """How many rows went. An empty condition is refused."""
    if not where:
        raise ValueError("no condition")
    result = await session.execute(sa.delete(model).where(*where))
    return cast("sa.CursorResult[Any]", result).rowcount

{% endif %}
{%- endif %}
{%- if used.searches %}
# ---------------------------------------------------------------- nearest neighbors

Metric = Literal["l2", "inner_product", "cosine", "l1", "hamming", "jaccard"]
IterativeScan = Literal["off", "strict_order", "relaxed_order"]
Method = Literal["hnsw", "ivfflat", "exact"]


@dataclass(slots=True)
class Hit(Generic[T]):
    """One row and how far it is."""

    row: T
    distance: float


def _hit(row: Any) -> Hit[Any]:
    return Hit(row[0], float(row[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How hard to look, and what answers."""

    method: Method
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
        afterwards, as are deletions since the last VACUUM. Settings that the planner reads are lost on a generic plan kept
        from earlier runs, hence force_custom_plan.
        """
        custom = {"plan_cache_mode": "force_custom_plan"}
        if self.exact:
            return {"enable_indexscan": "off"} | custom
        s: dict[str, str] = {}
        if self.method == "hnsw":
            if self.effort is not None:
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
        elif self.method == "ivfflat":
            if self.effort is not None:
                s["ivfflat.probes"] = str(min(max(self.effort, 1), 32768))
            if self.relaxed():
                s["ivfflat.iterative_scan"] = "relaxed_order"
        # The planner does not count reading vectors out of TOAST, and falls to a
        # sequential scan as more is looked for.
        return s | {"enable_seqscan": "off"} | custom if s else s

    def relaxed(self) -> bool:
        """Whether rows come in an order that is only nearly right."""
        if self.exact or self.method == "exact" or self.iterative_scan == "off":
            return False
        if self.method == "hnsw" or self.iterative_scan is not None:
            return self.iterative_scan == "relaxed_order" or self.method == "ivfflat"
        return self.effort is None or self.filtered


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
    key: Key,
    distance: sa.ColumnElement[float],
    search: Search,
) -> list[Hit[M]]:
    """The rows that are nearest. No vector is read back."""
    settings = search.settings()
    limit = limit_of(search.k, settings)
    label = distance.label("distance")
    stmt: Any = sa.select(model, label).where(*search.where)
    stmt = stmt.order_by(distance).limit(limit)
    if search.max_distance is not None or search.relaxed():
        # A distance bound belongs outside the LIMIT, where it cannot make the scan
        # run on; relaxed order is put right outside as well, by an expression, since
        # the planner takes the order inside for what it claims to be. Only keys pass
        # through: a subquery over the model would carry every column.
        ids = sa.select(*key, label).where(*search.where).order_by(distance)
        near = ids.limit(limit).subquery("near")
        same = (near.c[column.name] == column for column in key)
        stmt = sa.select(model, near.c.distance).join(near, sa.and_(*same))
        if search.max_distance is not None:
            stmt = stmt.where(near.c.distance <= search.max_distance)
        stmt = stmt.order_by(near.c.distance + 0.0)
    async with applied(session, settings):
        return [_hit(row) for row in await session.execute(stmt)]

{% if used.rerank %}
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
    ids: Any = sa.select(*key).where(*search.where).order_by(candidates)
    near = ids.limit(limit_of(search.k, settings)).cte("near")
    same = (near.c[column.name] == column for column in key)
    stmt: Any = sa.select(model, distance.label("distance"))
    stmt = stmt.join(near, sa.and_(*same))
    stmt = stmt.order_by(distance).limit(limit_of(k, settings))
    async with applied(session, settings):
        return [_hit(row) for row in await session.execute(stmt)]

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
    stmt = sa.select(model, distance.label("distance"), vector).where(*search.where)
    stmt = stmt.order_by(distance).limit(limit_of(search.k, settings))
    async with applied(session, settings):
        rows = (await session.execute(stmt)).all()
    rows = sorted(rows, key=lambda row: row[1])
    picked = mmr(query, [row[2] for row in rows], k, weight)
    return [Hit(rows[i][0], float(rows[i][1])) for i in picked]


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
    names = [column.name for column in key]

    ids = sa.select(*key, distance.label("distance")).where(*search.where)
    near = ids.order_by(distance).limit(n).subquery("near")
    ties = [near.c[name] for name in names]
    rank = sa.func.row_number().over(order_by=(near.c.distance, *ties))
    v = sa.select(*ties, rank.label("rank")).cte("v")

    relevance = sa.func.ts_rank_cd(document, tsquery)
    matches = document.op("@@", is_comparison=True)(tsquery)
    ids = sa.select(*key, relevance.label("relevance")).where(matches, *text_where)
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
    again = sa.and_(*(fused.c[column.name] == column for column in key))
    stmt = (
        sa.select(model, fused.c.score, fused.c.vector_rank, fused.c.text_rank)
        .join(fused, again)
        .order_by(fused.c.score.desc(), *key)
    )
    async with applied(session, settings):
        return [Ranked(*row) for row in await session.execute(stmt)]

{% endif %}
{%- endif %}
# ---------------------------------------------------------------- drift


class SchemaDrift(RuntimeError):
    """The database is not what this code was generated for."""

    def __init__(self, table: str, differences: list[str]) -> None:
        super().__init__(f"{table} has changed: {'; '.join(differences)}")
        self.table, self.differences = table, differences


async def verify(
    session: AsyncSession, table: str, expected: Sequence[tuple[str, str, bool]]
) -> None:
    """Compare a live table with its code. Columns added since are no drift."""
    stmt = sa.text(
        "SELECT attname::text, format_type(atttypid, atttypmod), attnotnull "
        "FROM pg_attribute "
        "WHERE attrelid = to_regclass(:t) AND attnum > 0 AND NOT attisdropped"
    )
    rows = await session.execute(stmt, {"t": table})
    live = {name: (kind, not_null) for name, kind, not_null in rows}
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
