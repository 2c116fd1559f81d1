"""What 09.image asks of a Dockerfile as text, before anything is tried out."""

import re

from workbook.checks.answer import expect
from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile, image_report

Problem = tuple[str, str] | None
"""Why the packages are not where the app looks for them, and the question; or that they are."""
ROOT_ACCOUNTS = ("root", "0")
DEBIAN_ACCOUNTS = ("daemon", "bin", "sys", "games", "man", "mail", "www-data", "backup", "nobody")
"""Accounts that the base image brings."""


def packages_are_found(text: str) -> None:
    """They are installed when their list changes, only then, and where the app finds them."""
    again = [str(step) for step in dockerfile.invalidated_steps(text, "app/main.py")]
    expect(
        "a build after a change of app/main.py: the RUN lines that run again",
        [each for each in again if _installs(each)],
        [],
        "what was copied before that line, and does the line need it?",
    )
    every = [str(step) for stage in dockerfile.stages(text) for step in stage.steps]
    if any(map(_installs, every)) and (found := _problem(text)):
        wanted = "an image in which the app finds its packages"
        raise NotYet("the image", got=found[0], wanted=wanted, ask=found[1])
    steps = [str(step) for step in dockerfile.invalidated_steps(text, "requirements.txt")]
    expect(
        "a build after a change of requirements.txt: whether it installs again",
        any(map(_installs, steps)),
        True,
        "how do the packages get into the image?",
    )


def _installs(line: str) -> bool:
    return re.search(r"\b(?:pip3?|uv|poetry)\b[^&;|]*\b(?:install|sync)\b", line) is not None


def _problem(text: str) -> Problem:
    """The first of them, if any."""
    every = dockerfile.stages(text)
    final = every[-1]
    stage = next((s for s in every for step in s.steps if _installs(str(step))), final)
    position = next(i for i, step in enumerate(stage.steps) if _installs(str(step)))
    line, before = str(stage.steps[position]), stage.steps[:position]
    copies = [s for s in before if s.kind in ("COPY", "ADD")]
    if (
        "requirements.txt" in line
        and "mount" not in line
        and not any(dockerfile.covers(s.words[:-1], "requirements.txt") for s in copies)
    ):
        return ("requirements.txt is not there when it is read", "what is copied before?")
    taken = [s.rest for s in final.steps if s.options.get("from") == stage.name]
    taken += [s.rest for s in final.steps if s.options.get("from") == str(every.index(stage))]
    if stage is not final and not taken:
        return (
            f"the stage `{stage.name}` installs them, and nothing is copied from it",
            "what of the first stage does the second need?",
        )
    return _own_account(stage, position, final) or _environment(
        line, [str(each) for each in before], final
    )


def _own_account(stage: dockerfile.Stage, position: int, final: dockerfile.Stage) -> Problem:
    """What pip installs for one account is in that account's home, and found if PATH says so."""
    line, before = str(stage.steps[position]), stage.steps[:position]
    users = [step.rest.partition(":")[0] for step in before if step.kind == "USER"]
    if users and users[-1] not in ROOT_ACCOUNTS and "/bin/" not in line:
        return (
            f"pip runs as {users[-1]}, who may not write where packages are",
            "who runs the lines after USER, and what may they write?",
        )
    if not re.search(r"\s--user\b", line):
        return None
    homes = [step.words[-1] for step in final.steps if "/.local" in step.rest and step.words[1:]]
    said = " ".join(str(each) for each in final.steps if each.kind == "ENV")
    if any(not home.startswith("/root") and f"{home.rstrip('/')}/bin" in said for home in homes):
        return None
    return (
        "`--user` puts them into /root, which no other account may read",
        "whose home is it, and who runs the app?",
    )


def _environment(line: str, before: list[str], final: dockerfile.Stage) -> Problem:
    """A virtual environment has to be made, and to be on the PATH."""
    found = re.search(r"(/\S+)/bin/(?:pip|python)", line)
    folder = found[1] if found and found[1] not in ("/usr", "/usr/local") else ""
    if not folder:
        return None
    made = re.compile(rf"venv\s+(?:-\S+\s+)*{re.escape(folder)}\b")
    if not any(map(made.search, [*before, line])):
        return (f"nobody makes {folder}", "which command makes a virtual environment?")
    said = " ".join(str(each) for each in final.steps if each.kind == "ENV")
    if f"{folder}/bin" not in said:
        return (f"{folder}/bin is not on the PATH", "where does the container look for uvicorn?")
    return None


def nothing_is_private(text: str, ignore: str) -> None:
    """No rights, and no file that is nobody's business."""
    user = dockerfile.user(text)
    if user in ROOT_ACCOUNTS:
        raise NotYet(
            "the account of the container",
            got=f"it is {user}",
            wanted="an account without rights",
            ask="what may somebody do who breaks into the app?",
        )
    lines = [step.rest for stage in dockerfile.stages(text) for step in stage.steps]
    made = [each for each in lines if re.search(rf"(user|passwd).*\b{re.escape(user)}\b", each)]
    if not user.isdecimal() and user not in DEBIAN_ACCOUNTS and not made:
        ask = "which line makes that account, or which account needs no name?"
        raise NotYet(
            "the account of the container",
            got=f"nobody has made {user}",
            wanted="an account that is there",
            ask=ask,
        )
    found = image_report.files_taken(text, ignore, image_report.PRIVATE_FILES)
    expect("files in the image that nobody needs", found, [], "who may read an image?")
