"""A Dockerfile as data: its stages, what a change makes it do again, and how the app is started."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from workbook.stack import path_patterns

KNOWN = {
    *("FROM", "RUN", "COPY", "ADD", "WORKDIR", "USER", "ENV", "ARG", "CMD", "ENTRYPOINT"),
    *("EXPOSE", "LABEL", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "SHELL", "ONBUILD", "MAINTAINER"),
}


class DockerfileError(Exception):
    """No image can be built of these files; the text says why, in a sentence."""


@dataclass(frozen=True)
class Step:
    """One instruction: `COPY`, its options such as `--from=build`, and the rest."""

    kind: str
    rest: str
    options: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The instruction as it would be written."""
        options = "".join(f"--{key}={value} " for key, value in self.options.items())
        return f"{self.kind} {options}{self.rest}"

    @property
    def words(self) -> list[str]:
        """The arguments; those of the exec form are its strings."""
        return _json(self.rest) or self.rest.split()

    @property
    def argv(self) -> tuple[str, ...]:
        """What a CMD or an ENTRYPOINT starts: the exec form as it is, a line by a shell."""
        found = _json(self.rest)
        return tuple(found) if found is not None else ("/bin/sh", "-c", self.rest)


@dataclass
class Stage:
    """One FROM, and what follows it."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)

    def last(self, kind: str) -> Step | None:
        """The instruction of this kind that counts: the last one."""
        return next((each for each in reversed(self.steps) if each.kind == kind), None)


def stages(text: str) -> list[Stage]:
    """The stages of this Dockerfile; the last one is the image. Raises DockerfileError."""
    found: list[Stage] = []
    for step in map(_step, _lines(text)):
        if step.kind == "FROM":
            base, _, name = re.sub(r"\s+AS\s+", "\n", step.rest, flags=re.I).partition("\n")
            found.append(Stage(base.strip(), name.strip() or str(len(found))))
        elif found:
            found[-1].steps.append(step)
        elif step.kind != "ARG":
            raise DockerfileError(f"it begins with {step.kind}, and not with FROM")
    if not found:
        raise DockerfileError("it has no FROM")
    return found


def command(text: str, instead: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """What a container of this image runs; empty where the file does not say.

    Another command takes the place of CMD. It follows an ENTRYPOINT, and one in shell form does
    not look at it.
    """
    last = stages(text)[-1]
    entry, cmd = last.last("ENTRYPOINT"), last.last("CMD")
    then = instead if instead is not None else cmd.argv if cmd else ()
    return (*(entry.argv if entry else ()), *then)


def user(text: str) -> str:
    """The account that a container of this image runs under; `root` where none is named."""
    found = stages(text)[-1].last("USER")
    return found.rest.partition(":")[0] if found else "root"


def invalidated_steps(text: str, changed: str) -> list[Step]:
    """The RUN instructions that a build does again after this file of the context has changed."""
    invalidated: dict[str, bool] = {}
    found = []
    for stage in stages(text):
        changes = invalidated.get(stage.base, False)
        for step in stage.steps:
            changes = changes or _depends_on(step, changed, invalidated)
            found += [step] if changes and step.kind == "RUN" else []
        invalidated[stage.name] = changes
    return found


def _depends_on(step: Step, changed: str, invalidated: dict[str, bool]) -> bool:
    if step.kind not in ("COPY", "ADD"):
        return "source=" in step.options.get("mount", "")
    if "from" in step.options:
        return invalidated.get(step.options["from"], False)
    return covers(step.words[:-1], changed)


def covers(sources: Iterable[str], path: str) -> bool:
    """Whether a COPY of these sources takes this file along."""
    return any(taken_by(each, path) is not None for each in sources)


def taken_by(source: str, path: str) -> str | None:
    """What a COPY of this source takes to get this file: the file, or the folder that it is in.

    Of a folder it takes what is in it. None where it does not take the file.
    """
    pattern = path_patterns.cleaned(f"/{source}")
    if not pattern:
        return "."
    try:
        wanted = path_patterns.compiled(pattern, deep=False)
    except path_patterns.PatternError:
        raise DockerfileError(f"`{source}` is no pattern of files") from None
    from_the_top = (*reversed(PurePosixPath(path).parents), PurePosixPath(path))
    return next((str(each) for each in from_the_top if wanted.fullmatch(str(each))), None)


def _lines(text: str) -> list[str]:
    """The instructions, a line each: comments are gone, continued lines are joined."""
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [line.strip() for line in re.sub(r"\\\s*\n", " ", "\n".join(kept)).splitlines()
            if line.strip()]  # fmt: skip


def _step(line: str) -> Step:
    kind, _, rest = line.partition(" ")
    if kind.upper() not in KNOWN:
        raise DockerfileError(f"`{line}` does not begin with an instruction of a Dockerfile")
    options: dict[str, str] = {}
    while found := re.match(r"--(\w+)(?:=(\S+))?\s+", rest.lstrip()):
        options[found[1]] = found[2] or ""
        rest = rest.lstrip()[found.end() :]
    return Step(kind.upper(), rest.strip(), options)


def _json(text: str) -> list[str] | None:
    """The strings of an exec form, None for anything else, as the builder takes it."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) and all(isinstance(e, str) for e in found) else None
