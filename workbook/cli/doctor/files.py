"""What the doctor asks of the files: whole notebooks, and progress that can be read."""

from collections.abc import Iterator

from workbook import workspace
from workbook.base import paths
from workbook.cli.doctor.finding import Finding

UNFINISHED = {"MERGE_HEAD": "merge", "rebase-merge": "rebase", "rebase-apply": "rebase"}


def notebooks() -> Iterator[Finding]:
    """Each notebook of the checkout is one, and git has finished what it began there."""
    damaged = workspace.damage()
    for each in damaged:
        what, _, repair = each.rpartition(" Run: ")
        yield Finding(False, what, repair)
    began = [what for name, what in UNFINISHED.items() if (paths.ROOT / ".git" / name).exists()]
    if began and not damaged:
        repair = "git status, which says how to go on and how to go back"
        yield Finding(False, f"git has not finished a {began[0]} in this folder.", repair)
    if not damaged and not began:
        yield Finding(True, "The notebooks that are handed out are whole.")


def progress() -> Iterator[Finding]:
    """What is known of solved exercises could be read; what could not is kept."""
    workspace.read()  # sets aside what cannot be read
    for each in sorted(paths.state().glob("progress-damaged-*.json")):
        words = f"A damaged progress.json is kept as {each}."
        yield Finding(True, words, "Run the check cells again; then the file can go.")


ALL = [notebooks, progress]
