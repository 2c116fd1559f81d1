"""An entity diagram, drawn from the metadata and so never out of date."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData
from sqlalchemy.exc import CompileError

SHORT_NAMES = {
    r"(time(?:stamp)?)(\(\d\))? with time zone": r"\1tz\2",
    r" without time zone": "",
    r"\bvarchar(?!\()": "text",
    r", ": ",",
}
"""What of PostgreSQL's names is said more briefly: `timestamptz`, `numeric(10,2)`."""


@dataclass(frozen=True)
class Diagram:
    """Mermaid text; JupyterLab draws it, and elsewhere it reads as text."""

    text: str

    def __repr__(self) -> str:
        """The text of the diagram."""
        return self.text

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/vnd.mermaid": self.text, "text/plain": self.text}


def of(metadata: MetaData, *only: str) -> Diagram:
    """Tables with their columns, and a line for each foreign key; all tables, or those named."""
    tables = [each for each in metadata.sorted_tables if not only or each.name in only]
    lines = ["erDiagram"]
    for table in tables:
        lines.append(f"    {table.name} {{")
        lines += [
            f"        {_type(column)} {column.name}{_key(column)}" for column in table.columns
        ]
        lines.append("    }")
    for table in tables:
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
            many = "o{" if not key.parent.primary_key else "o|"
            lines.append(f"    {key.column.table.name} ||--{many} {table.name} : {key.parent.name}")
    return Diagram("\n".join(lines))


def _type(column: "Column[Any]") -> str:
    """PostgreSQL's name of the type, as one word that Mermaid reads."""
    name = _name_in_postgres(column)
    for long, short in SHORT_NAMES.items():
        name = re.sub(long, short, name)
    word = re.sub(r"[^\w()\[\],]+", "_", name)
    return f"{word}{'_null' if column.nullable else ''}"


def _name_in_postgres(column: "Column[Any]") -> str:
    from sqlalchemy.dialects import postgresql  # a fifth of a second, unless an engine was made

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    try:
        return column.type.compile(dialect=dialect).lower().replace('"', "")
    except CompileError:  # a type that PostgreSQL does not have, or none
        return "unknown"


def _key(column: "Column[Any]") -> str:
    return " PK" if column.primary_key else " FK" if column.foreign_keys else ""
