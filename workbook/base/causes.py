"""What lies under an error."""

from collections.abc import Iterator


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what the driver said (SQLAlchemy keeps it in `orig`), and what caused both.

    Outermost first, and each once, also where the chain closes into a circle.
    """
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and not any(one is each for each in seen):
            seen.append(one)
            yield one
            waiting += [getattr(one, "orig", None), one.__cause__ or one.__context__]
