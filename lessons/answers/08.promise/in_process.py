# wrong: fixture 'server' not found
async def test_a_201_is_a_promise(server: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await server.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await server.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = [each for each in answers if each.status_code == 201]
    assert len((await server.get("/users")).json()) == len(promised)
