"""Questions that mark themselves, as `{question} NN.N` fences of the lessons.

The YAML of a fence has `asks`, or `predicts` where the next code cell gives the answer, in practice
a `level`, and one of

    choices  a list; each `says` something, the right one `because`, each other one `but`
    order    a list of lines in their right order, which are shown in another one
    number   a number, or the list of the least and the greatest that are right
    line     the number of a line of `code`, or without it of the next code cell

A `but` says what somebody who gives this answer believes, and where to look. All kinds but the
first have `because`, and may have `wrong`: a list of what `answer` gets which `but`; an order is
written there as the places of its lines, such as `[2, 1, 3]`.
"""

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from workbook.authoring import error_entries
from workbook.authoring.lesson import Cell, Fence, Lesson
from workbook.base import yamls
from workbook.base.problem import Problem
from workbook.questions.answers import LETTERS

KIND = "question"
KINDS = ("choices", "order", "number", "line")
MARK = "**{}** · "
"""What begins the text of a question in a notebook."""
BEGINS = re.compile(r"\*\*\d\d\.\d+\*\* · ")
Number = int | float


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Choice(_Part):
    """One of several answers."""

    says: str
    because: str = ""
    but: str = ""


class Wrong(_Part):
    """A wrong order or number that has a sentence of its own."""

    answer: Number | list[int]
    but: str


class Question(_Part):
    """What a fence holds."""

    asks: str = ""
    predicts: str = ""
    level: str = ""
    choices: list[Choice] = []
    order: list[str] = []
    number: Number | list[Number] | None = None
    line: int | None = None
    code: str = ""
    because: str = ""
    wrong: list[Wrong] = []

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return next(each for each in KINDS if getattr(self, each) not in (None, []))

    @property
    def reason(self) -> str:
        """Why the right answer is right."""
        return next((c.because for c in self.choices if c.because), self.because)


def asked(fence: Fence) -> Question:
    """What a fence asks; Problem with a sentence for the author where it cannot be asked."""
    return _asked(fence.about, fence.text)


@lru_cache(maxsize=1_000)
def _asked(name: str, text: str) -> Question:
    try:
        found = Question.model_validate(yamls.load(text))
    except yaml.YAMLError as error:
        raise Problem(f"the {{question}} {name!r} is no YAML: {error}") from error
    except ValidationError as error:
        raise Problem(f"the {{question}} {name!r}: {_told(error)}") from None
    for fault in _faults(found):
        raise Problem(f"the {{question}} {name!r} {fault}")
    return found


def _told(error: ValidationError) -> str:
    """The first thing that is wrong, with its place."""
    first = error.errors()[0]
    more = f"; {error_entries.QUOTES}" if first["type"] == "string_type" else ""
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}{more}."


def _faults(found: Question) -> Iterator[str]:
    """Why it cannot be asked."""
    if bool(found.asks) == bool(found.predicts):
        yield "needs 'asks' or 'predicts', and not both."
    kinds = [each for each in KINDS if getattr(found, each) not in (None, [])]
    if len(kinds) != 1:
        yield f"has {' and '.join(kinds) or 'none'} of {', '.join(KINDS)}; it needs one."
    if isinstance(found.number, list) and len(found.number) != 2:
        yield "has a 'number' that is a list, and not of the least and the greatest."
    if len(found.choices) > len(LETTERS) or len(found.order) > len(LETTERS):
        yield "has more answers than the alphabet has letters."


# In a notebook


def text(name: str, found: Question) -> str:
    """What a learner reads of it, as Markdown."""
    lead = f"*Predict:* {found.predicts}" if found.predicts else found.asks
    lines = [MARK.format(name) + lead.strip(), ""]
    if found.code:
        numbered = enumerate(found.code.splitlines(), 1)
        lines += ["```text", *(f"{number:>2}  {line}".rstrip() for number, line in numbered), "```"]
    shown = shown_of(name, found)
    lines += [f"- **{letter}** {each}" for letter, each in zip(LETTERS, shown, strict=False)]
    return "\n".join(lines).rstrip()


