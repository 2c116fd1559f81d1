# wrong: which client has its answer before the COMMIT has ended, as a user has?
async def test_a_201_is_a_promise(failing_commit: None, client: AsyncClient) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await client.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await client.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = [x.json() for x in answers if x.status_code == 201]
    assert promised and (await client.get('/users')).json() == promised
