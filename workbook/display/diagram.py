"""An entity diagram, drawn from the metadata and so never out of date."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData


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
    name = column.type.__visit_name__.lower()
    aware = getattr(column.type, "timezone", False)
    name = "timestamptz" if aware else {"string": "text", "datetime": "timestamp"}.get(name, name)
    return f"{name}{'_null' if column.nullable else ''}"


def _key(column: "Column[Any]") -> str:
    return " PK" if column.primary_key else " FK" if column.foreign_keys else ""
