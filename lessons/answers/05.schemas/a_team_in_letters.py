# wrong: of which type is the column
class UserIn(BaseModel):
    """What a client may say about a new user."""

    model_config = {"extra": "forbid"}

    name: Line
    email: Email
    login: Line
    team_id: str


class UserOut(BaseModel):
    """What everybody may know about a user."""

    model_config = {"from_attributes": True}

    id: Id
    name: Line
    email: Email
    role: str
    team_id: Id
