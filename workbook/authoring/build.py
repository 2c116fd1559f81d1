"""`wb build`: from `lessons/` to everything that is made from them; `--check` only compares."""

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from workbook import material
from workbook.authoring import lint, output_masking, quick_files, render, run, sandbox, seeds
from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem

DICTIONARY = "ERRORS.md"


def main(numbers: list[str], check: bool) -> int:
    """Build the lessons of these numbers, or all; with `check`, say what is not current."""
    every = [read(path) for path in lessons(paths.ROOT / "lessons")]
    chosen = [each for each in every if not numbers or each.number in numbers]
    if unknown := set(numbers) - {each.number for each in every}:
        raise Problem(f"There is no lesson {', '.join(sorted(unknown))} in lessons/.")
    complaints = [line for each in chosen for line in lint.complaints(each)]
    complaints += check_all(chosen) if check else []
    for line in complaints:
        print(line)
    if not complaints and not check:
        build_all(chosen)
    if not complaints and check:
        print(f"Current: {', '.join(each.path.stem for each in chosen)}.")
    return 1 if complaints else 0


# Building


def build_all(chosen: list[Lesson]) -> None:
    """Execute these lessons in order and write what comes of it; nothing is written on failure."""
    quick_files.use()
    with tempfile.TemporaryDirectory(prefix="nightwatch-build-") as folder, sandbox.server() as env:
        shutil.copytree(material.folder(), folder, dirs_exist_ok=True)
        with sandbox.environment({"WORKBOOK_MATERIAL": folder}):
            environment = os.environ | env | {"WORKBOOK_MATERIAL": folder}
            for each in chosen:
                _keep_facts(each)
            made: dict[Path, str] = {}
            for each in chosen:
                for path, text in seeds.made(each.number).items():
                    _write(path, text)
                made |= _build(each, environment)
            app = _app(material.notebooks()[-1].number)
            made[paths.ROOT / DICTIONARY] = render.dictionary(_facts(material.folder()))
    for path, text in made.items():
        _write(path, text)
    _write_reference(app)


def _build(lesson: Lesson, environment: dict[str, str]) -> dict[Path, str]:
    places = _places(lesson)
    facts = render.data(lesson)
    there = material.folder() / places["material"].name
    solution, facts["files"] = _run(lesson, True, environment)
    _write(there, _json(facts))
    unsolved, _ = _run(lesson, False, environment)
    texts = {
        "notebook": output_masking.text(render.notebook(lesson, solved=False)),
        "solution": solution,
        "unsolved": unsolved,
        "guide": render.guide(lesson),
    }
    facts["digests"] = {key: _digest(text) for key, text in texts.items()}
    facts["digests"] |= {"files": _digest(_json(facts["files"])), "before": _before(lesson)}
    texts["material"] = _json(facts)
    return {places[key]: text for key, text in texts.items()}


def _keep_facts(lesson: Lesson) -> None:
    """What the lesson says now, with the files that its last run left."""
    there = material.folder() / _places(lesson)["material"].name
    before = json.loads(there.read_text("utf-8")) if there.exists() else {}
    _write(there, _json(render.data(lesson) | {"files": before.get("files", {})}))


