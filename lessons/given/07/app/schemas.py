import json
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue, StringConstraints

Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL, to_lower=True)]
After = Annotated[int, Query(ge=0, lt=2**31)]
Limit = Annotated[int, Query(ge=1, le=100)]


def storable(payload: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Refuse what JSON, UTF-8 or PostgreSQL cannot hold."""
    text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
    if r"\u0000" in text:
        raise ValueError("a NUL character cannot be stored")
    text.encode()
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
    severity: Literal["minor", "major", "critical"]
    payload: Annotated[dict[str, JsonValue], AfterValidator(storable)] = {}


class AlertOut(BaseModel):
    """An alert as it was stored."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    team_id: int
    dedupe_key: str
    received_at: datetime
    incident_id: int | None


class IncidentOut(BaseModel):
    """What everybody may know about an incident."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    severity: str
    status: str
    opened_at: datetime
    team_id: int


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
