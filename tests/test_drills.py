"""Drills: each fault shows, escapes the app's own tests, and goes with a mend; what is written."""

import asyncio
import difflib
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import made_material
import pytest

from workbook import material, postgres, workspace
from workbook.authoring import sandbox
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.base.urls import for_sqlalchemy
from workbook.base.waiting import eventually
from workbook.checks import checking, pytesting
from workbook.checks.checking import Checks
from workbook.checks.nb14 import judge as night_judge
from workbook.checks.verdict import NotYet
from workbook.drills import copies, order, postmortem, reports, timeline
from workbook.drills.drill import Drill
from workbook.drills.night import Night
from workbook.lab import drilling, lab
from workbook.material.known_answers import known_answers
from workbook.myapp import sections
from workbook.postgres import databases

APP = material.files_before("99")
DRILLS = pytest.mark.parametrize("name", order.NAMES)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with sandbox.server():
        yield postgres.attach()


@pytest.fixture
def own_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def right_mend(name: str) -> str:
    return next(each.text for each in known_answers(f"14.{name}") if each.right)


# The parts of a cell


def test_each_mark_says_where_the_lines_below_it_go() -> None:
    cell = "# a note\n\n# app/rules.py\nPATIENCE = 1\n# a remark\n\n# tests/test_x.py\nX = 1\n"
    assert sections.read(cell) == {
        "app/rules.py": "PATIENCE = 1\n# a remark\n",
        "tests/test_x.py": "X = 1\n",
    }


def test_parts_that_are_joined_are_read_again() -> None:
    parts = {"app/a.py": "A = 1\n", "tests/test_a.py": "B = 2\n"}
    assert sections.read(sections.join(parts)) == parts


@pytest.mark.parametrize("cell", ["PATIENCE = 1\n", "# app/a.py\nA = 1\n# app/a.py\nB = 1\n"])
def test_a_cell_that_does_not_say_what_goes_where_is_refused(cell: str) -> None:
    with pytest.raises(SyntaxError):
        sections.read(cell)


def test_nothing_leads_out_of_the_app() -> None:
    assert sections.MARK.findall("# ../a.py\n# /etc/a.py\n# app/../../a.py\n# app/a.py\n") == [
        "app/a.py"
    ]


def test_parts_take_the_place_of_their_namesakes() -> None:
    app = {"app/a.py": "import os\n\nA = os.name\nB = 2\n"}
    assert sections.put(app, "# app/a.py\nB = 3\n\n# app/b.py\nC = 4\n") == {
        "app/a.py": "import os\n\nA = os.name\nB = 3\n",
        "app/b.py": "C = 4\n",
    }


# The order


def test_each_seed_draws_every_drill_once_and_the_same_each_time() -> None:
    orders = {tuple(order.drawn(seed)) for seed in range(20)}
    assert len(orders) > 10
    assert all(sorted(each) == sorted(order.NAMES) for each in orders)
    assert order.drawn(3) == order.drawn(3)


def test_the_next_drill_is_the_first_that_is_not_solved() -> None:
    first, second, *_ = order.drawn(7)
    assert order.chosen(None, 7, ()).name == first
    assert order.chosen(None, 7, {first}).name == second
    assert order.chosen(None, 7, order.NAMES).name == first
    assert order.chosen(2, 7, {second}).name == second
    assert order.chosen("owl", 7, ()).name == "owl"


@pytest.mark.parametrize("which", ["cat", 0, 9])
def test_a_drill_that_there_is_not_is_told_which_there_are(which: str | int) -> None:
    with pytest.raises(Problem, match=r"There are 1 to 8, or by name: badger"):
        order.chosen(which, 14, ())


# The faults


@DRILLS
def test_a_fault_is_small_and_its_page_does_not_tell_it(name: str) -> None:
    drill = order.of(name)
    broken = copies.broken(APP, drill)
    [path] = [each for each in broken if broken[each] != APP.get(each)]
    pair = (each[path].splitlines() for each in (APP, broken))
    changed = [each for each in difflib.unified_diff(*pair, n=0) if each[:1] in "+-"]
    assert 2 < len(changed) < 25
    tells = ("lock", "cache", "session", "loop", "order by", "retry", "deadlock", "in place")
    assert not [each for each in tells if each in drill.page.lower() and each not in "locked"], name


