# right: a role of two words, and a UserOut that forbids, too: that holds for a dictionary, while of an object other attributes are not read anyway
from typing import Literal


class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    login: Line
    team_id: Id


class UserOut(BaseModel):
    """What everybody may know about a user."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

    id: int
    name: str
    email: str
    role: Literal["member", "lead"]
    team_id: int
