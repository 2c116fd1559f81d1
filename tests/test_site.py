"""The reading site before Sphinx reads it: what stands on its pages, and where links lead.

`tests/browser/test_site.py` makes the whole of it, and looks at it in a browser.
"""

import ast
import json
import re
from pathlib import Path

import pytest

from workbook import material
from workbook.authoring import current, error_entries
from workbook.authoring.lesson import Cell, Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli import site as command
from workbook.lab.lab import Lab
from workbook.myapp.right_answers import right_answers
from workbook.site import checking, dictionary, make, notebook_page, outputs, pages, slides
from workbook.site.diagrams import Diagrams
from workbook.site.edition import Edition, Place
from workbook.site.links import Links
from workbook.site.origin import origin

EVERY = [read(path) for path in lessons(paths.ROOT / "lessons")]
SVG = '<svg viewBox="0 0 10 20"></svg>'
DRAWN = Diagrams({text.strip(): SVG for one in EVERY for text in notebook_page.mermaid(one)})
NOWHERE = Place("", "1.0")
SOMEWHERE = Place("https://git.example/nightwatch", "1.0")


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return pages.made_of_data()


@pytest.fixture(scope="module")
def site(made: dict[str, str]) -> dict[Edition, dict[str, str]]:
    return {each: pages.sources(each, EVERY, DRAWN, NOWHERE, made) for each in Edition}


def open_code(page: str) -> list[str]:
    """The code of a page that stands behind no click."""
    folds, found = 0, []
    for cell in json.loads(page)["cells"]:
        if cell["cell_type"] == "markdown":
            closed = len(re.findall(r"<details(?![^>]* open)", cell["source"]))
            opened = len(re.findall(r"<details[^>]* open", cell["source"]))
            folds += 1000 * opened + closed - cell["source"].count("</details>")
            folds = 0 if folds in (-1, 999) else folds  # an open one has ended
        elif folds % 1000 == 0:
            found.append(cell["source"])
    return found


@pytest.mark.parametrize("lesson", EVERY, ids=lambda each: each.path.stem)
def test_an_answer_is_behind_a_click_for_learners_and_open_for_instructors(
    lesson: Lesson, site: dict[Edition, dict[str, str]]
) -> None:
    name = f"{lesson.path.stem}.ipynb"
    seen = {each: open_code(site[each][name]) for each in Edition}
    typed = [cell for cell in lesson.cells if cell.is_typed()]
    assert typed
    for cell in typed:
        assert cell.stubbed() in seen[Edition.LEARNER]
        assert cell.solved() not in seen[Edition.LEARNER]
        assert cell.solved() in seen[Edition.INSTRUCTOR]


def answer_of(cell: Cell) -> str:
    """What the fold of a cell is called that is no exercise."""
    return "The right answer" if cell.question else "One right answer"


def test_a_question_has_its_sentences_behind_the_click_and_no_mark_below_the_cell_it_predicts(
    site: dict[Edition, dict[str, str]],
) -> None:
    asked = [(each.stem, one) for each in material.notebooks() for one in each.questions]
    assert asked
    for stem, one in asked:
        page = site[Edition.LEARNER][f"{stem}.ipynb"]
        told = "".join(cell["source"] for cell in json.loads(page)["cells"])
        assert f"*Because* {one.because}" in told
        assert [but for but in one.but.values() if but not in told] == []
        assert f"RIGHT · {one.id}" not in page and f"</strong> · {one.id}" not in page


@pytest.mark.parametrize("lesson", EVERY, ids=lambda each: each.path.stem)
def test_hints_come_one_by_one_before_the_answer(
    lesson: Lesson, site: dict[Edition, dict[str, str]]
) -> None:
    text = site[Edition.LEARNER][f"{lesson.path.stem}.ipynb"]
    said = re.findall(r"<summary>(Hint \d of 3|One right answer|The right answer)", text)
    hints = ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "One right answer"]
    wanted = [
        one
        for cell in lesson.cells
        if cell.is_typed()
        for one in (hints if "exercise" in cell.options else [answer_of(cell)])
    ]
    assert said == wanted


@pytest.mark.parametrize("lesson", EVERY, ids=lambda each: each.path.stem)
def test_the_other_right_answers_stand_behind_the_answer(
    site: dict[Edition, dict[str, str]], lesson: Lesson
) -> None:
    cells = json.loads(site[Edition.LEARNER][f"{lesson.path.stem}.ipynb"])["cells"]
    shown = "\n".join(each["source"] for each in cells)
    for cell in lesson.exercises:
        answers = right_answers(material.exercise(cell.options["exercise"]))
        assert answers
        assert [each for each in answers if f"{each.sentence}\n\n" not in shown] == []
        assert [each for each in answers if each.text not in shown] == []


