"""The entity diagram: tables, columns with PostgreSQL's names of their types, and references."""

import re

import pytest
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.types import NullType, TypeEngine

from workbook.display import diagram

MERMAID_WORD = re.compile(r"[*A-Za-z_][A-Za-z0-9\-_\[\]().,*]*")
"""What the grammar of Mermaid 11 takes for the type of an attribute."""


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Integer(), "integer"),
        (BigInteger(), "bigint"),
        (String(), "text"),
        (Text(), "text"),
        (String(40), "varchar(40)"),
        (DateTime(), "timestamp"),
        (DateTime(timezone=True), "timestamptz"),
        (TIMESTAMP(timezone=True, precision=3), "timestamptz(3)"),
        (Time(timezone=True), "timetz"),
        (Numeric(10, 2), "numeric(10,2)"),
        (ARRAY(Integer), "integer[]"),
        (ARRAY(String), "text[]"),
        (Enum("member", "lead", name="role"), "role"),
        (Enum("a", name="My Role"), "my_role"),
        (Uuid(), "uuid"),
        (JSONB(), "jsonb"),
        (LargeBinary(), "bytea"),
        (NullType(), "unknown"),
    ],
    ids=repr,
)
def test_a_type_has_postgresqls_name_as_one_word(kind: TypeEngine[object], name: str) -> None:
    table = Table("t", MetaData(), Column("c", kind, nullable=False), Column("d", kind))
    lines = diagram.of(table.metadata).text.splitlines()[2:4]
    assert [line.split() for line in lines] == [[name, "c"], [f"{name}_null", "d"]]
    assert MERMAID_WORD.fullmatch(name)


def metadata() -> MetaData:
    made = MetaData()
    Table("team", made, Column("id", Integer, primary_key=True))
    Table(
        "person",
        made,
        Column("id", Integer, primary_key=True),
        Column("team_id", ForeignKey("team.id"), nullable=False),
    )
    Table("badge", made, Column("person_id", ForeignKey("person.id"), primary_key=True))
    return made


def test_tables_are_followed_by_what_refers_to_what() -> None:
    """One to many; one to one where the reference is the key itself."""
    drawn = diagram.of(metadata())
    assert drawn.text.splitlines() == [
        "erDiagram",
        "    team {",
        "        integer id PK",
        "    }",
        "    person {",
        "        integer id PK",
        "        integer team_id FK",
        "    }",
        "    badge {",
        "        integer person_id PK",
        "    }",
        "    team ||--o{ person : team_id",
        "    person ||--o| badge : person_id",
    ]
    assert repr(drawn) == drawn.text
    assert set(drawn._repr_mimebundle_()) == {"text/vnd.mermaid", "text/plain"}


def test_only_the_named_tables_are_drawn() -> None:
    text = diagram.of(metadata(), "team").text
    assert "team {" in text
    assert "person {" not in text
