"""Models, queries and columns that do not fit each other."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    URL,
    Column,
    Enum,
    Index,
    MetaData,
    String,
    Table,
    cast,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from reported import Bolt, Place, Rig, ask, raises, use
from reported.database import sql
from reported.models import DeclarativeBase, ForeignKey

NO_OBJECT = "AttributeError: no object of the model, for a relationship"
TEXTS = "ProgrammingError: no operator for these two types"


@raises("AttributeError: a value flagged, in the place of its object")
async def value_flagged(place: Place) -> None:
    flag_modified({"notes": []}, "notes")


@raises(NO_OBJECT)
async def dictionary_for_a_relationship(place: Place) -> None:
    Rig(name="one", bolts=[{"id": 1}])


@raises(NO_OBJECT)
async def id_for_a_relationship(place: Place) -> None:
    Bolt(rig=1)


@raises(NO_OBJECT)
async def list_for_one_object(place: Place) -> None:
    Bolt(rig=[Rig(name="one")])


@raises("TypeError: one object for a relationship of many")
async def one_for_many(place: Place) -> None:
    Rig(name="one", bolts=Bolt())


LABEL = "CompileError: a text in order_by or group_by that names no column"


@raises(LABEL)
async def order_by_a_text(place: Place) -> None:
    async with place.session() as session:
        await session.scalars(select(Rig).order_by("name desc"))


@raises(LABEL)
async def group_by_a_text(place: Place) -> None:
    async with place.session() as session:
        await session.scalars(select(func.count()).select_from(Rig).group_by("kind"))


@raises("ArgumentError: smaller or larger than None")
async def smaller_than_none(place: Place) -> None:
    select(Rig).where(Rig.id < None)  # type: ignore[operator]


@raises("ArgumentError: one value for in_")
async def one_value_in(place: Place) -> None:
    select(Rig).where(Rig.name.in_("one"))  # type: ignore[arg-type]


@raises("AttributeError: exec is of SQLModel's session")
async def exec_of_sqlmodel(place: Place) -> None:
    AsyncSession().exec(select(Rig))  # type: ignore[attr-defined]


@raises("AttributeError: a method of the synchronous session")
async def bulk_save(place: Place) -> None:
    AsyncSession().bulk_save_objects([])  # type: ignore[attr-defined]


@raises("ArgumentError: delete-orphan on the side of the child")
async def orphans_of_the_child(place: Place) -> None:
    class Own(DeclarativeBase): ...

    class Post(Own):
        __tablename__ = "post"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Comment(Own):
        __tablename__ = "comment"
        id: Mapped[int] = mapped_column(primary_key=True)
        post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
        post: Mapped[Post] = relationship(cascade="all, delete-orphan")

    Comment(post_id=1)


@raises("CompileError: an enum without a name")
async def enum_without_a_name(place: Place) -> None:
    async with place.connection() as connection:
        made = Table("t", MetaData(), Column("status", Enum("draft", "published")))
        await connection.run_sync(made.create)


@raises("TypeError: a part of a URL that has another name")
async def user_of_a_url(place: Place) -> None:
    URL.create("postgresql+asyncpg", user="me")  # type: ignore[call-arg]


sql(
    "DBAPIError: TRUNCATE of a table that others refer to",
    "CREATE TABLE t (id int PRIMARY KEY)",
    "CREATE TABLE u (id int REFERENCES t)",
    "TRUNCATE t",
)
for clause in ("OFFSET -1", "LIMIT -1"):
    sql("DBAPIError: OFFSET or LIMIT below zero", f"SELECT 1 {clause}")
MUTABLE = "ProgrammingError: an expression that may change, in an index"
sql(
    MUTABLE,
    "CREATE TABLE t (at timestamptz)",
    "CREATE INDEX i ON t (date(at))",
)
sql(
    MUTABLE,
    "CREATE TABLE t (at timestamptz, d date GENERATED ALWAYS AS (date(at)) STORED)",
)


@raises("ProgrammingError: round to digits, of a float")
async def round_of_a_float(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT round(1.5::float8, 2)"))


async def with_an_enum(place: Place, use: Any) -> None:
    orders = Table("orders", MetaData(), Column("status", String))
    async with place.connection() as connection:
        await connection.execute(text("CREATE TYPE status AS ENUM ('new')"))
        await connection.execute(text("CREATE TABLE orders (status status)"))
        await connection.execute(use(orders))


@raises("ProgrammingError: a text for a column that is no text")
async def text_into_an_enum(place: Place) -> None:
    await with_an_enum(place, lambda orders: insert(orders).values(status="new"))


@raises(TEXTS)
async def enum_compared_with_a_text(place: Place) -> None:
    await with_an_enum(place, lambda orders: select(orders).where(orders.c.status == "new"))


@raises(TEXTS)
async def text_compared_with_an_enum(place: Place) -> None:
    def asked(orders: Table) -> Any:
        return select(orders).where(cast("new", String) == orders.c.status)

    await with_an_enum(place, asked)


STRUCTURED = "DBAPIError: a list or a dictionary for a text"


@raises(STRUCTURED)
async def list_for_a_text(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT CAST(:n AS varchar)"), {"n": [1, 2]})


ONE_BY_ONE = "DataError: values for asyncpg, in a list or a dictionary"


@raises(ONE_BY_ONE)
async def values_in_a_list(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetch("SELECT 1 WHERE 'open' = $1", ["open"])


@raises(ONE_BY_ONE)
async def values_in_a_dictionary(place: Place) -> None:
    async with place.raw() as connection:
        await connection.fetchval("SELECT $1::jsonb", {"a": 1})


ARRAYS = "ProgrammingError: an array, compared with a value"
sql(ARRAYS, "SELECT ARRAY['a'::varchar] @> 'a'::varchar")
sql(ARRAYS, "SELECT 1 = ARRAY[1]")
sql(ARRAYS, "SELECT ARRAY['a'::text] = 'a'::text")
sql("ProgrammingError: a boolean, compared with a number", "SELECT true = 1")
sql(
    "ProgrammingError: the words of a search, which PostgreSQL cannot read",
    "SELECT to_tsquery('english', 'red shoes')",
)
ELSEWHERE = "ProgrammingError: a type of another database"
sql(ELSEWHERE, "CREATE TABLE t (at datetime)")
sql(ELSEWHERE, "CREATE TABLE t (small tinyint)")
sql(
    "ProgrammingError: an index that is there",
    "CREATE TABLE t (id int)",
    "CREATE INDEX one ON t (id)",
    "CREATE UNIQUE INDEX one ON t (id)",
)
sql(
    "ProgrammingError: a name of the SELECT, in its own WHERE",
    "SELECT 2 * 3 AS total WHERE total > 5",
)


@raises("ProgrammingError: an index that is there")
async def index_declared_twice(place: Place) -> None:
    metadata = MetaData()
    Table("t", metadata, Column("email", String, index=True), Index("ix_t_email", "email"))
    async with place.connection() as connection:
        await connection.run_sync(metadata.create_all)


@raises("CompileError: a column without a type")
async def column_without_a_type(place: Place) -> None:
    metadata = MetaData()
    Table("t", metadata, Column("name", nullable=False))
    async with place.connection() as connection:
        await connection.run_sync(metadata.create_all)


use(
    "NotImplementedError: an operator of PostgreSQL's arrays",
    lambda _: Column("tags", ARRAY(String)).contains(["a"]),
)
ask(
    "InvalidRequestError: an UPDATE by rows, with a WHERE",
    lambda s: s.execute(update(Rig).where(Rig.id > 0), [{"id": 1, "name": "new"}]),
)


sql(
    "ProgrammingError: an operator class of an extension",
    "CREATE TABLE t (name text)",
    "CREATE INDEX ON t USING gin (name gin_trgm_ops)",
)
sql(
    "ProgrammingError: COPY of a file that the server is to read",
    "CREATE TABLE t (name text)",
    "COPY t FROM '/tmp/none.csv'",
)
sql("DBAPIError: a text that is no array", """SELECT '["a", "b"]'::text[]""")
sql(
    "IntegrityError: a foreign key, added over rows that refer to nothing",
    "CREATE TABLE one (id int PRIMARY KEY)",
    "CREATE TABLE two (one_id int)",
    "INSERT INTO two VALUES (9)",
    "ALTER TABLE two ADD FOREIGN KEY (one_id) REFERENCES one (id)",
)
sql(
    "IntegrityError: a value is missing",
    "CREATE TABLE t (id integer PRIMARY KEY, name text)",
    "INSERT INTO t (name) VALUES ('one')",
)


@raises("DBAPIError: a text for bytes")
async def text_for_bytes(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT CAST(:b AS bytea)"), {"b": "hello"})


@raises("MissingGreenlet: a dynamic relationship")
async def dynamic_relationship(place: Place) -> None:
    class Base(DeclarativeBase): ...

    class Shelf(Base):
        __tablename__ = "shelf"
        id: Mapped[int] = mapped_column(primary_key=True)
        books = relationship("Book", lazy="dynamic")

    class Book(Base):
        __tablename__ = "book"
        id: Mapped[int] = mapped_column(primary_key=True)
        shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"))

    async with place.session() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        session.add(shelf := Shelf(id=1))
        await session.flush()
        shelf.books.all()


@raises("ArgumentError: a model in the place of the table between")
async def secondary_is_a_model(place: Place) -> None:
    class Base(DeclarativeBase): ...

    class Between(Base):
        __tablename__ = "between_two"
        one_id: Mapped[int] = mapped_column(ForeignKey("one.id"), primary_key=True)

    class One(Base):
        __tablename__ = "one"
        id: Mapped[int] = mapped_column(primary_key=True)
        others = relationship("One", secondary=Between)

    One()
