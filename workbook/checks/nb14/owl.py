"""14.owl: whose turn it is does not depend on who was changed last."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.drills.nights import owl
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
NEW = 3
"""How many members come for the check; what they are called is before all other names."""


async def check(answer: Answer) -> None:
    """Whoever of a team is changed, and wherever the row lies: the first of them is paged first."""
    await judge.judge(answer, owl.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    await scene.read_from_the_beginning()
    people = await owl.members(scene, NEW)
    incident = await scene.incident(1)
    for changed in (people[0], people[1], people[-1], people[0]):
        await owl.new_role_and_back(scene, changed)
        paged = await owl.responder(scene, incident)
        what = f"who is paged first, of the members {people}, after {changed} was changed"
        expect_state(what, paged, people[0], _ask(paged, people))
    await scene.client_of(1).put(f"/users/{people[0]}/role", json={"role": "lead"})
    paged = await owl.responder(scene, incident)
    ask = "who comes after the members?"
    expect_state(f"who is paged first, when {people[0]} leads", paged, people[1], ask)


def _ask(paged: int, people: list[int]) -> str:
    if paged == people[-1]:
        return "which way round is your order?"
    if paged != people[1]:  # who lies first, where the first row has got a new version
        return "by what do you order, and whose turn is it when somebody is renamed?"
    return "in which order do rows come that nobody has asked to be in one?"
