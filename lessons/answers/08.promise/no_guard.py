# wrong: what has your test compared, where nobody was promised anything?
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await live.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = [each.json() for each in answers if each.status_code == 201]
    assert (await live.get("/users")).json() == promised
