"""FastAPI and Pydantic."""

import datetime
import decimal
import importlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any, Optional  # noqa: F401 (a text reads it)
from unittest.mock import patch

import httpx
import pydantic
import uvicorn
from fastapi import Depends, FastAPI, Form
from pydantic import BaseModel, EmailStr, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import FileResponse
from starlette.templating import Jinja2Templates

from reported import Bolt, Place, Rig, raises, use
from reported.awaits import get_db


class RigOut(BaseModel):
    name: str


async def answered(app: FastAPI) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        await client.get("/")


@raises("FastAPIError: a return type that is no schema")
async def model_as_the_response(place: Place) -> None:
    @FastAPI().get("/", response_model=Rig)
    async def show() -> Any: ...


@raises("FastAPIError: a return type that is no schema")
async def session_without_depends(place: Place) -> None:
    @FastAPI().get("/")
    async def show(session: AsyncSession) -> str: ...


@raises("ValidationError: a schema that does not read attributes")
async def attributes_not_read(place: Place) -> None:
    RigOut.model_validate(Rig(name="one"))


class Settings(BaseSettings):
    no_such_url_anywhere: str


@raises("ValidationError: a setting is missing")
async def setting_missing(place: Place) -> None:
    Settings()


class Closed(BaseSettings):
    model_config = SettingsConfigDict(extra="forbid")


@raises("ValidationError: a setting too many")
async def setting_too_many(place: Place) -> None:
    Closed(postgres_password="secret")


@raises("ResponseValidationError: the endpoint leaves a field out")
async def field_left_out(place: Place) -> None:
    app = FastAPI()

    @app.get("/", response_model=RigOut)
    async def show() -> Any:
        return {"title": "one"}

    await answered(app)


@raises("PydanticSchemaGenerationError: a type that Pydantic does not know")
async def model_in_a_schema(place: Place) -> None:
    class Page(BaseModel):
        rig: Rig


@raises("TypeError: an object that is no JSON")
async def no_json(place: Place) -> None:
    json.dumps({"price": decimal.Decimal("1.5")})


@raises("TypeError: an object that is no JSON")
async def no_json_for_pydantic(place: Place) -> None:
    class Page(BaseModel):
        rig: Any

    Page(rig=Rig(name="one")).model_dump_json()


@raises("RuntimeError: forms need another package")
async def form(place: Place) -> None:
    """Here the package is installed: for a moment it cannot be imported."""
    with patch.dict(sys.modules, dict.fromkeys(("python_multipart", "multipart"))):

        @FastAPI().post("/")
        async def show(name: Annotated[str, Form()]) -> str: ...


@raises("ImportError: addresses need another package")
async def address(place: Place) -> None:
    class User(BaseModel):
        email: EmailStr


@raises("AttributeError: a generator in the place of a session")
async def dependency_called(place: Place) -> None:
    """An endpoint that calls the dependency itself, as a default."""
    app = FastAPI()

    @app.get("/")
    async def show(session: Annotated[Any, Depends(lambda: get_db())]) -> None:
        session.add(Rig(name="two"))

    await answered(app)


@raises("TypeError: a client of httpx with an app")
async def client_with_an_app(place: Place) -> None:
    httpx.AsyncClient(app=FastAPI())


@raises("PydanticImportError: settings have a package of their own")
async def settings_of_pydantic(place: Place) -> None:
    _ = pydantic.BaseSettings


@raises("PydanticUserError: a field without its type")
async def field_without_a_type(place: Place) -> None:
    class Page(BaseModel):
        name = ""


@raises("PydanticUserError: a field without its type")
async def declared_without_a_type(place: Place) -> None:
    class Page(BaseModel):
        name = Field(default="")


@raises("TypeError: a field with two defaults")
async def two_defaults(place: Place) -> None:
    class Page(BaseModel):
        rows: list[int] = Field(default=[], default_factory=list)  # type: ignore[call-overload]


@raises("PydanticUserError: a schema whose other half is missing")
async def other_half_missing(place: Place) -> None:
    class Page(BaseModel):
        rows: list["Rows"]  # noqa: F821 - that is the mistake

    Page(rows=[])


