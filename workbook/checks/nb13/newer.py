"""13.newer: the query for the page above a place, whose cost does not grow with the depth."""

from typing import Any

from workbook.checks.answer import Answer, expect_state
from workbook.checks.connections import own_engine
from workbook.checks.nb13 import pages, rows
from workbook.checks.nb13.pages import LIMIT, Place

EARLIER = "is an earlier moment the greater one, or the smaller?"
OF_THE_MOMENT = "which alerts of the place's own moment come before it in the list?"


async def check(answer: Answer) -> None:
    """Page after page upwards gives each alert once, and no page is dearer than another."""
    newer = answer.get()
    await rows.put(answer, rows.TIES)
    upwards = (await pages.every(answer))[::-1]
    await _pages_follow(answer, newer, upwards)
    await rows.put(answer, rows.BY_TIME)  # it would put in order what the query does not
    places = [upwards[-100], upwards[len(upwards) // 2], upwards[100]]
    await pages.cost_no_more(answer, "newer", newer, places)


async def _pages_follow(answer: Answer, newer: Any, upwards: list[Place]) -> None:
    """Ten pages upwards from the middle, and what is above the newest of all."""
    async with own_engine(answer) as engine, engine.connect() as connection:
        await connection.exec_driver_sql("SELECT set_config('app.team', '1', true)")
        middle = len(upwards) // 2 + 3  # among alerts of one moment
        for at in range(middle, middle + 10 * LIMIT, LIMIT):
            call, query = pages.asked("newer", newer, upwards[at], LIMIT)
            found = await pages.page(connection, call, query)
            wanted = upwards[at + 1 : at + 1 + LIMIT]
            if found != wanted:
                ask = _question(found, wanted, upwards, at)
                if found == upwards[:LIMIT] and query.whereclause is not None:
                    ask = EARLIER  # there is a condition, and it says the other way round
                if ask == OF_THE_MOMENT and pages.compares_in_python(answer):
                    ask = pages.IN_PYTHON
                pages.say(call, found, wanted, ask)
        call, query = pages.asked("newer", newer, upwards[-1], LIMIT)
        found = await pages.page(connection, call, query)
        ask = "what is newer than the newest of all?"
        expect_state(f"{call}, for the newest of all", found, [], ask)


def _question(found: list[Place], wanted: list[Place], upwards: list[Place], at: int) -> str:
    """What the difference shows; empty where it may be several things."""
    moment, number = place = upwards[at]
    if place in found:
        return "is the row of the place itself newer than the place?"
    if len(found) > LIMIT:
        return "how many rows does a page have?"
    if found == upwards[:LIMIT]:
        return "where does the page begin: at an end of the list, or at the place?"
    if found and max(found) < place:
        return EARLIER
    if found == wanted[::-1]:
        return "which of them is next to the place?"
    if found == upwards[: -LIMIT - 1 : -1]:
        return "which of those that are newer lie next to the place?"
    moments = [each[0] for each in found]
    if moments != sorted(moments):
        return "by which column is the list ordered first?"
    later = [each for each in upwards if each[0] > moment]
    if found and sorted(found) == sorted(later[:LIMIT]):
        return OF_THE_MOMENT
    if found == [each for each in later if each[1] > number][:LIMIT]:
        return "how are two pairs compared: by which value first, and when by the second?"
    if moments == [each[0] for each in wanted]:
        return "in which order do alerts of the same moment come?"
    return ""
