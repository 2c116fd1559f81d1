# wrong: what does a schema do with fields that it does not name?
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    team_id: Id
    hours: Annotated[int, Field(ge=1, le=12)]
    note: Line | None = None
