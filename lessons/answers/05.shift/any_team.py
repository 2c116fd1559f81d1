# wrong: which of the app's types fits a column of ids?
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: int
    hours: Annotated[int, Field(ge=1, le=12)]
    note: Line | None = None
