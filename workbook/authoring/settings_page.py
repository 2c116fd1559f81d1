"""The page `docs/settings.md`: a table of the environment variables, from `base/settings.py`."""

import ast
import inspect

from workbook.base import paths, settings

PAGE = paths.ROOT / "docs" / "settings.md"
COMPOSE = {
    "WORKBOOK_LAB_PORT": "The port of JupyterLab on this machine; 8888.",
    "WORKBOOK_DB_PORT": "The port of the service `db` on this machine, where it has one "
    "(`./wb lab --postgres compose`); 54329, and another where that is taken.",
    "WORKBOOK_DB_PASSWORD": "The password of the service `db`; a random one where it is not set.",
    "WORKBOOK_APP_PORT": "The port of the finished app (`--profile app`); 8000.",
    "WORKBOOK_PYTHON_IMAGE": "The image that the service `lab` is built on; `python:3.14-slim`.",
    "WORKBOOK_UID": "The account that owns what the service `lab` writes; the owner of `work/`. "
    "Rootless Docker needs 0.",
    "WORKBOOK_GID": "Its group; the same number as the account's.",
}
HEAD = """# Settings

None is needed. Each is an environment variable; an empty one counts as not set.
This page is made from `workbook/base/settings.py` by `python -m workbook.authoring.settings_page`.
"""


def text() -> str:
    """The whole page."""
    own = {settings.variable(name): said for name, said in descriptions().items()}
    rest = "\n## Only for `docker-compose.yml`\n"
    return "\n".join([HEAD, *_table(own), rest, *_table(COMPOSE)]) + "\n"


def descriptions() -> dict[str, str]:
    """Field → the docstring below it, in one line; "" where there is none."""
    body = ast.parse(inspect.getsource(settings.Settings)).body[0]
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    for node, after in zip(body.body, [*body.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = after.value if isinstance(after, ast.Expr) else None
            words = said.value if isinstance(said, ast.Constant) else ""
            found[node.target.id] = " ".join(str(words).split())
    return found


def _table(rows: dict[str, str]) -> list[str]:
    return [
        "| variable | what it says |",
        "|---|---|",
        *(f"| `{name}` | {said} |" for name, said in rows.items()),
    ]


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
