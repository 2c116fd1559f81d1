# wrong: AttributeError: 'coroutine' object has no attribute 'status_code'
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [live.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = [x.json() for x in answers if x.status_code == 201]
    assert promised
