# right: emails are compared in place of ids: easier to read when it fails, and as certain, for an email is unique
async def test_a_201_is_a_promise(live: AsyncClient, failing_commit: None) -> None:
    """Every user that a client was told of is there."""
    team_id: int = (await live.post("/teams", json={"name": "night"})).json()["id"]
    answers = [await live.post("/users", json=zoe(team_id, login)) for login in ("a", "b")]
    promised = {x.json()['email'] for x in answers if x.status_code == 201}
    shown = {u['email'] for u in (await live.get('/users')).json()}
    assert promised
    assert promised == shown
