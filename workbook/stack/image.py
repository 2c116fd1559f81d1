"""What a Dockerfile leads to, and where a Postgres image keeps its data: told as tables."""

from collections.abc import Iterable

from workbook.display.table import Table
from workbook.stack import dockerfile
from workbook.stack.reading import Service
from workbook.stack.replay import holds_data, refuses

PRIVATE = (".env", ".git/config", "tests/conftest.py")
"""Files that lie in the app's folder and that nobody needs in an image."""
CHANGED = "app/main.py"


def table(text: str, ignore: str) -> Table:
    """Who runs what, which files came along, and what is done again after a change of the app."""
    argv = dockerfile.command(text)
    again = [str(step) for step in dockerfile.again(text, CHANGED)]
    rows = [
        ("it runs as", dockerfile.user(text)),
        ("its first process", argv[0] if argv else "none"),
        ("came along", ", ".join(taken(text, ignore, PRIVATE)) or "nothing that should not"),
        (f"again, after a change of {CHANGED}", "; ".join(again) or "nothing that takes long"),
    ]
    return Table(("what", "how it is"), rows)


def taken(text: str, ignore: str, files: Iterable[str]) -> list[str]:
    """Those of these files that the build copies from the app's folder, in any stage."""
    copies = [
        step
        for stage in dockerfile.stages(text)
        for step in stage.steps
        if step.kind in ("COPY", "ADD") and "from" not in step.options
    ]
    sent = [name for name in files if not dockerfile.ignored(ignore, name)]
    return [n for n in sent if any(dockerfile.covers(step.words[:-1], n) for step in copies)]


def volumes(lines: Iterable[str]) -> Table:
    """For each `IMAGE VOLUME`: whether the data outlive the container."""
    rows = []
    for line in lines:
        image, volume = line.split()
        service = Service("db", image=image, volumes=(volume,))
        kept = "kept" if holds_data(service, volume) else "lost with the container"
        rows.append((image, volume, "it does not start" if refuses(service) else kept))
    return Table(("image", "volume", "the data"), rows)
