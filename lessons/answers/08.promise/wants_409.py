# wrong: what did this app promise that it did not keep?
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await live.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    assert [each.status_code for each in answers] == [201, 500]
    assert len((await live.get("/users")).json()) == 1
