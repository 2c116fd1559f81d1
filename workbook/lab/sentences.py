"""What the first and the last cell of a notebook say about files and progress."""

from collections import Counter
from pathlib import Path

from workbook import material, workspace
from workbook.base import paths


def files(found: list[str], rebuilt: list[str]) -> str:
    """Which files of the earlier notebooks were found, and which had to be rebuilt."""
    if not found and not rebuilt:
        return "none are needed here"
    parts = []
    if found:
        parts.append(f"found {', '.join(_by_folder(found))}")
    if rebuilt:
        parts.append(f"rebuilt {', '.join(_by_folder(rebuilt))}")
    return "; ".join(parts)


def ahead(book: material.Notebook, later: list[str]) -> str:
    """What to expect where myapp/ holds files that only later notebooks write; else empty."""
    further = sorted(set(later) - book.files.keys())
    if not further:
        return ""
    return (
        f"myapp/ is further on than notebook {book.number}: it has"
        f" {', '.join(_by_folder(further))}. A cell may show other things here than the text says."
        f" `./wb catch-up {book.number}` takes the app back to this point; `./wb undo` returns."
    )


def of_files() -> list[str]:
    """What to say of notebooks that cannot be handed out, and of one run where it is not safe."""
    shipped = paths.ROOT / "notebooks"
    own = f"This notebook lies in notebooks/, which git replaces. Yours is in {paths.work()}."
    here = Path.cwd() == shipped and paths.work() == paths.ROOT / "work"
    return [*workspace.damage(), *([own] if here else [])]


def progress(book: material.Notebook) -> str:
    """How many exercises of this notebook are solved, and which notebook is next."""
    standing = workspace.standing(book, workspace.read())
    rest = "; the rest is deeper" if standing.open and standing.is_done else ""
    later = next((each for each in material.notebooks() if each.number > book.number), None)
    onward = f" Next: {later.stem}.ipynb." if later else ""
    return f"Solved here: {standing.right} of {standing.total}{rest}.{onward}"


def _by_folder(names: list[str]) -> list[str]:
    """The files, and where there are more than four in a folder, the folder."""
    count = Counter(name.rpartition("/")[0] for name in names)
    many = {folder for folder, number in count.items() if number > 4}
    short = [
        n if (f := n.rpartition("/")[0]) not in many else f"{f or 'myapp'}/ ({count[f]} files)"
        for n in names
    ]
    return list(dict.fromkeys(short))
