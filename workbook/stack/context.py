"""Where a Dockerfile puts the files of the app's folder, so that its command can be tried out."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbook.stack import dockerfile
from workbook.stack.dockerfile import Stage, Step
from workbook.stack.reading import Unfit

Files = dict[str, str]
"""Path in the image → file of the app's folder."""


def image(text: str, context: Iterable[str]) -> tuple[Files, str]:
    """The files of the final image that come from these of the app's folder, and its WORKDIR."""
    sent = {f"/{name}": name for name in context}
    made: dict[str, Files] = {}
    folder = "/"
    for number, stage in enumerate(dockerfile.stages(text)):
        files, folder = _built(stage, sent, made)
        made[stage.name] = made[str(number)] = files
    return files, folder


def _built(stage: Stage, sent: Files, made: Mapping[str, Files]) -> tuple[Files, str]:
    files, folder = dict(made.get(stage.base, {})), "/"
    for step in stage.steps:
        if step.kind == "WORKDIR":
            folder = posixpath.join(folder, step.rest)
        if step.kind in ("COPY", "ADD"):
            files |= _copied(step, folder, _source(step, sent, made))
    return files, folder


def _source(step: Step, sent: Files, made: Mapping[str, Files]) -> Files:
    if "from" not in step.options:
        _is_there(step, sent)
        return sent
    name = step.options["from"]
    if name not in made and not set(name) & set("/:."):
        raise Unfit(f"`{step}` copies from a stage that is not there before it")
    return made.get(name, {})


def _is_there(step: Step, sent: Files) -> None:
    """A build ends where a file is missing; not so where a pattern matches none, or for a URL."""
    for each in step.words[:-1]:
        base = posixpath.normpath(posixpath.join("/", each)).rstrip("/")
        named = not re.search(r"[*?\[]|://|^<<", each)
        if named and not any(path == base or path.startswith(f"{base}/") for path in sent):
            raise Unfit(f"`{step}`: there is no {each}, or .dockerignore keeps it out")


def _copied(step: Step, folder: str, source: Files) -> Files:
    """What is in a folder goes into the target; a file becomes the target, or goes into it."""
    *wanted, target = step.words
    into = posixpath.normpath(posixpath.join(folder, target))
    many = target.endswith("/") or target in (".", "..") or len(wanted) > 1
    files: Files = {}
    for each in wanted:
        base = posixpath.normpath(posixpath.join("/", each))
        for path, origin in source.items():
            if path == base:
                files[posixpath.join(into, posixpath.basename(path)) if many else into] = origin
            elif path.startswith(base.rstrip("/") + "/"):
                files[posixpath.join(into, posixpath.relpath(path, base))] = origin
    return files


def lay_out(text: str, ignore: str, app: Path, place: Path) -> None:
    """Copy into a folder what would be in the image's WORKDIR; raises Unfit."""
    every = [p.relative_to(app).as_posix() for p in app.rglob("*") if p.is_file()]
    files, folder = image(text, [n for n in every if not dockerfile.ignored(ignore, n)])
    for path, origin in files.items():
        if path.startswith(folder.rstrip("/") + "/"):
            target = place / posixpath.relpath(path, folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((app / origin).read_bytes())
