# right: each promised user is asked for by its id
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await live.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = [each.json() for each in answers if each.is_success]
    assert promised
    for user in promised:
        found = await live.get(f"/users/{user['id']}")
        assert found.json()["email"] == user["email"]
