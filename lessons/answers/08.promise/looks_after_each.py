# wrong: who is there after the last POST, and when did your test look?
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    kept = 0
    for login in ("a", "b"):
        made = await live.post("/users", json=zoe(team_id, login))
        if made.is_success:
            found = await live.get(f"/users/{made.json()['id']}")
            assert found.json()["email"] == f"{login}@x.test"
            kept += 1
    assert kept
