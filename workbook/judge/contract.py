"""What a service says of itself, so that it can be judged: `judge.toml` in its folder."""

import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbook.base.problem import Problem

NAME = "judge.toml"
NIGHTWATCH = Path(__file__).with_name("nightwatch.toml")
"""The contract of the workbook's own app, for a folder that says nothing and looks like it."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prepare(_Part):
    """A command that runs once, after the migrations."""

    module: list[str] = Field(min_length=1)
    """What stands behind `python -m`."""
    input: str = ""
    """What it reads."""


class Login(_Part):
    """A form that is answered with an `access_token`, which every request shows then."""

    path: str
    form: dict[str, str]


class Write(_Part):
    """A request that stores something, and where it is read then."""

    path: str
    body: dict[str, Any]
    """`{n}` in it is another number each time."""
    read: str
    """`{id}` in it is the id in the answer."""

    def numbered(self, number: int) -> dict[str, Any]:
        """The body with this number."""
        text = json.dumps(self.body).replace("{n}", str(number))
        filled: dict[str, Any] = json.loads(text)
        return filled

    def where(self, stored: dict[str, Any]) -> str:
        """Where it is read, by the fields of the answer; Problem names one that is not there."""
        try:
            return self.read.format_map(stored)
        except (KeyError, ValueError, IndexError) as error:
            asked = f"`read = {self.read!r}` in judge.toml asks for {error}"
            raise Problem(
                f"{asked}, and the answer has {', '.join(stored) or 'nothing'}."
            ) from None


class Contract(_Part):
    """What a judge has to know of a service."""

    app: str = "app.main:app"
    """What uvicorn imports."""
    live: str = "/livez"
    ready: str = "/readyz"
    environment: dict[str, str] = {}
    """What it must be told beside `DATABASE_URL`."""
    prepare: Prepare | None = None
    login: Login | None = None
    write: Write | None = None

    @property
    def module(self) -> str:
        """The file of the app, below the folder."""
        return self.app.partition(":")[0].replace(".", "/") + ".py"


def read(folder: Path) -> Contract:
    """The contract of the service in this folder; Problem with a sentence where it says nonsense.

    Without a `judge.toml` the workbook's own app has its own, and any other one the usual names.
    """
    path = folder / NAME
    if not path.is_file():
        if not (folder / "app/new_team.py").is_file():
            return Contract()
        path = NIGHTWATCH
    try:
        return Contract.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(f"{path} cannot be read: {error}.") from None
    except ValidationError as error:
        raise Problem(f"{path}: {_first(error)}.") from None


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    return f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
