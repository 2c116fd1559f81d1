# wrong: which type has whole hours and no others?
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    hours: Annotated[float, Field(ge=1, le=12)]
    note: Line | None = None
