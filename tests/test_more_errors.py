"""Each entry of `lessons/errors.md` is chosen for its error, raised for real; and no entry hides
another.
"""

import asyncio
import uuid
from collections.abc import Iterator

import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import one_server as one_server
from reported import PRODUCERS, Place, Producer

from workbook import dictionary, material
from workbook.authoring.error_entries import heading
from workbook.base.sync import run_coroutine
from workbook.lab.explain import explain
from workbook.postgres import EmbeddedServer, databases
from workbook.postgres.server import Role

NUMBERS = ["00", "05", "10"]
"""Notebooks that may run: the first, one in the middle, the last."""


@pytest.fixture
def place(one_server: EmbeddedServer) -> Iterator[Place]:
    name = f"reported_{uuid.uuid4().hex[:8]}"
    made: list[str] = []

    def address(role: Role) -> str:
        if not made:
            one_server.start()
            run_coroutine(lambda: databases.create(one_server, name))
            made.append(name)
        return one_server.url(name, role=role)

    yield Place(address)
    for each in made:
        asyncio.run(databases.drop(one_server, each))


async def bounded(producer: Producer, place: Place) -> None:
    async with asyncio.timeout(30):
        await producer(place)


def heading_of(entry: material.ErrorEntry | None) -> str:
    return heading({"name": entry.name, "title": entry.title}) if entry else ""


@pytest.mark.parametrize(
    ("wanted", "producer"), PRODUCERS, ids=[each.__name__ for _, each in PRODUCERS]
)
@pytest.mark.filterwarnings("ignore")
def test_what_people_report_gets_its_own_entry(
    wanted: str, producer: Producer, place: Place
) -> None:
    with pytest.raises(BaseException) as caught:
        asyncio.run(bounded(producer, place))
    chosen = [dictionary.entry(caught.value, number) for number in NUMBERS]
    assert [heading_of(each) for each in chosen] == [wanted] * len(NUMBERS), repr(caught.value)
    assert chosen[0] and chosen[0].fix in explain(caught.value).text


def test_every_entry_of_the_second_part_is_raised_here() -> None:
    there = {heading_of(each) for each in material.errors() if not each.notebook}
    assert there == {each for each, _ in PRODUCERS}
