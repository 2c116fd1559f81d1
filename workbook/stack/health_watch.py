"""What the answers of a health check make of a container: healthy or not, as Compose counts."""

from workbook.stack.compose_file import Health
from workbook.stack.state import Kind, State

QUICK = 0.5
"""Seconds between two questions at most: the same patience in all, asked more often."""
EARLY_RETRIES = 6
"""How often a health check says no, half a second apart, before that is its last word where we
fail early."""


class HealthWatch:
    """Counts the answers of one health check."""

    def __init__(self, health: Health, fail_early: bool) -> None:
        self.health = health
        self.pause = min(health.interval, QUICK)
        """Seconds before each question."""
        patience = health.retries * health.interval / self.pause
        self._retries = EARLY_RETRIES if fail_early else patience
        self._refused_in_a_row = 0

    def after(self, state: State, passed: bool, counts: bool) -> State:
        """The next state; a no that does not count, as in the start period, changes none."""
        self._refused_in_a_row = 0 if passed else self._refused_in_a_row + counts
        kind: Kind = state.kind
        if passed:
            kind = "healthy"
        elif self._refused_in_a_row >= self._retries:
            kind = "unhealthy"
        return State(kind, 0, state.refused + (not passed))
