"""An error as a notebook shows it: the learner's own lines, and who lies between."""

import asyncio
import json
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.lab.frames import brief, own_line
from workbook.myapp.modules import forget, import_from

CELL = "<ipython-input-1-0a>"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def shown(action: Callable[[], Any]) -> list[str]:
    """What is shown of the error that this ends with; our own frames are in no library."""
    with pytest.raises(Exception) as caught:
        action()
    return brief(caught.value)


def cell(code: str) -> Callable[[], None]:
    """Code as a cell runs it: IPython keeps its lines for tracebacks."""
    linecache.cache[CELL] = (len(code), None, code.splitlines(True), CELL)
    return lambda: exec(compile(code, CELL, "exec"), {"text": text, "create_engine": create_engine})


def test_a_problem_is_its_sentence_alone() -> None:
    def action() -> None:
        raise Problem("Run the start cell.")

    assert shown(action) == ["Run the start cell."]


def test_the_learner_s_lines_are_shown_and_no_frame_of_a_library() -> None:
    code = "def add():\n    create_engine('no://url')\n\nadd()"
    assert shown(cell(code)) == [
        "your code, line 4:  add()",
        "your code, line 2:  create_engine('no://url')",
        "  … inside sqlalchemy",
        "NoSuchModuleError: Can't load plugin: sqlalchemy.dialects:no",
    ]


@pytest.mark.parametrize("where", ["myapp", ".workbook/standin/05"])
def test_a_line_of_the_app_is_shown_with_its_file(where: str) -> None:
    folder = paths.work() / where
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "users.py").write_text("def add():\n    return 1 / 0\n", "utf-8")
    users = import_from(folder, "app.users")
    place, message = shown(users.add)
    forget("app")
    assert place.endswith("app/users.py, line 2:  return 1 / 0")
    assert not Path(place).is_absolute()
    assert message == "ZeroDivisionError: division by zero"


def test_a_line_of_a_module_that_the_learner_keeps_elsewhere_is_theirs(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "ours_helper.py").write_text("def add():\n    return 1 / 0\n", "utf-8")
    helper = import_from(folder, "ours_helper")
    with pytest.raises(ZeroDivisionError) as caught:
        helper.add()
    forget("ours_helper")
    said = f"{folder / 'ours_helper.py'}, line 2:  return 1 / 0"
    assert own_line(caught.value) == f"Your line is {said}"
    assert brief(caught.value) == [said, "ZeroDivisionError: division by zero"]


@pytest.mark.parametrize("text", ["{", "[1,]"])
def test_a_line_of_python_s_own_library_is_not_the_learner_s(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        json.loads(text)
    assert own_line(caught.value) == "No line of yours is in its traceback."


def test_a_line_of_a_file_that_is_gone_is_a_number_alone(tmp_path: Path) -> None:
    code = compile("def ask():\n    1 / 0", str(tmp_path / "copy" / "env.py"), "exec")
    names: dict[str, Any] = {}
    exec(code, names)
    assert "copy/env.py, line 2" in shown(names["ask"])


def test_an_error_of_syntax_shows_its_place_and_nothing_else() -> None:
    lines = shown(lambda: compile("a = 1\nb = = 2", "app/models.py", "exec"))
    assert lines[0].strip() == 'File "app/models.py", line 2'
    assert lines[-1] == "SyntaxError: invalid syntax"


def test_a_task_in_a_message_loses_its_inside() -> None:
    """Its address and its coroutine differ from run to run."""

    async def work() -> None:
        task = asyncio.current_task()
        raise RuntimeError(f"Task {task!r} got Future {task!r} attached to a different loop")

    (message,) = shown(lambda: asyncio.run(work()))[-1:]
    assert message == "RuntimeError: Task <Task …> got Future <Task …> attached to a different loop"
