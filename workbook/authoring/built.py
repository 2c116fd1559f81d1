"""What is made of one lesson, as five texts, and what a build would make of what is stored.

`solution` and `unsolved` hold the outputs of a run, and `material` the files that the solved
notebook wrote into the app. A check runs nothing, so it takes these from what is stored, where
digests in `material` vouch for them:

    solution, unsolved   the whole text: no output was changed by hand
    files                what the run wrote: no file was changed by hand
    before               what the earlier notebooks wrote: with another app, outputs may be others
    notebook, guide      nothing more: both are made of the lesson again, and compared
"""

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workbook import material
from workbook.authoring import guide, render, run
from workbook.authoring.lesson import Lesson
from workbook.base import paths
from workbook.base.problem import Problem

NOT_KNOWN = "only a run can tell"
"""In the place of an executed notebook that no digest vouches for; no file holds this."""
Files = dict[str, str]
"""Path under `myapp/` → text."""


@dataclass(frozen=True)
class Built:
    """The texts that are made of one lesson."""

    notebook: str
    """What a learner gets: stubs, and no outputs."""
    solution: str
    """Solved and executed."""
    unsolved: str
    """What a learner gets, executed."""
    guide: str
    """For whoever teaches it."""
    material: str
    """What the rest of the workbook needs to know of it."""

    @classmethod
    def after_run(cls, lesson: Lesson, solution: str, unsolved: str, files: Files) -> "Built":
        """With what the two runs left: the executed notebooks, and the files of the solved one."""
        texts = {"solution": solution, "unsolved": unsolved}
        return _complete(lesson, texts, files, {name: digest(text) for name, text in texts.items()})

    @classmethod
    def stored(cls, lesson: Lesson) -> "Built":
        """As the checkout has them; FileNotFoundError where one is missing."""
        return cls(**{name: path.read_text("utf-8") for name, path in places(lesson).items()})

    def facts(self, lesson: Lesson) -> Any:
        """The material as data; Problem where it is damaged, as in the middle of a merge."""
        return material.parsed(self.material, str(places(lesson)["material"]))

    @classmethod
    def expected(cls, lesson: Lesson, stored: "Built") -> "Built":
        """As a build would leave them whose runs gave what is stored."""
        facts = stored.facts(lesson)
        digests = {name: facts["digests"].get(name) for name in ("solution", "unsolved")}
        texts = {
            name: _executed(lesson, name == "solution", getattr(stored, name), digests[name])
            for name in digests
        }
        return _complete(lesson, texts, facts["files"], digests)

    @classmethod
    def of_text(cls, lesson: Lesson) -> "Built":
        """With the outputs that are stored, for a lesson whose code did not change.

        Problem where only a run can tell the outputs: a cell of code, what is asked of it, what a
        verdict or an explanation shows, or an earlier notebook is another one since the last run.
        """
        stored = cls.stored(lesson)
        expected, facts = cls.expected(lesson, stored), stored.facts(lesson)
        before = digest(json_text(material.files_before(lesson.number)))
        pairs = [(expected.solution, stored.solution), (expected.unsolved, stored.unsolved)]
        same = all(_code(a) == _code(b) for a, b in pairs) and _shown(facts) == _shown(
            json.loads(expected.material)
        )
        if facts["digests"]["before"] != before or not same:
            name = lesson.path.name
            raise Problem(f"{name}: more than its text changed. Run: ./wb build {lesson.number}")
        return cls.after_run(lesson, expected.solution, expected.unsolved, facts["files"])

    def differences(self, other: "Built") -> list[str]:
        """The names of the texts that are not the same in the other one."""
        names = [each.name for each in fields(self)]
        return [name for name in names if getattr(self, name) != getattr(other, name)]


def places(lesson: Lesson) -> dict[str, Path]:
    """Where each text is stored, by the name of its field."""
    stem = lesson.path.stem
    return {
        "notebook": paths.ROOT / "notebooks" / f"{stem}.ipynb",
        "solution": paths.ROOT / "solutions" / f"{stem}.ipynb",
        "unsolved": paths.ROOT / "tests" / "unsolved" / f"{stem}.ipynb",
        "guide": paths.ROOT / "instructor" / f"{stem}.md",
        "material": Path(material.__file__).parent / f"{stem}.json",
    }


def digest(text: str) -> str:
    """What stands for a text in the material."""
    return hashlib.sha256(text.encode()).hexdigest()


def json_text(facts: Any) -> str:
    """Facts as they are stored: a change of one is a change of one line."""
    return json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _complete(
    lesson: Lesson, executed: dict[str, str], files: Files, digests: dict[str, Any]
) -> Built:
    notebook = json_text(render.json_form(render.contents(lesson, solved=False, claims=False)))
    instructor = guide.page(lesson)
    vouched = digests | {
        "notebook": digest(notebook),
        "guide": digest(instructor),
        "files": digest(json_text(files)),
        "before": digest(json_text(material.files_before(lesson.number))),
    }
    facts = render.data(lesson) | {"files": files, "digests": vouched}
    return Built(notebook=notebook, guide=instructor, material=json_text(facts), **executed)


def _code(text: str) -> list[dict[str, Any]]:
    """The code cells of a notebook, as it is stored; none where only a run can tell."""
    cells = json.loads(text)["cells"] if text != NOT_KNOWN else []
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _shown(facts: dict[str, Any]) -> list[Any]:
    """What outputs show of a lesson's facts: exercises, questions, entries of the dictionary."""
    minutes = ("minutes", "deeper", "level")
    exercises = [{k: v for k, v in e.items() if k not in minutes} for e in facts["exercises"]]
    return [exercises, facts.get("questions", []), facts["errors"], facts["given"]]


def _executed(lesson: Lesson, solved: bool, stored: str, vouched: str | None) -> str:
    """The notebook with the stored outputs, where they are what a build has left."""
    if digest(stored) != vouched:
        return NOT_KNOWN
    outputs = {cell["id"]: cell.get("outputs", []) for cell in json.loads(stored)["cells"]}
    contents = render.contents(lesson, solved, claims=True)
    code = [cell for cell in contents["cells"] if cell["cell_type"] == "code"]
    for count, cell in enumerate(code, 1):
        cell |= {"execution_count": count, "outputs": outputs.get(cell["id"], [])}
    return NOT_KNOWN if run.complaints(code) else json_text(render.json_form(contents))
