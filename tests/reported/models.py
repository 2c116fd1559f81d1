"""SQLAlchemy's own words: engines, sessions, models and parts of queries."""

from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    MappedAsDataclass,
    aliased,
    class_mapper,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable, DropConstraint

from reported import Bolt, Place, Rig, raises


@raises("ArgumentError: an async session on a synchronous engine")
async def synchronous_engine(place: Place) -> None:
    async with async_sessionmaker(create_engine("sqlite://"))() as session:
        await session.execute(text("SELECT 1"))


@raises("ArgumentError: an async session on an address")
async def address_for_an_engine(place: Place) -> None:
    async with async_sessionmaker(place.url)() as session:  # type: ignore[call-overload]
        await session.execute(text("SELECT 1"))


@raises("AsyncContextNotStarted: an async connection, not entered")
async def synchronous_sessions(place: Place) -> None:
    async with place.engine() as engine:
        sessionmaker(engine)().execute(text("SELECT 1"))


@raises("NoInspectionAvailable: inspect of an async engine")
async def inspected(place: Place) -> None:
    async with place.engine() as engine:
        inspect(engine)


@raises("NotImplementedError: a listener for an async engine")
async def listener(place: Place) -> None:
    async with place.engine() as engine:
        event.listen(engine, "connect", print)


@raises("MissingGreenlet: synchronous code got an async engine")
async def create_engine_with_asyncpg(place: Place) -> None:
    create_engine(place.sqlalchemy_url).connect()


@raises("ArgumentError: an object that is no URL")
async def number_for_a_url(place: Place) -> None:
    create_async_engine(5)


@raises("TypeError: an argument that this engine does not take")
async def size_of_no_pool(place: Place) -> None:
    create_async_engine(place.sqlalchemy_url, poolclass=NullPool, pool_size=5)


@raises("ClientConfigurationError: server_settings that are no text")
async def number_as_a_setting(place: Place) -> None:
    settings = {"server_settings": {"statement_timeout": 5000}}
    async with place.engine(connect_args=settings) as engine, engine.connect():
        pass


@raises("ModuleNotFoundError: psycopg2, asked for by the URL")
async def psycopg2(place: Place) -> None:
    create_async_engine("postgresql+psycopg2://me:secret@localhost/night")


@raises("ModuleNotFoundError: the driver is not installed")
async def driver_missing(place: Place) -> None:
    create_async_engine("sqlite+aiosqlite://")


@raises("NoSuchModuleError: the URL of Alembic's template")
async def url_of_the_template(place: Place) -> None:
    create_async_engine("driver://user:pass@localhost/dbname")


@raises("ResourceClosedError: a connection behind its block")
async def behind_its_block(place: Place) -> None:
    async with place.engine() as engine:
        async with engine.connect() as connection:
            pass
        await connection.execute(text("SELECT 1"))


@raises("ResourceClosedError: a result that is read to its end")
async def read_twice(place: Place) -> None:
    async with place.connection() as connection:
        result = await connection.execute(text("SELECT 1"))
        result.all()
        result.close()
        result.one()


@raises("ResourceClosedError: a transaction that has ended")
async def ended_twice(place: Place) -> None:
    async with place.engine() as engine, engine.connect() as connection:
        transaction = await connection.begin()
        await transaction.commit()
        await transaction.commit()


@raises("InvalidRequestError: a session within its own commit")
async def asked_after_commit(place: Place) -> None:
    async with place.session() as session:

        def ask(within: Any) -> None:
            within.execute(text("SELECT 1"))

        event.listen(session.sync_session, "after_commit", ask)
        await session.execute(text("SELECT 1"))
        await session.commit()


@raises("InvalidRequestError: a flush within a flush")
async def flush_within_a_flush(place: Place) -> None:
    async with place.session() as session:
        event.listen(session.sync_session, "before_flush", lambda each, *_: each.flush())
        session.add(Rig(name="two"))
        await session.flush()


@raises("ArgumentError: one value, where a sequence of values is wanted")
async def value_for_a_sequence(place: Place) -> None:
    async with place.connection() as connection:
        await connection.exec_driver_sql("SELECT $1::text", "Ada")


