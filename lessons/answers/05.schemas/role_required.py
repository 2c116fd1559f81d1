# wrong: which fields does a client give for a new user?
class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = ConfigDict(extra="forbid")

    name: Line
    email: Email
    login: Line
    team_id: Id
    role: str


class UserOut(BaseModel):
    """What everybody may know about a user."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: str
    team_id: int
