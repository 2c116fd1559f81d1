"""`wb site`: both editions from what the checkout holds, the same bytes each time.

The sources are written by this Python; Sphinx, in an environment of its own, makes pages of them.
"""

import json
import os
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from workbook.authoring.lesson import Lesson
from workbook.authoring.lesson_reader import lessons, read
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.site import checking, diagrams, notebook_page, pages, slides
from workbook.site.edition import Edition, Place
from workbook.site.origin import origin

FILES = Path(__file__).parent / "sphinx"
FRONT = Path(__file__).parent / "front.html"
"""The way into both editions."""
PICTURE = paths.ROOT / "docs" / "notebook.png"
PICTURES = "pictures"
"""The folder of the notebooks' pictures in the instructors' edition."""
MARK = ".nightwatch-site"
"""A file that says that a folder was made here, and may be made anew."""
NOT_READ = (".buildinfo", "objects.inv", "_sources", "*-macros.html", "*.map")
"""What Sphinx and the theme leave for other tools."""
SECONDS = 300
SAME = {"SOURCE_DATE_EPOCH": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def make(out: Path, python: Path, repository: str, say: Callable[[str], None]) -> None:
    """Make `out/learner` and `out/instructor`; nothing there is changed where one cannot be made.

    Problem with what Sphinx said, or with the links that lead nowhere.
    """
    _may_replace(out)
    with tempfile.TemporaryDirectory(prefix="nightwatch-site-") as name:
        folder = Path(name)
        place = Place(repository.rstrip("/"), _version())
        drawn = _write_sources(folder / "source", python, place)
        sphinx(folder, python, (*Edition, slides.NAME))
        (folder / "made" / slides.NAME).rename(folder / "made" / Edition.INSTRUCTOR / slides.NAME)
        _write(folder / "made" / Edition.INSTRUCTOR, drawn)
        _complain(folder / "made")
        _put_in_place(folder / "made", out)
    counts = [f"{len(list((out / each).rglob('*.html')))} pages for {each}s" for each in Edition]
    say(f"{', '.join(counts)}: {out / 'index.html'}")


def _write_sources(folder: Path, python: Path, place: Place) -> dict[str, str]:
    """Write what Sphinx reads; the pictures for whoever teaches, as path → SVG."""
    every = [read(path) for path in lessons(paths.ROOT / "lessons")]
    texts = [text for each in every for text in notebook_page.mermaid(each)]
    drawn = diagrams.drawn(texts, python, python.parent.parent / "diagrams")
    made = pages.made_of_data()
    for each in Edition:
        write(folder / each, each, pages.sources(each, every, drawn, place, made), place)
    solved = [(each, notebook_page.solved_cells(each)) for each in every]
    shutil.copytree(slides.FILES, folder / slides.NAME)
    _write(folder / slides.NAME, slides.sources(solved, drawn))
    return pictures(every, drawn)


def pictures(every: Iterable[Lesson], drawn: diagrams.Diagrams) -> dict[str, str]:
    """Path → SVG: the picture of each notebook under its own name, to be shown or printed alone."""
    first = {each.path.stem: notebook_page.mermaid(each)[0].strip() for each in every}
    return {f"{PICTURES}/{stem}.svg": drawn.drawn[text] for stem, text in first.items()}


def _may_replace(out: Path) -> None:
    if out.exists() and not (out / MARK).exists() and any(out.iterdir()):
        raise Problem(f"{out} holds something else than a site; name another folder, or empty it.")


def _version() -> str:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def write(folder: Path, edition: Edition, texts: dict[str, str], place: Place) -> None:
    """Sphinx's folder: its settings, what is shared by all pages, and the sources."""
    shutil.copytree(FILES, folder, ignore=shutil.ignore_patterns("draw.py", "__pycache__"))
    written = {name: origin(name) for name in (path.rpartition(".")[0] for path in texts)}
    told: dict[str, Any] = {
        "edition": edition,
        "repository": place.repository,
        "version": place.version,
    }
    told["origins"] = {name: file for name, file in written.items() if file}
    (folder / "site.json").write_text(json.dumps(told), "utf-8")
    (folder / "docs").mkdir()
    shutil.copy(PICTURE, folder / "docs")
    _write(folder, texts)


def _write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def sphinx(folder: Path, python: Path, parts: Iterable[str] = tuple(Edition)) -> None:
    """From `source/PART` to `made/PART`, all at once; Problem where Sphinx warns of one."""
    running = {
        each: subprocess.Popen(
            _command(folder, each, python),
            env=os.environ | SAME,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for each in parts
    }
    try:
        said = {each: one.communicate(timeout=SECONDS)[0] for each, one in running.items()}
    finally:
        for one in running.values():
            one.kill()
            one.wait()
    if failed := [each for each, one in running.items() if one.returncode]:
        raise Problem(f"Sphinx could not make the site. It said:\n{said[failed[0]][-4000:]}")


def _command(folder: Path, part: str, python: Path) -> list[str]:
    source, made, kept = (str(folder / stage / part) for stage in ("source", "made", "kept"))
    builder = "revealjs" if part == slides.NAME else "html"
    options = ["-b", builder, "-q", "-W", "--keep-going", "-d", kept]
    return [str(python), "-I", "-m", "sphinx", *options, source, made]


def _complain(made: Path) -> None:
    found = [f"{each}/{line}" for each in Edition for line in checking.complaints(made / each)]
    if found:
        raise Problem("\n".join([*found[:40], f"{len(found)} links of the site do not hold."]))


def _put_in_place(made: Path, out: Path) -> None:
    """In place of what was there, and beside it until then."""
    new = out.with_name(f"{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for each in Edition:
        shutil.copytree(made / each, new / each, ignore=shutil.ignore_patterns(*NOT_READ))
    shutil.copy(FRONT, new / "index.html")
    (new / MARK).touch()
    (new / ".nojekyll").touch()
    shutil.rmtree(out, ignore_errors=True)
    new.rename(out)
