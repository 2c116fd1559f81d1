# right: `Optional` in place of `| None`, and the rule for unknown fields as an argument of the class; two spellings of the same
from typing import Annotated, Optional

from app.schemas import Id, Line
from pydantic import BaseModel, Field


class ShiftIn(BaseModel, extra="forbid"):
    """What a client may say about a shift."""

    team_id: Id
    hours: Annotated[int, Field(ge=1, le=12)]
    note: Optional[Line] = None