@pytest.mark.parametrize("lesson", EVERY, ids=lambda each: each.path.stem)
def test_every_cell_has_a_name_and_every_note_is_for_instructors(
    lesson: Lesson, site: dict[Edition, dict[str, str]]
) -> None:
    name = f"{lesson.path.stem}.ipynb"
    for each in Edition:
        cells = json.loads(site[each][name])["cells"]
        named = re.findall(r'id="cell-([\w-]+)"', "".join(cell["source"] for cell in cells))
        assert named == [cell.id for cell in lesson.cells]
    told = [each for each in lesson.fences if each.kind in ("note", "ask", "demo")]
    assert site[Edition.INSTRUCTOR][name].count("nw-note") == len(told) > 0
    assert "nw-note" not in site[Edition.LEARNER][name]


def test_every_entry_of_the_dictionary_has_an_address_of_its_own(made: dict[str, str]) -> None:
    every = dictionary.entries(current.facts(), error_entries.more(paths.ROOT / "lessons"))
    assert len(every) == len(material.errors()) > 600
    places = [f"{each.page}#{each.name}" for each in every]
    assert len(set(places)) == len(places)
    for each in every:
        assert made[each.page].count(f'<span id="error-{each.name}"></span>') == 1
        assert f"#error-{each.name}" in made[dictionary.INDEX]


def test_entries_with_one_heading_are_told_apart_by_what_they_mean() -> None:
    told = {"name": "KeyError", "title": "", "causes": [], "fix": "", "section": "Words"}
    alike = [told | {"means": "A key is missing."}, told | {"means": "A column is missing."}]
    names = [each.name for each in dictionary.entries([], alike)]
    assert names == ["keyerror-a-key-is-missing", "keyerror-a-column-is-missing"]


def test_the_references_name_every_path_of_the_app_and_every_method_of_lab(
    made: dict[str, str],
) -> None:
    texts = [p.read_text("utf-8") for p in (paths.ROOT / "app_reference" / "app").rglob("*.py")]
    hidden = "APIRouter(include_in_schema=False)"  # what clients are not told of: /metrics
    decorated = "\n".join(text for text in texts if hidden not in text)
    routes = re.findall(r"^@router\.(get|post|put|patch|delete)\(", decorated, re.M)
    assert len(re.findall(r"^### [A-Z]+ /", made["app_api"], re.M)) == len(routes) > 10
    assert "| a token | `Authorization: Bearer …` |" in made["app_api"].split("### GET /users\n")[1]
    public = [name for name in dir(Lab) if name[0] != "_"]
    missing = [name for name in public if f"### lab.{name}\n" not in made["lab_api"]]
    assert public and missing == []


def test_the_sources_are_the_same_each_time_and_name_no_machine(
    site: dict[Edition, dict[str, str]],
) -> None:
    again = pages.sources(Edition.LEARNER, EVERY, DRAWN, NOWHERE, pages.made_of_data())
    assert again == site[Edition.LEARNER]
    texts = [text for each in site.values() for text in each.values()]
    assert [text for text in texts if str(paths.ROOT) in text] == []


LINKS = {"docs/claims.md": "claims", "ERRORS.md": "errors/index"}


@pytest.mark.parametrize(
    ("place", "text", "wanted"),
    [
        (NOWHERE, "[a `b`](docs/claims.md)", '<a href="claims.html">a `b`</a>'),
        (NOWHERE, "[x](ERRORS.md#some)", '<a href="errors/index.html">x</a>'),
        (
            NOWHERE,
            '[pool](01_database.ipynb#cell-id=ab1 "it keeps <b>")',
            '<a href="01_database.html#cell-ab1" title="it keeps &lt;b&gt;">pool</a>',
        ),
        (NOWHERE, "[x](tests/)", "x"),
        (SOMEWHERE, "[x](tests/)", f'<a href="{SOMEWHERE.repository}/blob/main/tests">x</a>'),
        (SOMEWHERE, "[x](https://a.example/b.md)", "[x](https://a.example/b.md)"),
        (SOMEWHERE, "`[x](ERRORS.md)`", "`[x](ERRORS.md)`"),
        (SOMEWHERE, "```\n[x](ERRORS.md)\n```", "```\n[x](ERRORS.md)\n```"),
        (SOMEWHERE, "![x](docs/a.png)", "![x](docs/a.png)"),
    ],
)
def test_a_link_of_the_checkout_leads_to_a_page_or_to_the_repository(
    place: Place, text: str, wanted: str
) -> None:
    assert Links(LINKS, place).rewritten(text, "README.md", "index") == wanted


def test_a_link_from_a_page_in_a_folder_goes_up() -> None:
    links = Links(LINKS, NOWHERE)
    text = links.rewritten("[x](../docs/claims.md)", "instructor/README.md", "teach/index")
    assert text == '<a href="../claims.html">x</a>'


def test_heads_of_a_table_say_whether_they_speak_of_a_column_or_a_row() -> None:
    html = (
        "<table><thead><tr><th style='a'>x</th></tr></thead><tr><th style='b'>y</th></tr></table>"
    )
    scoped = outputs.with_scopes(html)
    assert re.findall(r"scope='(\w+)' style='(\w)'", scoped) == [("col", "a"), ("row", "b")]


