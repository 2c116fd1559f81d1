"""An answer in a file that was given: what the file imports, and what the cell has to bring."""

import asyncio
import re
from pathlib import Path

import pytest
from postgres_fixtures import clean as clean
from postgres_fixtures import place as place
from postgres_fixtures import started

from workbook import material
from workbook.base import paths
from workbook.checks import checking
from workbook.checks.verdict import Verdict
from workbook.myapp import formats
from workbook.postgres import new_private_cluster

EXERCISE = material.exercise("05.get_user")
GIVEN = (paths.ROOT / "lessons/given/05/app/routers/users.py").read_text("utf-8")
IMPORTS = "from fastapi import HTTPException\n{also}\n\n"
BODY = '''{decorator}
async def get_user({parameter}, session: Session) -> User:
    """Show one user."""
    user = await session.get(User, user_id)
    {guard}
    {end}
'''


def as_the_third_hint_says(also: str) -> str:
    """The given file with a cell of the third hint's own pieces, and these imports."""
    pieces = dict(enumerate(re.findall(r"`([^`]+)`", EXERCISE.hints[2])))
    cell = IMPORTS.format(also=pieces[0] if also else "") + BODY.format(
        decorator=pieces[1], parameter=pieces[2], guard=pieces[3], end=pieces[4]
    )
    return formats.for_path("app/routers/users.py").merge(GIVEN, cell)


@pytest.mark.parametrize("also", ["what the hint imports", ""])
def test_the_third_hint_of_get_user_brings_what_the_given_file_lacks(
    place: Path, also: str
) -> None:
    with started(new_private_cluster(place / "cluster")) as server:
        checks = checking.Checks(server, "05", "given")

        async def judged() -> Verdict:
            try:
                return await checks.judge(EXERCISE, as_the_third_hint_says(also))
            finally:
                await checks.close()

        verdict = asyncio.run(judged())
    checking.RUNNER.stop()
    if also:
        assert verdict.kind == "right", verdict
    else:
        assert "name 'Id' is not defined" in repr(verdict)
        assert "which module has that name, and does this file import it?" in repr(verdict)
