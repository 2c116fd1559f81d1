"""One step of an installation: a program that is run, timed and quoted where it fails."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from workbook.base.paths import ROOT
from workbook.base.problem import Problem


class InstallProblem(Problem):
    """An installation that cannot go on; its text says what to do."""


def say(text: str) -> None:
    """One line of progress; standard output belongs to the command itself."""
    print(text, file=sys.stderr, flush=True)


def step(
    what: str, command: Sequence[str], environment: Mapping[str, str], shown: bool = False
) -> str | None:
    """Run one step and say how long it took; what it said where it failed, else None.

    Where a person looks on, `shown` lets its progress and its complaints go to the screen.
    """
    begun = time.time()
    say(f"  {what} ...")
    code, said = _run(command, environment, shown and sys.stderr.isatty())
    say(f"  {what}: {'failed' if code else 'done'}, {time.time() - begun:.1f} s")
    return said.strip() or "(its messages are above)" if code else None


def ask(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a program answers on standard output; nothing where it fails."""
    try:
        return subprocess.check_output(
            command, stderr=subprocess.DEVNULL, env=environment, cwd=ROOT, timeout=60
        ).decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def last_lines(said: str) -> str:
    """As much of it as fits on a screen."""
    return "\n".join(said.splitlines()[-12:])


def _run(command: Sequence[str], environment: Mapping[str, str], shown: bool) -> tuple[int, str]:
    """The exit code, and all that it said to us; Ctrl-C ends it too."""
    try:
        running = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=None if shown else subprocess.STDOUT,
            env=environment,
            cwd=ROOT,
        )
    except OSError as error:
        return 1, str(error)
    try:
        said = running.communicate()[0].decode("utf-8", "replace")
    except KeyboardInterrupt:
        running.terminate()
        running.wait()
        raise
    return running.returncode, said
