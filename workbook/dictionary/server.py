"""What PostgreSQL sends with an error beside its message: what it is about, and its own advice."""

from collections.abc import Iterator

from workbook.base.causes import raised_from

ABOUT = ("schema", "table", "column", "datatype", "constraint")
"""The objects that PostgreSQL names in fields of their own."""


def adds(error: BaseException) -> str:
    """The objects, the detail and the hint that came with the error, as sentences; or ""."""
    found = (list(_said(each)) for each in raised_from(error))
    return " ".join(next(filter(None, found), []))


def _said(error: BaseException) -> Iterator[str]:
    named = [(each, _field(error, f"{each}_name")) for each in ABOUT]
    if about := [f"{each} `{name}`" for each, name in named if name]:
        yield f"It is about {', '.join(about)}."
    if detail := _field(error, "detail"):
        yield f"PostgreSQL's detail: {detail}"
    if hint := _field(error, "hint"):
        yield f"Its hint: {hint}"


def _field(error: BaseException, name: str) -> str:
    """As asyncpg has it, else as psycopg and psycopg2, which keep it in `diag`."""
    kept = getattr(error, name, None) if getattr(error, "sqlstate", None) else None
    asked = name if name.endswith("_name") else f"message_{name}"
    found = kept or getattr(getattr(error, "diag", None), asked, None)
    return found if isinstance(found, str) else ""
