# wrong: it was refused: role: Input should be 'member' or 'admin'
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

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: Literal["member", "admin"]
    team_id: int
