"""What 09.image asks of a Dockerfile as text: who runs the app, and what nobody else may read."""

import re

from workbook.checks.answer import expect_state
from workbook.checks.verdict import NotYet
from workbook.stack import dockerfile, image_report

ROOT_ACCOUNTS = ("root", "0")
DEBIAN_ACCOUNTS = ("daemon", "bin", "sys", "games", "man", "mail", "www-data", "backup", "nobody")
"""Accounts that the base image brings."""


def nothing_is_private(text: str, ignore: str) -> None:
    """No rights, and no file that is nobody's business."""
    user = dockerfile.user(text)
    if not user:
        raise NotYet.looked_at(
            "the account of the container",
            got="USER names a variable that has no value there",
            wanted="an account without rights",
            ask="which ARG or ENV of this stage gives that variable a value?",
        )
    if user in ROOT_ACCOUNTS:
        raise NotYet.looked_at(
            "the account of the container",
            got=f"it is {user}",
            wanted="an account without rights",
            ask="what may somebody do who breaks into the app?",
        )
    lines = [line for stage in dockerfile.stages(text) for line in _lines(stage)]
    made = [each for each in lines if re.search(rf"(user|passwd).*\b{re.escape(user)}\b", each)]
    if not user.isdecimal() and user not in DEBIAN_ACCOUNTS and not made:
        ask = "which line makes that account, or which account needs no name?"
        raise NotYet.looked_at(
            "the account of the container",
            got=f"nobody has made {user}",
            wanted="an account that is there",
            ask=ask,
        )
    _no_secret(text)
    found = image_report.files_taken(text, ignore, image_report.PRIVATE_FILES)
    expect_state("files in the image that nobody needs", found, [], "who may read an image?")


def _lines(stage: dockerfile.Stage) -> list[str]:
    """What its RUN lines say once a shell has put in what ARG and ENV say."""

    def value(found: re.Match[str]) -> str:
        return stage.values.get(found[1], found[0])

    return [re.sub(r"\$\{?(\w+)\}?", value, step.rest) for step in stage.steps]


def _no_secret(text: str) -> None:
    """No password in a variable that everybody can read who has the image."""
    for line in image_report.secrets_in(text):
        raise NotYet.looked_at(
            "docker image history",
            got=f"`{line}` is in the image, with its value",
            wanted="an image without a password",
            ask="who may read an image, and who could hand over the password later?",
        )
