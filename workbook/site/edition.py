"""The two editions of the site, and what each of them is told."""

from dataclasses import dataclass
from enum import StrEnum


class Edition(StrEnum):
    """For whom the pages are: learners find solutions behind a click, instructors see them."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"


@dataclass(frozen=True)
class Place:
    """Where the workbook itself lies, for links that leave the site."""

    repository: str
    """Its address without a slash at the end; empty where nobody has said one."""
    version: str

    def file(self, path: str) -> str:
        """The address of a file or folder of the checkout; empty where there is no repository."""
        return f"{self.repository}/blob/main/{path}" if self.repository else ""
