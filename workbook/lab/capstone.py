"""The end of the book: the learner's app beside the reference, and a service that is judged."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbook.base import paths
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.lab import exercises
from workbook.lab.session import Session
from workbook.myapp import comparing

if TYPE_CHECKING:
    from workbook.judge.finding import Judgement


async def compare(session: Session, path: str | None) -> Table | Card:
    """What differs, after every answer in myapp/ that is not known yet was judged."""
    await exercises.judge_app(session)
    return comparing.compare(session.number, path)


async def judge(session: Session, folder: str, only: tuple[str, ...]) -> "Judgement":
    """The judgement of the service in a folder, which is below work/ where it is not absolute."""
    from workbook.judge import judge  # HTTP client and pydantic: half a second
    from workbook.stack import warm_programs

    session.end_once(warm_programs.close)
    named = Path(folder).expanduser()
    return await judge(named if named.is_absolute() else paths.work() / folder, only)
