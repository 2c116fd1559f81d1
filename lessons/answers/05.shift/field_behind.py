# right: the limits stand behind the `=`, as one reads it in older code; the type alone does not say them any more
from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    hours: int = Field(ge=1, le=12)
    note: Line | None = None
