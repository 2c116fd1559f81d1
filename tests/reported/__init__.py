"""What people report of these libraries, raised for real: a producer or more for each entry of
`lessons/errors.md`, by its heading.
"""

import contextlib
import importlib
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property, partial

import asyncpg
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from workbook.base.urls import for_sqlalchemy
from workbook.postgres.server import Role


class Base(DeclarativeBase):
    pass


class Rig(Base):
    __tablename__ = "rig"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    bolts: Mapped[list["Bolt"]] = relationship(back_populates="rig")


class Bolt(Base):
    __tablename__ = "bolt"
    id: Mapped[int] = mapped_column(primary_key=True)
    rig_id: Mapped[int] = mapped_column(ForeignKey("rig.id"))
    rig: Mapped[Rig] = relationship(back_populates="bolts")


@dataclass(frozen=True)
class Place:
    """A database of its own for each producer that asks for one: it is made then."""

    address: Callable[[Role], str]

    @cached_property
    def url(self) -> str:
        return self.address("app")

    @cached_property
    def admin_url(self) -> str:
        return self.address("admin")

    @property
    def sqlalchemy_url(self) -> str:
        return for_sqlalchemy(self.url)

    @contextlib.asynccontextmanager
    async def engine(self, **options: object) -> AsyncIterator[AsyncEngine]:
        engine = create_async_engine(self.sqlalchemy_url, **options)
        try:
            yield engine
        finally:
            await engine.dispose()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction."""
        async with self.engine() as engine, engine.begin() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def sessions(self) -> AsyncIterator[async_sessionmaker[AsyncSession]]:
        """Sessions of a database with two bolts of one rig."""
        async with self.engine() as engine:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)
            made = async_sessionmaker(engine, expire_on_commit=False)
            async with made.begin() as session:
                session.add(Rig(name="one", bolts=[Bolt(), Bolt()]))
            yield made

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        async with self.sessions() as sessions, sessions() as session:
            yield session

    @contextlib.asynccontextmanager
    async def raw(self, **options: object) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.url, **options)
        try:
            yield connection
        finally:
            connection.terminate()

    async def ask(self, *statements: str) -> None:
        """Each through a connection of asyncpg's."""
        async with self.raw() as connection:
            for each in statements:
                await connection.execute(each)


Producer = Callable[[Place], Awaitable[object]]
PRODUCERS: list[tuple[str, Producer]] = []
"""A heading of the dictionary, and what raises its error."""


def raises(heading: str) -> Callable[[Producer], Producer]:
    """Marks a producer of the error that this entry is about."""

    def mark(producer: Producer) -> Producer:
        PRODUCERS.append((heading, producer))
        return producer

    return mark


def use(heading: str, *uses: Callable[[Place], object]) -> None:
    """Producers of an error that an expression raises; what it gives is awaited where it can be."""
    for number, each in enumerate(uses):
        PRODUCERS.append((heading, _producer(each, f"{heading}, {number}")))


def _producer(each: Callable[[Place], object], name: str) -> Producer:
    async def produce(place: Place) -> None:
        made = each(place)
        if inspect.isawaitable(made):
            await made

    produce.__name__ = re.sub(r"\W+", "_", name)
    return produce


def ask(heading: str, *asks: Callable[[AsyncSession], object]) -> None:
    """As `use`, of a session."""
    use(heading, *(partial(_asked, each) for each in asks))


async def _asked(asks: Callable[[AsyncSession], object], place: Place) -> None:
    async with place.session() as session:
        made = asks(session)
        if inspect.isawaitable(made):
            await made


MODULES = "awaits reaching database refusals mapping models web testing migrations containers"
MODULES += " querying calling asking serving requests_sent mistaken habits packages other_words"
MODULES += " public many"
for name in MODULES.split():
    importlib.import_module(f"{__name__}.{name}")
