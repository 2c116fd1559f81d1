"""Which mistake explains the numbers that a function has returned."""

from collections.abc import Callable, Sequence

Mistake = tuple[Callable[..., int], str]
"""What a mistake makes of the numbers that are given, and the question that belongs to it."""


def question(
    mistakes: Sequence[Mistake],
    calls: Sequence[tuple[Sequence[int], object]],
    explains: Callable[[int, object], bool],
) -> str:
    """The question of the first mistake that explains each call; empty where none does.

    A call is what was given, and what came back.
    """
    for formula, ask in mistakes:
        if all(explains(formula(*given), got) for given, got in calls):
            return ask
    return ""
