"""14.badger: two who clear one board from both ends are both done at once."""

import asyncio

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.checks.verdict import NotYet
from workbook.drills.nights import badger
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
TWO = "two clients that resolve the same three incidents at the same moment, each in its own order"


async def check(answer: Answer) -> None:
    """Two from both ends, again and again; whoever meets neither goes on."""
    await judge.judge(answer, badger.DRILL, _probe, _alone)


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


async def _alone(scene: Scene) -> None:
    """The two did not meet in this process; those of two processes would."""
    there = await _locked_before_the_middle(scene)
    backwards = await _locked_before_the_middle(scene, backwards=True)
    expect_state(
        "which of three incidents is locked before the second one, where the client's list"
        " is the other way round, and the request comes to another process of the app",
        backwards,
        there,
        "whom does a lock of Python's hold back, and who serves the other clients?",
    )
    await _others_are_not_kept(scene)


async def _others_are_not_kept(scene: Scene) -> None:
    """Whoever meets nobody is answered before whoever waits; on a machine that serves others."""
    held, other = await scene.incident(1), await scene.incident(1)
    async with scene.gate(1, badger.HOLD, held):
        waits = scene.send(1, "PUT", badger.PATH, json={"ids": [held]})
        await scene.all_wait([waits])
        goes_on = scene.send(1, "PUT", badger.PATH, json={"ids": [other]})
        looks = scene.send(1, "GET", f"/incidents/{other}")
        await asyncio.wait([waits, goes_on], return_when=asyncio.FIRST_COMPLETED)
        kept, served = not goes_on.done(), looks.done()
    await asyncio.wait([waits, goes_on, looks])
    if kept and served:
        raise NotYet.looked_at(
            "PUT for one incident, while another request waits for another incident",
            got="it waited too, and not in the database",
            wanted="an answer at once",
            ask="how much do you lock, and in how many processes does that help?",
        )


async def _one_order(scene: Scene) -> None:
    """Which of three is locked before the one in the middle, wherever their rows lie."""
    there = await _locked_before_the_middle(scene)
    moved = await _locked_before_the_middle(scene, moves=True)
    what = "which of three incidents is locked before the second one, after the first was changed"
    ask = "in which order do rows come that nobody has asked to be in one?"
    expect_state(what, moved, there, ask)


async def _locked_before_the_middle(
    scene: Scene, moves: bool = False, backwards: bool = False
) -> str:
    """One that is changed lies behind the others afterwards."""
    keys = [scene.new_key() for _ in range(3)]
    ids = [await scene.incident(1, each) for each in keys]
    if moves:
        await scene.incident(1, keys[0], "critical")
    async with scene.gate(1, badger.HOLD, ids[1]):
        asked = ids[::-1] if backwards else ids
        sent = scene.send(1, "PUT", badger.PATH, json={"ids": asked})
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