@asynccontextmanager
async def drill_that_runs(server: postgres.Server, drill: Drill) -> AsyncIterator[Night]:
    template = await checking.template(server, "14", "drills")
    await databases.recreate(server, "drills_night", template)
    urls = [server.url("drills_night", role=each) for each in ("app", "admin")]
    night = Night(drill, APP, *urls)
    try:
        await night.begin()
        yield night
    finally:
        await night.close()


@DRILLS
def test_the_clients_complain_until_it_is_mended(
    server: postgres.Server, own_work: Path, name: str
) -> None:
    async def work() -> None:
        async with drill_that_runs(server, order.of(name)) as night:
            assert "They complain: " in repr(night)
            assert "They complain: " in (await night.again()).note
            changed = night.mend(right_mend(name))
            assert f"tests/test_{name}.py" in changed
            assert len(changed) == 2, changed
            assert (await night.again()).note == "They do not complain."

    asyncio.run(work())
    kinds = [each.kind for each in timeline.read(name).events]
    assert kinds == ["began", "complaint", "complaint", "mended", "quiet"]


@DRILLS
def test_the_tests_of_the_app_do_not_notice_it(server: postgres.Server, name: str) -> None:
    """Else nobody would have been woken: it would never have been deployed."""
    drill = order.of(name)

    async def work() -> list[pytesting.Outcome]:
        await databases.recreate(server, "drills_test")
        given = {"TEST_DATABASE_URL": for_sqlalchemy(server.url("drills_test"))}
        with tempfile.TemporaryDirectory(prefix="nightwatch-drill-") as folder:
            copies.write(Path(folder), copies.broken(APP, drill))
            return await pytesting.apart(folder, drill.tests, given)

    found = asyncio.run(work())
    assert found
    assert [each for each in found if each.result != "passed"] == []


def test_a_mend_without_a_lock_is_not_praised_for_one(
    server: postgres.Server, own_work: Path
) -> None:
    [again] = [each for each in known_answers("14.heron") if each.name == "again"]

    async def work() -> None:
        checks = Checks(server, "14", "drills")
        try:
            verdict = await checks.judge(material.exercise("14.heron"), again.text)
            assert verdict, verdict
            assert "With the lock" not in repr(verdict)
            assert "begins anew" in repr(verdict)
        finally:
            await checks.close()

    asyncio.run(work())


# What a learner sees of one that runs


def test_each_look_is_noted_and_what_is_asked_is_shown(
    server: postgres.Server, own_work: Path
) -> None:
    async def work() -> None:
        async with drill_that_runs(server, order.of("heron")) as night:
            assert (await night.client.get("/teams")).json() == [{"id": 1, "name": "data"}]
            assert (await night.client_of(2).get("/teams")).json()[0]["id"] == 2
            log = await night.log("error")
            assert [row[1] for row in log.rows] == ["failed"]
            assert "StaleDataError" in log.rows[0][-1]
            assert "UPDATE incident SET status" in repr(await night.saw())
            assert len(await night.ask("SELECT id FROM team")) == 4
            assert "async def resolve(" in night.read("app/routers/incidents.py", "resolve").code
            assert "connection" in repr(await night.activity())
            assert (await night.locks()).note == "Nobody waits for anybody."
            await night.execute("ALTER TABLE team ADD COLUMN spare int")
            with pytest.raises(Problem, match="nobody of team 3"):
                night.client_of(3)

    asyncio.run(work())
    events = timeline.read("heron").events
    looks = [each.what for each in events if each.kind == "looked"]
    assert looks[:3] == [
        "Looked: GET /teams",
        "Looked: GET /teams",
        "Looked: the app's log, from error on",
    ]
    assert [each.what for each in events if each.kind == "changed"]
    assert timeline.read("heron").first_evidence() is not None
    assert not any(path.stat().st_mode & 0o222 for path in (own_work / "drills").rglob("*.py"))


async def somebody_waits(night: Night) -> bool:
    return bool((await night.locks()).rows)


