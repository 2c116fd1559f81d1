"""Mermaid's diagrams as pictures: drawn once, kept by what they say, and always with their text.

The script `sphinx/draw.py` draws them, in the environment of the site: Mermaid itself is there,
with an engine for it, so that no page has to load and run it.
"""

import hashlib
import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from workbook.base.problem import Problem

SCRIPT = Path(__file__).parent / "sphinx" / "draw.py"
SECONDS = 240
FOLDER = "_static/diagrams"
"""Where the pictures lie in the site."""
FENCED = re.compile(r"^```mermaid\n(.*?)^```[ ]*$", re.M | re.S)
SIZE = re.compile(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+) ([\d.]+)"')
KINDS = {"sequenceDiagram": "sequence diagram", "erDiagram": "diagram of tables"}


@dataclass(frozen=True)
class Diagrams:
    """The pictures of a site: text of a diagram → SVG."""

    drawn: dict[str, str]

    def files(self) -> dict[str, str]:
        """Path in the site → SVG."""
        return {f"{FOLDER}/{_name(text)}": svg for text, svg in self.drawn.items()}

    def figure(self, text: str, words: str = "") -> str:
        """The picture, as wide as it was drawn, and below it what it says; `words` if given."""
        size = SIZE.search(self.drawn[text.strip()])
        assert size, "Mermaid's SVG has a viewBox"
        width, height = (round(float(each)) for each in size.groups())
        kind = next((KINDS[each] for each in KINDS if text.startswith(each)), "flowchart")
        return (
            f'<figure class="nw-diagram"><div class="nw-scroll" tabindex="0">'
            f'<img src="{FOLDER}/{_name(text.strip())}" width="{width}" height="{height}"'
            f' alt="A {kind}; its text is below."></div>'
            f"<details><summary>The diagram as text</summary>"
            f'<pre tabindex="0">{escape((words or text).strip())}</pre></details></figure>'
        )

    def in_text(self, text: str) -> str:
        """A Markdown text with figures in place of its Mermaid."""
        return FENCED.sub(lambda found: self.figure(found[1]).replace("\n\n", "\n&#10;"), text)


def drawn(texts: Iterable[str], python: Path, kept: Path) -> Diagrams:
    """Pictures of these texts; those that are not in the folder `kept` are drawn into it.

    Problem with what Mermaid said, where it cannot draw one.
    """
    wanted = {text.strip(): kept / _name(text.strip()) for text in texts}
    if missing := [text for text, path in wanted.items() if not path.exists()]:
        kept.mkdir(parents=True, exist_ok=True)
        for text, svg in zip(missing, _draw(missing, python), strict=True):
            wanted[text].write_text(svg, "utf-8")
    return Diagrams({text: path.read_text("utf-8") for text, path in sorted(wanted.items())})


def _draw(texts: list[str], python: Path) -> list[str]:
    ran = subprocess.run(
        [str(python), "-I", str(SCRIPT)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    if ran.returncode:
        raise Problem(f"Mermaid could not draw a diagram. It said:\n{ran.stderr[-2000:]}")
    return [str(each) for each in json.loads(ran.stdout)]


def _name(text: str) -> str:
    """A file of its own for each text, and for each way to draw."""
    said = text + SCRIPT.read_text("utf-8")
    return hashlib.sha256(said.encode()).hexdigest()[:16] + ".svg"