def cell(fence: Fence) -> Cell:
    """The code cell to answer in: rightly in the solution, with nothing in the notebook."""
    name, found = fence.about, asked(fence)
    right, stub = (f'lab.guess("{name}", "{each}")' for each in (right_of(name, found), ""))
    text = f"### BEGIN SOLUTION\n{right}\n### END SOLUTION\n### STUB\n# {stub}"
    return Cell("code", text, "", question=name, told=flow(found.reason))


def shown_of(name: str, found: Question) -> list[str]:
    """The choices as they are written, or the lines as they are shuffled."""
    return [each.says for each in found.choices] or [found.order[n] for n in _shuffled(name, found)]


def right_of(name: str, found: Question) -> str:
    """The right answer, in the form that a learner's answer is brought to."""
    if found.choices:
        right = (LETTERS[n] for n, each in enumerate(found.choices) if each.because)
        return next(right, "")
    if found.order:
        return _letters(name, found, range(len(found.order)))
    return _number(found.number if found.line is None else found.line)


def _number(number: Any) -> str:
    return f"{number[0] if isinstance(number, list) else number:g}"


def _letters(name: str, found: Question, order: Sequence[int]) -> str:
    """The letters under which these lines are shown, one after the other."""
    places = _shuffled(name, found)
    return "".join(LETTERS[places.index(n)] for n in order)


def _shuffled(name: str, found: Question) -> list[int]:
    """The same order each time, and never the right one."""
    places = list(range(len(found.order)))
    chance = random.Random(name)
    while len(places) > 1 and places == sorted(places):
        chance.shuffle(places)
    return places


# As data


def data(lesson: Lesson) -> list[dict[str, Any]]:
    """Every question of a lesson, as `material.Question` holds it."""
    return [_data(fence, lesson) for fence in of(lesson)]


def of(lesson: Lesson) -> list[Fence]:
    """The fences of a lesson that ask something."""
    return [each for each in lesson.fences if each.kind == KIND]


def _data(fence: Fence, lesson: Lesson) -> dict[str, Any]:
    found, name = asked(fence), fence.about
    predicted = cell_after(lesson, name) if found.predicts or found.line is not None else None
    text = predicted.solved() if predicted else ""
    return {
        "id": name,
        "kind": found.kind.removesuffix("s"),
        "asks": flow(found.predicts or found.asks),
        "predicts": bool(found.predicts),
        **({"level": found.level} if found.level else {}),
        "shown": shown_of(name, found),
        "right": right_of(name, found),
        "up_to": f"{found.number[1]:g}" if isinstance(found.number, list) else "",
        "because": flow(found.reason),
        "but": wrong_of(name, found),
        "lines": len((found.code or text).splitlines()) if found.line is not None else 0,
        "code": found.code.rstrip() or ("" if found.predicts else text),
        "cell": text if found.predicts else "",
        **({"typed": True} if found.predicts and predicted and predicted.is_typed() else {}),
    }


def wrong_of(name: str, found: Question) -> dict[str, str]:
    """Wrong answer → its sentence, of those that have one."""
    letters = {LETTERS[n]: flow(each.but) for n, each in enumerate(found.choices) if each.but}
    return letters | {_wrong(name, found, each.answer): flow(each.but) for each in found.wrong}


def _wrong(name: str, found: Question, answer: Number | list[int]) -> str:
    if isinstance(answer, list):
        return _letters(name, found, [place - 1 for place in answer])
    return f"{answer:g}"


def cell_after(lesson: Lesson, name: str) -> Cell | None:
    """The code cell that follows the one in which a question is answered."""
    cells = [each for each in lesson.cells if each.kind == "code"]
    at = next(n for n, each in enumerate(cells) if each.question == name)
    return next((each for each in cells[at + 1 :] if not each.question), None)


def flow(text: str) -> str:
    """A text on one line, its runs of white space as single spaces."""
    return " ".join(text.split())
