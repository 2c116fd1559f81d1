"""14.hare: five roles are given at once, as often as somebody likes."""

from workbook.checks.answer import Answer, expect_state
from workbook.checks.nb14 import judge
from workbook.drills.nights import hare
from workbook.drills.scene import Scene

ENVIRONMENT, IMPORTS = judge.ENVIRONMENT, False
LEFT = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND datname = current_database() AND state = 'idle'
"""
REFUSES_ONCE = """
CREATE SEQUENCE refusals;
CREATE FUNCTION refuse_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
'BEGIN IF nextval(''refusals'') = 1 THEN RAISE ''again'' USING ERRCODE = ''40001''; END IF;
RETURN NULL; END';
CREATE TRIGGER refuses_once AFTER UPDATE ON user_account FOR EACH ROW EXECUTE FUNCTION refuse_once()
"""
FIVE = "the answers to five changes of a role at once"
HOLDS = "which connection holds what the others wait for, and until when?"


async def check(answer: Answer) -> None:
    """Five at once, twice; once more where a first attempt fails; and nothing stays locked."""
    await judge.judge(answer, hare.DRILL, _probe)


async def _probe(scene: Scene) -> None:
    for role in ("lead", "member"):
        await _all_done(scene, FIVE, role, HOLDS)
    await scene.observer.fetch("SELECT 1")
    for each in REFUSES_ONCE.split(";\nCREATE "):
        await scene.observer.fetch(each if each.strip().startswith("CREATE") else f"CREATE {each}")
    ask = "who gives back what an attempt has taken that fails?"
    for _ in range(2):
        await _all_done(scene, f"{FIVE}, of which one attempt fails with 40001", "member", ask)
    left = await scene.observer.value(LEFT)
    expect_state("advisory locks that idle connections hold afterwards", left, 0, HOLDS)


async def _all_done(scene: Scene, what: str, role: str, ask: str) -> None:
    expect_state(what, await hare.roster(scene, role), [200] * hare.AT_ONCE, ask)
    page = await scene.get(1, "/users", limit=hare.AT_ONCE)
    roles = [each["role"] for each in page]
    expect_state(
        "the roles afterwards", roles, [role] * hare.AT_ONCE, "is it done, where 200 is said?"
    )
