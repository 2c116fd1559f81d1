"""Files of the app as lists of named parts, whatever they are written in.

A Python file's parts are its definitions. A Compose file's are its services, and each entry of its
other sections. Any other file is one part, named as the exercise names it.
"""

from typing import Protocol

from workbook.myapp.formats.compose import ComposeFile
from workbook.myapp.formats.opaque import OpaqueFile
from workbook.myapp.formats.python import PythonFile


class FileFormat(Protocol):
    """How a kind of file is put together and taken apart; SyntaxError where it does not parse."""

    def check(self, source: str) -> None:
        """Raise SyntaxError where this is not such a file."""

    def check_cell(self, source: str) -> None:
        """The same for a cell, which is put into such a file."""

    def merge(self, old: str, new: str, drop_unused_imports: bool = False) -> str:
        """The old file with the new parts in it."""

    def left_out(self, old: str, new: str, merged: str) -> list[str]:
        """What the file or the cell says, and the merged file no longer does, a line for each."""

    def without(self, source: str, keys: set[str], imports: set[str] | None = None) -> str:
        """The file without these parts."""

    def with_reference(self, learners: str, reference: str, names: set[str]) -> str:
        """The learner's file with the reference's parts in place of these names."""

    def keys(self, source: str) -> list[str]:
        """What a cell puts into a file."""

    def definitions(self, source: str, names: tuple[str, ...]) -> dict[str, str]:
        """What these names mean, without comments and layout; {} when it does not parse."""

    def defined(self, source: str) -> list[str]:
        """The names of the parts; [] when it does not parse."""

    def for_effect(self, source: str) -> list[str]:
        """What a file does by being read, beside defining its parts."""


def for_path(path: str | None) -> FileFormat:
    """How the file of this path is written; a cell of a notebook is Python."""
    if path is None or path.endswith(".py"):
        return PythonFile()
    return ComposeFile() if path.endswith((".yml", ".yaml")) else OpaqueFile()
