"""The page for whoever teaches: its sums are those of the lessons, its commands are there."""

import re

import pytest
from typer.main import get_command

from workbook.authoring import current, handbook, minutes
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli.commands import app

PAGE = (paths.ROOT / handbook.PAGE).read_text("utf-8")
LESSONS = [read(path) for path in lessons(paths.ROOT / "lessons")]


def test_every_command_on_it_is_one() -> None:
    named = set(re.findall(r"`\./wb ([\w-]+)", PAGE))
    assert len(named) > 7
    assert named - set(get_command(app).commands) == set()  # type: ignore[attr-defined]


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
    monkeypatch.setattr(handbook, "DEBRIEF", 3)
    assert current.of_pages()[page] != PAGE
