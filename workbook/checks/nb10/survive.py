"""10.survive: the whole work again after what passes, and after nothing else."""

import asyncio
import logging
from time import monotonic
from typing import Any
from unittest import mock

from workbook.base.waiting import cancel_and_wait
from workbook.checks import busy
from workbook.checks.answer import Answer, Raised, expect, expect_state, outcome_of
from workbook.checks.connections import app_engine
from workbook.checks.nb10 import lost_connections
from workbook.checks.nb10.app_settings import SMALL_AND_SHORT
from workbook.checks.nb10.attempts import (
    FailingWork,
    driver_error,
    kind,
    outcome,
    pauses,
    raised,
    rows_are_stored,
    timers_seen,
)
from workbook.checks.nb10.ended_early import HOW_LONG, why_not_repeated
from workbook.checks.verdict import NotYet

ENVIRONMENT = SMALL_AND_SHORT
"""What the app reads when it is imported."""
_WHICH_SESSION = "which session is still of use after an attempt has failed?"
_REFUSED, _BROKEN = "08001", "08006"
_AWAY = [driver_error(_REFUSED) for _ in range(10_000)]
"""A database that stays away."""
_TOO_LONG = 4.8
"""How many seconds attempts of a second each may take in all, with a patience of 2.5: the third
one, after pauses that grow, may begin when nearly all of it is over."""


async def check(answer: Answer) -> None:
    """The whole work again after what passes; never after what stays, nor after a lost COMMIT."""
    transact = answer.get("transact")
    async with app_engine():
        await _repeats_what_passes(answer, transact)
        await _leaves_other_errors(answer, transact)
        await _gives_up_in_time(transact)
        await _sleeps_for_itself_only(answer.get("patiently"))
        await lost_connections.ended_within_the_work(answer, transact)
        await lost_connections.ended_before_the_insert(answer, transact)
        await lost_connections.commit_refused(answer, transact)
        await lost_connections.commit_refused_once(answer, transact)
        await lost_connections.commit_without_an_answer(answer, transact)
        await lost_connections.commit_that_is_no_error_of_the_database(answer, transact)
        await _leaves_a_trace(answer.get("patiently"))


async def _repeats_what_passes(answer: Answer, transact: Any) -> None:
    """Five attempts, each with a session of its own, after longer and longer pauses."""
    work = FailingWork(
        driver_error("57P01"),
        driver_error(_REFUSED),
        driver_error("40001"),
        driver_error("", True),
    )
    with timers_seen() as timers:
        got = await outcome(transact(work))
    what = "transact(work), where the work fails four times with what passes"
    paused = sum(ahead for _, ahead in timers)
    ask = await why_not_repeated(got, len(work.began), answer.get("patiently"), paused)
    tries, apart = _attempts(work), len(set(map(id, work.sessions)))
    if apart < len(work.sessions):
        tries, ask = f"{tries} with {apart} session{'s' if apart > 1 else ''}", _WHICH_SESSION
    if isinstance(got, Raised):
        raise NotYet(
            what, got=f"it raised {got}, after {tries}", wanted="'done at attempt 5'", ask=ask
        )
    expect(what, got, "done at attempt 5", ask)
    expect_state("the sessions of five attempts", apart, 5, _WHICH_SESSION)
    _pauses_grow(pauses(work, timers))
    await rows_are_stored(answer, 1, "how many of the five attempts count?")


def _pauses_grow(lasting: list[float]) -> None:
    """The last one is longer than the first by a wide margin, and none is next to nothing."""
    if lasting[-1] <= 1.5 * lasting[0] or min(lasting) <= 0.005:
        raise NotYet.looked_at(
            "the pauses between five attempts",
            got=", ".join(f"{each:.3f} s" for each in lasting),
            wanted="longer and longer pauses",
            ask="what do all clients do at once, otherwise?",
        )


