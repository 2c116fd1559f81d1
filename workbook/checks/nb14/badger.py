"""14.badger: two who clear one board from both ends are both done at once."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.checks.verdict import NotYet
from workbook.drills.nights import badger
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
TWO = "two clients that resolve the same three incidents at the same moment, each in its own order"


async def check(answer: Answer) -> None:
    """Two from both ends, again and again; whoever meets neither goes on."""
    await judge.judge(answer, badger.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    await scene.read_from_the_beginning()
    for _ in range(3):
        codes, crossed = await badger.two_boards(scene)
        expect_state(f"the answers to {TWO}", codes, [200, 200], _question(codes))
        if crossed:
            raise NotYet.looked_at(
                TWO,
                got="both were done, after a good second in which each waited for the other",
                wanted="both are done as soon as the one is, and the other has its turn",
                ask="what does each hold while it waits, and who has to give way?",
            )
    await _one_order(scene)
    await _others_go_on(scene)


async def _one_order(scene: Scene) -> None:
    """Which of three is locked before the one in the middle, wherever their rows lie."""
    there = await _locked_before_the_middle(scene, moves=False)
    moved = await _locked_before_the_middle(scene, moves=True)
    what = "which of three incidents is locked before the second one, after the first was changed"
    ask = "in which order do rows come that nobody has asked to be in one?"
    expect_state(what, moved, there, ask)


async def _locked_before_the_middle(scene: Scene, moves: bool) -> str:
    """One that is changed lies behind the others afterwards."""
    keys = [scene.new_key() for _ in range(3)]
    ids = [await scene.incident(1, each) for each in keys]
    if moves:
        await scene.incident(1, keys[0], "critical")
    async with scene.gate(1, badger.HOLD, ids[1]):
        sent = scene.send(1, "PUT", badger.PATH, json={"ids": ids})
        await scene.all_wait([sent])
        free = await scene.rows(1, badger.FREE, ids)
    await sent
    held = [word for word, each in zip(("first", "second", "third"), ids, strict=True)
            if each not in free and each != ids[1]]  # fmt: skip
    return f"the {' and the '.join(held)}" if held else "none"


def _question(codes: list[int]) -> str:
    if 503 in codes:
        return "what does one of the two not wait for any more, or wait for too long?"
    if 404 in codes:
        return "the incidents are there: which of them did one of the two not get, and why?"
    return "what may have changed between the look at an incident and its change?"


async def _others_go_on(scene: Scene) -> None:
    """While somebody holds one incident, others are resolved all the same."""
    held, *others = [await scene.incident(1) for _ in range(3)]
    async with scene.gate(1, badger.HOLD, held):
        waiting = scene.send(1, "PUT", badger.PATH, json={"ids": [held]})
        answer = await scene.send(1, "PUT", badger.PATH, json={"ids": others})
    await waiting
    expect_state(
        "PUT for two incidents, while somebody holds a third one",
        answer.status_code, 200, "how much do you lock?",
    )  # fmt: skip
