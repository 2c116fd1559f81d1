"""12.policy: each table shows a team its own rows, and takes no others; nobody sees none."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from workbook.checks.alembic_commands import expect_place
from workbook.checks.answer import Answer, Raised, expect_state
from workbook.checks.connections import own_connection
from workbook.checks.nb12.schema import needs_a_plain_role, upgrade
from workbook.checks.verdict import NotYet

HOLD = "SELECT set_config('app.team', $1, true)"
ROWS = """
INSERT INTO alert (team_id, dedupe_key, payload) SELECT id, 'k', '{}' FROM team;
INSERT INTO acknowledgement (incident_id, user_id)
SELECT min(i.id), min(u.id) FROM incident i JOIN user_account u USING (team_id) GROUP BY team_id;
INSERT INTO page (incident_id, user_id) SELECT incident_id, user_id FROM acknowledgement
"""
"""One of each kind for each of the four teams, before any team stands in these tables."""
TABLES = {
    "incident": "team_id",
    "team": "id",
    "user_account": "team_id",
    "alert": "team_id",
    "acknowledgement": "team_id",
    "page": "team_id",
}
SEEN = "SELECT coalesce(string_agg(DISTINCT {column}::text, ' '), 'none') FROM {table}"
CHANGE = "UPDATE {table} SET {column} = {column} WHERE {column} = 2"
MOVE = "UPDATE incident SET team_id = 2"
"""Without a WHERE: with one, the new row would have to be seen too, and another rule refuse it."""
OWN = "UPDATE incident SET status = 'resolved' WHERE id = (SELECT min(id) FROM incident)"
ADD = "INSERT INTO incident (title, severity, team_id) VALUES ('probe', 'minor', {})"
REFUSED = "new row violates row-level security policy"
OWNER = "who owns the tables, and for whom does a policy count then?"
COLUMN = "which column says whose row it is in the table `team`, and which argument names it?"
NO_NAME = (
    "which words of your text are Python's to fill in, and which does PostgreSQL read as they are?"
)
ASKED = "when does a table ask its policies at all?"


async def check(answer: Answer) -> None:
    """What is seen, changed, written and deleted: by a team, by nobody, and by a later nobody."""
    expect_place("0013", parent="0012")
    await needs_a_plain_role(answer)
    await answer.observer.execute(ROWS)
    await _upgrade(answer)
    async with own_connection(answer) as app:
        for table, column in TABLES.items():
            await _is_seen(answer, app, table, column)
        for table, column in TABLES.items():
            await _others_stay(app, table, column)
        await _is_no_worker(app)
        await _writes(app)
        await _deletes(app)
    for table in TABLES:
        await _is_of_team(answer, table)


async def _upgrade(answer: Answer) -> None:
    """Run the revision; where its policy names a column that a table has not, ask for that one."""
    try:
        await upgrade(answer)
    except NotYet as problem:
        found = re.search(r'column "(\w+)" does not exist', problem.lines["What happened"])
        if found and "Ask yourself" not in problem.lines:
            problem.lines["Ask yourself"] = COLUMN if found[1] == "team_id" else NO_NAME
        raise


async def _is_of_team(answer: Answer, table: str) -> None:
    """The name, by which `downgrade` drops it, and the roles: the app may log in as any."""
    policies = "SELECT policyname::text, roles::text[] FROM pg_policies WHERE tablename = $1"
    found = {row[0]: row[1] for row in await answer.observer.fetch(policies, table)}
    if "of_team" not in found:
        ask = "which policy does `downgrade` drop?"
        got = ", ".join(sorted(found.keys() - {"of_worker"}))
        raise NotYet.looked_at(f"the policies of {table}", got=got, wanted="of_team", ask=ask)
    what = f"the roles for which of_team counts in {table}"
    expect_state(what, found["of_team"], ["public"], "as which roles may an app log in?")


@asynccontextmanager
async def _held(app: "asyncpg.Connection", team: str) -> AsyncIterator[None]:
    """A transaction of this team, or of nobody; what it does is undone."""
    turn = app.transaction()
    await turn.start()
    if team:
        await app.execute(HOLD, team)
    try:
        yield
    finally:
        await turn.rollback()


async def _is_seen(answer: Answer, app: "asyncpg.Connection", table: str, column: str) -> None:
    ask = await _switched_on(answer, table)
    for team, who, wanted in (
        ("", "a transaction without a team", "none"),
        ("2", "a transaction of team 2", "2"),
        ("", "the next transaction on its connection, without a team", "none"),
    ):
        async with _held(app, team):
            got = await _told(app, SEEN.format(table=table, column=column))
        question = ask
        if not ask and got == "none":
            question = await _lets_nothing_through(answer, table)
        elif not ask and "2" in got.split():
            question = "which rows does the condition of your policy let through?"
        expect_state(f"the teams in {table} that {who} sees", got, wanted, question)


async def _switched_on(answer: Answer, table: str) -> str:
    """The question about a table that does not ask its policies, or not for its owner."""
    switches = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass"
    enabled, forced = await answer.observer.fetchrow(switches, table)
    if enabled and forced:
        return ""
    return OWNER if enabled else ASKED


async def _lets_nothing_through(answer: Answer, table: str) -> str:
    """The question about a table that shows a team nothing."""
    kinds = "SELECT permissive FROM pg_policies WHERE tablename = $1"
    found = {row["permissive"] for row in await answer.observer.fetch(kinds, table)}
    if not found:
        return "what does a table show that asks its policies, and has none?"
    if found == {"RESTRICTIVE"}:
        return "a restrictive policy takes rows away from those that others allow: which one does?"
    return "for which statements, for whom and for which rows is your policy?"


async def _others_stay(app: "asyncpg.Connection", table: str, column: str) -> None:
    """The rows of another team cannot be changed, by whatever columns."""
    async with _held(app, "1"):
        got = await _told(app, CHANGE.format(table=table, column=column), rows=True)
    ask = "for which statements does your policy count?"
    expect_state(f"rows of team 2 in {table} that team 1 could change", got, "UPDATE 0", ask)


async def _is_no_worker(app: "asyncpg.Connection") -> None:
    """What lets the worker see each team opens no other table."""
    async with _held(app, "1"):
        await app.execute("SELECT set_config('app.worker', 'on', true)")
        got = await _told(app, SEEN.format(table="incident", column="team_id"))
    what = "the teams in incident that a transaction of team 1 sees whose app.worker is on"
    expect_state(what, got, "1", "which rows does the condition of your policy let through?")


async def _writes(app: "asyncpg.Connection") -> None:
    """An incident for one's own team, for another one, and one that is given away."""
    async with _held(app, "1"):
        got = await _told(app, ADD.format(1), rows=True)
    ask = "for which statements does your policy count?"
    expect_state("team 1 opens an incident of its own", got, "INSERT 0 1", ask)
    async with _held(app, "1"):
        got = await _told(app, OWN, rows=True)
    expect_state("team 1 resolves an incident of its own", got, "UPDATE 1", ask)
    for what, sql in (
        ("team 1 opens an incident of team 2", ADD.format(2)),
        ("team 1 gives its incidents to team 2", MOVE),
    ):
        async with _held(app, "1"):
            got = await _told(app, sql, rows=True)
        if REFUSED not in got:
            ask = "which condition must a row meet that is written?"
            raise NotYet.looked_at(what, got=got, wanted="it is refused", ask=ask)


async def _deletes(app: "asyncpg.Connection") -> None:
    async with _held(app, "1"):
        mine = await _told(app, "DELETE FROM page WHERE team_id = 1", rows=True)
        theirs = await _told(app, "DELETE FROM page WHERE team_id = 2", rows=True)
    ask = "for which statements does your policy count?"
    what = "pages that team 1 deletes: its own, and those of team 2"
    expect_state(what, (mine, theirs), ("DELETE 1", "DELETE 0"), ask)


async def _told(app: "asyncpg.Connection", sql: str, rows: bool = False) -> str:
    """The value, or the tag of a statement that changes rows; or what PostgreSQL raised."""
    try:
        async with app.transaction():
            return str(await (app.execute(sql) if rows else app.fetchval(sql)))
    except asyncpg.PostgresError as error:
        return Raised(f"{type(error).__name__}: {error}".splitlines()[0])
