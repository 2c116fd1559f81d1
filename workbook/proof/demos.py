"""What the instructor's page of a notebook has typed, and what it says is seen then.

The blocks of the page are run behind the cell that it names, in the notebook's own kernel and in
terminals beside it: a `pycon` block in the kernel, a `console` block in terminals.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from doctest import DocTestParser, Example
from pathlib import Path
from typing import Any

from workbook.authoring.outline import FENCED
from workbook.base import paths
from workbook.postgres import docker
from workbook.proof import windows
from workbook.proof.kernel import NotebookKernel
from workbook.proof.transcripts import difference

PLACE = re.compile(r"^\*To be run behind the cell .*<!-- (?P<cell>[\w-]+) -->$", re.M)
LANGUAGES = ("console", "pycon")
CELL_SECONDS = 60
ANSI = re.compile(r"\x1b\[[\d;]*m")


@dataclass
class Demo:
    """The blocks of one demonstration, each with its language."""

    cell: str
    """The id of the cell behind which they are run; empty where the page names none."""
    blocks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def needs_docker(self) -> bool:
        """Whether a Docker engine has to answer."""
        return any("docker " in text for _, text in self.blocks)

    def differences(self, kernel: NotebookKernel, work: Path) -> Iterator[str]:
        """What is seen and is not what the page says, with the learner's files in this folder."""
        for language, text in self.blocks:
            if language == "pycon":
                yield from in_kernel(text, kernel)
            else:
                yield from windows.differences(text, work, dict(os.environ))


def of_notebook(stem: str) -> list[Demo]:
    """What is typed on the page of this notebook."""
    return of(page.read_text("utf-8")) if (page := _page(stem)).exists() else []


def _page(stem: str) -> Path:
    return paths.ROOT / "instructor" / f"{stem}.md"


def of(page: str) -> list[Demo]:
    """What is typed on this page; blocks in front of which no cell is named are of no cell."""
    found = [Demo("")]
    marks = [*PLACE.finditer(page), *FENCED.finditer(page)]
    for each in sorted(marks, key=lambda mark: mark.start()):
        if each.re is PLACE:
            found.append(Demo(each["cell"]))
        else:
            first, _, rest = each[0].partition("\n")
            found[-1].blocks.append((first.strip("`~"), rest.rpartition("\n")[0]))
    return [each for each in found if each.blocks]


def missing(demo: Demo) -> str:
    """Why it cannot be run here, or an empty string."""
    return "no Docker engine answers" if demo.needs_docker and not docker.engine() else ""


def in_kernel(block: str, kernel: NotebookKernel) -> Iterator[str]:
    """Type a block into new cells: what is seen there and is not what the page says."""
    for each in DocTestParser().get_examples(f"{block}\n"):
        wanted = each.exc_msg if each.exc_msg is not None else each.want
        if told := difference(each.source.rstrip(), wanted, _shown(each, kernel)):
            yield told


def _shown(example: Example, kernel: NotebookKernel) -> str:
    """What a cell shows: its texts, and of an error its class and its message."""
    shown: list[str] = []

    def note(message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            shown.append(content["text"])
        elif kind in ("execute_result", "display_data"):
            shown.append(content["data"].get("text/plain", ""))
        elif kind == "error":
            shown.append(f"{content['ename']}: {content['evalue']}")

    kernel.kc.execute_interactive(
        example.source, store_history=True, allow_stdin=False, stop_on_error=False,
        output_hook=note, timeout=CELL_SECONDS,
    )  # fmt: skip
    return ANSI.sub("", "\n".join(shown))
