# wrong: is a note without a character the same as no note?
from typing import Annotated

from app.schemas import Id, Line
from pydantic import BaseModel, ConfigDict, Field, field_validator


class ShiftIn(BaseModel):
    """What a client may say about a shift."""

    model_config = ConfigDict(extra="forbid")

    team_id: Id
    hours: Annotated[int, Field(ge=1, le=12)]
    note: Line | None = None

    @field_validator("note", mode="before")
    @classmethod
    def nothing(cls, note: str | None) -> str | None:
        return note or None