def package(**modules: str) -> str:
    """A folder with a package `night` of these modules, which can be imported."""
    folder = tempfile.mkdtemp(prefix="reported-")
    Path(folder, "night").mkdir()
    for name, code in modules.items():
        Path(folder, "night", f"{name}.py").write_text(code, "utf-8")
    return folder


@raises("ImportError: two modules that import each other")
async def circle_of_imports(place: Place) -> None:
    folder = package(
        models="from night.database import Base", database="from night.models import Team"
    )
    sys.path.insert(0, folder)
    try:
        importlib.import_module("night.models")
    finally:
        sys.path.remove(folder)
        shutil.rmtree(folder)


@raises("ImportError: a relative import without a package")
async def relative_import(place: Place) -> None:
    exec("from .database import Base", {"__name__": "__main__"})


@raises("RuntimeError: a server started inside a running loop")
async def uvicorn_inside_a_loop(place: Place) -> None:
    uvicorn.run(FastAPI(), host="127.0.0.1", port=0, log_config=None)


@raises("PydanticUserError: a root_validator of Pydantic 1")
async def root_validator_of_pydantic_1(place: Place) -> None:
    class Watch(BaseModel):
        begins: int

        @pydantic.root_validator
        def ordered(cls, values: dict[str, Any]) -> dict[str, Any]:
            return values


@raises("RecursionError: objects that lead back to each other, as an answer")
async def circle_as_an_answer(place: Place) -> None:
    app = FastAPI()

    @app.get("/")
    async def show():  # type: ignore[no-untyped-def]
        return Rig(id=1, bolts=[Bolt(id=1)])

    await answered(app)


@raises("TypeError: a template's name in the place of the request")
async def template_of_older_versions(place: Place) -> None:
    templates = Jinja2Templates(directory=tempfile.gettempdir())
    templates.TemplateResponse("index.html", {"request": None})  # type: ignore[arg-type]


@raises("TypeError: a factory, served as an app")
async def factory_served(place: Place) -> None:
    await answered(lambda: FastAPI())  # type: ignore[arg-type]


NAMED_LIKE_ITS_TYPE = "ValidationError: a field that is called like its type"


def event(annotation: str) -> Any:
    """A schema whose field `date` has this annotation, and None as its default."""
    own: dict[str, Any] = {"date": datetime.date}
    exec(f"class Event(BaseModel):\n    date: {annotation} = None", globals(), own)
    return own["Event"](date="2026-03-01")


use(NAMED_LIKE_ITS_TYPE, lambda _: event("Optional[date]"))
if sys.version_info < (3, 14):  # since then annotations are read later
    use(NAMED_LIKE_ITS_TYPE, lambda _: event("date | None"))


@raises("ValidationError: a setting that the platform has set")
async def setting_of_the_platform(place: Place) -> None:
    class Ports(BaseSettings):
        postgres_port: int = 5432

    Ports(postgres_port="tcp://10.0.0.1:5432")  # type: ignore[arg-type]


@raises("FastAPIError: a return type that is no schema")
async def union_with_a_response(place: Place) -> None:
    @FastAPI().get("/")
    async def show() -> FileResponse | dict[str, str]: ...


@raises("PydanticUserError: a __root__ of Pydantic 1")
async def root_of_pydantic_1(place: Place) -> None:
    type(
        "Names", (BaseModel,), {"__annotations__": {"__root__": list[str]}, "__module__": __name__}
    )


@raises("PydanticUserError: a validator with parameters of Pydantic 1")
async def validator_of_pydantic_1(place: Place) -> None:
    class Watch(BaseModel):
        name: str

        @pydantic.validator("name")
        def check(cls, value: str, field: Any) -> str:
            return value


@raises("ValidationError: a setting that is no value of its type")
async def empty_setting(place: Place) -> None:
    class Switched(BaseSettings):
        debug: bool = False

    with patch.dict(os.environ, {"DEBUG": ""}):
        Switched()
