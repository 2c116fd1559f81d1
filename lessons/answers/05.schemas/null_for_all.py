# wrong: may the column be empty?
class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = ConfigDict(extra="forbid")

    name: Line | None
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
