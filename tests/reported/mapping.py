"""SQLAlchemy's own words."""

import contextlib

from pydantic import BaseModel
from sqlalchemy import ForeignKey, delete, insert, select, text
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from reported import Bolt, Place, Rig, raises


@raises("AttributeError: 'AsyncSession' object has no attribute 'query'")
async def query(place: Place) -> None:
    async with place.session() as session:
        session.query(Rig).all()


@raises("AttributeError: an engine, asked to execute")
async def engine_executes(place: Place) -> None:
    await create_async_engine(place.sqlalchemy_url).execute(text("SELECT 1"))


@raises("ArgumentError: SQL as a plain text")
async def session_with_a_text(place: Place) -> None:
    async with place.session() as session:
        await session.execute("SELECT 1")


@raises("ArgumentError: SQL as a plain text")
async def connection_with_a_text(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute("SELECT 1")


@raises("ArgumentError: SQL as a plain text")
async def connection_with_a_text_that_has_quotes(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute("SELECT 'one'")


@raises("ArgumentError: SQL as a plain text")
async def where_with_a_text(place: Place) -> None:
    select(Rig).where("id = 1")


@raises("UnmappedInstanceError: added, and no model")
async def dictionary_added(place: Place) -> None:
    async with place.session() as session:
        session.add({"name": "two"})


@raises("UnmappedInstanceError: a list, for the session")
async def list_added(place: Place) -> None:
    async with place.session() as session:
        session.add([Rig(name="two")])


@raises("NoResultFound: no row, where one was wanted")
async def nothing(place: Place) -> None:
    async with place.session() as session:
        (await session.execute(select(Rig).where(Rig.id == 99))).scalar_one()


@raises("NoResultFound: no row, where one was wanted")
async def get_one(place: Place) -> None:
    async with place.session() as session:
        await session.get_one(Rig, 99)


@raises("MultipleResultsFound: several rows, where one was wanted")
async def several(place: Place) -> None:
    async with place.session() as session:
        (await session.execute(select(Bolt))).scalar_one_or_none()


@raises("InvalidRequestError: a relationship to a name that nobody knows")
async def nobody_knows(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        crew: Mapped[list["Crw"]] = relationship()  # noqa: F821 - that is the mistake

    Ship(id=1)


@raises("InvalidRequestError: a relationship to a name that nobody knows")
async def other_mappers_refuse(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        crew: Mapped[list["Crw"]] = relationship()  # noqa: F821 - that is the mistake

    with contextlib.suppress(InvalidRequestError):
        Ship(id=1)
    Ship(id=1)


@raises("NoForeignKeysError: a relationship without its foreign key")
async def no_foreign_key(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        sailors: Mapped[list["Sailor"]] = relationship()

    class Sailor(Base):
        __tablename__ = "sailor"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int]

    Ship(id=1)


@raises("AmbiguousForeignKeysError: a relationship with two foreign keys")
async def two_foreign_keys(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Harbour(Base):
        __tablename__ = "harbour"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Voyage(Base):
        __tablename__ = "voyage"
        id: Mapped[int] = mapped_column(primary_key=True)
        start_id: Mapped[int] = mapped_column(ForeignKey("harbour.id"))
        end_id: Mapped[int] = mapped_column(ForeignKey("harbour.id"))
        start: Mapped[Harbour] = relationship()

    Voyage(id=1)


@raises("ArgumentError: a model without a primary key")
async def no_primary_key(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        name: Mapped[str]


@raises("MappedAnnotationError: an annotation that is no column")
async def annotated_dict(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        details: Mapped[dict[str, str]]


@raises("MappedAnnotationError: an annotation outside of Mapped")
async def mapped_missing(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: int = mapped_column(primary_key=True)


@raises("TypeError: a model without this field")
async def unknown_field(place: Place) -> None:
    Rig(nmae="two")


@raises("StatementError: a parameter without a value")
async def parameter_missing(place: Place) -> None:
    async with place.session() as session:
        await session.execute(text("SELECT * FROM rig WHERE id = :id"), {"ids": 1})


@raises("StatementError: a parameter without a value")
async def parameters_missing(place: Place) -> None:
    async with place.connection() as connection:
        await connection.execute(text("SELECT CAST(:id AS text)"))


@raises("CompileError: columns that the table does not have")
async def unconsumed(place: Place) -> None:
    async with place.session() as session:
        await session.execute(insert(Rig).values(nmae="two"))


@raises("TypeError: a condition, asked by Python")
async def and_between_conditions(place: Place) -> None:
    select(Rig).where((Rig.id > 1) and (Rig.name == "one"))


@raises("ResourceClosedError: a result without rows")
async def rows_of_a_delete(place: Place) -> None:
    async with place.session() as session:
        (await session.execute(delete(Bolt))).all()


@raises("AttributeError: a Row, and not an object")
async def attribute_of_a_row(place: Place) -> None:
    async with place.session() as session:
        _ = (await session.execute(select(Rig))).one().name


@raises("AttributeError: a Row, and not an object")
async def key_of_a_row(place: Place) -> None:
    async with place.session() as session:
        _ = (await session.execute(select(Rig))).mappings().one()["name"]


@raises("AttributeError: an attribute of a relationship, in a query")
async def attribute_of_a_relationship(place: Place) -> None:
    select(Rig).where(Rig.bolts.rig_id == 1)


class Schema(BaseModel):
    name: str


@raises("ArgumentError: select of what is no column")
async def select_a_schema(place: Place) -> None:
    select(Schema)


@raises("ArgumentError: select of what is no column")
async def select_a_list(place: Place) -> None:
    select([Rig.id, Rig.name])


@raises("InvalidRequestError: a filter by what is no attribute")
async def filter_by_nothing(place: Place) -> None:
    select(Rig).filter_by(nmae="one")


@raises("InvalidRequestError: back_populates names nothing")
async def back_populates(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)
        sailors: Mapped[list["Sailor"]] = relationship(back_populates="shipp")

    class Sailor(Base):
        __tablename__ = "sailor"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int] = mapped_column(ForeignKey("ship.id"))

    Ship(id=1)


@raises("NoReferencedTableError: a foreign key to a table that nobody has imported")
async def no_such_table(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Sailor(Base):
        __tablename__ = "sailor"
        id: Mapped[int] = mapped_column(primary_key=True)
        ship_id: Mapped[int] = mapped_column(ForeignKey("ships.id"))

    async with place.connection() as connection:
        await connection.run_sync(Base.metadata.create_all)


@raises("InvalidRequestError: a join that nobody can guess")
async def join_of_strangers(place: Place) -> None:
    class Base(DeclarativeBase):
        pass

    class Ship(Base):
        __tablename__ = "ship"
        id: Mapped[int] = mapped_column(primary_key=True)

    str(select(Rig).join(Ship))


RESULT = "AttributeError: a result, and not what is in it"


@raises("AttributeError: scalar_one after scalars")
async def scalars_twice(place: Place) -> None:
    async with place.session() as session:
        (await session.scalars(select(Rig))).scalars()


@raises(RESULT)
async def result_as_an_object(place: Place) -> None:
    async with place.session() as session:
        _ = (await session.execute(select(Rig))).name


@raises(RESULT)
async def core_result_as_an_object(place: Place) -> None:
    async with place.connection() as connection:
        _ = (await connection.execute(text("SELECT 1 AS name"))).name
