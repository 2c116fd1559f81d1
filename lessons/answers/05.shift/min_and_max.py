# wrong: `Field` was given `min=` and `max=`, which it does not read
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    hours: int = Field(min=1, max=12)
    note: Line | None = None
