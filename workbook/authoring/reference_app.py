"""The folder `app_reference/`: the app as the last notebook's solution leaves it."""

from pathlib import Path

from workbook import material
from workbook.authoring import trees
from workbook.base import paths


def expected() -> dict[str, str]:
    """Path → text, of the material that is there; empty where there is none."""
    notebooks = material.notebooks()
    return material.files_before(notebooks[-1].number) | notebooks[-1].files if notebooks else {}


def write(app: dict[str, str]) -> None:
    """Make the folder hold this app, and nothing else but caches."""
    for name in trees.texts(_folder()).keys() - app.keys():
        (_folder() / name).unlink()
    for name, text in app.items():
        trees.write(_folder() / name, text)


def complaints() -> list[str]:
    """What is not as the solutions leave it."""
    app, found = expected(), trees.texts(_folder())
    odd = sorted(name for name in app.keys() | found.keys() if app.get(name) != found.get(name))
    return [
        f"app_reference/{name} is not what the solutions leave. Run: ./wb build" for name in odd
    ]


def _folder() -> Path:
    return paths.ROOT / "app_reference"
