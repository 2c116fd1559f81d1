# wrong: is its default value, and not its type
class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = ConfigDict(extra="forbid")

    name: str = Line
    email: str = Email
    login: str = Line
    team_id: int = Id


class UserOut(BaseModel):
    """What everybody may know about a user."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: str
    team_id: int
