# wrong: `model_config = ConfigDict(…)` for the configuration
class UserIn(BaseModel):
    """What a client may say about a new user."""

    config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    login: Line
    team_id: Id


class UserOut(BaseModel):
    """What everybody may know about a user."""

    config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: str
    team_id: int
