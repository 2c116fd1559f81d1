"""Where a name of this stack comes from: which module brings it, and which class has it."""

import sys
from types import ModuleType

STACK = "httpx asyncpg sqlalchemy fastapi pydantic pytest alembic uvicorn"
MODULES = f"""fastapi fastapi.responses fastapi.testclient fastapi.security pydantic
pydantic_settings sqlalchemy sqlalchemy.orm sqlalchemy.ext.asyncio sqlalchemy.exc
sqlalchemy.dialects.postgresql alembic httpx starlette.requests typing collections.abc dataclasses
datetime decimal enum uuid pathlib contextlib functools {STACK}"""
"""Searched in this order; a module that nobody has imported yet is left out."""
STANDARD = "asyncio json os sys re logging math uuid random pathlib typing functools itertools io"
STANDARD += " contextlib collections dataclasses enum decimal subprocess tempfile shutil hashlib"
STANDARD += " secrets base64 csv traceback warnings datetime time"
"""Modules of Python's own whose names are seldom those of variables."""
CLASSES = {
    "asyncpg.connection": "Connection",
    "asyncpg.pool": "Pool",
    "sqlalchemy.ext.asyncio": "AsyncEngine AsyncConnection AsyncSession async_sessionmaker",
    "sqlalchemy.engine": "Result ScalarResult Row",
    "sqlalchemy": "Select MetaData",
    "sqlalchemy.orm": "Session Query",
    "httpx": "AsyncClient Client Response",
    "starlette.requests": "Request",
    "starlette.websockets": "WebSocket",
    "fastapi": "FastAPI APIRouter UploadFile",
    "pydantic": "BaseModel",
    "pathlib": "Path",
    "datetime": "datetime date timedelta",
    "builtins": "dict list str bytes",
}
FEW = 3
"""What more classes than this have tells nothing."""


SINCE = {
    "3.11": "TaskGroup timeout Runner Barrier UTC StrEnum ReprEnum verify Self LiteralString Never"
    " assert_never Required NotRequired reveal_type tomllib ExceptionGroup chdir add_note",
    "3.12": "override batched TypeAliasType Buffer get_original_bases",
    "3.13": "ReadOnly TypeIs NoDefault copy_replace QueueShutDown deprecated",
    "3.14": "annotationlib Template concurrent_interpreters",
}
"""Names of Python's own library, by the version that brought them."""


def since(name: str, module: str) -> str:
    """The version of Python that brought a name of its library, as a sentence; or ""."""
    if module.partition(".")[0] not in sys.stdlib_module_names:
        return ""
    found = next((version for version, names in SINCE.items() if name in names.split()), "")
    return found and f"`{name}` came with Python {found}."


def imported(name: str) -> str:
    """The import that brings a name which is not defined, as a sentence; or ""."""
    found = [each for each in MODULES.split() if _brings(each, name)]
    if found and len(name) >= FEW and not name.startswith("_"):
        return f"If the one of `{found[0]}` is meant, `from {found[0]} import {name}` brings it."
    known = name in STACK.split() or name in STANDARD.split()
    return f"If the module is meant, `import {name}` brings it." if known else ""


def of_table(name: str, asked: object) -> str:
    """Where the columns of SQLAlchemy's tables are, as a sentence; or ""."""
    if (type(asked).__module__, type(asked).__name__) != ("sqlalchemy.sql.schema", "Table"):
        return ""
    return f"The columns of a `Table` are in its `c`: `users.c.{name}`. A model has them itself."


def _brings(module: str, name: str) -> bool:
    found = vars(sys.modules.get(module, sys)).get(name)
    return found is not None and not isinstance(found, ModuleType)


def owners(name: str, kind: type) -> str:
    """The classes of this stack that have an attribute, as a sentence; or ""."""
    if name.startswith("_"):
        return ""
    known = [
        (module, cls)
        for module, classes in CLASSES.items()
        for cls in classes.split()
        if _has(module, cls, name, kind)
    ]
    listed = ", ".join(_named(module, cls) for module, cls in known)
    return f"`{name}` is of {listed}." if 0 < len(known) <= FEW else ""


def _has(module: str, cls: str, name: str, kind: type) -> bool:
    found = vars(sys.modules.get(module, sys)).get(cls)
    if not isinstance(found, type) or issubclass(kind, found):
        return False
    return any(name in vars(each) for each in found.__mro__)


def _named(module: str, cls: str) -> str:
    library = module.partition(".")[0]
    return f"`{cls}`" if library == "builtins" else f"{library}'s `{cls}`"
