"""The app and its database as Compose runs them, and what images and volumes lead to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from workbook.base.problem import Problem
from workbook.display.table import Table
from workbook.lab import exercises
from workbook.lab.session import Session
from workbook.myapp import standin

if TYPE_CHECKING:
    from workbook.stack import Stack


@asynccontextmanager
async def open_stack(
    session: Session,
    text: str | Callable[[str], str] | None,
    overrides: dict[str, str],
    finished: bool,
    own: bool,
) -> AsyncIterator["Stack"]:
    """A stack that is closed at the end of the block, or with the notebook at the latest."""
    from workbook.stack import opening, warm_programs

    await exercises.judge_app(session)
    session.end_once(warm_programs.close)
    made = opening.open_stack(session.number, text, overrides, finished, own)
    session.resources.push_async_callback(made.close)
    async with made:
        yield made


def describe_image(number: str, text: str) -> Table:
    """What this Dockerfile leads to, with the `.dockerignore` of the app."""
    from workbook.stack import image_report
    from workbook.stack.dockerfile import DockerfileError

    ignore = standin.app(number).files[".dockerignore"].text
    try:
        return image_report.describe_image(text, ignore)
    except DockerfileError as error:
        raise Problem(f"This Dockerfile cannot be built: {error}.") from None


def describe_volumes(lines: tuple[str, ...]) -> Table:
    """What becomes of the data of Postgres images, for pairs of `IMAGE VOLUME`."""
    from workbook.stack import image_report

    return image_report.describe_volumes(lines)
