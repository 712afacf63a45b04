"""A value of every type, by INSERT and by COPY, against a real server.

``live_types.py URL``: the database has the tables and nothing in them.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import sys
import uuid
from decimal import Decimal

import pydantic
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.ext.asyncio import AsyncSession

from every_type import composites, enums, make_engine, make_sessions, required, values
from every_type.required import RequiredCreate, RequiredPatch
from every_type.values import ValueCreate

AT = dt.datetime(2026, 1, 2, 3, 4, 5, 678901, dt.UTC)
VALUES = {
    "a_bool": True,
    "a_smallint": -2,
    "an_integer": -(2**31),
    "an_oid": 2**32 - 1,
    "a_real": 0.5,
    "a_double": -0.1,
    "a_numeric": Decimal("-12345.6789"),
    "a_wide_numeric": Decimal("123456789012345678901234567890.123456789"),
    "a_money": "$1,234.50",
    "a_text": 'a "q" \\ ü\n',
    "a_varchar": "v",
    "a_char": "ab ",
    "a_name": "n",
    "a_byte": "A",
    "a_bytea": b"\0\1\xff",
    "a_date": dt.date(2026, 11, 24),
    "a_time": dt.time(23, 59, 59, 999999),
    "a_timetz": dt.time(12, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    "a_timestamp": AT.replace(tzinfo=None),
    "a_timestamptz": AT,
    "an_interval": dt.timedelta(days=3, seconds=5, microseconds=7),
    "a_uuid": uuid.UUID(int=5),
    "a_json": {"a": None},
    "a_jsonb": [1, "x"],
    "an_inet": ipaddress.ip_interface("10.1.2.3/8"),
    "a_cidr": ipaddress.ip_network("10.0.0.0/8"),
    "a_macaddr": "08:00:2b:01:02:03",
    "a_macaddr8": "08:00:2b:01:02:03:04:05",
    "a_bit": "101010101",
    "a_varbit": "1011",
    "a_vector": [1.0, 2.0, 3.0],
    "a_halfvec": [0.5, -2.0, 0.25],
    "a_free_vector": [1.0, 2.0],
    "an_int4range": pg.Range(1, 5),
    "an_int8range": pg.Range(empty=True),
    "a_numrange": pg.Range(Decimal("1.5"), Decimal("2.5")),
    "a_daterange": pg.Range(dt.date(2026, 1, 1), None),
    "a_tsrange": pg.Range(AT.replace(tzinfo=None), None),
    "a_tstzrange": pg.Range(AT, None),
    "a_multirange": "{[1,3),[7,8)}",
    "a_tsquery": "'bear' & 'fox'",
    "a_point": "(1.5,-2)",
    "a_box": "(1,2),(0,0)",
    "a_path": "[(0,0),(1,1)]",
    "a_circle": "<(1,2),3>",
    "a_mood": enums.Mood.N2ND_THOUGHTS,
    "an_open_mood": enums.OpenMood.KNOWN,
    "an_email": "a@b",
    "texts": ["a", 'b,"c"'],
    "integers": [],
    "moods": [enums.Mood.SAD],
    "tags": ["x"],
    "gappy": ["a", None],
    "moneys": "{$1.00,$2.00}",
    "secret": "s",
    "hidden": "h",
}


async def main(url: str) -> None:
    engine = make_engine(url.replace("postgres://", "postgresql+asyncpg://"))
    async with make_sessions(engine)() as session:
        await values.verify(session)
        await required.verify(session)
        new = ValueCreate.model_validate(VALUES)
        rows = [await values.insert(session, new)]
        assert await values.insert_many(session, [new, ValueCreate()]) == 2
        page = await values.list_page(session, 3)
        rows.append(page.items[1])
        empty = page.items[2]
        for row in rows:
            full = await values.get_full(session, row.id)
            for name, value in VALUES.items():
                assert getattr(full, name) == value, (name, getattr(full, name))
                assert name in row.__dict__ or name in deferred(), name
        # Without arrays of their own, many rows go as arrays.
        lists = {"texts", "integers", "moods", "tags", "gappy", "moneys"}
        flat = {name: value for name, value in VALUES.items() if name not in lists}
        many = [ValueCreate.model_validate(flat)] * 1500
        assert await values.insert_many(session, many) == 1500
        last = (await values.list_page(session, 2000)).items[-1]
        full = await values.get_full(session, last.id)
        for name, value in flat.items():
            assert getattr(full, name) == value, (name, getattr(full, name))

        # Composite types are only read, and what the server makes for its own use.
        assert not {"an_address", "a_tsvector"} & ValueCreate.model_fields.keys()
        sql = "UPDATE values SET an_address = ROW('x', NULL, 'happy')"
        await session.execute(sa.text(sql))
        session.expunge_all()
        read = await values.get(session, rows[0].id)
        assert read is not None
        address = composites.Address(street="x", number=None, mood="happy")
        assert read.an_address == address
        assert (empty.a_text, empty.moods, empty.an_address) == (None, None, None)

        await ends_of_time(session)
        await out_of_range(session)

        given = RequiredCreate(
            price=Decimal("1.25"),
            amount="$3.00",
            email="a@b",
            tags=["t"],
            width=Decimal("0.5"),
            until=pg.Range(dt.date(2026, 1, 1), dt.date(2027, 1, 1)),
            data=[],
        )
        one = await required.insert(session, given)
        assert (one.mood, one.note) == (enums.Mood.HAPPY, "none")
        other = given.model_copy(update={"note": None})
        other.model_fields_set.add("note")
        assert await required.insert_many(session, [other, given]) == 2
        notes = [row.note for row in (await required.list_page(session)).items]
        assert notes == ["none", None, "none"]
        patch = RequiredPatch(price=Decimal("2.50"), amount="$4.00", tags=[])
        two = await required.update(session, one.id, patch)
        assert two is not None and (two.price, two.amount) == (Decimal("2.50"), "$4.00")
    await engine.dispose()


async def both_ways(session: AsyncSession, new: ValueCreate) -> list[values.Value]:
    """What a row is by INSERT, and by COPY."""
    inserted = await values.insert(session, new)
    await values.insert_many(session, [new])
    last = sa.select(values.Value).order_by(values.Value.id.desc()).limit(1)
    return [inserted, (await session.scalars(last)).one()]


async def ends_of_time(session: AsyncSession) -> None:
    ends = [(dt.date.max, dt.datetime.max), (dt.date.min, dt.datetime.min)]
    for day, time in ends:
        for zone in (None, dt.UTC):
            new = ValueCreate(
                a_date=day, a_timestamp=time, a_timestamptz=time.replace(tzinfo=zone)
            )
            for row in await both_ways(session, new):
                assert (row.a_date, row.a_timestamp) == (day, time)
                infinite = sa.func.isfinite(values.Value.a_timestamptz).is_(False)
                same = [infinite, values.Value.id == row.id]
                assert await values.count(session, same) == 1
                # As it was read it can be written.
                ValueCreate(a_timestamptz=row.a_timestamptz)


async def out_of_range(session: AsyncSession) -> None:
    for name, value in {"a_smallint": 2**15, "a_real": 1e39, "an_oid": -1}.items():
        new = [ValueCreate.model_validate({name: value})]
        try:
            await values.insert_many(session, new)
        except ValueError as error:
            assert name in str(error)
        else:
            raise AssertionError(f"{name} was taken")
    local, zoned = dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    wrong = [
        ("a_timestamptz", local),
        ("a_timestamp", zoned),
        ("a_vector", [1.0, 1e39, 0.0]),
        ("a_vector", [1e308, 1e308, 1e308]),
        ("a_vector", [0.0, 1.0, float("-inf")]),
        ("a_halfvec", [0.0, 65520.0, float("nan")]),
    ]
    for name, given in wrong:
        try:
            ValueCreate.model_validate({name: given})
        except pydantic.ValidationError as error:
            assert name in str(error)
            assert name != "a_vector" or " at " in str(error)
        else:
            raise AssertionError(f"{given} was taken")
    # The largest that 16 bits round down.
    edge = ValueCreate(a_halfvec=[65519.0, -65519.0, 0.0])
    for row in await both_ways(session, edge):
        full = await values.get_full(session, row.id)
        assert full is not None
        assert full.a_halfvec == [65504.0, -65504.0, 0.0]
    ValueCreate.model_json_schema()


def deferred() -> set[str]:
    return {"a_vector", "a_halfvec", "a_free_vector", "secret"}


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
