"""What a token and row-level security cost: the reference app beside itself without them.

`python -m benchmarks.tenancy [ROUNDS]` loads three apps in turn, as `benchmarks/api.py` does: the
reference app; the same without tokens; and the same without tokens, whose work is held to no team:
its reads are no transactions, and no policy holds for its role. It prints throughput, and how much
of it is left; what is below 1 is the price.
"""

import sys
from dataclasses import replace

from benchmarks import api, apps, figures
from benchmarks.load import Failure

ROUNDS = 8
NO_TOKEN = replace(apps.OURS, name="without token", target="without_token:app", folder=apps.PEERS)
NO_TEAMS = replace(NO_TOKEN, name="without teams", target="without_teams:app", role="")
PRICES = {
    "a token": (apps.OURS, NO_TOKEN),
    "a team for each transaction, and its policies": (NO_TOKEN, NO_TEAMS),
    "both": (apps.OURS, NO_TEAMS),
}
"""What is paid for: with it, and without it."""


def report(found: figures.Figures) -> str:
    """A line for each workload and price."""
    lines = []
    for workload in api.workloads():
        for words, (with_it, without) in PRICES.items():
            left = found.ratio(workload, with_it.name, without.name, figures.rate)
            cpu = found.ratio(workload, with_it.name, without.name, figures.cpu)
            lines.append(f"{workload:5} x {left:4.2f}  CPU x {cpu:4.2f}  {words}")
    return "\n".join(lines)


def main() -> int:
    """Print the ratios; 1 where there are none, with a sentence that says why."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    try:
        print(report(api.measure(rounds, (apps.OURS, NO_TOKEN, NO_TEAMS))))
    except Failure as failure:
        print(f"No figures: {failure}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
