"""What comes in and goes out in the peers that use Pydantic."""

from pydantic import BaseModel, ConfigDict


class UserIn(BaseModel):
    name: str
    email: str
    login: str
    team_id: int


class UserOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    email: str
    role: str
    team_id: int
