"""Check of 05.shift: what a client may say about a shift, and what is refused at the door."""

from typing import Any

from pydantic import ValidationError

from workbook.checks.answer import Answer, expect, show
from workbook.checks.verdict import NotYet

_GOOD: dict[str, Any] = {"team_id": 1, "hours": 8, "note": "Zoë is on call"}
_KEPT: tuple[dict[str, Any], ...] = (
    {},
    {"hours": 1},
    {"hours": 12, "team_id": 2**31 - 1},
    {"note": None},
)
_NULL = "which field may be `null`, and what does its type say?"
_HOURS = "from which number to which is a shift, both included?"
_REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "0 hours": ({"hours": 0}, _HOURS),
    "-8 hours": ({"hours": -8}, _HOURS),
    "13 hours": ({"hours": 13}, _HOURS),
    "8.5 hours": ({"hours": 8.5}, "which type has whole hours and no others?"),
    "hours that are a word": ({"hours": "all"}, "which type has a number of hours?"),
    "the team 0": ({"team_id": 0}, "which of the app's types fits a column of ids?"),
    "the team 2147483648": ({"team_id": 2**31}, "which of the app's types fits a column of ids?"),
    "a note with a NUL byte": ({"note": "\0"}, "can PostgreSQL store that character?"),
    "a note of 201 characters": ({"note": "Z" * 201}, "how long may a line be?"),
    "an empty note": ({"note": ""}, "is a note without a character the same as no note?"),
    "a field paid": ({"paid": 0}, "what does a schema do with fields that it does not name?"),
}


async def check(answer: Answer) -> None:
    """Good input passes unchanged, a note may be missing, and all else is refused."""
    schema = answer.get()
    for change in _KEPT:
        _keeps(schema, _GOOD | change, _GOOD | change)
    bare = {key: value for key, value in _GOOD.items() if key != "note"}
    _keeps(schema, bare, bare | {"note": None})
    for what, (change, ask) in _REFUSED.items():
        _refuses(schema, what, _GOOD | change, ask)
    for missing in ("team_id", "hours"):
        given = {key: value for key, value in _GOOD.items() if key != missing}
        ask = "what does a client have to say about a shift, and what may it leave out?"
        _refuses(schema, f"nothing for {missing!r}", given, ask)
        _refuses(schema, f"null for {missing!r}", _GOOD | {missing: None}, _NULL)


def _keeps(schema: Any, given: dict[str, Any], wanted: dict[str, Any]) -> None:
    call = f"ShiftIn, given {show(given, 90)}"
    try:
        kept = schema.model_validate(given).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        got = f"it was refused: {': '.join([*map(str, first['loc']), first['msg']])}"
        raise NotYet(call, got=got, wanted="an object", ask=_why_refused(first["type"])) from None
    expect(call, kept, wanted, "did a field change on its way in, or get lost?")


def _why_refused(kind: str) -> str:
    if kind == "missing":
        return "a type that allows None is one thing: what says that a field may be left out?"
    if kind == "string_type":
        return "which type is a line, or nothing?"
    if kind == "extra_forbidden":
        return "which field of a shift does the schema not name?"
    return _HOURS if kind.startswith(("greater", "less")) else ""


def _refuses(schema: Any, what: str, given: dict[str, Any], ask: str) -> None:
    try:
        schema.model_validate(given)
    except ValidationError:
        return
    got = "it was accepted"
    if unread := _unread(schema) if ask == _HOURS else []:
        words = " and ".join(f"`{each}=`" for each in unread)
        got += f"; `Field` was given {words}, which it does not read"
        ask = "which words has `Field` for the least and the largest value?"
    raise NotYet(f"ShiftIn, given {what}", got=got, wanted="a refusal", ask=ask)


_NO_LIMITS = {"min", "max", "gte", "lte", "min_value", "max_value", "minimum", "maximum"}
"""What reads like a limit, and is only kept for the description of the schema."""


def _unread(schema: Any) -> list[str]:
    """The words that were given to the field of the hours, and limit nothing."""
    kept = getattr(schema.model_fields.get("hours"), "json_schema_extra", None)
    return [each for each in kept if each in _NO_LIMITS] if isinstance(kept, dict) else []
