"""What a Dockerfile leads to, and where a Postgres image keeps its data: told as tables."""

import re
from collections.abc import Iterable

from workbook.display.table import Table
from workbook.stack import dockerfile
from workbook.stack.addresses import is_secret
from workbook.stack.compose_file import Service
from workbook.stack.dockerfile_variables import given_by
from workbook.stack.dockerignore import ignores
from workbook.stack.postgres_image import holds_data, refusal

PRIVATE_FILES = (".env", ".git/config", "tests/conftest.py")
"""Files that lie in the app's folder and that nobody needs in an image."""
CHANGED = "app/main.py"
LOGIN = re.compile(r"://[^:/@\s]*:[^@\s]+@")
"""A URL with a password in it."""


def describe_image(text: str, ignore: str) -> Table:
    """Who runs what, which files came along, and what is done again after a change of the app."""
    argv = dockerfile.command(text)
    again = [str(step) for step in dockerfile.invalidated_steps(text, CHANGED)]
    came_along = ", ".join([*files_taken(text, ignore, PRIVATE_FILES), *secrets_in(text)])
    rows = [
        ("it runs as", dockerfile.user(text) or "nobody: its variable has no value"),
        ("its first process", argv[0] if argv else "none"),
        ("came along", came_along or "nothing that should not"),
        (f"again, after a change of {CHANGED}", "; ".join(again) or "nothing that takes long"),
    ]
    return Table(("what", "how it is"), rows)


def secrets_in(text: str) -> list[str]:
    """The ARG and ENV instructions that put a password into the image, without it."""
    found = []
    for step in (each for stage in dockerfile.stages(text) for each in stage.steps):
        if step.kind in ("ARG", "ENV"):
            found += [f"{step.kind} {name}=…" for name, value in given_by(step, {}).items()
                      if value and (is_secret(name) or LOGIN.search(value))]  # fmt: skip
    return found


def files_taken(text: str, ignore: str, files: Iterable[str]) -> list[str]:
    """Those of these files that the build copies from the app's folder, in any stage."""
    copies = [
        step
        for stage in dockerfile.stages(text)
        for step in stage.steps
        if step.kind in ("COPY", "ADD") and "from" not in step.options
    ]
    sent = [name for name in files if not ignores(ignore, name)]
    return [n for n in sent if any(dockerfile.covers(step.words[:-1], n) for step in copies)]


def describe_volumes(lines: Iterable[str]) -> Table:
    """For each `IMAGE VOLUME`: whether the data outlive the container."""
    rows = []
    for line in lines:
        image, volume = line.split()
        service = Service("db", image=image, volumes=(volume,))
        kept = "kept" if holds_data(service, volume) else "lost with the container"
        rows.append((image, volume, "it does not start" if refusal(service) else kept))
    return Table(("image", "volume", "the data"), rows)