@raises("ArgumentError: parameters that are no dictionary")
async def parameters_as_a_list(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT :id"), [3])


@raises("ArgumentError: a loader option with a text")
async def option_as_a_text(place: Place) -> None:
    select(Rig).options(selectinload("bolts"))


@raises("ArgumentError: a loader option for another query")
async def option_of_another_query(place: Place) -> None:
    async with place.session() as session:
        await session.execute(select(Bolt).options(selectinload(Rig.bolts)))


@raises("ArgumentError: an object of another kind than its place takes")
async def model_as_a_condition(place: Place) -> None:
    select(Rig).where(Rig)


@raises("ArgumentError: something in a table that is no column and no constraint")
async def options_before_the_rules(place: Place) -> None:
    Table("shift", MetaData(), {"comment": "who is awake"})  # type: ignore[arg-type]


@raises("MappedAnnotationError: an annotation that nobody can resolve")
async def name_not_there(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        day: Mapped["Weekday"]  # noqa: F821 - that is the mistake


@raises("InvalidRequestError: a model as a dataclass, with its fields in another order")
async def dataclass_order(place: Place) -> None:
    class Base(MappedAsDataclass, DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True, default=None)
        name: Mapped[str]


@raises("InvalidRequestError: a model without a table")
async def no_table_name(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        id: Mapped[int] = mapped_column(primary_key=True)


@raises("InvalidRequestError: two models of one name")
async def two_of_one_name(place: Place) -> None:
    kept: list[type] = []

    class Base(DeclarativeBase):
        pass

    for table in ("ship", "vessel"):
        key = mapped_column(Integer, primary_key=True)
        within = {"__tablename__": table, "__module__": f"night.{table}", "id": key}
        kept.append(type("Ship", (Base,), within))

    class Crew(Base):
        __tablename__ = "crew"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))
        ship: Mapped[Any] = relationship("Ship")

    Crew(id=1)


@raises("UnmappedClassError: a class that is no model")
async def class_that_is_no_model(place: Place) -> None:
    async with place.session() as session:
        await session.get(Place, 1)


@raises("UnmappedClassError: a class that is no model")
async def mapper_of_no_model(place: Place) -> None:
    class_mapper(Place)


@raises("UnsupportedCompilationError: a type that this database does not have")
async def jsonb_for_sqlite(place: Place) -> None:
    table = Table("ship", MetaData(), Column("details", ARRAY(Integer)))
    CreateTable(table).compile(dialect=sqlite.dialect())


@raises("CompileError: a constraint without a name")
async def constraint_without_a_name(place: Place) -> None:
    table = Table("ship", MetaData(), Column("id", Integer), UniqueConstraint("id"))
    (constraint,) = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    async with place.connection() as connection:
        await connection.execute(DropConstraint(constraint))


@raises("IntegrityError: refused in a flush that a query made")
async def flushed_by_a_query(place: Place) -> None:
    async with place.session() as session:
        session.add(Rig())
        await session.execute(select(Bolt))


@raises("NoSuchColumnError: a column that the row does not have")
async def column_of_no_row(place: Place) -> None:
    async with place.connection() as connection:
        row = (await connection.execute(text("SELECT 1 AS id"))).one()
        _ = row._mapping[Rig.__table__.c.name]


@raises("NoSuchTableError: a table that reflection does not find")
async def reflected(place: Place) -> None:
    async with place.connection() as connection:
        await connection.run_sync(
            lambda sync: Table("no_such_table", MetaData(), autoload_with=sync)
        )


@raises("NoReferencedColumnError: a foreign key to a column that the table does not have")
async def no_such_column(place: Place) -> None:
    metadata = MetaData()
    Table("ship", metadata, Column("id", Integer, primary_key=True))
    Table("crew", metadata, Column("ship_id", ForeignKey("ship.key")))
    async with place.connection() as connection:
        await connection.run_sync(metadata.create_all)


@raises("CircularDependencyError: rows or tables in a circle")
async def circle_of_rows(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Node(Base):
        __tablename__ = "node"
        id: Mapped[int] = mapped_column(primary_key=True)
        next_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
        next: Mapped["Node | None"] = relationship(remote_side=[id])

    async with place.session() as session:
        one, other = Node(id=1), Node(id=2)
        one.next, other.next = other, one
        session.add_all([one, other])
        await session.flush()


@raises("ObjectDeletedError: an object whose row is gone")
async def row_deleted(place: Place) -> None:
    async with place.session() as session:
        bolt = await session.get_one(Bolt, 1)
        await session.execute(text("DELETE FROM bolt"))
        session.expire(bolt)
        await session.run_sync(lambda _: bolt.rig_id)


@raises("AsyncMethodRequired: a stream, where execute was called")
async def streamed_with_execute(place: Place) -> None:
    async with place.session() as session:
        await session.execute(select(Rig), execution_options={"stream_results": True})


@raises("InvalidRequestError: a query that does not know where a join begins")
async def join_from_two(place: Place) -> None:
    other = aliased(Bolt)
    str(select(Bolt.id, other.id).join(Rig))


@raises("IdentifierError: a name that is too long")
async def long_name(place: Place) -> None:
    table = Table("ship", MetaData(), Column("id", Integer), UniqueConstraint("id", name="u" * 70))
    async with place.connection() as connection:
        await connection.run_sync(table.create)


@raises("TypeError: an argument that a column or a table does not take")
async def mistyped_argument(place: Place) -> None:
    Column("id", Integer, nulable=False)


@raises("TypeError: a Row, asked by a name in brackets")
async def row_asked_by_a_name(place: Place) -> None:
    async with place.connection() as connection:
        (await connection.execute(text("SELECT 1 AS one"))).one()["one"]


@raises("AssertionError: a part that lost its whole")
async def part_without_its_whole(place: Place) -> None:
    class Base(DeclarativeBase): ...

    class Role(Base):
        __tablename__ = "role"
        id: Mapped[int] = mapped_column(primary_key=True)
        grants: Mapped[list["Grant"]] = relationship()

    class Grant(Base):
        __tablename__ = "grant"
        role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)

    async with place.session() as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        role = Role(id=1, grants=[Grant()])
        session.add(role)
        await session.flush()
        role.grants = []
        await session.flush()
