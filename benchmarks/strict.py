"""Strict runs in a row: every cell of every solution, again and again; one flaky cell ends it.

`python benchmarks/strict.py [RUNS] [NAME…]` alternates PostgreSQL 18 and, where Debian's is
installed, 15, and the order of the notebooks. A NAME is the beginning of a notebook's: `09`.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTHER = Path("/usr/lib/postgresql/15/bin")
SECONDS = 1200.0
"""How long one run may take."""


def main() -> int:
    """0 when every run was green."""
    runs, names = int((sys.argv[1:2] or ["10"])[0]), tuple(sys.argv[2:])
    found = [
        p for p in sorted((ROOT / "solutions").glob("*.ipynb")) if p.name.startswith(names or "")
    ]
    for number in range(runs):
        version = "15" if number % 2 and OTHER.exists() else "18"
        notebooks = found if number % 4 > 1 else found[::-1]
        began = time.monotonic()
        code, said = _run(notebooks, {"WORKBOOK_PG_BIN": str(OTHER)} if version == "15" else {})
        counts = re.findall(r"\d+ (?:passed|failed|error)", said)
        print(f"run {number + 1}: PostgreSQL {version}, {', '.join(counts)}, "
              f"{time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        if code:
            print(said[-4000:])
            return 1
    return 0


def _run(notebooks: list[Path], more: dict[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", *map(str, notebooks)]
    done = subprocess.run(
        [*command, "-n", "3", "--dist=loadfile"],
        cwd=ROOT,
        env=os.environ | more,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main())
