"""Which well-known programs an image has that a health check may use, and which it lacks."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

NOT_FOUND = 127
PROGRAMS = {"curl", "wget", "nc", "ncat", "telnet", "socat", "http", "psql", "pg_isready", "bash",
            "perl", "python", "python3"}  # fmt: skip
POSTGRES, PYTHON = {"psql", "pg_isready"}, {"python", "python3"}
OF_ALPINE = {"nc", "wget"}
"""What BusyBox brings."""
OF_DEBIAN = {"bash", "perl"}
INSTALLS = re.compile(r"\b(?:apt-get|apt|apk)\b[^&|;\n]*\b(?:install|add)\b([^&|;]*)")
BRINGS = {"netcat-openbsd": "nc", "netcat-traditional": "nc", "netcat": "nc", "httpie": "http"}
POSTGRES_CLIENT = re.compile(r"postgresql(?:\d+|-\d+)?(?:-client(?:-\d+)?)?")


@dataclass(frozen=True)
class Image:
    """An image, by its name and by the RUN lines that install something in it."""

    name: str
    runs: tuple[str, ...] = ()

    def lacks(self, program: str) -> bool:
        """Whether this program is not in the image; False where we do not know the image."""
        found = self._brought()
        return found is not None and program not in found | self._installed()

    def _brought(self) -> set[str] | None:
        alpine = "alpine" in self.name
        system = OF_ALPINE if alpine else OF_DEBIAN
        if re.match(r"(?:.*/)?postgres\b", self.name):
            return POSTGRES | system | {"bash"}
        if re.match(r"(?:.*/)?python\b", self.name):
            full = set() if alpine or "slim" in self.name else {"curl", "wget"}
            return PYTHON | system | full
        return None

    def _installed(self) -> set[str]:
        words = {word for run in self.runs for found in INSTALLS.findall(run)
                 for word in found.split()}  # fmt: skip
        client = POSTGRES if any(map(POSTGRES_CLIENT.fullmatch, words)) else set()
        return words | {BRINGS[word] for word in words & BRINGS.keys()} | client


@dataclass(frozen=True)
class Missing:
    """A program that a health check starts, and that is not there."""

    program: str
    in_the_image: bool
    """Whether the image has it, and only the replay on this machine has not."""

    @property
    def sentence(self) -> str:
        """What is told about it."""
        if self.in_the_image:
            return f"this machine has no {self.program}, so the question cannot be tried here"
        return f"{self.program}: not found"


def first_missing(image: Image, command: Sequence[str]) -> Missing | None:
    """The first program of a command that the image lacks, or else this machine."""
    for program in used(command):
        if image.lacks(program):
            return Missing(program, in_the_image=False)
    for program in set(used(command)) - POSTGRES - PYTHON:
        if shutil.which(program) is None:
            return Missing(program, in_the_image=True)
    return None


def used(command: Sequence[str]) -> list[str]:
    """Those of the well-known programs that a command starts, by itself or by a shell."""
    if not command:
        return []
    shell = command[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash") and len(command) > 2
    if not shell:
        own = command[0].rpartition("/")[2]
        return [own] if own in PROGRAMS else []
    names = "|".join(sorted(PROGRAMS, key=len, reverse=True))
    begins = r"(?:^|[;&|(`!]|\b(?:then|do|exec|if|while|until)\s)\s*(?:timeout\s+\S+\s+)?"
    found = re.findall(rf"{begins}(?:/\S*/)?({names})(?=\s|$)", command[2])
    return list(dict.fromkeys([*found, *([] if "bash" not in command[0] else ["bash"])]))
