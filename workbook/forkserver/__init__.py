"""A process that has done the slow imports, and forks for each request.

Imports of FastAPI, SQLAlchemy, Alembic or ipykernel take a second and more, and are the same each
time. A fork server has done them; what it forks is as a process of its own would be: arguments,
environment, folder, streams, signals.

- `preload`: which modules are imported ahead
- `client`:  `run(address, Job(…), fds)` asks for a fork and follows it; standard library only
- `server`:  `ForkServer` starts the process and ends it
- `loop`:    what that process does
- `child`:   what happens between the fork and the first line of what was asked for
- `records`: which forks belong to which learner's folder, for who looks for what is left

A request is a length, JSON and some file descriptors, on a Unix socket; the answer is a line with
the process id, and at the end one with the exit status. Where the other end of a request's line
closes, whoever asked is gone, and the fork is killed with its group.
"""
