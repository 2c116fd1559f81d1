"""What comes in and what goes out over HTTP; tables are another matter."""

import json
import re
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    StringConstraints,
    with_config,
)
from pydantic_core import from_json
from typing_extensions import TypedDict

PRINTABLE = r"[^\x00-\x1f\x7f]*"
LINE = rf"^{PRINTABLE}[^\s\x00-\x1f\x7f]{PRINTABLE}$"
EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$"
LOGIN = r"(?P<team>[1-9][0-9]{0,9})/(?P<email>[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+)"
LARGEST_ID = 2**31 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
BigId = Annotated[int, Field(ge=1, le=2**63 - 1)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=LINE)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL, to_lower=True)]


class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    login: Line
    team_id: Id


class UserOut(BaseModel):
    """What everybody may know about a user."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: str
    team_id: int


Limit = Annotated[int, Field(ge=1, le=100)]
Severity = Literal["minor", "major", "critical"]


class Page(BaseModel):
    """Which page of a list; a filter that is not there is refused, and not left out in silence."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[int, Field(ge=0, lt=2**31)] = 0
    limit: Limit = 50


class Newest(BaseModel):
    """Which page of a list that begins with the newest."""

    model_config = ConfigDict(extra="forbid")

    before: Id | None = None
    limit: Limit = 50


PageQuery = Annotated[Page, Query()]
NewestQuery = Annotated[Newest, Query()]


@with_config(ConfigDict(extra="allow"))
class Payload(TypedDict, total=False):
    """What a monitor says of itself: anything, and the host, where it has one, as a text."""

    host: Line


NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""How JSON writes a NUL character; behind a backslash of its own, it is the text `\\u0000`."""


def storable(payload: Payload) -> Payload:
    """Refuse what JSON, UTF-8 or PostgreSQL cannot hold, and what could not be shown again."""
    try:
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if NUL.search(text):
        raise ValueError("a NUL character cannot be stored")
    text.encode()
    from_json(text)  # it refuses more than 200 levels; an answer can have 250 or so
    return payload


class TeamIn(BaseModel):
    """What a client may say about a new team."""

    model_config = ConfigDict(extra="forbid")

    name: Line


class TeamOut(BaseModel):
    """What everybody may know about a team."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class AlertIn(BaseModel):
    """What a monitor sends: the same key from the same team is the same alert."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    dedupe_key: Line
    title: Line
    severity: Severity
    payload: Annotated[Payload, AfterValidator(storable)] = {}


class AlertOut(BaseModel):
    """An alert as it is stored, and what this request did: to an incident, or to none."""

    id: int
    team_id: int
    dedupe_key: str
    received_at: datetime
    incident_id: int | None
    effect: Literal["opened", "raised", "repeated"]


class AlertsOf(BaseModel):
    """Which page of the alerts of a host, which begins with the newest."""

    model_config = ConfigDict(extra="forbid")

    host: Line
    before: BigId | None = None
    limit: Limit = 50


AlertsQuery = Annotated[AlertsOf, Query()]


class AlertShown(BaseModel):
    """An alert as it is stored."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    team_id: int
    dedupe_key: str
    received_at: datetime
    incident_id: int | None
    payload: dict[str, JsonValue]


class IncidentOut(BaseModel):
    """What everybody may know about an incident."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    severity: Severity
    status: Literal["open", "acknowledged", "resolved"]
    opened_at: datetime
    team_id: int
    version: int


class RoleIn(BaseModel):
    """Whether somebody leads."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["member", "lead"]


class AcknowledgementIn(BaseModel):
    """Who takes an incident."""

    model_config = ConfigDict(extra="forbid")

    user_id: Id


class AcknowledgementOut(BaseModel):
    """Who took which incident, and when."""

    model_config = ConfigDict(from_attributes=True)

    incident_id: int
    user_id: int
    acknowledged_at: datetime


class ClaimIn(BaseModel):
    """Who takes an incident over, and in which version they saw it."""

    model_config = ConfigDict(extra="forbid")

    user_id: Id
    version: Id


class IncidentsIn(BaseModel):
    """Which incidents are meant."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=100)]


class PasswordIn(BaseModel):
    """A new password, and for one's own the one that it replaces."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    password: Annotated[SecretStr, Field(min_length=12, max_length=200)]
    current: SecretStr = SecretStr("")


class TokenOut(BaseModel):
    """A token, as RFC 6749 wants it."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
