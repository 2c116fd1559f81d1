"""Where a Dockerfile puts the files of the app's folder, so that its command can be tried out."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.stack import dockerfile
from workbook.stack.dockerfile import DockerfileError, Stage, Step
from workbook.stack.dockerfile_text import DOCUMENT
from workbook.stack.dockerignore import ignores


@dataclass(frozen=True)
class Written:
    """A file whose text stands in the Dockerfile itself: `COPY <<EOF`."""

    text: str


Files = dict[str, str | Written]
"""Path in the image → file of the app's folder, or its text."""
Built = tuple[Files, str]
"""The files of a stage, and its WORKDIR."""


def final_image(text: str, context: Iterable[str]) -> Built:
    """The files of the final image that come from these of the app's folder, and its WORKDIR.

    Raises DockerfileError.
    """
    return built(dockerfile.stages(text), context)


def built(stages: Iterable[Stage], context: Iterable[str]) -> Built:
    """The same for the last of these stages."""
    sent: Files = {f"/{name}": name for name in context}
    made: dict[str, Built] = {}
    for number, stage in enumerate(stages):
        now = made[stage.name] = made[str(number)] = _built(stage, sent, made)
    return now


def _built(stage: Stage, sent: Files, earlier: Mapping[str, Built]) -> Built:
    before, workdir = earlier.get(stage.base, ({}, "/"))
    files = dict(before)
    for step in stage.steps:
        if step.kind == "WORKDIR":
            workdir = posixpath.join(workdir, step.rest)
        if step.kind in ("COPY", "ADD"):
            files |= _copied(step, workdir, _source(step, sent, earlier))
    return files, workdir


def _source(step: Step, sent: Files, earlier: Mapping[str, Built]) -> Files:
    if "from" not in step.options:
        _is_there(step, sent)
        return sent | {f"/<<{name}": Written(text) for name, text in step.documents.items()}
    name = step.options["from"]
    if name not in earlier and not set(name) & set("/:."):
        raise DockerfileError(f"`{step}` copies from a stage that is not there before it")
    return earlier[name][0] if name in earlier else {}


def _is_there(step: Step, sent: Files) -> None:
    """A build ends where a file is missing; not so where a pattern matches none, or for a URL."""
    for each in step.words[:-1]:
        named = not re.search(r"[*?\[]|://|^<<", each)
        if named and not any(dockerfile.covers([each], path[1:]) for path in sent):
            raise DockerfileError(f"`{step}`: there is no {each}, or .dockerignore keeps it out")


def _copied(step: Step, workdir: str, source: Files) -> Files:
    """What is in a folder goes into the target; a file becomes the target, or goes into it."""
    *said, target = step.words
    documents = {match[0]: f"<<{match['name']}" for match in map(DOCUMENT.fullmatch, said) if match}
    wanted = [documents.get(each, each) for each in said]
    into = posixpath.normpath(posixpath.join(workdir, target))
    many = target.endswith("/") or target in (".", "..") or len(wanted) > 1
    files: Files = {}
    for each in wanted:
        for path, origin in source.items():
            taken = dockerfile.taken_by(each, path[1:])
            if taken == path[1:]:
                name = posixpath.basename(path).removeprefix("<<")
                files[posixpath.join(into, name) if many else into] = origin
            elif taken is not None:
                files[posixpath.join(into, posixpath.relpath(path[1:], taken))] = origin
    return files


def sent(ignore: str, app: Path) -> list[str]:
    """The files of this folder that a build gets to see."""
    every = [path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()]
    return [name for name in every if not ignores(ignore, name)]


def extract_workdir(text: str, ignore: str, app: Path, place: Path) -> str:
    """Copy into a folder what would be in the image's WORKDIR, and say which that is."""
    files, workdir = final_image(text, sent(ignore, app))
    for path, origin in files.items():
        if path.startswith(workdir.rstrip("/") + "/"):
            target = place / posixpath.relpath(path, workdir)
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(origin, Written):
                target.write_text(origin.text, "utf-8")
            else:
                target.write_bytes((app / origin).read_bytes())
    return workdir
