"""A checkout and packages of straw: for tests of `wb` on a machine that has nothing yet."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from workbook.cli import install
from workbook.cli.setup import venv

ROOT = Path(__file__).parent.parent
BASE = str(getattr(sys, "_base_executable", sys.executable))
PARTS = [
    "wb",
    "workbook/__init__.py",
    "workbook/base/__init__.py",
    "workbook/base/causes.py",
    "workbook/base/disk.py",
    "workbook/base/paths.py",
    "workbook/base/platforms.py",
    "workbook/base/problem.py",
    "workbook/base/settings.py",
    "workbook/base/whole.py",
    "workbook/cli/__init__.py",
    "workbook/cli/install.py",
    "workbook/cli/manifest.py",
    "workbook/cli/stick.py",
    *sorted(str(each.relative_to(ROOT)) for each in (ROOT / "workbook/cli/setup").glob("*.py")),
]
SAYS = "import json, os, sys; print(json.dumps([sys.argv[1:], dict(os.environ), sys.prefix]))\n"
UV = """#!/bin/sh
if [ "$STRAW_BREAKS" ]; then echo "uv does not run on this machine"; exit 1; fi
if [ "$STRAW_HANGS" ]; then touch "$STRAW_HANGS"; exec sleep 60; fi
shift 4
exec "$(dirname "$0")/python" -m pip install -q "$@"
"""
ITS_PIP_IS_IN = """
import sysconfig
sysconfig.get_config_vars()["WHEEL_PKG_DIR"] = {!r}
"""
TAG = "cp{}{}".format(*min(sys.version_info[:2], install.NEWEST_OF_PROGRAMS))
PROGRAMS = f"programs-1.0-{TAG}-none-any.whl"
A_PROGRAM = "#!/bin/sh\necho postgres of straw\n"


def wheel(folder: Path, name: str, version: str, files: dict[str, str], tag: str = "py3") -> Path:
    """The smallest wheel that pip accepts."""
    info = f"{name}-{version}.dist-info"
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}-none-any\n",
    }
    made = folder / f"{name}-{version}-{tag}-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in files))
    return made


def wheels_of_straw(folder: Path) -> Path:
    """uv, one package in two versions, and PostgreSQL's programs for an older Python alone."""
    says_where = "[console_scripts]\nstraw = straw:say\n"
    code = "import sys\nversion = {}\ndef say(): print(sys.argv[0], sys.prefix, version)\n"
    wheel(folder, "uv", install.UV, {f"uv-{install.UV}.data/scripts/uv": UV})
    for version in (1, 2):
        entry = {f"straw-{version}.0.dist-info/entry_points.txt": says_where}
        wheel(folder, "straw", f"{version}.0", {"straw.py": code.format(version), **entry})
    wheel(folder, "programs", "1.0", {"programs/bin/postgres": A_PROGRAM}, tag=TAG)
    return folder


def quick_pip(folder: Path) -> dict[str, str]:
    """Settings with which Python's pip is unpacked, and compiled once: most of its time."""
    pip = venv.pip_of_this_python()
    if pip is None:
        return {}
    (folder / "sitecustomize.py").write_text(ITS_PIP_IS_IN.format(str(folder)))
    zipfile.ZipFile(pip).extractall(folder / pip.name)
    return {"PYTHONPATH": str(folder)}


def checkout(folder: Path, programs: Path | None = None) -> Path:
    """A checkout with nothing in it but the launcher."""
    for part in PARTS:
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, folder / part)
    (folder / "workbook" / "__main__.py").write_text(SAYS)
    lines, hashed = "straw==1.0\n", ""
    if programs:
        lines += "programs==1.0\n    # via -r requirements.in\n"
        hashed = f"programs==1.0 --hash=sha256:{hashlib.sha256(programs.read_bytes()).hexdigest()}"
    (folder / "requirements.txt").write_text(lines)
    (folder / "requirements-postgres.txt").write_text(hashed)
    return folder


def environment(wheels: Path | None, **more: str) -> dict[str, str]:
    """Only what the launcher needs; no package comes from anywhere else."""
    kept = {
        key: os.environ[key]
        for key in ("HOME", "LANG", "LC_ALL", "PYTHONPATH")
        if key in os.environ
    }
    found = {"PIP_FIND_LINKS": str(wheels)} if wheels else {}
    pip = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, **found}
    return {**kept, "PATH": "/usr/bin:/bin", **pip, **more}


def wb(folder: Path, wheels: Path | None, *arguments: str, python: str = BASE, **more: str):
    """What the launcher answers there."""
    return subprocess.run(
        [python, str(folder / "wb"), *arguments],
        env=environment(wheels, **more),
        capture_output=True,
        text=True,
        timeout=300,
    )


def stamp(folder: Path) -> Path:
    """Where a complete installation is written down."""
    return folder / ".venv" / "workbook-stamp.json"


def prefix(said: subprocess.CompletedProcess[str]) -> str:
    """The environment in which the workbook was started."""
    assert said.returncode == 0, said.stderr
    return str(json.loads(said.stdout)[2])
