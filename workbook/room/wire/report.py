"""The report: all that a laptop sends, the whole of it each time, and what the board takes."""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PATH = "/reports"
LARGEST_BODY = 32 * 1024
"""Bytes of a report; one of 200 exercises has 20 KB."""
MOST_EXERCISES = 200
MOST = 999
"""Attempts and hints are counted up to here."""
NAME_LENGTH = 40

Verdict = Literal["not attempted", "not yet", "right"]
Count = Annotated[int, Field(ge=0, le=MOST)]


def as_name(text: str) -> str:
    """The name in one form, without spaces around it; ValueError if it cannot be shown."""
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise ValueError(f"a name has 1 to {NAME_LENGTH} characters that can be printed")
    return name


class Standing(BaseModel):
    """Where one exercise stands."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    exercise: Annotated[str, Field(pattern=r"^\d\d\.[a-z0-9_]{1,40}$")]
    verdict: Verdict
    """Of the last check."""
    attempts: Count
    hints: Count
    solved: bool
    """Whether it was right once."""


class Report(BaseModel):
    """What one learner has done so far."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=4 * NAME_LENGTH), AfterValidator(as_name)]
    """The one that the learner has chosen."""
    laptop: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Random, and for this room alone: who knows it may speak under this name."""
    exercises: Annotated[tuple[Standing, ...], Field(max_length=MOST_EXERCISES, strict=False)]

    @model_validator(mode="after")
    def _each_exercise_once(self) -> Self:
        if len({each.exercise for each in self.exercises}) != len(self.exercises):
            raise ValueError("an exercise is named twice")
        return self


def body(report: Report) -> bytes:
    """The report as it travels: JSON in UTF-8."""
    return report.model_dump_json().encode()


def headers(address: str, token: str, length: int) -> dict[str, str]:
    """All that stands before a body of this many bytes, for the board at this address."""
    return {
        "Host": address,
        "User-Agent": "nightwatch",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Length": str(length),
    }


def by_exercise(standings: Iterable[Standing]) -> dict[str, Standing]:
    """Exercise id → where it stands."""
    return {each.exercise: each for each in standings}
