"""A lesson that does not hold together is told so in a sentence, before anything is made of it."""

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest

from workbook import material
from workbook.authoring import guide, lint, render, run
from workbook.authoring.lesson import Cell, Claim, Lesson
from workbook.authoring.lesson_reader import read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.material.known_answers import KnownAnswer, known_answers

TEXT = (paths.ROOT / "lessons" / "01_database.md").read_text("utf-8")
HINT = "```{hint} 01.factory\n"
EXERCISE = "exercise: 01.factory\n"
FACTORY = f"```{{code-cell}} ipython3\n---\n{EXERCISE}"


@pytest.fixture
def changed(tmp_path: Path):
    """The lesson with one change."""

    def change(old: str, new: str) -> Path:
        assert old in TEXT
        path = tmp_path / "01_database.md"
        path.write_text(TEXT.replace(old, new, 1), "utf-8")
        return path

    return change


def end_of(fence: str) -> str:
    """All of a fence that begins so."""
    begins = TEXT.index(fence)
    return TEXT[begins : TEXT.index("\n```\n", begins) + 5]


UNREADABLE = {
    "a code cell without its end": (
        'lab = await start("01")\n```\n',
        'lab = await start("01")\n',
        "the code cell 'import os' is not closed",
    ),
    "a hint without its end": (
        end_of(HINT),
        end_of(HINT).removesuffix("```\n"),
        "the {hint} '01.factory' is not closed",
    ),
    "an error entry without its end, the last fence of its cell": (
        end_of("```{error} RuntimeError"),
        end_of("```{error} RuntimeError").removesuffix("```\n"),
        "the {error} 'RuntimeError' is not closed",
    ),
    "a diagram without its end": (
        end_of("```mermaid"),
        end_of("```mermaid").removesuffix("```\n"),
        "a block of code is not closed",
    ),
    "a fence of no kind": (HINT, "```{hnt} 01.factory\n", "there is no {hnt}"),
    "a code cell of no kind": (FACTORY, FACTORY.replace("cell", "cel"), "there is no {code-cel}"),
    "options that are no YAML": (EXERCISE, "exercise: [01.factory\n", "Invalid YAML"),
    "an option of no name": (EXERCISE, "exercice: 01.factory\n", "there is no option 'exercice'"),
    "seconds in words": (EXERCISE, f"{EXERCISE}seconds: five\n", "'seconds' is 'five', and no int"),
    "minutes, which are computed": (EXERCISE, f"{EXERCISE}minutes: 5\n", "no option 'minutes'"),
    "names without brackets": (
        "names: [session_factory]",
        "names: session_factory",
        "'names' is 'session_factory', and no list",
    ),
    "an error entry that is no YAML": (
        "```{error} MissingGreenlet\n",
        "```{error} MissingGreenlet\nmeans: [\n",
        "the {error} 'MissingGreenlet' is no YAML",
    ),
    "an error entry without a cause": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a wait\nfix: await\n```\n",
        "The error entry MissingGreenlet lacks causes",
    ),
    "a cause that YAML reads as a mapping": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: b\ncauses: [{too long: a call}]\n```\n",
        "in its 'causes' {'too long': 'a call'} is no text; put quotes around it",
    ),
    "a meaning that YAML reads as a mapping": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans:\n  wait: long\nfix: await\ncauses: [a]\n```\n",
        "its 'means' is {'wait': 'long'} and no text; put quotes around it",
    ),
    "causes that are one text": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: b\ncauses: c\n```\n",
        "its 'causes' are 'c' and no list",
    ),
    "a fix of which YAML cuts the end off": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: see # 3\ncauses: [c]\nsays: d\n```\n",
        "a # behind a blank begins a comment; put quotes around it",
    ),
    "a SQLSTATE that YAML reads as a number": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: b\ncauses: [c]\nsqlstate: 42703\n```\n",
        "in its 'sqlstate' 42703 is no text; put quotes around it",
    ),
    "a SQLSTATE that is none": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: b\ncauses: [c]\nsqlstate: 42P1\n```\n",
        "'42P1' is no SQLSTATE",
    ),
    "a part of an error entry that there is not": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nmeans: a\nfix: b\ncauses: [c]\nframes: d\n```\n",
        "there is no 'frames' in an entry; there are: causes, fix, ",
    ),
    "an error entry for two classes, one of them none": (
        "```{error} MissingGreenlet\n",
        "```{error} MissingGreenlet or so\n",
        "'MissingGreenlet or so' is no name of a class",
    ),
    "an error entry that is a sentence": (
        end_of("```{error} MissingGreenlet"),
        "```{error} MissingGreenlet\nAwait it.\n```\n",
        "The error entry MissingGreenlet lacks causes, fix, means",
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_said(changed, old: str, new: str, sentence: str) -> None:
    with pytest.raises(Problem) as caught:
        read(changed(old, new))
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("01_database.md: ")


def before_a_section(text: str) -> tuple[str, str]:
    """A change that puts this before a section which follows code cells."""
    return "## In the app", f"{text}\n## In the app"


INCOMPLETE = {
    "a hint for nobody": (
        HINT,
        "```{hint} 01.factori\n",
        "the {hint} for '01.factori' belongs to no exercise; there are: 01.factory, ",
    ),
    "answers to an exercise that is gone": (
        "exercise: 01.get_db\n",
        "exercise: 01.got_db\n",
        "lessons/answers/01.get_db/ belongs to no exercise; remove it.",
    ),
    "an exercise that is there twice": (
        "exercise: 01.get_db\n",
        "exercise: 01.factory\n",
        "exercise 01.factory is there twice",
    ),
    "an error entry that claims every message of its class": (
        "says: greenlet_spawn has not been called\nwhere: _load_scalar_attributes\n",
        "",
        "an error entry claims every MissingGreenlet; add 'says', 'sqlstate' or 'where'",
    ),
    "a failure that says nothing": (
        "says: No module named 'psycopg'\n---",
        "---",
        "certifies no text",
    ),
    "a claim in words that the lesson does not have": (
        *before_a_section("```{holds} Nine of ten are lost\nlen(lab.url) == 9\n```\n"),
        "{holds} 'Nine of ten are lost': the lesson has no such words",
    ),
    "a claim that is never false": (
        *before_a_section("```{holds} The picture\nTrue\n```\n"),
        "it asks for nothing that the cell has made",
    ),
    "a claim that is a statement": (
        *before_a_section("```{holds} The picture\nfound = 9\n```\n"),
        "it is no expression of Python",
    ),
    "an exercise without a title": (EXERCISE + "title", EXERCISE + "# title", "no 'title'"),
    "a solution that does not end": (
        "### END SOLUTION",
        "### END SOLUTON",
        "has a line '### BEGIN SOLUTION' that is no part of a solution",
    ),
    "a stub that belongs to no solution": (
        "### END SOLUTION\n### STUB",
        "### END SOLUTION\n\n### STUB",
        "has a line '### STUB' that is no part of a solution",
    ),
}


@pytest.mark.parametrize(("old", "new", "sentence"), INCOMPLETE.values(), ids=INCOMPLETE)
def test_what_is_incomplete_is_said_and_what_is_made_of_it_is_no_traceback(
    changed, old: str, new: str, sentence: str
) -> None:
    lesson = read(changed(old, new))
    assert sentence in "\n".join(lint.complaints(lesson))
    with contextlib.suppress(Problem):
        assert made(lesson)


CLAIM = "```{holds} Python\nlab.url == 9 and await lab.saw()\n```\n"


def test_what_a_sentence_claims_belongs_to_the_cell_before_it_and_is_not_for_the_learner(
    changed,
) -> None:
    lesson = read(changed(*before_a_section(CLAIM)))
    assert lint.complaints(lesson) == []
    place = next(i for i, cell in enumerate(lesson.cells) if "## In the app" in cell.text)
    before = [cell for cell in lesson.cells[:place] if cell.kind == "code"][-1]
    assert before.claims[-1] == Claim("Python", "lab.url == 9 and await lab.saw()")
    for solved in (True, False):
        cells = render.contents(lesson, solved, claims=True)["cells"]
        held = [c["metadata"]["nightwatch"]["holds"] for c in cells if c["id"] == before.id]
        assert [each[-1] for each in held] == [asdict(before.claims[-1])]
        assert "holds" not in str(render.contents(lesson, solved, claims=False)["cells"])
    plain = read(paths.ROOT / "lessons" / "01_database.md")
    assert [cell.id for cell in lesson.cells] == [cell.id for cell in plain.cells]


def test_a_claim_whose_words_have_a_backtick_is_said(changed) -> None:
    """Markdown takes such a line for text, and what follows for code."""
    change = before_a_section("```{holds} a `Row` is no object\nlab.url\n```\n")
    with pytest.raises(Problem, match=r"a `Row` is no object.* quote a part without a backtick"):
        read(changed(*change))


def test_a_claim_before_every_cell_is_said(changed) -> None:
    with pytest.raises(Problem, match=r"the {holds} 'Python' stands before every code cell"):
        read(changed("# 01", f"{CLAIM}\n# 01"))


@pytest.mark.parametrize(("claim", "said"), [
    ("await asyncio.sleep(0, counted) == 3", None),
    ("counted == 4", "the lesson says 'Four', and it is false."),
    ("count == 4", "the lesson says 'Four', and NameError: name 'count' is not defined."),
])  # fmt: skip
def test_a_build_fails_where_a_sentence_is_false(claim: str, said: str | None) -> None:
    cells = [nbformat.v4.new_code_cell(code) for code in ("import asyncio", "counted = 3")]
    cells[1].metadata = {"nightwatch": {"holds": [{"sentence": "Four", "expression": claim}]}}
    notebook = nbformat.v4.new_notebook(cells=cells)
    expected = pytest.raises(Problem, match=re.escape(said)) if said else contextlib.nullcontext()
    with expected:
        run.execute(notebook, "a notebook", {**os.environ})
    assert [cell.execution_count for cell in cells] == [1, 2]


def made(lesson: Lesson) -> list[object]:
    """Everything that can be made of a lesson without running it."""
    notebooks = [render.notebook(lesson, solved) for solved in (True, False)]
    return [*notebooks, render.data(lesson), guide.page(lesson)]


@pytest.mark.parametrize("shown", ["NOT YET · 00.fetch", "CANNOT CHECK · 00.fetch", ""])
def test_a_build_fails_where_a_check_refuses_the_solution(shown: str) -> None:
    cells = [
        nbformat.v4.new_code_cell('await lab.check("00.fetch")', outputs=[output(text)])
        for text in ("RIGHT · 00.fetch", shown)
    ]
    [complaint] = run.refused([*cells, nbformat.v4.new_code_cell("1 + 1", outputs=[output("2")])])
    assert complaint.startswith('await lab.check("00.fetch") refuses the solution: ' + shown)


def output(text: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("execute_result", {"text/plain": text})


def test_material_in_the_middle_of_a_merge_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "00_first_query.json").write_text("{\n<<<<<<< HEAD\n", "utf-8")
    monkeypatch.setenv("WORKBOOK_MATERIAL", str(tmp_path))
    for ask in (material.notebooks, material.errors):
        with pytest.raises(Problem, match="is damaged"):
            ask()


def test_a_place_for_a_value_that_there_is_not_is_said(changed) -> None:
    lesson = read(changed("{{reading}}", "{{raeding}}"))
    with pytest.raises(Problem, match=r"01_database.md: .*\{\{raeding\}\}"):
        render.notebook(lesson, solved=False)


def test_every_line_of_a_lesson_can_be_read() -> None:
    """Longer ones have come back again and again: in a review nobody sees what changed in them."""
    lessons = (paths.ROOT / "lessons").glob("[01]*.md")
    given = (paths.ROOT / "lessons" / "given").rglob("*.md")
    for path in sorted([*lessons, *given, paths.ROOT / "app_reference" / "README.md"]):
        lines = enumerate(path.read_text("utf-8").splitlines(), 1)
        long = [number for number, line in lines if len(line) > 400 and not line.startswith("|")]
        assert long == [], f"{path}: these lines have over 400 characters"


def test_the_lesson_itself_holds_together() -> None:
    lesson = read(paths.ROOT / "lessons" / "01_database.md")
    assert lint.complaints(lesson) == []
    assert made(lesson)


def test_two_error_entries_with_one_heading_are_said(changed) -> None:
    path = changed("title: an engine in two loops\n", "title: a value was read that had expired\n")
    path.write_text(
        path.read_text("utf-8").replace("{error} RuntimeError", "{error} MissingGreenlet")
    )
    said = "two error entries have the heading #missinggreenlet-a-value-was-read-that-had-expired"
    assert any(said in each for each in lint.of_dictionary([read(path)]))


BUILT = ("instructor", "notebooks", "solutions", "tests/unsolved", "workbook/material")


def test_no_place_for_a_value_is_left_in_what_was_built() -> None:
    folders = [sorted((paths.ROOT / name).glob("*_*")) for name in BUILT]
    texts = {path: path.read_text("utf-8") for each in folders for path in each if path.is_file()}
    texts |= {path: path.read_text("utf-8") for path in paths.ROOT.glob("*.md")}
    assert {"CONTRIBUTING.md", "ERRORS.md", "GLOSSARY.md"} < {path.name for path in texts}
    assert len(texts) > 55 and {path: render.PLACE.findall(text) for path, text in texts.items()
                                if render.PLACE.search(text)} == {}  # fmt: skip


def test_an_empty_line_of_a_stub_has_no_blanks() -> None:
    text = "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n    ### STUB\n"
    cell = Cell("code", f"{text}    # first = 1\n    #\n    # return first", "a cell")
    assert cell.stubbed() == "def f():\n    first = 1\n\n    return first"


def test_a_measured_figure_moves_nothing_behind_it() -> None:
    """A figure with a digit more is another output, where a table's column stands behind it."""
    stored = [
        f"{path.name}: {line}"
        for folder in ("solutions", "tests/unsolved")
        for path in (paths.ROOT / folder).glob("*.ipynb")
        for line in path.read_text("utf-8").splitlines()
        if line.lstrip().startswith('"') and "≈" in line
    ]
    assert stored and [line for line in stored if re.search(r"≈ \d.*\S  ", line)] == []


def test_the_instructors_page_has_what_people_write_and_what_each_gets_to_hear() -> None:
    lesson = read(paths.ROOT / "lessons" / "05_api.md")
    page = (paths.ROOT / "instructor" / "05_api.md").read_text("utf-8")
    known = [each for cell in lesson.exercises
             for each in known_answers(str(cell.options["exercise"]))]  # fmt: skip
    assert len(known) > 50
    told = [each.sentence if each.right else each.sentence.replace("|", "\\|") for each in known]
    assert [each for each in told if each not in page] == []
    assert [each for each in known if each.name.replace("_", " ") not in page] == []
    rows = page[page.index("### 05.get_user") :].split("\n\n")[1].splitlines()[2:]
    many = [row.count(",") for row in (row.rpartition("|")[0].rpartition("|")[2] for row in rows)]
    assert many == sorted(many, reverse=True) and many[0], "first what most answers lead to"


def test_every_line_of_an_instructors_page_can_be_read() -> None:
    pages = sorted((paths.ROOT / "instructor").glob("[0-9]*.md"))
    lines = [(page.name, line) for page in pages for line in page.read_text("utf-8").splitlines()]
    assert pages and [each for each in lines if len(each[1]) > 400] == []


def test_a_known_answer_says_in_words_what_it_is() -> None:
    wrong = [KnownAnswer("00.x", f"w{n}", False, "why?", "") for n in range(3)]
    silent = KnownAnswer("00.x", "mute", False, "", "")
    short, long = (
        KnownAnswer("00.x", "r", True, each, "") for each in ("in SQL", "in SQL, by hand")
    )
    assert [*lint._answers([*wrong, long])] == []
    assert ["mute" in each for each in lint._answers([*wrong, silent, long])] == [True]
    assert ["'in SQL'" in each for each in lint._answers([*wrong, short])] == [True]


def _on_cards() -> Iterator[tuple[str, str]]:
    """Where a text stands that a card shows, and the text without its code."""
    for notebook in material.notebooks():
        for each in notebook.exercises:
            for text in (each.why, each.try_next, *each.hints):
                yield each.id, re.sub(r"`[^`]*`", "", text)
        for asked in notebook.questions:
            for text in (*asked.shown, asked.because, *asked.but.values()):
                yield asked.id, re.sub(r"`[^`]*`", "", text)
    for entry in material.errors():
        for text in (entry.means, *entry.causes, entry.fix):
            yield entry.name, re.sub(r"`[^`]*`", "", text)


def test_a_card_has_no_emphasis_which_it_would_show_with_its_stars() -> None:
    emphasis = re.compile(r"(?<![\w*/])\*[A-Za-z][^*]*\*(?!\w)")
    assert [(where, text) for where, text in _on_cards() if emphasis.search(text)] == []


def test_what_is_said_behind_but_does_not_say_but_again() -> None:
    asked = [each for notebook in material.notebooks() for each in notebook.questions]
    said = [(each.id, text) for each in asked for text in each.but.values()]
    assert [(where, text) for where, text in said if re.search(r"^But |[.:] But ", text)] == []
