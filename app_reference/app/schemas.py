"""What comes in and what goes out over HTTP; tables are another matter."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

PRINTABLE = r"[^\x00-\x1f\x7f]*"
LINE = rf"^{PRINTABLE}[^\s\x00-\x1f\x7f]{PRINTABLE}$"
EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$"
Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Line = Annotated[str, StringConstraints(max_length=200, pattern=LINE)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL)]


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
