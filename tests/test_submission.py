"""A learner's answer: which text it is, whether it was begun, and its short name."""

import ast
import hashlib

import pytest

from workbook.material import Exercise
from workbook.myapp import submission


def exercise(
    path: str | None = None, stub: str = "def count(): ...\n", solution: str = ""
) -> Exercise:
    texts = {"title": "", "solution": solution, "why": "", "try_next": ""}
    return Exercise(
        "01.count", minutes=1, names=("count",), path=path, stub=stub, hints=(), **texts
    )


NOTEBOOK, FILE = exercise(), exercise("app/counts.py")
COMPOSE = exercise("docker-compose.yml", "services:\n  count: {}\n")

ANSWER = "async def count():\n    return 1\n"
TRIES = """\
import os
await lab.start()
print(os.sep)
{answer}
%time x = 1
found = await count()
async with found as each:
    each
[await one for one in found]
later = lambda: print(1)
async def other():
    await count()
"""


def test_lines_that_only_try_an_answer_out_are_empty_and_the_others_stay_in_their_places() -> None:
    cell = TRIES.format(answer=ANSWER).replace(
        "%time x = 1", "get_ipython().run_line_magic('time', 'x')"
    )
    quiet = submission._quiet(cell).splitlines()
    assert len(quiet) == len(cell.splitlines())
    kept = [line for line in quiet if line]
    assert kept == [
        "import os",
        "async def count():",
        "    return 1",
        "later = lambda: print(1)",
        "async def other():",
        "    await count()",
    ]


def test_the_answer_is_the_last_cell_that_defines_it_also_under_a_magic() -> None:
    timed = f"get_ipython().run_cell_magic('time', '', {ANSWER!r})\n"
    cells = [ANSWER.replace("1", "2"), timed, "count = broken(", "print(count)"]
    assert submission.text(NOTEBOOK, {"In": cells, "count": object()}) == ANSWER
    assert submission.text(NOTEBOOK, {"In": cells}) is None
    assert submission.text(NOTEBOOK, {"In": ["print(1)"], "count": object()}) is None


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("def count():\n    # to do\n    ...\n", False),
        ("other = 1\n", False),
        ("def count():\n    return 1\n", True),
        ("def count(:\n", True),
    ],
)
def test_an_answer_is_begun_when_it_means_something_else_than_the_stub(
    text: str, begun: bool
) -> None:
    assert submission.attempted(FILE, text) is begun


def test_the_digest_of_a_file_is_about_its_names() -> None:
    digest = submission.digest(FILE, ANSWER)
    same = [
        f"# mine\n\n\n{ANSWER}",
        ANSWER.replace("return 1", "return (\n        1\n    )  # one"),
        f"import os\n\nother = os\n\n\n{ANSWER}",
        f"{ANSWER}\n\ndef other(): ...\n",
        f"import os  # until another answer uses it\n\n\n{ANSWER}",
    ]
    assert {submission.digest(FILE, each) for each in same} == {digest}
    others = [ANSWER.replace("1", "2"), f"{ANSWER}count = 1\n"]
    assert len({digest, *(submission.digest(FILE, each) for each in others)}) == 3


def test_the_digest_is_also_about_what_the_solution_imports_for_its_effect() -> None:
    loads = exercise("app/counts.py", solution=f"import app.models\n\n\n{ANSWER}")
    forms = [
        "import app.models  # noqa: F401",
        "from app import models",
        "from app.models import A",
    ]
    digests = {submission.digest(loads, f"{line}\n\n\n{ANSWER}") for line in forms}
    assert len(digests) == 1
    assert submission.digest(loads, ANSWER) not in digests


def test_the_digest_of_a_cell_and_of_a_file_without_the_name_is_about_the_whole_text() -> None:
    assert submission.digest(NOTEBOOK, ANSWER) != submission.digest(NOTEBOOK, f"{ANSWER}\n")
    assert submission.digest(FILE, "a = 1\n") != submission.digest(FILE, "a = 2\n")


def test_digests_are_what_they_were_when_the_learner_was_here_last() -> None:
    meaning = repr(([("count", ast.dump(ast.parse(ANSWER).body[0]))], []))
    expected = hashlib.sha256(meaning.encode()).hexdigest()[:16]
    assert submission.digest(FILE, f"import os\n\n\n{ANSWER}") == expected
    text = "services:\n  # mine\n  count:\n    image: x\n  other: {}\n"
    assert submission.digest(COMPOSE, text) == "5d19dda12de8dde5"


def test_a_cell_that_python_could_not_read_is_the_answer_and_not_the_one_before() -> None:
    broken = "async def count(url)\n    return 1\n"
    cells = ["", ANSWER, broken, "await lab.check('x')", "print(count"]
    assert submission.text(NOTEBOOK, {"In": cells, "count": object()}) == broken
    assert submission.attempted(NOTEBOOK, broken)


def test_a_cell_that_mends_an_app_is_the_answer_though_it_defines_nothing_here() -> None:
    cell = f"# tests/test_count.py\n{ANSWER}\n# app/rules.py\nX = 1\n"
    mended = f"get_ipython().run_cell_magic('mend', 'heron', {cell!r})\n"
    timed = f"get_ipython().run_cell_magic('time', '', {ANSWER!r})\n"
    assert submission.text(NOTEBOOK, {"In": [mended, "print(1)"]}) == cell
    assert submission.text(NOTEBOOK, {"In": [timed]}) is None, "its name is gone by now"


def test_a_stub_that_shows_a_part_of_the_app_is_not_attempted_before_it_is_changed() -> None:
    stub = "# tests/test_count.py\ndef count(): ...\n\n# app/rules.py\nX = 1\n"
    drill = exercise(stub=stub)
    assert not submission.attempted(drill, f"\n{stub}\n\n")
    assert submission.attempted(drill, stub.replace("X = 1", "X = 2"))
    assert submission.attempted(drill, stub.replace("...", "return 1"))
