"""The page of claims names cells that are there."""

import json
import re

import pytest

from workbook.base import paths

PAGE = paths.ROOT / "docs" / "claims.md"
HEAD, RULE, *ROWS = [
    line for line in PAGE.read_text("utf-8").splitlines() if line.lstrip().startswith("|")
]


@pytest.mark.parametrize("row", ROWS, ids=[row[2:50] for row in ROWS])
def test_a_claim_names_the_cells_that_show_it(row: str) -> None:
    shown = row.rsplit("|", 2)[1]
    parts = re.findall(r"\]\(\.\./(solutions/\S+\.ipynb)\)((?: `[0-9a-f-]+`,?)+)", shown)
    assert parts, shown
    for name, named in parts:
        notebook = json.loads((paths.ROOT / name).read_text("utf-8"))
        ran = {cell["id"] for cell in notebook["cells"] if cell.get("outputs")}
        assert set(re.findall(r"`([0-9a-f-]+)`", named)) <= ran


def test_the_page_is_one_table_whose_rows_are_all_looked_at() -> None:
    assert HEAD == "| the recipe says | what happens | verdict | shown by |"
    assert set(RULE) == {"|", "-"}
    assert ROWS and {len(COLUMN.findall(row)) for row in ROWS} == {len(COLUMN.findall(HEAD))}


COLUMN = re.compile(r"(?<!\\)\|")
"""What parts two columns; not the sign within a text."""
