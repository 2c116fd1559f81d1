"""The page for whoever teaches: its sums are those of the lessons, its commands are there."""

import re
import shlex

import pytest
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from workbook.authoring import current, guide, handbook, minutes, timetable
from workbook.authoring.lesson import SPEAKER
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli.commands import app
from workbook.lab.lab import Lab

PAGE = (paths.ROOT / handbook.PAGE).read_text("utf-8")
PAGES = {path.stem: path.read_text("utf-8") for path in (paths.ROOT / "instructor").glob("*.md")}
COMMAND = re.compile(r"(?:`|^\$ |^> .*`)\./wb ([^`\n#]+?)\s*(?:`|#|$)", re.M)
LESSONS = [read(path) for path in lessons(paths.ROOT / "lessons")]


def test_every_command_of_the_pages_takes_the_words_that_stand_behind_it() -> None:
    named = {line for text in PAGES.values() for line in COMMAND.findall(text)}
    assert len(named) > 25 and {"room --host 192.168.1.20", "db psql 02"} <= named
    assert {line: said for line in sorted(named) if (said := refused(line))} == {}
    assert "--hots" in refused("room --hots 1") and refused("presents 01")


def refused(line: str) -> str:
    """What the command line says of these words; empty where it takes them."""
    command, words = get_command(app), shlex.split(line)
    while isinstance(command, TyperGroup):
        if not words or words[0] not in command.commands:
            return f"no command in {line!r}"
        command = command.commands[words.pop(0)]
    try:
        command.make_context("wb", words)
    except TyperException as error:
        return f"{line}: {error}"
    return ""


def test_every_call_of_the_pages_is_one_of_the_lab() -> None:
    named = {name for text in PAGES.values() for name in re.findall(r"\blab\.(\w+)\(", text)}
    assert {"saw", "hint", "explain"} <= named
    assert {name for name in named if not hasattr(Lab, name)} == set()


def test_the_timetable_of_a_notebook_is_its_slot_in_a_plan() -> None:
    for each in LESSONS:
        model, core = minutes.of(each), timetable.core(each)
        solved = [slot.what[10:-1] for slot in core if slot.what.startswith("Exercise `")]
        beyond = {*model.deeper_exercises, *(cell.options["exercise"] for cell in each.beyond)}
        names = [str(cell.options["exercise"]) for cell in each.exercises]
        assert solved == [name for name in names if name not in beyond]
        assert sum(slot.minutes for slot in core) == model.core + 2 * len(solved)
        assert sum(slot.minutes for slot in timetable.deeper(each)) == model.deeper
        stops = [n for n, slot in enumerate(core) if not slot.minutes]
        assert len(stops) == 1 and 2 < stops[0] < len(core) - 4


def test_a_page_has_the_story_the_timetable_and_a_debrief_of_each_exercise() -> None:
    for each in LESSONS:
        page = PAGES[each.path.stem]
        assert page.index("## The story") < page.index(guide.GOAL) < page.index("## The timetable")
        assert page.count("*The debrief:* ") == page.count("*To try then:* ") == len(each.exercises)
        rows = [line for line in page.splitlines() if re.match(r"\| `\d\d\.\w+` \|", line)]
        model = minutes.of(each)
        core = [int(row.split("|")[4]) for row in rows if row.split("|")[3] == " core path "]
        assert sum(core) == model.solving and len(rows) == len(each.exercises)


def test_every_notebook_has_a_row_with_its_minutes_and_its_page() -> None:
    for each in LESSONS:
        model = minutes.of(each)
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| {each.number} |"))
        parts = (model.core, model.solving, model.deeper, model.practice)
        assert row.endswith(f"| {' | '.join(map(str, parts))} |")
        assert (paths.ROOT / "instructor" / f"{each.path.stem}.md").exists()
        assert f"({each.path.stem}.md)" in row


