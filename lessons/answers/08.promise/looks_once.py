# wrong: which COMMIT can fail, where only one user is added?
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answer = await live.post("/users", json=zoe(team_id, "a"))
    assert answer.status_code == 201
    assert len((await live.get("/users")).json()) == 1
