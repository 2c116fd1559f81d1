"""Rows by the million, and who may ask: COPY, partitions, notifications, mutable JSON, tokens."""

import json
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import jwt
from pydantic import BaseModel, TypeAdapter, model_validator
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from reported import Place, Rig, raises, use
from reported.database import sql

sql("DBAPIError: a notification that is too long", "SELECT pg_notify('bell', repeat('x', 9000))")

BY_DAY = "CREATE TABLE t (at date) PARTITION BY RANGE (at)"
JANUARY = "CREATE TABLE january PARTITION OF t FOR VALUES FROM ('2026-01-01') TO "
sql(
    "DBAPIError: rows that a new partition would have to take",
    BY_DAY,
    "CREATE TABLE rest PARTITION OF t DEFAULT",
    "INSERT INTO t VALUES ('2026-01-05')",
    JANUARY + "('2026-02-01')",
)
sql(
    "DBAPIError: two partitions for the same values",
    BY_DAY,
    JANUARY + "('2026-02-02')",
    "CREATE TABLE february PARTITION OF t FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
)
sql(
    "DBAPIError: rows that do not belong into the partition",
    BY_DAY,
    "CREATE TABLE january (at date)",
    "INSERT INTO january VALUES ('2026-02-01')",
    "ALTER TABLE t ATTACH PARTITION january FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
)
sql("DBAPIError: a partition whose bounds leave no room", BY_DAY, JANUARY + "('2025-12-01')")
sql(
    "DBAPIError: a policy that reads its own table",
    "CREATE TABLE t (team int)",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t FORCE ROW LEVEL SECURITY",
    "CREATE POLICY own ON t USING (team IN (SELECT team FROM t))",
    "SELECT * FROM t",
)
ANOTHER_KIND = "DBAPIError: JSON of another kind than the function wants"
for asked in (
    "jsonb_set('5', '{a}', '1')",
    """jsonb_array_elements('{"a": 1}')""",
    """jsonb_array_length('"[]"')""",
    "jsonb_object_keys('[1]')",
    "jsonb_each('[1]')",
    "'5'::jsonb - 'a'",
    "'5'::jsonb #- '{a}'",
):
    sql(ANOTHER_KIND, f"SELECT {asked}")
sql("DBAPIError: the letter NUL in JSON", """SELECT '{"a": "\\u0000"}'::jsonb""")


@raises("InternalClientError: COPY with a codec of texts")
async def copied_with_a_codec(place: Place) -> None:
    async with place.raw() as connection:
        kind = {"schema": "pg_catalog", "encoder": json.dumps, "decoder": json.loads}
        await connection.set_type_codec("jsonb", **kind)
        await connection.execute("CREATE TABLE t (payload jsonb)")
        await connection.copy_records_to_table("t", records=[({"a": 1},)])


@raises("InvalidRequestError: an isolation level, after the first statement")
async def level_after_a_statement(place: Place) -> None:
    async with place.engine() as engine, engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        await connection.execution_options(isolation_level="SERIALIZABLE")


@raises("InvalidRequestError: an UPDATE of many rows, without their keys")
async def rows_without_keys(place: Place) -> None:
    async with place.session() as session:
        await session.execute(update(Rig), [{"name": "two"}])


BEFORE = "AttributeError: a validator that runs before there is an object"


class Checked(BaseModel):
    name: str

    @model_validator(mode="before")
    def check(self) -> Any:
        return self.name


@raises(BEFORE)
async def checked_before(place: Place) -> None:
    Checked(name="Ada")


@raises(BEFORE)
async def checked_before_by_an_adapter(place: Place) -> None:
    TypeAdapter(Checked).validate_python({"name": "Ada"})


@raises("DBAPIError: an index on a partitioned table, CONCURRENTLY")
async def concurrently(place: Place) -> None:
    await place.ask(BY_DAY, "CREATE INDEX CONCURRENTLY by_day ON t (at)")


def copying(heading: str, *copies: Callable[[Any], Awaitable[object]]) -> None:
    """Producers of an error that a COPY into `line` raises."""

    async def copied(place: Place, copy: Callable[[Any], Awaitable[object]]) -> None:
        async with place.raw() as connection:
            await connection.execute("CREATE TABLE line (number int, said text, payload jsonb)")
            await copy(connection)

    use(heading, *(lambda place, copy=each: copied(place, copy) for each in copies))


copying(
    "BadCopyFileFormatError: a line of COPY with too few or too many values",
    lambda c: c.copy_to_table("line", source=BytesIO(b"1\n"), format="csv"),
    lambda c: c.copy_to_table("line", source=BytesIO(b"1,one,{},more\n"), format="csv"),
)
copying(
    "IndexError: a record that is shorter than the columns of COPY",
    lambda c: c.copy_records_to_table("line", records=[(1, "one")]),
)
copying(
    "TypeError: a value of another type than the column, for COPY",
    lambda c: c.copy_records_to_table("line", records=[(1, 2, "{}")]),
    lambda c: c.copy_records_to_table("line", records=[("1", "one", "{}")]),
    lambda c: c.copy_records_to_table("line", records=[(1, "one", {"a": 1})]),
)


@raises("ValueError: a value that a mutable JSON column does not take")
async def a_list_for_a_dictionary(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Line(Base):
        __tablename__ = "line"
        id: Mapped[int] = mapped_column(primary_key=True)
        payload: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSONB))

    Line(payload=[1])


@raises("JSONDecodeError: several values of JSON in one text")
async def read_at_once(place: Place) -> None:
    json.loads('{"a": 1}\n{"a": 2}\n')


@raises("TypeError: a token without a key")
async def signed_with_nothing(place: Place) -> None:
    jwt.encode({"sub": "1"}, None, algorithm="HS256")  # type: ignore[arg-type]


@raises("DecodeError: a token that is read without a list of algorithms")
async def no_algorithms(place: Place) -> None:
    token = jwt.encode({"sub": "1"}, "k" * 40, algorithm="HS256")
    jwt.decode(token, "k" * 40)


@raises("TypeError: async for, over a stream that nobody awaited")
async def stream_not_awaited(place: Place) -> None:
    async with place.connection() as connection:
        async for _row in connection.stream(select(Rig)):
            pass


@raises("TypeError: for, over what is streamed")
async def read_without_async(place: Place) -> None:
    async with place.session() as session:
        list(await session.stream(select(Rig)))  # type: ignore[call-overload]
