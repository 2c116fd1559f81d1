# wrong: had the COMMIT ended when you sent the GET? What does `rows` wait for?
import httpx


async def lost(client, rows):
    gone = 0
    for _ in range(2):
        a = await client.post("/users", json={"email": "x@y"})
        if a.status_code == 201:
            got = await client.get(f"/users/{a.json()['id']}")
            gone += got.status_code == 404
    return gone
