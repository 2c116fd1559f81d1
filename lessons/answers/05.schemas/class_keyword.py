# right: the configuration as a keyword of the class
class UserIn(BaseModel, extra="forbid"):
    """What a client may say about a new user."""


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
