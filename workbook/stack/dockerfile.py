"""A Dockerfile as data: its stages, what a change makes it do again, and how the app is started."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

from workbook.stack import path_patterns, programs
from workbook.stack.dockerfile_text import DockerfileError, Step, exec_form, steps
from workbook.stack.dockerfile_variables import Values, filled, given_by, put_in

__all__ = [
    "DockerfileError", "Image", "Stage", "Step", "command", "covers", "exec_form", "image",
    "invalidated_steps", "lineage", "mounts_file", "stages", "taken_by", "user",
]  # fmt: skip


SHELL: tuple[str, ...] = ("/bin/sh", "-c")
"""What runs a line that is no exec form, unless SHELL says another."""


@dataclass
class Stage:
    """One FROM, and what follows it."""

    base: str
    name: str
    steps: list[Step] = field(default_factory=list)
    values: Values = field(default_factory=dict)
    """What ARG and ENV say at its end."""
    environment: Values = field(default_factory=dict)
    """What ENV says, which its containers see."""

    def last(self, kind: str) -> Step | None:
        """The instruction of this kind that counts: the last one."""
        return next((each for each in reversed(self.steps) if each.kind == kind), None)


@dataclass(frozen=True)
class Image:
    """What a container of the last stage begins with."""

    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    user: str = "root"
    """Empty where USER names a variable that has no value."""
    environment: Values = field(default_factory=dict)
    stop_signal: str = "SIGTERM"


def stages(text: str) -> list[Stage]:
    """The stages of this Dockerfile; the last one is the image. Raises DockerfileError."""
    found: list[Stage] = []
    outside: Values = {}
    for step in steps(text):
        if step.kind == "FROM":
            found.append(_stage(step, found, outside))
        elif found:
            _add(found[-1], step, outside)
        elif step.kind == "ARG":
            outside |= given_by(put_in(step, outside), {})
        else:
            raise DockerfileError(f"it begins with {step.kind}, and not with FROM")
    if not found:
        raise DockerfileError("it has no FROM")
    return found


def _stage(step: Step, before: list[Stage], outside: Values) -> Stage:
    base, _, name = re.sub(r"\s+AS\s+", "\n", step.rest, flags=re.I).partition("\n")
    base = filled(base.strip(), outside)
    if not base:
        raise DockerfileError(f"`{step}` names no image: its variable has no value")
    inherited = next((dict(one.environment) for one in before if one.name == base), {})
    return Stage(base, name.strip() or str(len(before)), [], dict(inherited), dict(inherited))


def _add(stage: Stage, step: Step, outside: Values) -> None:
    made = put_in(step, stage.values)
    stage.steps.append(made)
    if made.kind == "ARG":
        stage.values |= given_by(made, outside) | stage.environment
    if made.kind == "ENV":
        stage.environment |= given_by(made, {})
        stage.values |= given_by(made, {})


def image(text: str) -> Image:
    """What a container of the last stage begins with; a stage has what the one it is made of has.

    An ENTRYPOINT takes away the CMD that an earlier stage has set.
    """
    every = stages(text)
    made, shell = Image(environment=every[-1].environment), SHELL
    for stage in lineage(every):
        if stage.last("ENTRYPOINT"):
            made = replace(made, command=())
        for step in stage.steps:
            if step.kind == "SHELL":
                shell = tuple(step.words)
            made = replace(made, **_said(step, shell))
    return made


def _said(step: Step, shell: tuple[str, ...]) -> dict[str, Any]:
    """What an instruction changes of the image."""
    if step.kind in ("CMD", "ENTRYPOINT"):
        return {step.kind.lower().replace("cmd", "command"): _argv(step, shell)}
    if step.kind == "USER":
        return {"user": step.rest.partition(":")[0]}
    return {"stop_signal": step.rest} if step.kind == "STOPSIGNAL" else {}


def lineage(every: list[Stage]) -> list[Stage]:
    """The last of these stages, and before it those that it is made of."""
    found = [every[-1]]
    while before := next((e for e in every if e.name == found[0].base and e not in found), None):
        found.insert(0, before)
    return found


def _argv(step: Step, shell: tuple[str, ...]) -> tuple[str, ...]:
    words = exec_form(step.rest)
    return tuple(words) if words is not None else (*shell, step.rest)


def command(
    text: str,
    instead: tuple[str, ...] | None = None,
    entrypoint: tuple[str, ...] | None = None,
) -> tuple[str, ...]:
    """What a container of this image runs; empty where nobody says.

    Another command takes the place of CMD. It follows an ENTRYPOINT, and one in shell form does
    not look at it. Another entrypoint takes the place of ENTRYPOINT, and CMD is gone with it. An
    empty command leaves CMD, and an empty entrypoint takes away ENTRYPOINT only.
    """
    own = image(text)
    if entrypoint:
        return (*entrypoint, *(instead or ()))
    then = instead or own.command
    return (*(own.entrypoint if entrypoint is None else ()), *then)


def programs_of(text: str) -> programs.Image:
    """The image as what its programs come from: the base, and what is installed on the way."""
    made_of = lineage(stages(text))
    runs = tuple(step.rest for stage in made_of for step in stage.steps if step.kind == "RUN")
    return programs.Image(made_of[0].base, runs)


def user(text: str) -> str:
    """The account that a container of this image runs under; `root` where none is named."""
    return image(text).user


def invalidated_steps(text: str, changed: str) -> list[Step]:
    """The RUN instructions that a build does again after this file of the context has changed."""
    invalidated: dict[str, bool] = {}
    found = []
    for number, stage in enumerate(stages(text)):
        changes = invalidated.get(stage.base, False)
        for step in stage.steps:
            changes = changes or _depends_on(step, changed, invalidated)
            found += [step] if changes and step.kind == "RUN" else []
        invalidated[stage.name] = invalidated[str(number)] = changes
    return found


def _depends_on(step: Step, changed: str, invalidated: dict[str, bool]) -> bool:
    if step.kind == "RUN":
        stages = (each.origin for each in step.mounts if each.type == "bind")
        return mounts_file(step, changed) or any(invalidated.get(each, False) for each in stages)
    if step.kind not in ("COPY", "ADD"):
        return False
    if "from" in step.options:
        return invalidated.get(step.options["from"], False)
    return covers(step.words[:-1], changed)


def mounts_file(step: Step, path: str) -> bool:
    """Whether a RUN sees this file of the context by a mount."""
    binds = (each for each in step.mounts if each.type == "bind" and not each.origin)
    return any(covers([each.source], path) for each in binds)


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
