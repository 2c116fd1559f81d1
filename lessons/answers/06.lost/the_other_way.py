# wrong: which of the two numbers do you take from the other?
import httpx


async def lost(client, rows):
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    return await rows("x@y") - sum(a.status_code == 201 for a in answers)
