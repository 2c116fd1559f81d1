"""What to do about a failed installation, by what the installer said."""

import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from workbook.base import platforms
from workbook.base.disk import FULL
from workbook.cli.setup import machines, sources

AGAIN = "then run ./wb again: it repairs the installation by itself."
NETWORK = "network"
NOT_PIPS_FAULT = frozenset({"disk", "proxy", "certificate", NETWORK})
"""Where another installer would fail as this one did."""
CAUSES = {
    "disk": r"no space left|disk quota|errno 28|os error 28|os error 122",
    "proxy": r"proxyerror|cannot connect to proxy|407 proxy|tunnel (?:error|connection)|proxy"
    r".{0,80}(?:refused|unreachable|failed)|unsuccessful tunnel|socks",
    "certificate": r"certificate|unknownissuer|sslerror|ssl: ",
    NETWORK: r"name resolution|dns error|name or service not known|nodename nor servname"
    r"|unreachable|newconnectionerror|connection refused|timed? ?out|error sending request"
    r"|network (?:is|was) disabled|connection (?:error|reset|aborted)|no route to host",
    "hash": r"hash(?:es)? (?:mismatch|do not match)|do not match the hashes",
    "wheel": r"no matching distribution|could not find a version|no wheels? with a matching"
    r"|not a supported wheel|no solution found|failed (?:building|to build)|has no usable wheels"
    r"|no version of",
}
"""How each cause shows itself, the more certain ones first: without a network, pip also says that
no version was found."""


def cause(said: str) -> str:
    """The name of what stopped it; nothing where that cannot be told."""
    found = (name for name, words in CAUSES.items() if re.search(words, said, re.I | re.S))
    first = next(found, "")
    return "proxy" if first == NETWORK and any(host in said for host in _proxies()) else first


def _proxies() -> Iterator[str]:
    """As pip names the host of a proxy that did not answer: it does not say that it is one."""
    for scheme, address in getproxies().items():
        host = urlsplit(address).hostname
        if host and scheme != "no":
            yield f"host='{host}'"


def advice(said: str) -> str:
    """What to do next, as sentences."""
    why = cause(said)
    if sources.beside() and why in ("wheel", NETWORK, ""):
        return _kit()
    return {
        "disk": FULL,
        "proxy": f"A proxy is named and does not answer as one. Look at HTTPS_PROXY, ALL_PROXY and"
        f" pip's setting `proxy`, {AGAIN}",
        "certificate": "The network shows a certificate that this machine does not know, as a"
        " company's does. Ask for its file, set SSL_CERT_FILE and PIP_CERT to it, " + AGAIN,
        NETWORK: f"Check the network (and a proxy, where you need one), {AGAIN} Once installed,"
        " the workbook needs no network.",
        "hash": "A package is not the one that was written down. A mirror or a proxy has changed"
        f" it: use another network, {AGAIN}",
        "wheel": _no_wheel(),
    }.get(why, f"Read what it said, mend that, {AGAIN}")


def conflict_marks(requirements: Path) -> str:
    """What to do where git left its marks in the list of packages; nothing where it did not."""
    if not re.search(r"^(<{7}|>{7}|={7})", requirements.read_text("utf-8", "replace"), re.M):
        return ""
    return (
        f"{requirements.name} holds the marks of a git conflict (<<<<<<<), and is no list of "
        f"packages. Take the workbook's own: git checkout HEAD -- {requirements.name}"
    )


def _no_wheel() -> str:
    """There is a network, and nothing for this Python on this machine."""
    where = f"Python {_version()} on {sysconfig.get_platform()}"
    if platforms.is_intel_mac():
        return (
            f"One of the packages does not exist for {where}: not all are made for Intel's Macs any"
            " more. (If this Mac has a processor of Apple's, take a Python that is made for it.) "
            f"The workbook does not run here as it is.\n{machines.ELSEWHERE}"
        )
    return (
        f"One of the packages does not exist for {where}."
        " Install another Python between 3.11 and 3.15 and run it by its name, as in: python3.14 wb"
        " lab. On a machine that no package is made for the workbook does not run as it is.\n"
        f"{machines.ELSEWHERE}"
    )


def _kit() -> str:
    """`wheels/` has not all that is needed here."""
    versions = ", ".join(f"3.{minor}" for minor in sorted(sources.minors())) or "no Python at all"
    return (
        f"The folder wheels/ beside wb has not all that Python {_version()} on "
        f"{sysconfig.get_platform()} needs; it was made for {versions}. Run one of these by its "
        "name, as in: python3.14 wb lab. With a network, rename wheels/, and run ./wb again."
    )


def _version() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"
