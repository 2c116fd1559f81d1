"""The machines that a kit is made for: a platform and a Python each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from packaging import tags
from packaging.markers import Environment, default_environment

from workbook.base.problem import Problem

PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
PLATFORMS = {
    "linux-x86_64": "x86_64",
    "linux-arm64": "aarch64",
    "macos-arm64": "arm64",
    "macos-x86_64": "x86_64",
}
"""Each with the word that the machine itself uses for its processor."""
GLIBC = 28
"""Wheels that need no newer glibc than 2.28, which is that of Debian 10 and RHEL 8."""
MACOS = (14, 0)


@dataclass(frozen=True)
class Target:
    """One platform with one Python."""

    platform: str
    python: str

    def __str__(self) -> str:
        return f"{self.platform}, Python {self.python}"

    def environments(self) -> Iterator[Environment]:
        """What requirements' markers are asked about, in place of this machine.

        With its first release and with a late one: a marker may ask for 3.11.5 or newer.
        """
        linux = self.platform.startswith("linux")
        for patch in ("0", "99"):
            environment = default_environment()
            environment["sys_platform"] = "linux" if linux else "darwin"
            environment["platform_system"] = "Linux" if linux else "Darwin"
            environment["platform_machine"] = PLATFORMS[self.platform]
            environment["python_version"] = self.python
            environment["python_full_version"] = f"{self.python}.{patch}"
            yield environment

    @cached_property
    def platform_tags(self) -> list[str]:
        """What wheels for it are called, the most special first."""
        processor = PLATFORMS[self.platform]
        if self.platform.startswith("linux"):
            return list(_linux(processor))
        return list(tags.mac_platforms(MACOS, processor))

    @cached_property
    def tags(self) -> list[tags.Tag]:
        """All tags of wheels that it can install, the best first."""
        version = (int(self.python.split(".")[0]), int(self.python.split(".")[1]))
        word = f"cp{version[0]}{version[1]}"
        return [
            *tags.cpython_tags(version, platforms=self.platform_tags),
            *tags.compatible_tags(version, word, self.platform_tags),
        ]

    def pip_options(self) -> list[str]:
        """How pip is told to fetch for it."""
        word = "cp" + self.python.replace(".", "")
        abis = [part for abi in (word, "abi3", "none") for part in ("--abi", abi)]
        platforms = [part for tag in self.platform_tags for part in ("--platform", tag)]
        return [
            "--python-version",
            f"{self.python}.99",
            "--implementation",
            "cp",
            *abis,
            *platforms,
        ]


def chosen(platforms: list[str], pythons: list[str]) -> list[Target]:
    """The targets of these platforms and Pythons; a Problem for a word that is none."""
    for word in platforms:
        if word not in PLATFORMS:
            raise Problem(f"There is no platform {word}. These are: {', '.join(PLATFORMS)}.")
    for word in pythons:
        if word not in PYTHONS:
            raise Problem(f"There is no kit for Python {word}. These are: {', '.join(PYTHONS)}.")
    return [Target(platform, python) for platform in platforms for python in pythons]


def _linux(processor: str) -> Iterator[str]:
    """manylinux by its glibc, and by its older names."""
    older = {17: "manylinux2014"}
    if processor == "x86_64":
        older |= {12: "manylinux2010", 5: "manylinux1"}
    for minor in range(GLIBC, 4, -1):
        yield f"manylinux_2_{minor}_{processor}"
        if minor in older:
            yield f"{older[minor]}_{processor}"
    yield f"linux_{processor}"
