"""09.status: a page that is written by one service, and shown by another one when it is there."""

from pathlib import PurePosixPath
from typing import NamedTuple

from workbook.checks.answer import Answer, show
from workbook.checks.nb09.compose_file import SECRET, named, says, usable
from workbook.checks.verdict import NotYet
from workbook.stack.compose_file import Service, services

SHOWN = PurePosixPath("/usr/share/nginx/html/index.html")
"""The file that `page` shows first."""
COMES_BACK = ("always", "unless-stopped")


async def check(answer: Answer) -> None:
    """`draw` after a healthy database, `page` after `draw`, and one file for both."""
    text = answer.get()
    if not isinstance(text, str):
        ask = "what is STATUS: the text of a file, or what is made of it?"
        raise NotYet.looked_at("STATUS", got=f"it is {show(text)}", wanted="a text", ask=ask)
    every = usable("STATUS", lambda: services(text, SECRET))
    draw, page = named("STATUS", every, "draw"), named("STATUS", every, "page")
    _waits_for_an_answer(draw)
    _ends(draw)
    _waits_for_the_end(page)
    _shows_what_was_written(draw, page)


def _waits_for_an_answer(draw: Service) -> None:
    condition = draw.after.get("db", "not there")
    ended = condition == "service_completed_successfully"
    ask = "which of the two ends, and which goes on?" if ended else "started, or ready?"
    says("services.draw.depends_on.db", condition, ("service_healthy",), ask)


def _ends(draw: Service) -> None:
    if draw.restart in COMES_BACK:
        raise NotYet.looked_at(
            "services.draw.restart",
            got=f"it is {draw.restart}",
            wanted="a container that ends",
            ask="when has a container ended that is started again whenever it ends?",
        )


def _waits_for_the_end(page: Service) -> None:
    says(
        "services.page.depends_on.draw",
        page.after.get("draw", "not there"),
        ("service_completed_successfully",),
        "what is there to show before `draw` has ended?",
    )


class Place(NamedTuple):
    """Where a file of a container lies: in which volume, or folder of this machine, and as what."""

    source: str
    path: PurePosixPath
    only_read: bool

    @property
    def said(self) -> str:
        """The place in words."""
        return f"in `{self.source}` as {self.path}"


def _place(service: Service, file: PurePosixPath) -> Place | None:
    """Where this file of the container lies, None where it is the container's own."""
    for each in service.volumes:
        source, _, rest = each.partition(":")
        target, _, mode = rest.partition(":")
        if rest and file.is_relative_to(target):
            return Place(source, file.relative_to(target), "ro" in mode.split(","))
    return None


def _shows_what_was_written(draw: Service, page: Service) -> None:
    """The file that the command of `draw` names is the one that `page` shows."""
    words = " ".join(draw.command or ()).split()  # one by one, or a line for a shell
    file = PurePosixPath(words[-1] if words else "")
    written, shown = _place(draw, file), _place(page, SHOWN)
    called = f"{file} of `draw`, as `page` sees it"
    if found := _not_kept(file, written) or _not_shown(written, shown):
        got, ask = found
        raise NotYet.looked_at(called, got=got, wanted=f"`page` has it as {SHOWN}", ask=ask)


def _not_kept(file: PurePosixPath, written: Place | None) -> tuple[str, str] | None:
    """What is wrong with the place where it is written, and the question to ask."""
    if written is None:
        ask = "where is a file that was written outside of every volume?"
        return f"{file} is in no volume of `draw`: it is gone with its container", ask
    if written.path == PurePosixPath("."):
        return _mounted_at(file, "draw")
    if written.only_read:
        got = f"`draw` may only read in `{written.source}`, and ends with an error"
        return got, "who writes into the volume, and who only reads?"
    return None


def _mounted_at(file: PurePosixPath, service: str) -> tuple[str, str]:
    got = f"a volume is a folder, and `{service}` has it at {file}: {file.name} is a folder there"
    return got, "is that the path of a folder, or of a file in it?"


def _not_shown(written: Place | None, shown: Place | None) -> tuple[str, str] | None:
    if written is None or shown is None:
        return f"{SHOWN} is in no volume of `page`", "from where does `page` get what it shows?"
    if shown.path == PurePosixPath("."):
        return _mounted_at(SHOWN, "page")
    got = f"it lies {written.said}; `page` looks for it {shown.said}"
    if written.source != shown.source:
        return got, "which volume do both have?"
    if written.path != shown.path:
        return got, "at which path does `page` see it?"
    return None
