# wrong: which field may be `null`, and what does its type say?
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    hours: Annotated[int, Field(ge=1, le=12)] | None
    note: Line | None = None
