"""The addresses of this machine, which no proxy of the environment is to stand before."""

from collections.abc import Mapping, MutableMapping

NAMES = ("NO_PROXY", "no_proxy")
"""Who reads both takes the small one; some programs read only one of them."""
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


def with_this_machine(environment: Mapping[str, str]) -> dict[str, str]:
    """The values of `NO_PROXY` and `no_proxy`: what stands there, and behind it this machine.

    A name that is not there takes what the other one says. macOS looks into its own settings for
    proxies only where the environment says nothing of them: in a forked process that is a crash.
    """
    said = [environment.get(name, "") for name in NAMES]
    usual = next(filter(None, reversed(said)), "")
    return {name: _spared(text or usual) for name, text in zip(NAMES, said, strict=True)}


def forget_proxies(environment: MutableMapping[str, str]) -> None:
    """Take away what names a proxy, for a process that talks to this machine alone.

    httpx loads what a SOCKS proxy needs when a client is made, also where `NO_PROXY` spares all.
    """
    for name in list(environment):
        if name.lower().endswith("_proxy") and name not in NAMES:
            del environment[name]


def _spared(said: str) -> str:
    """Those that are spared already, in their order; `*` spares all."""
    named = [name for name in map(str.strip, said.split(",")) if name]
    return ",".join(named if "*" in named else dict.fromkeys([*named, *THIS_MACHINE]))
