"""14.heron: whoever says that an incident is over hears that it is, however many say so at once."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.checks.verdict import NotYet, Reason
from workbook.drills.nights import heron
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
LATE = "whose work was done, when the UPDATE found no row of the version that was read?"
ELSEWHERE = "whom does a lock of Python's hold back, and who serves the other clients?"
TAKE = "UPDATE incident SET status = 'acknowledged', version = version + 1 WHERE id = $1"
WAITS = """
SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""
AFTERWARDS = Reason(
    "Two requests read the incident in the same version, and each wrote it. The second UPDATE found"
    " no row of that version, and nobody had said what that means here. In your answer nobody waits"
    " before they write; whoever's UPDATE comes late begins anew, with what is there by then."
)
"""Of an answer that takes no lock as it reads."""
TWO = "two clients that send PUT …/resolution for one incident at the same moment"


async def check(answer: Answer) -> Reason | None:
    """Two at once, again and again; somebody else's incident meanwhile; and what is stored."""
    return await judge.judge(answer, heron.DRILL, _probe, _alone)


async def _probe(scene: Scene) -> Reason | None:
    for _ in range(3):
        incident = await scene.incident(1)
        codes = await heron.two_at_once(scene, incident)
        expect_state(f"the answers to {TWO}", codes, [200, 200], _question(codes))
        seen = await scene.get(1, f"/incidents/{incident}")
        expect_state("the incident afterwards", seen["status"], "resolved")
    waits_to_write = await _says_what_is_so(scene)
    await _others_go_on(scene)
    return AFTERWARDS if waits_to_write else None


async def _alone(scene: Scene) -> None:
    """The two did not meet in this process; somebody of another process is met all the same."""
    await _says_what_is_so(scene, ELSEWHERE)


def _question(codes: list[int]) -> str:
    if codes in ([404, 404], [503, 503]):
        return "what does your read do about a row that somebody has locked: wait, raise, or skip?"
    if 409 in codes or 404 in codes:
        return "the second one wants what is so already: what is there to refuse?"
    if 503 in codes:
        return "what does one of the two wait for, and who holds it?"
    return "what has each of the two read before the other one wrote?"


async def _says_what_is_so(scene: Scene, ask: str = LATE) -> bool:
    """Somebody takes the incident meanwhile: it is over all the same, and the answer is true.

    Whether it is the UPDATE that waited for them.
    """
    incident = await scene.incident(1)
    async with scene.gate(1, TAKE, incident):
        sent = scene.send(1, "PUT", f"/incidents/{incident}/resolution")
        await scene.all_wait([sent])
        waits = str(await scene.observer.value(WAITS))
    answer = await sent
    seen = (await scene.get(1, f"/incidents/{incident}"))["status"]
    expect_state(
        "PUT …/resolution, while another process takes the incident: the answer, and the incident",
        (answer.status_code, seen),
        (200, "resolved"),
        ask,
    )
    return waits.lstrip().upper().startswith("UPDATE")


async def _others_go_on(scene: Scene) -> None:
    """While somebody holds one incident, another one is resolved all the same."""
    held, other = await scene.incident(1), await scene.incident(1)
    async with scene.gate(1, heron.LOCK, held):
        waiting = scene.send(1, "PUT", f"/incidents/{held}/resolution")
        answer = await scene.send(1, "PUT", f"/incidents/{other}/resolution")
    await waiting
    if answer.status_code != 200:
        raise NotYet.looked_at(
            "PUT …/resolution for one incident, while somebody holds another one",
            got=f"the answer was {answer.status_code}",
            wanted="200: nobody has this incident",
            ask="how much do you lock?",
        )
