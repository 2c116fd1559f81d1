"""The text of a Dockerfile cut into its instructions: continued lines, comments, here-documents."""

import json
import re
from dataclasses import dataclass, field

KNOWN = {
    *("FROM", "RUN", "COPY", "ADD", "WORKDIR", "USER", "ENV", "ARG", "CMD", "ENTRYPOINT"),
    *("EXPOSE", "LABEL", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "SHELL", "ONBUILD", "MAINTAINER"),
}
WITH_DOCUMENTS = ("RUN", "COPY", "ADD")
DOCUMENT = re.compile(r"<<(?P<dash>-?)(?P<quote>[\"']?)(?P<name>[A-Za-z_]\w*)(?P=quote)")
DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(\S+)\s*")
NOT_READ = ("parents", "exclude", "unpack")
"""Options of COPY and ADD that change which files go where."""


class DockerfileError(Exception):
    """No image can be built of these files; the text says why, in a sentence."""


@dataclass(frozen=True)
class Mount:
    """What a RUN sees beside the image's files: `--mount=type=bind,source=…,target=…`."""

    type: str = "bind"
    source: str = "."
    """Of the build's context, or of the stage `origin`; without one it is all of it."""
    target: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Step:
    """One instruction: `COPY`, its options such as `--from=build`, and the rest."""

    kind: str
    rest: str
    options: dict[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    documents: dict[str, str] = field(default_factory=dict)
    """The texts that follow it, by the word that ends each."""
    given: str = ""
    """Its options as they are written."""

    def __str__(self) -> str:
        """The instruction as it would be written, its lines behind each other."""
        text = re.sub(r"\n\s*", "; ", self.rest.strip())
        return f"{self.kind} {self.given}{text}"

    @property
    def words(self) -> list[str]:
        """The arguments; those of the exec form are its strings."""
        return exec_form(self.rest) or self.rest.split()

    @property
    def argv(self) -> tuple[str, ...]:
        """What a CMD or an ENTRYPOINT starts: the exec form as it is, a line by a shell."""
        found = exec_form(self.rest)
        return tuple(found) if found is not None else ("/bin/sh", "-c", self.rest)


def steps(text: str) -> list[Step]:
    """The instructions in their order; raises DockerfileError."""
    _directives(text)
    lines, found = text.splitlines(), list[Step]()
    position = 0
    while position < len(lines):
        line, position = _joined(lines, position)
        if line:
            step = _step(line)
            documents, position = _documents(step, lines, position)
            found.append(_with(step, documents))
    return found


def exec_form(text: str) -> list[str] | None:
    """The strings of an exec form, None for anything else, as the builder takes it."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) and all(isinstance(e, str) for e in found) else None


def _directives(text: str) -> None:
    for line in text.splitlines():
        found = DIRECTIVE.fullmatch(line.strip())
        if not found:
            return
        if found[1].lower() == "escape" and found[2] != "\\":
            raise DockerfileError(f"this workbook does not read `{line.strip()}`; Docker does")


def _joined(lines: list[str], position: int) -> tuple[str, int]:
    """The next instruction in one line, and where the one after it begins; empty for none."""
    made, goes_on = "", True
    while goes_on and position < len(lines):
        line = lines[position].strip()
        position += 1
        if line.startswith("#") or (made and not line):
            continue
        goes_on = line.endswith("\\")
        made += line.removesuffix("\\") + (" " if goes_on else "")
        if not made:
            break
    return made.strip(), position


def _step(line: str) -> Step:
    kind, _, rest = line.partition(" ")
    if kind.upper() not in KNOWN:
        raise DockerfileError(f"`{line}` does not begin with an instruction of a Dockerfile")
    options, mounts, given, rest = dict[str, str](), list[Mount](), "", rest.lstrip()
    while found := re.match(r"--([\w-]+)(?:=(\S+))?(?:\s+|$)", rest):
        name, value = found[1], (found[2] or "").strip("'\"")
        if name in NOT_READ:
            raise DockerfileError(f"this workbook does not read `--{name}`; Docker does")
        options[name] = value
        mounts += [_mount(value)] if name == "mount" else []
        given, rest = f"{given}{found[0].strip()} ", rest[found.end() :]
    return Step(kind.upper(), rest.strip(), options, tuple(mounts), {}, given)


def _mount(said: str) -> Mount:
    pairs = dict(each.partition("=")[::2] for each in said.split(","))
    source = pairs.get("source", pairs.get("src", "")) or "."
    target = next((pairs[key] for key in ("target", "dst", "destination") if key in pairs), "")
    return Mount(pairs.get("type", "bind"), source, target, pairs.get("from", ""))


def _documents(step: Step, lines: list[str], position: int) -> tuple[dict[str, str], int]:
    """The texts that an instruction announces with `<<`, and where the next one begins."""
    found: dict[str, str] = {}
    if step.kind not in WITH_DOCUMENTS or exec_form(step.rest) is not None:
        return found, position
    for each in DOCUMENT.finditer(step.rest):
        body = list[str]()
        while True:
            if position >= len(lines):
                raise DockerfileError(f"`{step}` opens a text that no line `{each['name']}` ends")
            line = lines[position].lstrip("\t") if each["dash"] else lines[position]
            position += 1
            if line == each["name"]:
                break
            body.append(line)
        found[each["name"]] = "".join(f"{line}\n" for line in body)
    return found, position


def _with(step: Step, documents: dict[str, str]) -> Step:
    """A RUN of texts is what stands in them; other instructions keep them beside."""
    rest = step.rest
    if step.kind == "RUN" and documents:
        rest = "\n".join([DOCUMENT.sub("", rest).strip(), *documents.values()]).strip()
    return Step(step.kind, rest, step.options, step.mounts, documents, step.given)
