"""05.schemas: what a client may say about a user, and what everybody may know."""

import contextlib
from typing import Any

from pydantic import ConfigDict, ValidationError

from workbook.checks.answer import Answer, expect, show
from workbook.checks.verdict import NotYet

GOOD = {"name": "Zoë", "email": "zoe@nightwatch.test", "login": "zoe", "team_id": 1}
OTHER_FIELD = "a field is_admin"
REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "a name with a NUL byte": ({"name": "Zo\0"}, "can PostgreSQL store that character?"),
    "a login with a NUL byte": ({"login": "\0zoe"}, "which type guards text?"),
    "a name of 201 characters": ({"name": "Z" * 201}, "how long may a line be?"),
    "a login of 201 characters": ({"login": "z" * 201}, "how long may a line be?"),
    "an email of 300 characters": ({"email": "z@" + "x" * 298}, "which type is made for it?"),
    "a name of one blank": ({"name": " "}, "whom would you page?"),
    "an email with no @": ({"email": "zoe"}, "where would a mail to that address go?"),
    "an email with a NUL byte": ({"email": "zoe\0@x"}, "can PostgreSQL store that character?"),
    "the team 0": ({"team_id": 0}, "from which number on does the database give ids to rows?"),
    "the team 2147483648": ({"team_id": 2**31}, "where does an `integer` column end?"),
    OTHER_FIELD: (
        {"is_admin": True},
        "what does a schema do with fields that it does not name, unless it is told otherwise?",
    ),
}


async def check(answer: Answer) -> None:
    """Good input passes unchanged, bad input does not; output has five fields, from attributes."""
    into, out = answer.get("UserIn"), answer.get("UserOut")
    _types_stand_before_the_equals_sign(answer, into)
    for change in ({}, {"name": "Z" * 200, "team_id": 2**31 - 1}, {"name": "李 小龙"}):
        _keeps(into, GOOD | change)
    for what, (change, ask) in REFUSED.items():
        try:
            into.model_validate(GOOD | change)
        except ValidationError:
            continue
        raise _accepted(into, what, ask)
    for field in GOOD:
        _requires(into, field)
        _takes_no_null(into, field)
    _shows(out)


def _accepted(into: Any, what: str, ask: str) -> NotYet:
    said = configured = ""
    if what == OTHER_FIELD:
        said, configured = _of_configuration(into)
    ask = configured or ask
    got, wanted = f"it was accepted{said}", "a refusal"
    return NotYet(f"UserIn, given {what}", got=got, wanted=wanted, ask=ask)


def _of_configuration(schema: Any) -> tuple[str, str]:
    """What a schema's configuration says in vain, as a remark, and the question about it."""
    given = getattr(schema, "model_config", {})
    if unread := [repr(each) for each in given if each not in ConfigDict.__annotations__]:
        said = f"; its configuration has {', '.join(unread)}, which pydantic 2 does not read"
        return said, "how is that setting called in this version?"
    if extra := given.get("extra"):
        return f"; its `extra` is {extra!r}", "which word has `extra` for a refusal?"
    return "", ""


def _types_stand_before_the_equals_sign(answer: Answer, into: Any) -> None:
    """A type behind it is a value: what the field has where a client sends none."""
    types = {name: getattr(answer.load(), name, None) for name in ("Line", "Email", "Id")}
    for field, about in getattr(into, "model_fields", {}).items():
        for name, kind in types.items():
            if about.default is not None and about.default is kind:
                raise NotYet.looked_at(
                    f"the field `{field}` of UserIn",
                    got=f"`{name}` is its default value, and not its type",
                    wanted=f"a field of the type `{name}`",
                    ask="what does a class say behind the colon, and what behind the `=`?",
                )


def _keeps(into: Any, given: dict[str, Any]) -> None:
    """Good input comes out as it went in."""
    shown = show(given, 90)
    try:
        kept = into.model_validate(given).model_dump()
    except ValidationError as error:
        raise NotYet(
            f"UserIn, given {shown}",
            got=_refusal(error),
            wanted="an object",
            ask=_why_refused(error),
        ) from None
    same = kept.keys() == given.keys()
    ask = "did a field change on its way in?" if same else "what may a client say about a user?"
    expect(f"UserIn, given {shown}", kept, given, ask)


def _why_refused(error: ValidationError) -> str:
    kind = error.errors()[0]["type"]
    if kind == "extra_forbidden":
        return "which field of a new user does the schema not name?"
    if kind == "missing":
        return "which fields does a client give for a new user?"
    if kind.endswith("_type"):
        return "of which type is the column, and what does a client send for it?"
    return "which rule is stricter than the column?"


def _refusal(error: ValidationError) -> str:
    """The first reason, with the field where there is one."""
    first = error.errors()[0]
    return f"it was refused: {': '.join([*map(str, first['loc']), first['msg']])}"


def _takes_no_null(into: Any, field: str) -> None:
    """A field that is `null` is a refusal: no column of these may be empty."""
    try:
        into.model_validate(GOOD | {field: None})
    except ValidationError:
        return
    call, ask = f"UserIn, given null for {field!r}", "may the column be empty?"
    raise NotYet(call, got="it was accepted", wanted="a refusal", ask=ask)


def _requires(into: Any, missing: str) -> None:
    """A field that is not given is a refusal."""
    try:
        into.model_validate({key: value for key, value in GOOD.items() if key != missing})
    except ValidationError:
        return
    raise NotYet(
        f"UserIn, given nothing for {missing!r}",
        got="it was accepted",
        wanted="a refusal",
        ask="may the column be empty?",
    )


def _shows(out: Any) -> None:
    """Five fields leave, of a user's attributes and of a dictionary that holds more."""
    from app.models import User

    if not out.model_fields:
        got = "it names no field yet"
        raise NotYet.looked_at("UserOut", got=got, wanted="the five fields that leave")
    columns = {"id": 7, **GOOD, "mobile": "+49 30 5550000", "role": "lead"}
    try:
        shown = _as_sent(out, User(**columns))
    except ValidationError as error:
        raise NotYet(
            "UserOut.model_validate(user), a User object",
            got=f"{_refusal(error)}{_of_configuration(out)[0]}",
            wanted="an object",
            ask=_why_not_shown(error),
        ) from None
    wanted = {"id": 7, "name": "Zoë", "email": GOOD["email"], "role": "lead", "team_id": 1}
    ask = "which fields may everybody know?"
    if list(shown.values()) == list(wanted.values()):
        ask = "by which names do the fields leave?"
    expect("UserOut.model_validate(user), a User object, as it is sent", shown, wanted, ask)
    with contextlib.suppress(ValidationError):  # who refuses the rest shows nothing of it either
        shown = _as_sent(out, columns)
    ask = "what does this schema do with a field that it does not name?"
    call = "UserOut.model_validate(columns), a dictionary of every column, as it is sent"
    expect(call, shown, wanted, ask)


def _why_not_shown(error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "model_type":
        return "which setting lets a schema read attributes, where it expects a dictionary?"
    if first["loc"][:1] == ("role",):
        return "which users does the table hold that this schema does not know?"
    return "which fields go out, and as what does a User have them?"


def _as_sent(out: Any, user: object) -> Any:
    """What leaves, as FastAPI writes it."""
    return out.model_validate(user).model_dump(mode="json", by_alias=True)
