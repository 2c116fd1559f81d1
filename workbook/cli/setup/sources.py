"""Where packages come from: `wheels/` beside `wb`, else what pip's and uv's settings say of that.

Mirrors, proxies, certificates and caches are the machine's to decide. Where into packages go, and
whether, is ours: a `target`, a `user`, a `prefix` of somebody's configuration would miss `.venv`.
"""

import ast
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from workbook.base.paths import ROOT
from workbook.cli.setup.steps import ask

WHEELS = ROOT / "wheels"
OF_PIP = re.compile(
    r"index-url|extra-index-url|find-links|no-index|trusted-host|cert|client-cert|proxy"
    r"|(default-)?timeout|retries|(no-)?cache-dir|keyring-provider"
)
OF_UV = re.compile(
    r"UV_(INDEX\w*|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|NO_INDEX|OFFLINE|NATIVE_TLS"
    r"|SYSTEM_CERTS|INSECURE_HOST|HTTP_\w+|CACHE_DIR|NO_CACHE|KEYRING_PROVIDER|LINK_MODE"
    r"|CONCURRENT_\w+|COMPILE_BYTECODE)"
)
IN_UVS_WORDS = {
    "PIP_INDEX_URL": ("UV_DEFAULT_INDEX", " "),
    "PIP_EXTRA_INDEX_URL": ("UV_INDEX", " "),
    "PIP_FIND_LINKS": ("UV_FIND_LINKS", ","),
    "PIP_NO_INDEX": ("UV_NO_INDEX", ""),
    "PIP_TRUSTED_HOST": ("UV_INSECURE_HOST", " "),
    "PIP_CERT": ("SSL_CERT_FILE", ""),
    "PIP_PROXY": ("ALL_PROXY", ""),
}
"""What uv calls a setting of pip, and what stands between several values there."""
UV_FILE_KEYS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "index-strategy": "UV_INDEX_STRATEGY",
    "native-tls": "UV_NATIVE_TLS",
    "system-certs": "UV_SYSTEM_CERTS",
    "allow-insecure-host": "UV_INSECURE_HOST",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "cache-dir": "UV_CACHE_DIR",
    "no-cache": "UV_NO_CACHE",
    "offline": "UV_OFFLINE",
}


def beside() -> bool:
    """Whether `wheels/` lies beside `wb`, and no network is needed."""
    return any(WHEELS.glob("*.whl"))


def minors() -> set[int]:
    """The Pythons for which `wheels/` has a driver, for one each is asyncpg made."""
    named = (re.search(r"-cp3(\d+)-", wheel.name) for wheel in WHEELS.glob("asyncpg-*.whl"))
    return {int(found[1]) for found in named if found}


def options() -> list[str]:
    """What pip and uv are both told of where to look."""
    return ["--no-index", "--find-links", str(WHEELS)] if beside() else []


def environment(python: Path, pip: Path | None, folder: Path) -> dict[str, str]:
    """The installers' environment. `folder` takes their caches where home is read-only."""
    env = {k: v for k, v in os.environ.items() if not _decides(k)}
    if pip:
        env["PYTHONPATH"] = str(pip)  # where `python -m pip` finds it
    if not beside():
        settings = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
        pips = of_pip(ask([str(python), "-m", "pip", "config", "list"], settings | _path(env)))
        env = {**for_uv(pips), **env, **pips, **of_uv(os.environ)}
    else:
        env["UV_OFFLINE"] = "1"
    env |= {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}
    env.setdefault("UV_SYSTEM_CERTS", "1")  # a company's own certificate is known to the system
    if not _home_takes_caches():
        env.setdefault("UV_CACHE_DIR", str(folder / "cache" / "uv"))
        env.setdefault("PIP_CACHE_DIR", str(folder / "cache" / "pip"))
    return env


def of_pip(listed: str) -> dict[str, str]:
    """From what `pip config list` prints, the settings of where packages come from."""
    found = {}
    for section in ("global", "install", ":env:"):
        for line in listed.splitlines():
            key, _, value = line.partition("=")
            name = key.removeprefix(f"{section}.")
            if name != key and OF_PIP.fullmatch(name):
                found[f"PIP_{name.upper().replace('-', '_')}"] = str(ast.literal_eval(value))
    return found


def for_uv(pips: Mapping[str, str]) -> dict[str, str]:
    """Pip's settings in uv's words, which reads none of pip's; pip looks into every index."""
    found = {
        uv: between.join(values)
        for name, (uv, between) in IN_UVS_WORDS.items()
        if (values := [each for each in pips.get(name, "").split() if _is_there(name, each)])
    }
    return found | ({"UV_INDEX_STRATEGY": "unsafe-best-match"} if "UV_INDEX" in found else {})


def _is_there(name: str, value: str) -> bool:
    """Whether a value holds: pip passes over a folder that is missing, and uv would end."""
    return name != "PIP_FIND_LINKS" or "://" in value or Path(value).expanduser().exists()


def of_uv(environ: Mapping[str, str]) -> dict[str, str]:
    """The same from uv's files and variables; a variable outdoes a file."""
    found: dict[str, str] = {}
    for file in _uv_files(environ):
        try:
            table = tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        for part in (table.get("pip", {}), table):
            found |= dict(_from_table(part))
    return found | {k: v for k, v in environ.items() if OF_UV.fullmatch(k)}


def _uv_files(environ: Mapping[str, str]) -> list[Path]:
    """The machine's, then the account's, then one that is named."""
    home = Path(environ.get("XDG_CONFIG_HOME") or Path("~/.config").expanduser())
    named = environ.get("UV_CONFIG_FILE")
    account = [Path("/etc/uv/uv.toml"), home / "uv" / "uv.toml"]
    return [] if environ.get("UV_NO_CONFIG") else [Path(named)] if named else account


def _from_table(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, variable in UV_FILE_KEYS.items():
        if key in table:
            value = table[key]
            joined = "," if key == "find-links" else " "
            yield variable, joined.join(value) if isinstance(value, list) else _word(value)
    indexes = table.get("index", [])
    if further := [each["url"] for each in indexes if not each.get("default")]:
        yield "UV_INDEX", " ".join(further)
    if default := [each["url"] for each in indexes if each.get("default")]:
        yield "UV_DEFAULT_INDEX", default[-1]


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _decides(name: str) -> bool:
    """Whether this variable could decide how a Python, pip or uv installs."""
    return name in ("PYTHONHOME", "PYTHONPATH") or name.startswith(("PIP_", "UV_"))


def _path(env: Mapping[str, str]) -> dict[str, str]:
    return {"PYTHONPATH": env["PYTHONPATH"]} if "PYTHONPATH" in env else {}


def _home_takes_caches() -> bool:
    cache = Path("~/.cache").expanduser()
    while not cache.exists():
        cache = cache.parent
    return os.access(cache, os.W_OK)
