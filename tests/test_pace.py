"""Minutes by the model, deeper blocks, and what the linter asks of a lesson's pace."""

import re
from pathlib import Path

import nbformat
import pytest

from workbook.authoring import minutes, pace, render
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.authoring.outline import pieces, split
from workbook.base import paths
from workbook.proof import run_twice

HEAD = "---\nkernelspec:\n  display_name: Python 3\n  name: python3\n---\n\n"


def code(text: str, options: str = "") -> str:
    """A fence of a code cell."""
    top = f"---\n{options}\n---\n" if options else ""
    return f"```{{code-cell}} ipython3\n{top}{text}\n```\n"


def exercise(name: str, lines: int) -> str:
    """An exercise whose solution has this many lines more than its stub of one line."""
    body = "\n".join(f"line{n} = {n}" for n in range(lines))
    region = f"### BEGIN SOLUTION\n{body}\n### END SOLUTION"
    return code(f"given = 1\n{region}", f"exercise: {name}")


TYPED = code("### BEGIN SOLUTION\n1 + 1\n### END SOLUTION\n### STUB\n# # Type it: a sum.")
STOP = "> **A good place to stop.** Run the start cell when you come back.\n"


@pytest.fixture
def lesson(tmp_path: Path):
    """A lesson of this text."""

    def made(text: str) -> Lesson:
        path = tmp_path / "01_made.md"
        path.write_text(HEAD + text, "utf-8")
        return read(path)

    return made


def test_a_deeper_block_ends_before_a_heading_of_its_level_or_a_higher_one(lesson) -> None:
    made = lesson(
        "# 01 · Made\n\n## One\n\na\n\n### Deeper: b\n\nb\n\n#### still\n\n"
        f"{code('c = 1')}\n### core\n\nd\n\n## Deeper\n\ne\n\n### still\n\n"
        f"{code('f = 1')}\n## Two\n\ng\n"
    )
    deeper = {each.text.split()[-1]: each.deeper for each in pieces(made)}
    assert deeper["a"] == deeper["d"] == deeper["g"] == ""
    assert deeper["b"] == "Deeper: b" and deeper["e"] == "Deeper"
    code_cells = [each.deeper for each in pieces(made) if each.cell.kind == "code"]
    assert code_cells == ["Deeper: b", "Deeper"]


def test_what_looks_like_a_heading_in_a_block_of_code_is_none() -> None:
    assert [each[1] for each in split("## A\n\n```sh\n## no heading\n```\n\n## B\n")] == ["A", "B"]


def test_the_parts_add_up_and_deeper_blocks_are_counted_apart(lesson) -> None:
    words = "word " * 600
    made = lesson(
        f"# 01 · Made\n\n## One\n\n{words}\n\n{exercise('01.a', 4)}\n"
        f"### Deeper: more\n\n{words}\n\n{exercise('01.b', 8)}\n"
        f"## Two\n\n*Predict:* what?\n\n{code('1')}"
    )
    model = minutes.of(made)
    assert model.exercises == {"01.a": 8, "01.b": 11}, "4 + 0.75 a line + 0.1 for the stub's line"
    assert model.sections["One"] == 3 and model.sections["Deeper: more"] == 3
    assert model.reading == sum(model.sections[each] for each in ("", "One", "Two"))
    assert (model.core, model.solving, model.deeper) == (model.reading + 8, 8, 14)


def test_a_deeper_block_that_is_an_exercise_says_all_its_minutes(lesson) -> None:
    """The headings of 00, 02 and 03 said less than the header, which readers added up."""
    text = (
        f"## Deeper exercise: b ({{{{01.b}}}} minutes)\n\n{'word ' * 600}\n\n{exercise('01.b', 8)}"
    )
    made = lesson(f"# 01 · Made\n\n{{{{deeper}}}} more\n\n## One\n\n{exercise('01.a', 4)}\n{text}")
    texts = [each["source"] for each in render.contents(made, True, claims=False)["cells"]]
    assert any("14 more" in each for each in texts)
    assert any("Deeper exercise: b (14 minutes)" in each for each in texts)


def test_headings_and_places_get_the_model_s_minutes(lesson) -> None:
    made = lesson(f"# 01 · Made\n\n{{{{core}}}}\n\n## One\n\n### b\n\n{exercise('01.a', 4)}")
    texts = [each["source"] for each in render.contents(made, True, claims=False)["cells"]]
    assert texts[0] == "# 01 · Made\n\n10\n\n## One · 1 min\n\n### b"
    assert render.data(made)["minutes"] == 10
    assert render.data(made)["exercises"][0]["minutes"] == 8


