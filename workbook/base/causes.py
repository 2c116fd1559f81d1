"""What lies under an error."""

from collections.abc import Iterator


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what the driver said (SQLAlchemy keeps it in `orig`), and what caused both.

    Outermost first, and each once, also where the chain closes into a circle. The errors of a
    group follow the group; what `raise … from None` hides stays hidden.
    """
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and not any(one is each for each in seen):
            seen.append(one)
            yield one
            waiting += _below(one)


def _below(one: BaseException) -> list[BaseException | None]:
    group = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    context = None if one.__suppress_context__ else one.__context__
    return [getattr(one, "orig", None), *group, one.__cause__ or context]
