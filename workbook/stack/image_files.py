"""Where a Dockerfile puts the files of the app's folder, so that its command can be tried out."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbook.stack import dockerfile
from workbook.stack.dockerfile import DockerfileError, Stage, Step
from workbook.stack.dockerignore import ignores

Files = dict[str, str]
"""Path in the image → file of the app's folder."""


def final_image(text: str, context: Iterable[str]) -> tuple[Files, str]:
    """The files of the final image that come from these of the app's folder, and its WORKDIR.

    Raises DockerfileError.
    """
    sent = {f"/{name}": name for name in context}
    built: dict[str, Files] = {}
    workdir = "/"
    for number, stage in enumerate(dockerfile.stages(text)):
        files, workdir = _built(stage, sent, built)
        built[stage.name] = built[str(number)] = files
    return files, workdir


def _built(stage: Stage, sent: Files, earlier: Mapping[str, Files]) -> tuple[Files, str]:
    files, workdir = dict(earlier.get(stage.base, {})), "/"
    for step in stage.steps:
        if step.kind == "WORKDIR":
            workdir = posixpath.join(workdir, step.rest)
        if step.kind in ("COPY", "ADD"):
            files |= _copied(step, workdir, _source(step, sent, earlier))
    return files, workdir


def _source(step: Step, sent: Files, earlier: Mapping[str, Files]) -> Files:
    if "from" not in step.options:
        _is_there(step, sent)
        return sent
    name = step.options["from"]
    if name not in earlier and not set(name) & set("/:."):
        raise DockerfileError(f"`{step}` copies from a stage that is not there before it")
    return earlier.get(name, {})


def _is_there(step: Step, sent: Files) -> None:
    """A build ends where a file is missing; not so where a pattern matches none, or for a URL."""
    for each in step.words[:-1]:
        named = not re.search(r"[*?\[]|://|^<<", each)
        if named and not any(dockerfile.covers([each], path[1:]) for path in sent):
            raise DockerfileError(f"`{step}`: there is no {each}, or .dockerignore keeps it out")


def _copied(step: Step, workdir: str, source: Files) -> Files:
    """What is in a folder goes into the target; a file becomes the target, or goes into it."""
    *wanted, target = step.words
    into = posixpath.normpath(posixpath.join(workdir, target))
    many = target.endswith("/") or target in (".", "..") or len(wanted) > 1
    files: Files = {}
    for each in wanted:
        for path, origin in source.items():
            taken = dockerfile.taken_by(each, path[1:])
            if taken == path[1:]:
                files[posixpath.join(into, posixpath.basename(path)) if many else into] = origin
            elif taken is not None:
                files[posixpath.join(into, posixpath.relpath(path[1:], taken))] = origin
    return files


def extract_workdir(text: str, ignore: str, app: Path, place: Path) -> None:
    """Copy into a folder what would be in the image's WORKDIR; raises DockerfileError."""
    every = [path.relative_to(app).as_posix() for path in app.rglob("*") if path.is_file()]
    files, workdir = final_image(text, [name for name in every if not ignores(ignore, name)])
    for path, origin in files.items():
        if path.startswith(workdir.rstrip("/") + "/"):
            target = place / posixpath.relpath(path, workdir)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((app / origin).read_bytes())
