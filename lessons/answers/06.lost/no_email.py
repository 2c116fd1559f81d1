# wrong: why does the app refuse what was sent?
import httpx


async def lost(client, rows):
    answers = [await client.post("/users", json={"name": "x@y"}) for _ in range(2)]
    return sum(a.status_code == 201 for a in answers) - await rows("x@y")