def _run(lesson: Lesson, solved: bool, environment: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Execute one notebook in an empty folder: its text, and the files it made or changed."""
    notebook = render.notebook(lesson, solved)
    target = _places(lesson)["solution" if solved else "unsolved"]
    name = f"{lesson.path.stem} ({'solved' if solved else 'unsolved'})"
    with sandbox.work() as own:
        run.execute(notebook, name, environment | own)
        files = _files(Path(own["WORKBOOK_WORK"]) / "myapp", lesson.number)
    output_masking.clean(notebook)
    new = len([cell for cell in notebook.cells if cell.cell_type == "code"])
    if target.exists():
        new = _sticky(notebook, target)
    print(f"{name}: {new} outputs are new, the rest is as it was.")
    return output_masking.text(notebook), files


def _sticky(notebook: nbformat.NotebookNode, target: Path) -> int:
    old = nbformat.read(target, 4)
    code = [[cell for cell in each.cells if cell.cell_type == "code"] for each in (notebook, old)]
    return output_masking.keep_equal(*code)


def _files(folder: Path, number: str) -> dict[str, str]:
    before = material.files_before(number)
    found = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    return {name: text for name, text in found.items() if before.get(name) != text}


def _before(lesson: Lesson) -> str:
    """What stands for the files of all earlier notebooks: from others, another app may come."""
    return _digest(_json(material.files_before(lesson.number)))


def _app(number: str) -> dict[str, str]:
    return material.files_before(number) | material.notebook(number).files


def _write_reference(app: dict[str, str]) -> None:
    folder = paths.ROOT / "app_reference"
    for path in [p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]:
        if path.relative_to(folder).as_posix() not in app:
            path.unlink()
    for name, text in app.items():
        _write(folder / name, text)


def _facts(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("[0-9][0-9]_*.json"))
    ]


# Checking


def check_all(chosen: list[Lesson]) -> list[str]:
    """What is not as `wb build` would leave it; executes nothing."""
    complaints = [line for each in chosen for line in _check(each)]
    built = {path.stem for path in lessons(paths.ROOT / "lessons")}
    for each in chosen:
        if not seeds.current(each.number):
            complaints.append(f"The seed of {each.number} is out of date. Run: ./wb build")
    for folder in ("notebooks", "solutions", "tests/unsolved"):
        for path in sorted((paths.ROOT / folder).glob("*.ipynb")):
            if path.stem not in built:
                complaints.append(f"{folder}/{path.name} has no lesson; remove it.")
    page = paths.ROOT / DICTIONARY
    if not page.exists() or page.read_text("utf-8") != render.dictionary(_facts(material.folder())):
        complaints.append(f"{DICTIONARY} is not what the lessons make. Run: ./wb build")
    return complaints + _check_reference()


def _check(lesson: Lesson) -> list[str]:
    places = _places(lesson)
    missing = [path for path in places.values() if not path.exists()]
    if missing:
        return [f"{_name(path)} is missing. Run: ./wb build {lesson.number}" for path in missing]
    stored = json.loads(places["material"].read_text("utf-8"))
    texts = {key: path.read_text("utf-8") for key, path in places.items() if key != "material"}
    wrong = [
        places[key] for key, text in texts.items() if stored["digests"].get(key) != _digest(text)
    ]
    made = render.data(lesson) | {"files": stored["files"], "digests": stored["digests"]}
    run_with = {"files": _digest(_json(stored["files"])), "before": _before(lesson)}
    same = made == stored and stored["digests"].items() >= run_with.items()
    wrong += [] if same else [places["material"]]
    wrong += [places["guide"]] if texts["guide"] != render.guide(lesson) else []
    for key, solved in (("notebook", False), ("solution", True), ("unsolved", False)):
        notebook = nbformat.v4.reads(texts[key])
        odd = key != "notebook" and (run.certified(notebook) or _unexecuted(notebook))
        if odd or _skeleton(notebook) != _skeleton(render.notebook(lesson, solved)):
            wrong.append(places[key])
    names = sorted({_name(path) for path in wrong})
    return [f"{name} is not what {_name(lesson.path)} makes. Run: ./wb build {lesson.number}"
            for name in names]  # fmt: skip


def _unexecuted(notebook: nbformat.NotebookNode) -> bool:
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    return counts != list(range(1, len(counts) + 1))


def _skeleton(notebook: nbformat.NotebookNode) -> list[Any]:
    """A notebook without what running it adds."""
    return [(c["cell_type"], c["id"], c["metadata"], c["source"]) for c in notebook.cells]


def _check_reference() -> list[str]:
    books = material.notebooks()
    app = _app(books[-1].number) if books else {}
    folder = paths.ROOT / "app_reference"
    found = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & set(path.parts)
    }
    odd = sorted(name for name in app.keys() | found.keys() if app.get(name) != found.get(name))
    return [
        f"app_reference/{name} is not what the solutions leave. Run: ./wb build" for name in odd
    ]


# Small things


def _places(lesson: Lesson) -> dict[str, Path]:
    stem = lesson.path.stem
    return {
        "notebook": paths.ROOT / "notebooks" / f"{stem}.ipynb",
        "solution": paths.ROOT / "solutions" / f"{stem}.ipynb",
        "unsolved": paths.ROOT / "tests" / "unsolved" / f"{stem}.ipynb",
        "guide": paths.ROOT / "instructor" / f"{stem}.md",
        "material": Path(material.__file__).parent / f"{stem}.json",
    }


def _name(path: Path) -> str:
    return path.relative_to(paths.ROOT).as_posix()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _json(facts: dict[str, Any]) -> str:
    return json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
