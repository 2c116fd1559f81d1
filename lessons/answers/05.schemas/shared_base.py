# right: one base for what both have, and the settings in a class of their own
class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = {"extra": "forbid"}


class UserIn(Strict):
    """What a client may say about a new user."""

    name: Line
    email: Email
    login: Line
    team_id: Id


class UserOut(BaseModel, from_attributes=True):
    """What everybody may know about a user."""

    id: int
    name: str
    email: str
    role: str
    team_id: int