async def _leaves_other_errors(answer: Answer, transact: Any) -> None:
    """An error of the work's own: once, as it was, with nothing stored."""
    later = "would the same work succeed a moment later?"
    for error, ask in {
        driver_error("23514"): later,
        ValueError("ours"): later,
        FileNotFoundError("night.txt"): "whose error is a file that is not there?",
        driver_error("42P01"): later,
    }.items():
        work = FailingWork(error, error)
        got = await outcome(transact(work))
        if got is None and len(work.began) == 1:
            ask = (
                "what does your `except` do with an error that does not pass, and who hears of it?"
            )
        expect_state(
            f"transact(work), where the work fails with {raised(error)}",
            f"{_attempts(work)}, and {outcome_of(got)}",
            f"1 attempt, and {outcome_of(raised(error))}",
            ask,
        )
    await rows_are_stored(answer, 0, "what is left of work that failed?")
    work = FailingWork()
    await transact(work)
    got = kind(await outcome(transact(work)))
    called = "transact(work), with a name that is taken"
    expect(called, got, Raised("IntegrityError"), "whose error is it?")
    expect_state(
        "how often both did their work", len(work.began), 2, "what does a retry change here?"
    )
    await rows_are_stored(answer, 1, "what is left of work that failed?")


def _attempts(work: FailingWork) -> str:
    return f"{len(work.began)} attempt{'s' if len(work.began) != 1 else ''}"


async def _within(seconds: float, attempt: Any) -> Any:
    async with asyncio.timeout(seconds):
        return await attempt


async def _gives_up_in_time(transact: Any) -> None:
    """Where the database stays away the error comes out when the patience has ended.

    Beside it runs work whose attempts take a second each: who counts attempts tries for too long.
    """
    slow = FailingWork(*_AWAY, takes=1.0, row="slowly")
    slowly = asyncio.create_task(outcome(_within(_TOO_LONG, transact(slow))))
    try:
        await _gives_up_quick_work(transact)
        got = await slowly
    finally:
        await cancel_and_wait(slowly)
    if kind(got) == Raised("TimeoutError"):
        found = NotYet(
            "transact(work), where each attempt takes a second and fails, with PATIENCE=2.5",
            got=f"no end within {_TOO_LONG} seconds; attempt {len(slow.began)} was at work",
            wanted="no attempt that begins when the 2.5 seconds are over",
            ask=HOW_LONG,
        )
        raise busy.by_the_clock(found)


async def _gives_up_quick_work(transact: Any) -> None:
    began, work = monotonic(), FailingWork(*_AWAY)
    got = await outcome(_within(4, transact(work)))
    took = monotonic() - began
    if not isinstance(got, Raised):
        raise _not_an_error(got)
    what = "transact(work), where the database stays away, with PATIENCE=2.5"
    if got == "TimeoutError" and took > 3.6:
        got = f"no end within {took:.0f} seconds"
        raise busy.by_the_clock(NotYet(what, got=got, wanted="an error", ask="when is it over?"))
    ask = "which error does the caller get?"
    expect(what, kind(got), Raised("DBAPIError"), ask)
    fits = 0.7 < took < 3.6 and len(work.began) < 60
    counted = f"{len(work.began)} attempts in {took:.1f} seconds"
    if not fits:
        wanted = "some attempts in about 2.5 seconds"
        found = NotYet(what, got=counted, wanted=wanted, ask="when is it over?")
        raise busy.by_the_clock(found)


def _not_an_error(got: object) -> NotYet:
    return NotYet(
        "transact(work), where the database stays away, with PATIENCE=2.5",
        got=outcome_of(got),
        wanted="the error of the last attempt",
        ask="what does the function do after its loop, where every attempt has failed?",
    )


async def _sleeps_for_itself_only(patiently: Any) -> None:
    """Also without a session: reads use it too. Whoever else is there goes on meanwhile."""
    errors = iter([driver_error(_BROKEN), driver_error("57P03")])

    async def attempt() -> str:
        if error := next(errors, None):
            raise error
        return "done"

    another = asyncio.create_task(asyncio.sleep(0, "ran"))
    got = await outcome(patiently(attempt))
    ask = "what does it return?"
    if kind(got) == Raised("DBAPIError"):
        ask = "what has ended it after one attempt, and since when does it count the time?"
    expect("patiently(attempt), after two errors that pass", got, "done", ask)
    ask = "who sleeps during the pause: this request, or the whole thread?"
    expect_state("whether another request was served during the pauses", another.done(), True, ask)


async def _leaves_a_trace(patiently: Any) -> None:
    """A line in the log for each attempt that failed, whatever it says."""
    errors, lines = iter([driver_error(_BROKEN), driver_error("57P03")]), list[logging.LogRecord]()

    async def attempt() -> None:
        if error := next(errors, None):
            raise error

    with mock.patch.object(logging.Logger, "handle", lambda _, line: lines.append(line)):
        await patiently(attempt)
    ask = "who learns that the database was away, where nobody had an error?"
    expect_state("the lines in the log after two attempts that failed", len(lines), 2, ask)