def test_a_plot_is_said_in_words() -> None:
    plot = [{"data": {"image/png": "", "text/plain": ["<Figure size 7x2>"]}}]
    code = 'axes.set(xlabel="seconds", ylabel=f"rows of {name}")'
    assert "seconds, rows of {name}" in outputs.in_words(code, plot)
    drawn = [{"data": {"image/png": "", "text/plain": ["A time line of db."]}}]
    assert outputs.in_words("picture", drawn) == "A time line of db."
    assert outputs.in_words("print(1)", [{"output_type": "stream", "text": "1"}]) == ""


def test_links_that_lead_nowhere_and_names_that_stand_twice_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="x"></p><p id="x"></p><a href="b.html#y"></a><a href="c.html"></a>'
        '<a href="b.html#z"></a><img src="d.png"><a href="https://e.example"></a><a href="#x"></a>'
    )
    (tmp_path / "b.html").write_text('<p id="y"></p><a href="a.html"></a>')
    assert checking.complaints(tmp_path) == [
        "a.html: two places are called 'x'",
        "a.html: b.html#z leads nowhere",
        "a.html: c.html leads nowhere",
        "a.html: d.png leads nowhere",
    ]


def test_a_folder_with_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Problem, match="something else"):
        make.make(tmp_path, Path("/nowhere"), "", print)
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


def test_without_its_packages_and_a_network_the_site_says_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "PLACE", tmp_path / ".venv.site")
    for name, value in {"UV_OFFLINE": "1", "UV_NO_CACHE": "1", "PIP_NO_INDEX": "1"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Problem) as told:
        command.python()
    assert "With a network, run once: ./wb site" in str(told.value)
    assert [each.name for each in tmp_path.iterdir()] == [".venv.site.lock"]


def test_every_package_of_the_site_is_held_to_its_hash() -> None:
    pins = re.findall(r"^([\w.-]+)==[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}[ \\\n]*)+)",
                      command.LIST.read_text("utf-8"), re.M)  # fmt: skip
    named = re.findall(
        r"^([\w.-]+)(?:==|$)", Path(command.LIST).with_suffix(".in").read_text(), re.M
    )
    assert set(named) <= {name for name, _ in pins}
    assert len(pins) == len(re.findall(r"^[\w.-]+==", command.LIST.read_text("utf-8"), re.M)) > 50


def test_what_sphinx_and_mermaid_run_needs_nothing_of_the_workbook() -> None:
    for path in (paths.ROOT / "workbook" / "site" / "sphinx").glob("*.py"):
        imported = [
            n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.ImportFrom)
        ]
        assert [each.module for each in imported if str(each.module).startswith("workbook")] == []


@pytest.mark.parametrize("lesson", EVERY, ids=lambda each: each.path.stem)
def test_a_deck_says_what_each_output_shows_and_gives_no_answer_away(lesson: Lesson) -> None:
    deck = slides.deck(lesson, notebook_page.solved_cells(lesson), DRAWN)
    claims = [claim for cell in lesson.cells for claim in cell.claims]
    assert claims
    for claim in claims:
        assert slides.without_links(claim.sentence) in deck
    for cell in lesson.cells:
        assert not cell.is_typed() or cell.solved() not in deck
    for one in material.notebook(lesson.number).questions:
        assert (f"**{one.id}** · " in deck) == (not one.level), "practice stays off the slides"
        assert one.level or all(f" {each}" in deck for each in one.shown)
        assert one.because not in deck and f"RIGHT · {one.id}" not in deck
    assert "lab.guess" not in deck
    spoken = [each.text.split()[0] for each in lesson.fences if each.kind in ("note", "ask")]
    notes = "".join(re.findall(r'<aside class="notes">(.*?)</aside>', deck, re.S))
    assert spoken and all(each in notes for each in spoken)
    assert "## Key points" in deck and "<figure" in deck


def test_every_page_that_somebody_has_written_names_its_file(
    site: dict[Edition, dict[str, str]],
) -> None:
    names = [path.rpartition(".")[0] for path in site[Edition.INSTRUCTOR] if path[-3:] != "svg"]
    found = {name: origin(name) for name in names}
    for file in filter(None, found.values()):
        assert (paths.ROOT / file).is_file(), file
    assert (
        found["06_transactions"] == found["teach/06_transactions"] == "lessons/06_transactions.md"
    )
    assert found["index"] == "README.md" and found["glossary"] == "lessons/glossary.yaml"
    many = [name for name, file in found.items() if not file]
    assert many == [name for name in many if name == "app_api" or name.startswith("errors/")]


def test_the_picture_of_each_notebook_is_a_file_under_its_name() -> None:
    found = make.pictures(EVERY, DRAWN)
    assert [*found] == [f"pictures/{each.path.stem}.svg" for each in EVERY]
    assert {*found.values()} == {SVG}
    for each in EVERY:
        shown = next(cell.text for cell in each.cells if "```mermaid" in cell.text)
        assert notebook_page.mermaid(each)[0] in shown and "## The picture" in shown
