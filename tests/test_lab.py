"""`lab`: what it offers, and that whatever a cell has opened is closed whatever goes wrong."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator

import pytest

from workbook.authoring import sandbox
from workbook.lab import lab as lab_module
from workbook.lab.lab import Lab, begin

OFFERED = (
    *("add", "alembic", "check", "close", "compare", "diagram", "drill", "drills", "earlier"),
    *("empty", "explain", "fill", "guess", "hint", "image", "judge", "load", "memory", "others"),
    *("plan", "postmortem", "pytest", "review", "rows", "saw", "serve", "served", "server"),
    *("set_aside", "solution", "stack", "storm", "trials", "use", "volumes", "watch"),
)
HELD = ["database", "number", "observer", "url"]


def test_tab_completion_offers_what_lessons_use_and_nothing_else() -> None:
    assert [name for name in dir(Lab) if not name.startswith("_")] == [*OFFERED]


def test_each_method_says_what_it_is_for_and_is_one_line_beside_that() -> None:
    for name in OFFERED:
        method = getattr(Lab, name)
        body, doc = inspect.getsource(method), inspect.getdoc(method)
        assert doc and doc.splitlines()[0].endswith((".", ":")), name
        assert len(body.rpartition('"""')[2].strip().splitlines()) <= 2, name


def test_lab_is_used_with_the_arguments_that_lessons_give() -> None:
    """Names and defaults are the learner's, and stay whatever the modules behind call them."""
    expected: dict[str, dict[str, object]] = {
        "saw": {"by_connection": False},
        "served": {"in_order": False},
        "load": {"module": ...},
        "alembic": {"earlier": False},
        "pytest": {"*arguments": ..., "instead": None, "container": False},
        "trials": {"engine": ..., "taken": ...},
        "storm": {"own": ...},
        "stack": {"text": None, "instead": None, "finished": False, "own": False},
        "server": {"**settings": ...},
        "compare": {"path": None},
        "judge": {"folder": ..., "*only": ...},
        "drill": {"which": None, "seed": 14},
        "postmortem": {"name": ...},
    }
    assert {name: _parameters(name) for name in expected} == expected


def _parameters(name: str) -> dict[str, object]:
    """Its parameters with their defaults; `...` where there is none."""
    found = list(inspect.signature(getattr(Lab, name)).parameters.values())[1:]
    return {
        str(each).partition(":")[0].partition("=")[0]: (
            ... if each.default is each.empty else each.default
        )
        for each in found
    }


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    with sandbox.server():
        yield


@pytest.fixture
def run(server: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Run something with an open lab of notebook 00, which ends with the lab."""
    monkeypatch.setattr(lab_module, "_current", None)

    async def with_lab(work: Callable[[Lab], Awaitable[None]]) -> None:
        lab = await begin("00")
        await work(lab)
        assert lab_module._current is not None
        await lab_module._current.close()

    with sandbox.work() as own, sandbox.environment(own):
        yield lambda work: asyncio.run(with_lab(work))


class Unclosable:
    """The client of an app, whose end raises."""

    async def aclose(self) -> None:
        raise ConnectionError("this end fails")


def test_when_one_end_fails_the_others_are_closed(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        own = lab.server()
        await own.start()
        serving = lab.serve(None)
        serving._client = Unclosable()  # type: ignore[assignment]
        await lab.empty()
        with pytest.raises(ConnectionError, match="this end fails"):
            await begin("00")
        assert not own._folder.exists(), "the server of a cell's own is removed"
        assert lab.observer._connection is None
        assert await _databases(await begin("00")) == ["nightwatch_00"]

    run(work)


def test_the_newest_ends_first(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        ended: list[str] = []
        for name in ("server", "app on it"):
            lab._session.resources.callback(ended.append, name)
        await lab._session.close()
        assert ended == ["app on it", "server"]

    run(work)


def test_what_is_to_end_once_ends_once(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        ended: list[int] = []

        def end() -> None:
            ended.append(1)

        lab._session.end_once(end)
        lab._session.end_once(end)
        await lab._session.close()
        assert ended == [1]

    run(work)


def test_a_second_database_goes_with_the_lab(run: Callable[..., None]) -> None:
    async def work(lab: Lab) -> None:
        assert (await lab.empty()).endswith("/nightwatch_00_empty")
        assert "nightwatch_00_empty" in await _databases(lab)
        assert await _databases(await begin("00")) == ["nightwatch_00"]

    run(work)


def test_a_lab_holds_its_names_and_is_refused_when_it_is_closed(
    run: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    async def work(lab: Lab) -> None:
        assert sorted(name for name in vars(lab) if not name.startswith("_")) == HELD
        assert lab.url.endswith(f"/{lab.database}")
        await lab.close()
        for use in (lab.saw, lab.close, lab.empty):
            with pytest.raises(Exception, match="This lab is closed"):
                await use()

    run(work)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Nothing is left open: no connection, no transaction, no process.",
        "Solved here: 0 of 3. Next: 01_database.ipynb.",
    ]


async def _databases(lab: Lab) -> list[str]:
    query = "SELECT datname::text FROM pg_database WHERE datname LIKE 'nightwatch\\_00%' ORDER BY 1"
    return [row[0] for row in await lab.observer.fetch(query)]
