"""Folders as texts: relative path → text, in order, without what programs keep there for speed."""

from pathlib import Path

CACHES = {"__pycache__", ".mypy_cache"}


def texts(folder: Path) -> dict[str, str]:
    """The text of every file below a folder; empty where there is no folder."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path.read_text("utf-8")
        for name, path in found.items()
        if not CACHES & set(name.parts)
    }


def write(path: Path, text: str) -> None:
    """Write a file and its folders; one that is as it should be is not touched."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