def test_a_plan_has_the_time_of_each_slot_and_says_who_must_catch_up() -> None:
    made = handbook.page("# A\n{{plan 09:00-18:00 opening 00 break 06}}\n", LESSONS)
    rows = [line for line in made.splitlines() if re.match(r"\| \d\d:", line)]
    long = [int(row.split("|")[3]) for row in rows[:-1]]
    at = [60 * int(row[2:4]) + int(row[5:7]) for row in rows]
    assert at == [540 + sum(long[:n]) for n in range(len(rows))]
    first = minutes.of(LESSONS[0])
    core = [each for each in LESSONS[0].exercises if "level" not in each.options]
    assert long[1] - 5 < first.core + 2 * (len(core) - 1) <= long[1], "one is deeper"
    assert "first `./wb catch-up 06`" in made and "catch-up 00" not in made


def test_a_term_has_a_week_for_each_notebook_with_its_minutes() -> None:
    made = handbook.page("# A\n{{term}}\n", LESSONS)
    rows = [line.split("|") for line in made.splitlines() if re.match(r"\| \d+ \|", line)]
    assert [row[1].strip() for row in rows] == [str(n + 1) for n in range(len(LESSONS))]
    for each, row in zip(LESSONS, rows, strict=True):
        model, long = minutes.of(each), sum(slot.minutes for slot in timetable.core(each))
        before = 0 if each is LESSONS[0] else 10
        assert each.title in row[2] and long <= int(row[3]) - before < long + 5
        assert f"*Deeper* {model.deeper}" in row[4]
        assert (f"practice {model.practice}" in row[4]) == bool(model.practice)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("09:00-10:00 opening 00 break", "ends at 10:20; take one out"),
        ("09:00-10:00 00 99", "there is no notebook '99' to plan"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        handbook.page(f"{{{{plan {plan}}}}}", LESSONS)


def test_a_changed_page_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = paths.ROOT / handbook.PAGE
    assert current.of_pages()[page] == PAGE
    monkeypatch.setattr(timetable, "DEBRIEF", 3)
    assert current.of_pages()[page] != PAGE


def test_every_ask_has_an_answer_that_can_be_read_aloud() -> None:
    asked = [(each.number, fence.text) for each in LESSONS for fence in each.fences
             if fence.kind == "ask"]  # fmt: skip
    answer = re.compile(r"\?.* \([A-Z].*\.\)\Z", re.S)
    assert {number for number, _ in asked} == {each.number for each in LESSONS}
    assert [each for each in asked if not answer.search(each[1].strip())] == []


FRAME = {"Recall", "The picture", "Key points", "Exit ticket", "Close", "Practice"}
"""Sections that every notebook has, which are no block."""


def test_every_block_has_a_note_an_ask_or_a_demo() -> None:
    for each in LESSONS:
        text = each.path.read_text("utf-8")
        blocks = re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.M)
        spoken = {
            name for name, body in blocks if re.search(r"^`{3,}\{(note|ask|demo)\}", body, re.M)
        }
        told = {name for name, _ in blocks if not name.startswith("In the app")} - FRAME
        assert len(told) > 4 and told - spoken == set(), each.path.name


def test_what_a_room_asks_is_answered() -> None:
    for each in LESSONS:
        asked = [fence for fence in each.fences if fence.kind == "note"
                 if fence.text.startswith("Somebody will ")]  # fmt: skip
        assert len(asked) >= (2 if each.number >= "03" and each.number != "14" else 1), each.number


UNMEASURED = re.compile(
    r"\b(mostly|usually|(?<!how )often(?! as)|most (people|learners|of them)"
    r"|(?<!how )many (people|tutorials|first \w+)"
    r"|people (want|believe|look|take|think|wonder|change|write|find|miss)"
    r"|everybody (looks|thinks|believes)|the room (finds|believes|thinks))\b",
    re.I,
)
"""What is said of rooms as if somebody had counted."""


def test_no_note_says_of_rooms_what_nobody_has_counted() -> None:
    spoken = [(each.number, fence.text) for each in LESSONS for fence in each.fences
              if fence.kind in SPEAKER]  # fmt: skip
    assert [each for each in spoken if UNMEASURED.search(each[1])] == []
    for said in ("People look for a lock", "This is mostly so.", "Most people have one"):
        assert UNMEASURED.search(said)
    assert not UNMEASURED.search("Let people say aloud what they want, and ask the room.")
