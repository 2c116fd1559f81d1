# wrong: is the question whether a row is missing, or how many are?
import httpx


async def lost(client, rows):
    answers = [await client.post("/users", json={"email": "x@y"}) for _ in range(2)]
    return sum(a.status_code == 201 for a in answers) != await rows("x@y")