PACED = (
    f"# 01 · Made\n\n## One\n\n{'word ' * 800}\n\n{exercise('01.a', 8)}\n{STOP}\n"
    f"{exercise('01.b', 8)}\n## Two\n\n*Predict:* what?\n\n"
    f"{code('1 / 0', 'raises: ZeroDivisionError')}"
)
OUT_OF_PACE = {
    "a long core": (
        "## Two",
        f"{exercise('01.c', 30)}\n## Two",
        "; a sitting is 45: mark what can",
    ),
    "little to do": ("## Two", f"{'word ' * 7000}\n\n## Two", "themselves; make it 40%"),
    "a late first key": ("## One", f"{'word ' * 1800}\n\n## One", "the first line to type comes"),
    "seven to run": ("## Two", f"{code('1') * 6}\n## Two", "6 cells to run and nothing to type"),
    "no place to stop": (STOP, "", "0 times '> **A good place to stop.**'"),
    "two places to stop": ("## Two", f"{STOP}\n## Two", "2 times '> **A good place to stop.**'"),
    "an early place to stop": ("## One\n", f"## One\n\n{STOP}", "2 times"),
    "a surprise": ("*Predict:* what?", "", "nobody predicts before '1 / 0' fails"),
}


@pytest.mark.parametrize(("old", "new", "sentence"), OUT_OF_PACE.values(), ids=OUT_OF_PACE)
def test_a_lesson_out_of_pace_is_said(lesson, old: str, new: str, sentence: str) -> None:
    assert list(pace.complaints(lesson(PACED))) == []
    assert old in PACED
    assert sentence in "\n".join(pace.complaints(lesson(PACED.replace(old, new, 1))))


def test_a_place_to_stop_at_the_end_is_said(lesson) -> None:
    late = PACED.replace(STOP, "") + f"\n{STOP}"
    assert "the middle is 35% to 65%" in "\n".join(pace.complaints(lesson(late)))


def test_a_cell_to_complete_is_something_to_type_and_deeper_cells_do_not_count(lesson) -> None:
    rows = code("1") * 5
    typed = PACED.replace("## Two", f"{rows}\n{TYPED}\n{rows}\n## Two")
    assert "nothing to type" not in "\n".join(pace.complaints(lesson(typed)))
    deeper = PACED.replace("## Two", f"### Deeper\n\n{rows}\n{rows}\n## Two")
    assert "nothing to type" not in "\n".join(pace.complaints(lesson(deeper)))


def test_the_core_path_runs_alone_and_then_every_cell_twice(tmp_path: Path) -> None:
    new, exercise = nbformat.v4.new_code_cell, {"nightwatch": {"exercise": "01.a"}}
    cells = [new("a", metadata=exercise), nbformat.v4.new_markdown_cell("## Deeper: b · 2 min")]
    cells += [new("b", metadata=exercise), new("c"), nbformat.v4.new_markdown_cell("## End")]
    said = nbformat.v4.new_output("stream", text="Closed.\nSolved here: 2 of 2.\n")
    cells += [new("d", outputs=[said])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "one.ipynb")
    run_twice.write(tmp_path / "one.ipynb", tmp_path / "twice.ipynb")
    twice = nbformat.read(tmp_path / "twice.ipynb", 4)
    assert "".join(each.source for each in twice.cells) == "ad" + "a" + "bcbc" + "d"
    assert len({each.id for each in twice.cells}) == len(twice.cells)
    told = [each.outputs[0].text for each in twice.cells if each.outputs]
    assert told == [
        "Closed.\nSolved here: 1 of 2; the rest is deeper.\n",
        "Closed.\nSolved here: 2 of 2.\n",
    ]


def test_readme_and_the_rule_say_the_same_minutes() -> None:
    assert f"{pace.SITTING} minutes" in (paths.ROOT / "README.md").read_text("utf-8")


EXERCISE = re.compile(r"^###? (Deeper e|E)xercise(?:, \w+)?: .*\(\{\{(\S+)\}\} minutes\)$", re.M)


@pytest.mark.parametrize("path", lessons(paths.ROOT / "lessons"), ids=lambda path: path.stem)
def test_the_heading_of_an_exercise_has_its_minutes_and_says_where_it_is_deeper(path: Path) -> None:
    """Else the headings of a notebook do not add up to what its first cell says."""
    found = read(path)
    deeper = minutes.of(found).deeper_exercises
    told = [(name, begun != "E") for begun, name in EXERCISE.findall(path.read_text("utf-8"))]
    ids = [str(cell.options["exercise"]) for cell in found.exercises]
    assert told == [(name, name in deeper) for name in ids]
