"""Whether a Dockerfile installs the packages when their list changes, and the app finds them."""

import posixpath
import re
from dataclasses import replace

from workbook.checks.answer import expect_state
from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile, image_files
from workbook.stack.dockerfile import Stage, Step
from workbook.stack.dockerfile_text import Mount

Problem = tuple[str, str] | None
"""Why the packages are not where the app looks for them, and the question; or that they are."""
ROOT_ACCOUNTS = ("root", "0")
LIST = "requirements.txt"


def packages_are_found(text: str, context: list[str]) -> None:
    """They are installed when their list changes, only then, and where the app finds them."""
    again = [s for s in dockerfile.invalidated_steps(text, "app/main.py") if _installs(str(s))]
    mounted = any(dockerfile.mounts_file(step, "app/main.py") for step in again)
    expect_state(
        "a build after a change of app/main.py: the RUN lines that run again",
        list(map(str, again)),
        [],
        "which files does that mount show, and does the line need them all?"
        if mounted
        else "what was copied before that line, and does the line need it?",
    )
    every = [str(step) for stage in dockerfile.stages(text) for step in stage.steps]
    if any(map(_installs, every)) and (found := _problem(text, context)):
        wanted = "an image in which the app finds its packages"
        raise NotYet.looked_at("the image", got=found[0], wanted=wanted, ask=found[1])
    steps = [str(step) for step in dockerfile.invalidated_steps(text, "requirements.txt")]
    expect_state(
        "a build after a change of requirements.txt: whether it installs again",
        any(map(_installs, steps)),
        True,
        "how do the packages get into the image?",
    )


def _installs(line: str) -> bool:
    return re.search(r"\b(?:pip3?|uv|poetry)\b[^&;|\n]*\b(?:install|sync)\b", line) is not None


def _problem(text: str, context: list[str]) -> Problem:
    """The first of them, if any."""
    every = dockerfile.stages(text)
    final = every[-1]
    stage = next((s for s in every for step in s.steps if _installs(str(step))), final)
    position = next(i for i, step in enumerate(stage.steps) if _installs(str(step)))
    line, before = str(stage.steps[position]), stage.steps[:position]
    number = every.index(stage)
    earlier = [*every[:number], replace(stage, steps=before)]
    if named := _named_in_the_line(line):
        return (named, "which option of pip reads the names from a list?")
    if why := _list_is_missing(stage.steps[position], image_files.built(earlier, context)):
        return (why, "what is copied or mounted before that line, and where to?")
    taken = [s.rest for s in final.steps if s.options.get("from") == stage.name]
    taken += [s.rest for s in final.steps if s.options.get("from") == str(number)]
    if stage not in dockerfile.lineage(every) and not taken:
        return (
            f"the stage `{stage.name}` installs them, and nothing is copied from it",
            "what of the first stage does the second need?",
        )
    return _own_account(stage, position, final) or _environment(
        line, [str(each) for each in before], final
    )


def _named_in_the_line(line: str) -> str:
    """What a line says of packages that it names itself; empty where it may read the list."""
    names = re.search(r"\bpip3?\s+install\s+((?:-\S+\s+)*[a-z][\w\[\]=.,<>~-]*\b[^&;|\n]*)", line)
    if not names or re.search(r"requirement|\s-r\b|\$|\s\.", line):
        return ""
    return f"`{line}` installs what it names, whatever {LIST} says"


def _list_is_missing(step: Step, built: image_files.Built) -> str:
    """Why the list of packages is not where the line reads it; empty where it is, or may be."""
    files, workdir = built
    asked = re.search(r"(?:\s-r\s*|\s--requirement[\s=])[\"']?([\w./-]+)", step.rest)
    if not asked or re.search(r"\bcd\s", step.rest):
        return ""
    wanted = posixpath.normpath(posixpath.join(workdir, asked[1]))
    mounted = [place for each in step.mounts for place in _places(each, workdir)]
    if wanted in files or wanted in mounted:
        return ""
    there = [path for path in (*files, *mounted) if path.endswith(f"/{LIST}")]
    if there:
        return f"{LIST} is at {there[0]}, and is read at {wanted}"
    return f"{asked[1]} is not there when it is read"


def _places(mount: Mount, workdir: str) -> list[str]:
    """Where a mount shows the list of packages."""
    target = posixpath.normpath(posixpath.join(workdir, mount.target))
    if mount.type != "bind" or mount.origin:
        return []
    taken = dockerfile.taken_by(mount.source, LIST)
    return [] if taken is None else [target if taken == LIST else f"{target}/{LIST}"]


def _own_account(stage: Stage, position: int, final: Stage) -> Problem:
    """What pip installs for one account is in that account's home, and found if PATH says so."""
    line, before = str(stage.steps[position]), stage.steps[:position]
    users = [step.rest.partition(":")[0] for step in before if step.kind == "USER"]
    if users and users[-1] not in ROOT_ACCOUNTS and "/bin/" not in line:
        return _in_its_home(users[-1], before, final)
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


def _in_its_home(user: str, before: list[Step], final: Stage) -> Problem:
    """What pip does as an account without rights: it takes the account's home, if there is one."""
    ask = "who runs the lines after USER, and what may they write?"
    made = rf"(?:useradd\b.*(?:\s-m\b|--create-home)|adduser\b).*\b{re.escape(user)}\b"
    if not any(re.search(made, step.rest) for step in before if step.kind == "RUN"):
        return (f"pip runs as {user}, who may not write where packages are", ask)
    said = " ".join(step.rest for step in final.steps if step.kind == "ENV")
    if ".local/bin" not in said:
        return (f"pip runs as {user}, and /home/{user}/.local/bin is not on the PATH", ask)
    return None


def _environment(line: str, before: list[str], final: Stage) -> Problem:
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
