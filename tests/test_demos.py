"""What the instructor's pages have typed: read from the page, run, compared, and all of it."""

import os
import re
import time
from pathlib import Path

import pytest

from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.proof import demos, windows
from workbook.proof.transcripts import difference, steps

LESSONS = [read(path) for path in lessons(paths.ROOT / "lessons")]
SPOKEN = re.compile(r"^\*(?:Note|Ask|Demo):\* .*?(?=^\*(?:Note|Ask|Demo):|^## |\Z)", re.M | re.S)
COMMAND = re.compile(
    r"`((?:docker|curl|pytest|psql|alembic|git|pip|\\\w+|[A-Z_]+=\S+) [^`]+"
    r"|(?:await )?lab\.\w+\([^`)]+\)|await lab\.[^`]*"
    r"|(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|DROP|ALTER|EXPLAIN|BEGIN|SET) [^`]*[;(*][^`]*)`"
)
"""What somebody could type: it belongs into a block, where a test runs it."""


def typed(block: str, work: Path) -> list[str]:
    return windows.differences(block, work, dict(os.environ))


def test_what_a_terminal_shows_is_compared_with_the_page(tmp_path: Path) -> None:
    block = "$ echo one; echo two\none\n...\n$ cd work/\n$ pwd\n..."
    assert typed(block, tmp_path) == []
    assert "Got:\n    three" in typed("$ echo three\ntwo", tmp_path)[0]
    assert "Expected nothing" in typed("$ echo three", tmp_path)[0]
    assert "Expected:" in typed("$ true\nthree", tmp_path)[0], "nothing is not enough"


def test_a_program_in_a_window_gets_what_is_typed_behind_it(tmp_path: Path) -> None:
    assert typed("$ A=1 bash\n$ echo $A\n1\n$ exit\n$ echo $A.\n.", tmp_path) == []


def test_one_window_waits_for_another(tmp_path: Path) -> None:
    reads, writes = f"read line < {tmp_path}/p; echo $line #", f"echo go > {tmp_path}/p"
    waits = f"$ mkfifo {tmp_path}/p\na$ {reads} -- waits\nb$ {writes}\na$ # now\ngo"
    assert typed(waits, tmp_path) == []
    [told] = typed("$ echo at once # -- waits", tmp_path)
    assert "It does not wait, and shows:\nat once" in told


def test_what_has_no_end_is_told_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(windows, "END_SECONDS", 0.5)
    began = time.monotonic()
    [told] = typed("$ sleep 600", tmp_path)
    assert "It has not ended within 0 seconds" in told and time.monotonic() - began < 20


def test_a_block_that_begins_with_an_output_is_refused() -> None:
    with pytest.raises(ValueError, match="which nobody types"):
        list(steps("ERROR: no\n$ true"))


def test_white_space_and_dots_match_and_words_do_not() -> None:
    assert difference("x", "a   b\n...\nz\n", "a b\nmore\nz\n") == ""
    assert "Got:" in difference("x", "a\n", "b\n")


def test_every_block_of_a_page_is_run_behind_a_cell_of_its_notebook() -> None:
    counted = 0
    for each in LESSONS:
        cells = {cell.id for cell in each.cells if cell.kind == "code"}
        for demo in demos.of_notebook(each.path.stem):
            assert demo.cell in cells, f"{each.path.stem}: a block without a place"
            for language, text in demo.blocks:
                assert language in demos.LANGUAGES
                assert language == "pycon" or list(steps(text))
                counted += 1
    assert counted >= 14


def test_a_page_with_a_block_of_no_cell_or_of_another_language_has_no_place() -> None:
    [demo] = demos.of("# A\n\n```console\n$ true\n```\n")
    assert demo.cell == ""
    named = (
        "*To be run behind the cell that begins* `x = 1` <!-- a-1 -->\n\n```pycon\n>>> x\n1\n```\n"
    )
    assert demos.of(named) == [demos.Demo("a-1", [("pycon", ">>> x\n1")])]


def test_no_command_stands_where_no_test_runs_it() -> None:
    for each in LESSONS:
        page = (paths.ROOT / "instructor" / f"{each.path.stem}.md").read_text("utf-8")
        told = page.partition("\n## Questions")[0]
        prose = demos.FENCED.sub("", told)
        spoken = " ".join(re.sub(r"\s+", " ", found) for found in SPOKEN.findall(prose))
        assert COMMAND.findall(spoken) == [], each.path.stem
    assert COMMAND.search("run `await lab.saw()`") and COMMAND.search("type `\\d alert` in psql")
    assert COMMAND.search("`DROP TABLE x;`") and not COMMAND.search("an `INSERT` and `SELECT`")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.number)
def test_no_output_of_a_kernel_begins_with_three_dots(lesson: Lesson) -> None:
    """Doctest takes them for one more line of what is typed, and then nothing is to be seen."""
    blocks = [block for each in demos.of_notebook(lesson.path.stem) for block in each.blocks]
    kernels = [text for language, text in blocks if language == "pycon"]
    assert not [text for text in kernels if re.search(r"^\.\.\.\s*$", text, re.M)]


def test_compose_reads_one_file_more_where_another_image_stands_in(tmp_path: Path) -> None:
    (tmp_path / "myapp").mkdir()
    (tmp_path / "myapp" / "docker-compose.yml").touch()
    typed = windows._with_files("docker compose up --wait", tmp_path, ["/x/image.json"])
    assert typed == "docker compose --file docker-compose.yml --file /x/image.json up --wait"
    assert windows._with_files("docker compose up", tmp_path, []) == "docker compose up"
