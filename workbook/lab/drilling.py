"""Drills in a notebook: one that runs, the cell that mends it, and what is written of it."""

from typing import TYPE_CHECKING, Any

from workbook import material, workspace
from workbook.base import paths
from workbook.base.problem import Problem
from workbook.checks import checking
from workbook.checks.verdict import OF_THE_APP, YOURS, Verdict
from workbook.display.card import Card
from workbook.display.table import Table
from workbook.drills import order, postmortem, reports, timeline
from workbook.lab import exercises
from workbook.lab.session import Session
from workbook.myapp import standin
from workbook.postgres import databases

if TYPE_CHECKING:
    from workbook.drills.drill import Drill
    from workbook.drills.night import Night

NUMBER = "14"
"""The notebook of the drills."""


async def begin(session: Session, which: str | int | None, seed: int) -> "Night":
    """The chosen drill, running on a database of its own; one that ran before is ended."""
    from workbook.drills.served import AppFailsError  # HTTP clients and processes: half a second
    from workbook.stack import warm_programs

    if session.number < NUMBER:
        raise Problem(f"Drills belong to notebook {NUMBER}: the app is finished there.")
    drill = order.chosen(which, seed, _solved())
    await end(session)
    await exercises.judge_app(session)
    session.end_once(warm_programs.close)
    app = standin.app(session.number)
    print(f"The app: yours, {app.with_the_reference() or 'from myapp/'}; with one fault in it.")
    try:
        return await _run(session, drill, app.texts)
    except AppFailsError as error:
        print(f"{str(error).splitlines()[0]} So it is the reference's app, with the same fault.")
        return await _run(session, drill, standin.reference(session.number))


async def _run(session: Session, drill: "Drill", app: dict[str, str]) -> "Night":
    """This app with its fault, on a database of its own; AppFailsError where it cannot run."""
    from workbook.drills.night import Night

    template = await checking.template(session.server, session.number, session.prefix)
    await databases.recreate(session.server, session.drill_database, template)
    urls = [session.server.url(session.drill_database, role=each) for each in ("app", "admin")]
    session.night = made = Night(drill, app, *urls)
    session.resources.push_async_callback(made.close)
    try:
        await made.begin()
    except BaseException:
        await end(session)
        raise
    return made


async def end(session: Session) -> None:
    """End the drill that runs, if one does."""
    if session.night is not None:
        await session.night.close()
        session.night = None


def install(session: Session, shell: Any) -> None:
    """Give this shell the `%%mend` magic; outside of IPython there is none."""

    def write(line: str, cell: str) -> None:
        """`%%mend heron` puts the parts of this cell into the copy of that drill.

        A line `# app/rules.py` says into which file goes what follows it, up to the next such
        line. Definitions replace their namesakes; each run begins with the broken copy.
        """
        print(mend(session, line.strip(), cell))

    if shell is not None:
        shell.register_magic_function(write, "cell", "mend")


def mend(session: Session, name: str, cell: str) -> str:
    """Put a cell into the copy of a drill; what was written, as a sentence."""
    if refused := _refused(session, name):
        session.unwritten |= dict.fromkeys(_tested_in(cell), refused)
        return refused
    others = dict.fromkeys(_tested_in(cell), f"It was written into the copy of {name}.")
    session.unwritten |= others | {name: ""}
    assert session.night is not None
    return _put(session.night, cell)


def _tested_in(cell: str) -> list[str]:
    """The drills whose test stands in a cell."""
    return [each for each in order.NAMES if f"def test_{each}(" in cell]


def _refused(session: Session, name: str) -> str:
    """Why a cell cannot be written into the copy of this drill; empty where it can."""
    if name not in order.NAMES:
        return f"%%mend wants the name of a drill: {', '.join(sorted(order.NAMES))}."
    if session.night is None or session.night.name != name:
        return f"Nothing was written: {name} does not run. Begin: await lab.drill({name!r})"
    return ""


def _put(night: "Night", cell: str) -> str:
    try:
        changed = night.mend(cell)
    except SyntaxError as error:
        return f"Nothing was written: {error.msg}."
    said = f"Wrote {', '.join(changed) or 'nothing'} in {_where(night)}/."
    new = [each for each in changed if night.is_new(each)]
    return f"{said} The app had no {' and no '.join(new)} before." if new else said


def _where(night: "Night") -> str:
    return night.folder.relative_to(paths.work()).as_posix()


async def check(session: Session, exercise_id: str) -> Verdict:
    """Judge an answer; the verdict on a drill is put into its timeline."""
    number, _, name = exercise_id.partition(".")
    if number == NUMBER and (refused := session.unwritten.get(name)):
        return _nothing_runs(exercise_id, name, refused)
    verdict = await exercises.check(session, exercise_id)
    _note(exercise_id, verdict)
    return verdict


def _nothing_runs(exercise_id: str, name: str, refused: str) -> Verdict:
    lines = {
        "Nothing of it runs": refused,
        "Do first": f"Begin {name}, run the cell that mends it, then check again.",
    }
    title = material.exercise(exercise_id).title
    return Verdict("not attempted", exercise_id, title, tuple(lines.items()))


def _note(exercise_id: str, verdict: Verdict) -> None:
    number, _, name = exercise_id.partition(".")
    if number != NUMBER or name not in order.NAMES or verdict.kind not in ("right", "not yet"):
        return
    said = dict(verdict.lines)
    about = ("What was looked at", YOURS, OF_THE_APP, "You called")
    seen = next((said[each] for each in about if each in said), "")
    what = (
        "Checked: right." if verdict else f"Checked: not yet. {seen}: {said.get('What happened')}"
    )
    timeline.note(name, "right" if verdict else "not yet", what, said.get("Why it works", ""))


def write_postmortem(name: str) -> Card:
    """Write the page of a drill, and say where it is."""
    drill = order.chosen(name, order.SEED, ())
    cause = timeline.read(name).cause() or _cause(name)
    path, kept = postmortem.write(drill, cause if name in _solved() else "")
    where = path.relative_to(paths.work()).as_posix()
    more = "What stands in italics is for you to say."
    return Card(f"The post-mortem of {name} is in {where}.", f"{kept} {more}".strip())


def _cause(name: str) -> str:
    """What the lesson says of it: a timeline may be gone that progress has outlived."""
    try:
        return material.exercise(f"{NUMBER}.{name}").why
    except KeyError:
        return ""


def overview() -> Table:
    """Each drill, and how long it took."""
    every = {name: timeline.read(name) for name in order.drawn()}
    return reports.overview(every, _solved())


def _solved() -> set[str]:
    known = workspace.read()
    return {each.removeprefix(f"{NUMBER}.") for each, state in known.items()
            if each.startswith(f"{NUMBER}.") and state.solved}  # fmt: skip
