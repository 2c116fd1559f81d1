"""What lies under an error."""

from collections.abc import Callable, Iterator

Below = Callable[[BaseException], list[BaseException | None]]


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what the driver said (SQLAlchemy keeps it in `orig`), and what caused both.

    Outermost first, and each once, also where the chain closes into a circle. The errors of a
    group follow the group; what `raise … from None` hides stays hidden.
    """
    return _walk(error, lambda one: [*_own(one), one.__cause__ or _handled(one)])


def raised_from(error: BaseException | None) -> Iterator[BaseException]:
    """As `causes`, without an error that was being handled when this one was raised: it need not
    be the reason.
    """
    return _walk(error, lambda one: [*_own(one), one.__cause__])


def handled(error: BaseException) -> BaseException | None:
    """The error that was being handled when this one was raised, for another reason; or None."""
    reasons = list(raised_from(error))
    before = (_handled(each) for each in reasons if each.__cause__ is None)
    return next((each for each in before if each and all(each is not one for one in reasons)), None)


def members(error: BaseException) -> list[BaseException]:
    """The errors of a group, those of groups within it too; the error itself where it is none."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [one for each in error.exceptions for one in members(each)]


def _walk(error: BaseException | None, below: Below) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and not any(one is each for each in seen):
            seen.append(one)
            yield one
            waiting += below(one)


def _own(one: BaseException) -> list[BaseException | None]:
    group = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
    return [getattr(one, "orig", None), *group]


def _handled(one: BaseException) -> BaseException | None:
    return None if one.__suppress_context__ else one.__context__
