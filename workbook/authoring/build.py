"""`wb build`: from `lessons/` to everything that is made from them.

`--check` only compares; `--text` runs nothing, and so takes lessons of which only the text changed.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from workbook import material
from workbook.authoring import (
    built,
    current,
    dictionary_page,
    error_entries,
    lint,
    output_masking,
    quick_files,
    reference_app,
    render,
    run,
    sandbox,
    seeds,
    trees,
)
from workbook.authoring.built import Built
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem


def main(numbers: list[str], check: bool, text: bool = False) -> int:
    """Build the lessons of these numbers, or all; with `check`, say what is not current."""
    every = [read(path) for path in lessons(paths.ROOT / "lessons")]
    chosen = _chosen(every, numbers)
    complaints = [line for each in chosen for line in lint.complaints(each)]
    complaints += lint.of_all(every)
    print("\n".join(complaints), end="\n" if complaints else "")
    if check:
        complaints += _check(chosen)
    elif not complaints:
        (build_text if text else build_all)(chosen)
    return 1 if complaints else 0


def _chosen(every: list[Lesson], numbers: list[str]) -> list[Lesson]:
    if unknown := set(numbers) - {each.number for each in every}:
        raise Problem(f"There is no lesson {', '.join(sorted(unknown))} in lessons/.")
    return [each for each in every if not numbers or each.number in numbers]


def _check(chosen: list[Lesson]) -> list[str]:
    complaints = current.complaints(chosen)
    print("\n".join(complaints) or f"Current: {', '.join(each.path.stem for each in chosen)}.")
    return complaints


def build_all(chosen: list[Lesson]) -> None:
    """Execute these lessons in order and write what comes of it; nothing is written on failure."""
    quick_files.use()
    made: dict[Path, str] = {}
    with _own_material() as environment:
        _keep_more_errors()
        for each in chosen:
            _keep_facts(each)
        for each in chosen:
            for path, text in seeds.made(each.number).items():
                trees.write(path, text)
            texts, files = _build(each, environment), built.places(each)
            made |= {path: getattr(texts, name) for name, path in files.items()}
        made |= current.of_pages()
        app = reference_app.expected()
    for path, text in made.items():
        trees.write(path, text)
    reference_app.write(app)


def build_text(chosen: list[Lesson]) -> None:
    """Write what comes of these lessons with the outputs as they are stored."""
    for each in chosen:
        texts = Built.of_text(each)
        for name, path in built.places(each).items():
            trees.write(path, getattr(texts, name))
    for path, text in current.of_pages().items():
        trees.write(path, text)


@contextmanager
def _own_material() -> Iterator[dict[str, str]]:
    """A server, and a copy of the material for this process and the kernels of this environment."""
    with tempfile.TemporaryDirectory(prefix="nightwatch-build-") as folder, sandbox.server() as own:
        shutil.copytree(material.folder(), folder, dirs_exist_ok=True)
        copied = {"WORKBOOK_MATERIAL": folder}
        with sandbox.environment(copied):
            yield os.environ | own | copied


def _keep_more_errors() -> None:
    more = error_entries.more(paths.ROOT / "lessons")
    trees.write(material.folder() / material.MORE_ERRORS, dictionary_page.data(more))


def _keep_facts(lesson: Lesson) -> None:
    """What the lesson says now, with the files that its last run left."""
    there = _facts_of(lesson)
    before = json.loads(there.read_text("utf-8")) if there.exists() else {}
    _write_facts(lesson, before.get("files", {}))


def _write_facts(lesson: Lesson, files: dict[str, str]) -> None:
    trees.write(_facts_of(lesson), built.json_text(render.data(lesson) | {"files": files}))


def _facts_of(lesson: Lesson) -> Path:
    return material.folder() / f"{lesson.path.stem}.json"


def _build(lesson: Lesson, environment: dict[str, str]) -> Built:
    solution, files = _run(lesson, True, environment)
    _write_facts(lesson, files)
    unsolved, _ = _run(lesson, False, environment)
    return Built.after_run(lesson, solution, unsolved, files)


def _run(lesson: Lesson, solved: bool, environment: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Execute one notebook in an empty folder: its text, and the files it made or changed."""
    kind = "solution" if solved else "unsolved"
    notebook, target = render.notebook(lesson, solved), built.places(lesson)[kind]
    name = f"{lesson.path.stem} ({'solved' if solved else 'unsolved'})"
    with sandbox.work() as own:
        run.execute(notebook, name, environment | own)
        app = trees.texts(Path(own["WORKBOOK_WORK"]) / "myapp")
    for complaint in run.refused(notebook.cells) if solved else []:
        raise Problem(f"{name}: {complaint}")
    before = material.files_before(lesson.number)
    output_masking.clean(notebook)
    new = _keep_outputs(notebook, target)
    print(f"{name}: {new} outputs are new, the rest is as it was.")
    return output_masking.text(notebook), {k: v for k, v in app.items() if before.get(k) != v}


def _keep_outputs(notebook: nbformat.NotebookNode, target: Path) -> int:
    """Keep what is stored where it says the same; how many outputs are new."""
    old = nbformat.read(target, 4).cells if target.exists() else []
    code = [[cell for cell in cells if cell.cell_type == "code"] for cells in (notebook.cells, old)]
    return output_masking.keep_equal(*code)
