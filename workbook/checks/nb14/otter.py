"""14.otter: who hears 200 has what they asked for, also where the first attempt was in vain."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.drills.nights import otter
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
MOVE = "while the connection to the database is ended"


async def check(answer: Answer) -> None:
    """A board that is cleared as the connection is lost; and all of it or nothing."""
    await judge.judge(answer, otter.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    for count in (3, 1, 2):
        ids = [await scene.incident(1) for _ in range(count)]
        code = await otter.during_a_move(scene, ids)
        what = f"PUT {otter.PATH} for {count} incidents, {MOVE}"
        expect_state(f"the answer to {what}", code, 200, _ask(code))
        found = await otter.statuses(scene, ids)
        ask = "what is left of the first attempt when the second one begins?"
        expect_state(f"the incidents after a 200 to {what}", found, ["resolved"] * count, ask)
    await _all_or_none(scene)


def _ask(code: int) -> str:
    if code == 404:
        return "what is left of the first attempt when the second one begins?"
    return "who did the work again up to now, and who has to do it now?"


async def _all_or_none(scene: Scene) -> None:
    """One of them does not exist: the others stay as they are."""
    ids = [await scene.incident(1) for _ in range(2)]
    sent = {"ids": [*ids, 2**31 - 1]}
    code = (await scene.client_of(1).put(otter.PATH, json=sent)).status_code
    expect_state("the answer to PUT, where one of three incidents does not exist", code, 404)
    found = await otter.statuses(scene, ids)
    ask = "who commits, and when?"
    expect_state("the two others after that", found, ["open"] * 2, ask)
