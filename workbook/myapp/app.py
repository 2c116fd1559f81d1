"""The files of an app that runs, and whose code each of them is."""

import ast
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from workbook.base import paths


class Origin(Enum):
    """Whose code a file or an app is."""

    LEARNER = "as the learner wrote it"
    MIXED = "the learner's, with the reference's definitions where an answer is not accepted"
    REFERENCE = "the reference's"


@dataclass(frozen=True)
class AppFile:
    """The text of one file of the app, and where it comes from."""

    text: str
    reference_for: tuple[str, ...] = ()
    """Ids of the exercises for which the reference stands in."""
    replaced_because: str = ""
    """Why the whole file is the reference's, or an empty string."""

    @property
    def origin(self) -> Origin:
        """Whose code it is."""
        if self.replaced_because:
            return Origin.REFERENCE
        return Origin.MIXED if self.reference_for else Origin.LEARNER


@dataclass(frozen=True)
class App:
    """Files by their path below `myapp/`."""

    files: dict[str, AppFile]

    @classmethod
    def of(cls, texts: dict[str, str]) -> "App":
        """An app of these texts, with no part from elsewhere."""
        return cls({name: AppFile(text) for name, text in texts.items()})

    @property
    def texts(self) -> dict[str, str]:
        """The text of every file."""
        return {name: file.text for name, file in self.files.items()}

    @property
    def origin(self) -> Origin:
        """Whose code it is; the learner's where there is no file."""
        found = {file.origin for file in self.files.values()} or {Origin.LEARNER}
        return found.pop() if len(found) == 1 else Origin.MIXED

    def exercises_from_reference(self) -> list[str]:
        """The ids of the exercises for which the reference stands in, sorted."""
        return sorted({one for file in self.files.values() for one in file.reference_for})

    def files_from_reference(self) -> dict[str, str]:
        """The files that are the reference's as a whole, sorted, and why."""
        found = {name: file.replaced_because for name, file in self.files.items()}
        return {name: why for name, why in sorted(found.items()) if why}

    def with_the_reference(self, reasons: bool = False) -> str:
        """What the reference stands in for, as `with the reference for …`, or an empty string."""
        files = self.files_from_reference()
        named = [f"myapp/{name} ({why})" for name, why in files.items()] if reasons else [*files]
        borrowed = ", ".join(self.exercises_from_reference() + named)
        return f"with the reference for {borrowed}" if borrowed else ""

    def whose(self, path: str) -> str:
        """Whose code runs when this file is imported, as a sentence for the learner."""
        if why := self.files[path].replaced_because:
            return f"the reference version, because myapp/{path}: {why}."
        if not (borrowed := self.with_the_reference(reasons=True)):
            return f"yours, from myapp/{path}."
        exercises = len(self.exercises_from_reference())
        until = f" until {'that is' if exercises == 1 else 'those are'} right" if exercises else ""
        return f"yours, {borrowed}{until}."

    def without_unwritten(self, folder: str) -> "App":
        """The same app without those files below this folder that the learner has not yet."""
        there = paths.myapp()
        return self.only(
            [n for n in self.files if not n.startswith(folder) or (there / n).exists()]
        )

    def needed_by(self, path: str) -> "App":
        """The file and every file that it imports, directly or through others, sorted."""
        found, new = set[str](), {path} & self.files.keys()
        while new:
            found |= new
            imported = set().union(*(_imports(self.files[each].text) for each in new))
            new = imported & self.files.keys() - found
        return self.only(sorted(found))

    def only(self, names: list[str]) -> "App":
        """These files of the app."""
        return App({name: self.files[name] for name in names})

    def write(self, folder: Path) -> None:
        """Write every file below this folder."""
        write_files(folder, self.texts)


def write_files(folder: Path, texts: dict[str, str]) -> None:
    """Write these texts below a folder."""
    for name, text in texts.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _imports(text: str) -> set[str]:
    """The files that a module's imports may mean, whether they are there or not."""
    try:
        body = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return set()
    names = {alias.name for node in body if isinstance(node, ast.Import) for alias in node.names}
    for node in (each for each in body if isinstance(each, ast.ImportFrom) and each.module):
        names |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name.replace(".", "/") + ".py" for name in names}
