"""Material of notebooks that are made up, as `wb build` would write it."""

import json
from pathlib import Path
from typing import Any


def exercise(id: str, **facts: Any) -> dict[str, Any]:
    made = {"id": id, "title": "Get", "minutes": 1, "names": [], "path": None, "hints": []}
    return made | {"stub": "", "solution": "", "why": "", "try_next": ""} | facts


def write(folder: Path, stem: str, app: dict[str, str], *exercises: dict[str, Any]) -> None:
    """The material of `00_first`: what it leaves in the app, and its exercises, or one of any."""
    number = stem[:2]
    facts = {"number": number, "stem": stem, "title": f"Title {number}", "minutes": 5}
    facts |= {"exercises": exercises or [exercise(f"{number}.get")]}
    facts |= {"errors": [], "given": {}, "files": app}
    (folder / f"{stem}.json").write_text(json.dumps(facts), "utf-8")
