"""14.moth: a team learns nothing of another one's people, whoever has asked before."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.drills.nights import moth
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
STALE = "how long is what you keep true?"
LEAK = "whose question was it that is answered here once more?"


async def check(answer: Answer) -> None:
    """Before and after their own team; somebody who comes later; somebody who is changed."""
    await judge.judge(answer, moth.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    user_id = await moth.somebody(scene, 1)
    path, wanted = f"/users/{user_id}", {1: 200, 2: 404, 3: 404}
    for team in (2, 1, 2, 3, 1, 2):
        answer = await scene.client_of(team).get(path)
        what = f"GET {path}, a user of team 1, as team {team}"
        ask = (
            "what does this answer tell, that a 404 does not?"
            if answer.status_code == 403
            else LEAK
        )
        ask = ask if team != 1 else "who may see them, if not their own team?"
        ask = "" if answer.status_code >= 500 else ask  # what was raised stands in the verdict
        expect_state(what, answer.status_code, wanted[team], ask)
    await _changed(scene, path)
    await _comes_later(scene, user_id)


async def _changed(scene: Scene, path: str) -> None:
    """A new role is there as soon as it is given."""
    for role in ("lead", "member"):
        await scene.client_of(1).put(f"{path}/role", json={"role": role})
        found = (await scene.get(1, path))["role"]
        expect_state(f"the role that GET {path} shows, after it was given", found, role, STALE)


async def _comes_later(scene: Scene, last: int) -> None:
    """Who is not there yet is not missed for ever."""
    client = scene.client_of(1)
    for _ in range(2):
        await client.get(f"/users/{last + 1}")
    user_id = await moth.somebody(scene, 1)
    answer = await client.get(f"/users/{user_id}")
    what = "GET of a user for whom somebody has asked before they came"
    expect_state(what, answer.status_code, 200, STALE)
