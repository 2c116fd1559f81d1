"""13.keyset: the query for a page from a place on, whose cost does not grow with the depth."""

from typing import Any

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.nb13 import pages, rows
from workbook.checks.nb13.pages import LIMIT, Place

OF_THE_MOMENT = "which alerts of the place's own moment come behind it?"

BY_NUMBER = "what says where the page begins: a number of rows, or the values of the place?"


async def check(answer: Answer) -> None:
    """Page after page gives each alert once, in order, and the last page is no dearer."""
    older = answer.get()
    await rows.put(answer, rows.TIES)
    every = await pages.every(answer)
    await _pages_follow(answer, older, every)
    await rows.put(answer, rows.BY_TIME)  # it would put in order what the query does not
    places = [every[depth] for depth in (50, len(every) // 2, len(every) - 100)]
    await pages.cost_no_more(answer, "older", older, places)


async def _pages_follow(answer: Answer, older: Any, every: list[Place]) -> None:
    async with own_engine(answer) as engine, engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.team', '1', true)")
        place: Place | None = None
        for first in range(0, 10 * LIMIT, LIMIT):
            call, query = pages.asked("older", older, place, LIMIT)
            found = await pages.page(connection, call, query)
            wanted = every[first : first + LIMIT]
            if found != wanted:
                ask = _question(found, wanted, every[:first], place)
                if place and "OFFSET" in str(query):
                    ask = BY_NUMBER
                elif ask == OF_THE_MOMENT and pages.compares_in_python(answer):
                    ask = pages.IN_PYTHON
                pages.say(call, found, wanted, ask)
            place = found[-1]
        last = every[-1]
        call, query = pages.asked("older", older, last, LIMIT)
        ask = "what comes behind the last alert of all?"
        expect_state(
            f"{call}, behind the last alert", await pages.page(connection, call, query), [], ask
        )


def _question(
    found: list[Place], wanted: list[Place], before: list[Place], place: Place | None
) -> str:
    """What the difference shows."""
    if place in found:
        return "is the row of the place itself behind the place?"
    if set(found) & set(before):
        return "which alerts are behind the place: those that are older than it, or newer?"
    if len(found) > LIMIT:
        return "how many rows does a page have?"
    moments = [each[0] for each in found]
    if sorted(found) == sorted(wanted) or {*moments} == {wanted[0][0]}:
        return "in which order do alerts of the same moment come?"
    if found == sorted(found) and len(found) > 1:
        return "which of two alerts comes first, the older or the newer?"
    if moments != sorted(moments, reverse=True):
        return "by which column is the list ordered first?"
    if place and not {each for each in found if each[0] == place[0]}:
        return OF_THE_MOMENT
    if place and place[0] in [each[0] for each in wanted]:
        return "how are two pairs compared: by which value first, and when by the second?"
    return ""