def test_who_waits_is_told_in_one_line_each(server: postgres.Server, own_work: Path) -> None:
    async def work() -> None:
        async with drill_that_runs(server, order.of("badger")) as night:
            coming = asyncio.create_task(night.again())
            await eventually(lambda: somebody_waits(night), 20, 0.02)
            found = await night.locks()
            await coming
            assert [sql for row in found.rows for sql in row if "\n" in sql] == []
            assert any("FOR NO KEY UPDATE" in str(row) for row in found.rows)

    asyncio.run(asyncio.wait_for(work(), 60))


def test_an_app_that_does_not_start_says_why(server: postgres.Server, own_work: Path) -> None:
    async def work() -> None:
        async with drill_that_runs(server, order.of("owl")) as night:
            night.mend("# app/rules.py\nPATIENCE = timedelta(minute=5)\n")
            with pytest.raises(Problem, match="TypeError"):
                await night.again()
            night.mend("# app/repositories/users.py\nSHOWN = select(User.id, User.name)\n")
            with pytest.raises(Problem, match=r"The app refuses what comes before that: \w+ /"):
                await night.again()
            night.mend("# app/rules.py\nPATIENCE = timedelta(minutes=6)\n")
            await night.again()

    asyncio.run(work())


@pytest.fixture
def notebook_14(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook of the drills, as long as its lesson is not written."""
    if any(each.number == "14" for each in material.notebooks()):
        return
    copy = shutil.copytree(material.folder(), tmp_path / "material")
    made_material.write(copy, "14_three_am", {})
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(copy))


def test_drills_are_of_the_last_notebook(own_work: Path, server: postgres.Server) -> None:
    async def work() -> None:
        made = await lab.begin("12")
        try:
            with pytest.raises(Problem, match="Drills belong to notebook 14"):
                await made.drill()
        finally:
            await made.close()

    asyncio.run(work())


async def nothing_of_it_runs(made: lab.Lab, name: str, because: str) -> None:
    """A cell that mends owl was given to another drill, or to none: its check says so."""
    drilling.mend(made._session, name, right_mend("owl"))
    verdict = await made.check("14.owl")
    assert verdict.kind == "not attempted"
    assert dict(verdict.lines)["Nothing of it runs"].startswith(because)


def test_in_a_notebook_a_cell_mends_and_the_end_leaves_nothing(
    notebook_14: None, own_work: Path, server: postgres.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    async def work() -> None:
        made = await lab.begin("14")
        session = made._session
        assert drilling.mend(session, "owl", "").startswith(
            "Nothing was written: owl does not run."
        )
        assert drilling.mend(session, "cat", "").startswith(
            "%%mend wants the name of a drill: badger"
        )
        await nothing_of_it_runs(made, "owl", "Nothing was written: owl does not run.")
        await nothing_of_it_runs(made, "cat", "%%mend wants the name of a drill: badger")
        await made.drill("stoat")
        await nothing_of_it_runs(made, "stoat", "It was written into the copy of stoat.")
        night = await made.drill("owl")
        assert drilling.mend(session, "owl", right_mend("owl")).startswith("Wrote app/")
        assert not session.unwritten["owl"]
        wrong_path = right_mend("owl").replace("# app/repositories/users.py", "# app/users.py")
        assert drilling.mend(session, "owl", wrong_path).endswith(
            " The app had no app/users.py before."
        )
        assert "before." not in drilling.mend(session, "owl", right_mend("owl"))
        assert drilling.mend(session, "owl", "# app/a.py\n\nx = (\n") == (
            "Nothing was written: the part for app/a.py, line 1: '(' was never closed."
        )
        assert drilling.mend(session, "owl", "x = 1\n") == (
            "Nothing was written: a line stands before the first mark, such as: # app/rules.py."
        )
        assert (await night.again()).note == "They do not complain."
        assert [row[1] for row in made.drills().rows if row[0] == "owl"] == ["open"]
        (paths.myapp() / "app" / "settings.py").write_text("raise ValueError(1)\n", "utf-8")
        night = await made.drill("owl")
        assert "They complain: " in (await night.again()).note
        await made.close()

    asyncio.run(work())
    said = capsys.readouterr().out
    assert said.count("So it is the reference's app, with the same fault.") == 1
    assert "Nothing is left open" in said


# What is kept of it


def events(own_work: Path, *kinds: timeline.Kind) -> None:
    for each in kinds:
        timeline.note("heron", each, f"{each} |\n something")


def test_a_timeline_begins_once_and_tells_the_three_times(own_work: Path) -> None:
    events(own_work, "looked", "began", "looked", "began", "complaint", "quiet", "right")
    known = timeline.read("heron")
    assert [each.kind for each in known.events] == [
        "began",
        "looked",
        "complaint",
        "quiet",
        "right",
    ]
    assert known.first_evidence() <= known.symptom_gone() <= known.fix()
    assert timeline.read("owl").fix() is None
    assert timeline.clock(None) == "not yet"
    assert (timeline.clock(61.4), timeline.clock(600)) == ("≈ 61 s", "≈ 10 min")


def test_a_check_that_is_right_ends_no_symptom_yet(own_work: Path) -> None:
    """The clients have not come yet: nobody knows what they would say."""
    events(own_work, "began", "complaint", "right")
    assert timeline.read("heron").symptom_gone() is None
    events(own_work, "quiet")
    known = timeline.read("heron")
    assert known.fix() < known.symptom_gone()


def test_a_damaged_timeline_is_an_empty_one(own_work: Path) -> None:
    events(own_work, "began")
    (paths.state() / "drills" / "heron.json").write_text("[{", "utf-8")
    assert reports.done(timeline.read("heron")).note == "This drill has not begun."


def test_a_postmortem_never_takes_the_place_of_an_edited_one(own_work: Path) -> None:
    drill = order.of("heron")
    with pytest.raises(Problem, match="Begin: await lab"):
        postmortem.write(drill, "")
    events(own_work, "began", "complaint", "right")
    path, said = postmortem.write(drill, "")
    assert (path.name, said) == ("heron.md", "")
    assert "Not proved yet" in path.read_text("utf-8")
    assert postmortem.write(drill, "Two had read it.")[0] == path
    assert "Two had read it." in path.read_text("utf-8")
    path.write_text("mine", "utf-8")
    second, said = postmortem.write(drill, "")
    assert (second.name, said) == ("heron-2.md", "You have edited heron.md: it stays as it is.")
    assert path.read_text("utf-8") == "mine"
    assert postmortem.write(drill, "")[0] == second


def test_a_postmortem_is_one_page_however_much_was_looked_at(own_work: Path) -> None:
    events(own_work, "began", *["looked"] * 200, "quiet", "right")
    text = postmortem.write(order.of("heron"), "")[0].read_text("utf-8")
    assert len(text.splitlines()) < 80
    assert "quiet \\| something" in text
    assert "| the first look at something |" in text


def test_only_a_verdict_on_a_drill_is_noted(own_work: Path) -> None:
    timeline.note("heron", "began", "it began")
    right = checking._verdict(_exercise("14.heron"), "right", {"Why it works": "No lock."})
    drilling._note("14.heron", right)
    drilling._note("12.team", right)
    drilling._note("14.else", right)
    assert [each.kind for each in timeline.read("heron").events] == ["began", "right"]
    assert timeline.read("heron").cause() == "No lock."
    assert json.loads((paths.state() / "drills" / "heron.json").read_text("utf-8"))
    assert workspace.read() == {}


def _exercise(id: str) -> material.Exercise:
    return material.Exercise(id, "", 1, ("test",), None, "", "", (), "", "")


TASKS = "ExceptionGroup: multiple errors in asynchronous callbacks"
LINE = {"You wrote": "tests/test_heron.py, line 9: await live.get('/')"}


@pytest.mark.parametrize(
    ("why", "lines", "asked"),
    [
        (TASKS, {}, night_judge.NEVER_AWAITED),
        ("httpx.ReadError", {}, night_judge.NEVER_AWAITED),
        ("httpx.ReadError", LINE, night_judge.ANSWERS),
        ("AssertionError: 500", LINE, night_judge.ANSWERS),
    ],
)
def test_a_request_that_nobody_awaits_is_asked_for(
    why: str, lines: dict[str, str], asked: str
) -> None:
    """How many of them fail when the test is over is luck, so no known answer can hold it."""
    found = [pytesting.Outcome("tests/test_heron.py::test_heron", "failed", why, lines)]
    with pytest.raises(NotYet) as caught:
        night_judge._passes("a test", found, night_judge.ANSWERS)
    assert caught.value.lines["Ask yourself"] == asked
