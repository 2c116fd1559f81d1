# right: it asks after each POST, and what counts is the last list
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    promised, there = set(), set()
    for login in ("a", "b"):
        answer = await live.post("/users", json=zoe(team_id, login))
        if answer.status_code == 201:
            promised.add(answer.json()["id"])
        there = {user["id"] for user in (await live.get("/users")).json()}
    assert promised and promised == there
