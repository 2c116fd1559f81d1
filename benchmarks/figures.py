"""From spells of load to a table of ratios, and to the goals that held."""

import importlib.util
import platform
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions
from typing import Self

from benchmarks.apps import APPS, FASTAPI, LOGIN, OURS, PACKAGES, RECIPE, STARLETTE
from benchmarks.load import CONNECTIONS, Load


@dataclass(frozen=True)
class Spell:
    """One app under one workload once: requests a second, then milliseconds."""

    rate: float
    cpu: float
    """Processor time of the app's process, for each request."""
    p50: float
    p99: float

    @classmethod
    def of(cls, load: Load, cpu_seconds: float) -> Self:
        count, sorted_ms = len(load.milliseconds), sorted(load.milliseconds)
        p50, p99 = (sorted_ms[int(count * share)] for share in (0.5, 0.99))
        return cls(count / load.seconds, 1000 * cpu_seconds / count, p50, p99)


Value = Callable[[Spell], float]


class Figures:
    """Every spell, by workload and app; what the n-th of two apps saw, they saw together."""

    def __init__(self) -> None:
        self._spells: dict[tuple[str, str], list[Spell]] = defaultdict(list)

    def add(self, workload: str, app: str, spell: Spell) -> None:
        self._spells[workload, app].append(spell)

    def median(self, workload: str, app: str, value: Value) -> float:
        return statistics.median(map(value, self._spells[workload, app]))

    def ratio(self, workload: str, app: str, other: str, value: Value) -> float:
        """The median over the rounds of one app's value divided by the other's."""
        pairs = zip(self._spells[workload, app], self._spells[workload, other], strict=True)
        return statistics.median(value(one) / value(two) for one, two in pairs)


def rate(spell: Spell) -> float:
    return spell.rate


def cpu(spell: Spell) -> float:
    return spell.cpu


def p50(spell: Spell) -> float:
    return spell.p50


def p99(spell: Spell) -> float:
    return spell.p99


COLUMNS: tuple[tuple[str, str, Value, str], ...] = (
    ("req/s", "", rate, "7.0f"),
    ("x recipe", RECIPE.name, rate, "9.2f"),
    ("x Starl.", STARLETTE.name, rate, "9.2f"),
    ("x FastAPI", FASTAPI.name, rate, "10.2f"),
    ("CPU ms", "", cpu, "7.2f"),
    ("x recipe", RECIPE.name, cpu, "9.2f"),
    ("x Starl.", STARLETTE.name, cpu, "9.1f"),
    ("p50 ms", "", p50, "7.1f"),
    ("p99 ms", "", p99, "7.1f"),
    ("x recipe", RECIPE.name, p99, "9.2f"),
)
"""A title, the app to compare with, if any, what is compared, and the width and digits."""

GOALS: tuple[tuple[str, str, str, Value, float], ...] = (
    *(
        (
            f"at least {limit} times the {each}s of the recipe with login",
            each,
            LOGIN.name,
            rate,
            limit,
        )
        for each, limit in (("GET", 1.9), ("page", 1.9), ("POST", 1.9))
    ),
    *(
        (
            f"at least 1.2 times the {each}s of the recipe that asks nobody",
            each,
            RECIPE.name,
            rate,
            1.2,
        )
        for each in ("GET", "page", "POST")
    ),
    (
        "at least 0.3 of FastAPI's GETs on raw asyncpg, which asks nobody",
        "GET",
        FASTAPI.name,
        rate,
        0.3,
    ),
    *(
        (
            f"a p99 of at most 0.5 of that of the recipe with login, {each}",
            each,
            LOGIN.name,
            p99,
            -0.5,
        )
        for each in ("GET", "page", "POST")
    ),
    *(
        (f"CPU at most 5 times Starlette's on raw asyncpg, {each}", each, STARLETTE.name, cpu, -5)
        for each in ("GET", "page", "POST")
    ),
)
"""In words, the workload, the app to compare with, what is compared, and the limit: at least
this, or, where it is negative, at most its absolute value."""

METHOD = """
Medians over {rounds} rounds of {seconds} s for each app and workload, apps in a new order each
time; a ratio is the median of each round's own. {connections} keep-alive connections, each sending
when its answer has come. One uvicorn process an app, {loop}, {parser}, on 127.0.0.1;
one PostgreSQL, one database. CPU is the uvicorn process's own. The reference app logs JSON lines
with request ids; the recipes and SQLModel have uvicorn's access log, the others none; all logs go
to files. Who asks is known to the reference app and to the recipe with login, whose transactions
are held to a team; nobody asks the others, which are spared two of the round trips of each request.
{versions}
Not measured: two workers against one. Load, apps and PostgreSQL share this machine's processors.
"""
NAMED = "uvicorn", "fastapi", "starlette", "pydantic", "sqlalchemy", "asyncpg", "sqlmodel"


def report(figures: Figures, rounds: int, seconds: float) -> str:
    """The tables, the goals and the method, as text."""
    tables = [_table(figures, workload) for workload in ("GET", "page", "POST")]
    return "\n\n".join([*tables, _goals(figures), _method(rounds, seconds)])


def _table(figures: Figures, workload: str) -> str:
    head = "".join(title.rjust(int(form.partition(".")[0])) for title, _, _, form in COLUMNS)
    return "\n".join([f"{workload:18}{head}", *(_row(figures, workload, app.name) for app in APPS)])


def _row(figures: Figures, workload: str, app: str) -> str:
    cells = [
        figures.ratio(workload, app, other, value)
        if other
        else figures.median(workload, app, value)
        for _, other, value, _ in COLUMNS
    ]
    return f"{app:18}" + "".join(
        format(cell, form) for cell, (*_, form) in zip(cells, COLUMNS, strict=True)
    )


def _goals(figures: Figures) -> str:
    lines = []
    for words, workload, other, value, limit in GOALS:
        got = figures.ratio(workload, OURS.name, other, value)
        held = got >= limit if limit > 0 else got <= -limit
        lines.append(f"{'held' if held else 'NOT held':9} {got:5.2f}  {words}")
    return "\n".join(lines)


def _method(rounds: int, seconds: float) -> str:
    found = {each: importlib.util.find_spec(each) for each in ("uvloop", "httptools")}
    return METHOD.strip().format(
        rounds=rounds,
        seconds=seconds,
        connections=CONNECTIONS,
        loop="uvloop" if found["uvloop"] else "asyncio's own loop",
        parser="httptools" if found["httptools"] else "h11",
        versions=", ".join(
            [f"Python {platform.python_version()}", *(f"{each} {_version(each)}" for each in NAMED)]
        ),
    )


def _version(package: str) -> str:
    """The version that the apps run; what only peers need lies in a folder of its own."""
    found = distributions(name=package, path=[str(PACKAGES), *sys.path])
    return next((each.version for each in found), "not installed")
