"""14.stoat: what is listed of an alert is what was sent last."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.drills.nights import stoat
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
PAIRS: tuple[tuple[stoat.Payload, stoat.Payload], ...] = (
    ({"host": "db-1"}, {"host": "db-2"}),
    ({"host": "db-1", "free": "0 B"}, {"host": "db-1", "used": "all"}),
    ({"host": "db-1", "fans": {"left": "still"}}, {"host": "db-1", "fans": {"right": "still"}}),
)


async def check(answer: Answer) -> None:
    """Another host, a key that is gone, one inside another one; a repetition changes nothing."""
    await judge.judge(answer, stoat.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    for first, then in PAIRS:
        code, listed = await stoat.comes_back(scene, first, then)
        what = f"an alert that comes back with {then}, after {first}"
        expect_state(f"the answer to {what}", code, 201)
        expect_state(f"the payload that is listed for {what}", listed, [then], _ask(listed, first))
    first, then = PAIRS[0]
    code, listed = await stoat.comes_back(scene, first, then, is_over=False)
    what = f"an alert that comes with {then} while its incident is open, after {first}"
    ask = "what does a repetition change, as POST /alerts says it?"
    expect_state(f"the answer to {what}", code, 200)
    expect_state(f"the payload that is listed for {what}", listed, [first], ask)


def _ask(listed: list[stoat.Payload], first: stoat.Payload) -> str:
    if listed == [first]:
        return "which of the columns that you change does the UPDATE name?"
    return "what was sent last, and what is left of the message before?"
