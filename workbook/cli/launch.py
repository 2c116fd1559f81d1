"""`wb lab`: the notebooks, PostgreSQL and JupyterLab, in the care of one process."""

import os
import signal
import subprocess
import threading
import time
import webbrowser
from types import FrameType

from rich.console import Console

from workbook import material, workspace
from workbook.base import paths, platforms, ports, settings
from workbook.base.problem import Problem
from workbook.cli import jupyter

START_TIMEOUT = 60.0
ATTEMPTS = 5
ADVICE = "Run ./wb doctor: it looks for the cause."


class LabProblem(Problem):
    """JupyterLab cannot run; the text says why and what to do."""


def lab(
    number: str | None,
    port: int | None,
    browser: bool,
    postgres: str | None,
    look: jupyter.Look = jupyter.LEARNERS,
    page: str | None = None,
) -> int:
    """Start everything, say where it is, and stay until Ctrl-C; the exit code.

    `page` is a notebook below the learner's folder to open in place of one by its number.
    """
    console = Console(highlight=False)
    begun = float(settings.read().started or time.time())
    for change in workspace.update():
        if change.kind != "new":
            console.print(f"  {change}", markup=False)
    for each in filter(None, [*workspace.damage(), workspace.lost()]):
        console.print(each, markup=False, soft_wrap=True)
    page = page or first_page(number)
    address, ours = jupyter.claim(port)
    if not ours:
        _say_running(console, address, page)
        return 0
    _listen_to_signals()
    try:
        return _run(console, address, page, begun, browser, postgres, look)
    finally:
        jupyter.forget()


def first_page(number: str | None) -> str | None:
    """The notebook to open: the one asked for, else the first that is not finished."""
    notebook = material.notebook(number) if number else workspace.next_notebook(workspace.read())
    if notebook and (paths.work() / f"{notebook.stem}.ipynb").exists():
        return f"{notebook.stem}.ipynb"
    return next((path.name for path in sorted(paths.work().glob("*.ipynb"))), None)


def _run(
    console: Console,
    address: jupyter.Address,
    page: str | None,
    begun: float,
    browser: bool,
    choice: str | None,
    look: jupyter.Look,
) -> int:
    """Both servers from start to end; PostgreSQL starts while JupyterLab does."""
    from workbook import postgres

    if choice:
        os.environ["WORKBOOK_POSTGRES"] = choice  # the notebooks then choose the same
    children = [jupyter.start(address, page, look)]
    try:
        server = postgres.attach(choice)
        address = _answering(children, address, page, look)
        _say_ready(console, address.url(page), begun, server.kind)
        if browser and platforms.has_display():
            threading.Thread(target=webbrowser.open, args=[address.url(page)], daemon=True).start()
        return _ended(children[-1])
    except KeyboardInterrupt:
        console.print("\nStopping JupyterLab and its kernels ...")
        return 0
    finally:
        for child in children:
            jupyter.stop(child)
        postgres.release()
        console.print("Stopped.")


def _answering(
    children: "list[subprocess.Popen[bytes]]",
    address: jupyter.Address,
    page: str | None,
    look: jupyter.Look = jupyter.LEARNERS,
) -> jupyter.Address:
    """Where JupyterLab answers, once it does; LabProblem with its last words where it does not.

    It looks for a free port, and takes it a moment later. Where somebody else was quicker, it ends,
    and another one is started.
    """
    deadline = time.monotonic() + START_TIMEOUT
    while not (actual := jupyter.read_address(children[-1], address)):
        if children[-1].poll() is not None:
            if address.fixed or ports.is_free(address.port) or len(children) == ATTEMPTS:
                raise _problem("JupyterLab ended at once")
            children.append(jupyter.start(address, page, look))
        if time.monotonic() > deadline:
            raise _problem(f"JupyterLab did not answer within {START_TIMEOUT:.0f} seconds")
        time.sleep(0.05)
    return actual


def _ended(child: "subprocess.Popen[bytes]") -> int:
    """Wait until JupyterLab ends by itself, which File → Shut Down makes it do."""
    if child.wait():
        raise _problem("JupyterLab stopped")
    return 0


def _problem(what: str) -> LabProblem:
    return LabProblem(f"{what}. It said:\n{jupyter.log_tail()}\n{ADVICE}")


def _say_ready(console: Console, url: str, begun: float, kind: str) -> None:
    installing = float(settings.read().install_seconds)
    words = f"Ready in {time.time() - begun:.0f} s"
    words += f", {installing:.0f} s of it installing." if installing >= 1 else "."
    console.print(f"\n[bold]{words}[/bold] PostgreSQL: {kind}. Open this page:\n")
    console.print(f"    {url}\n", style="bold", markup=False, soft_wrap=True)
    console.print(f"Your files are in {paths.work_as_known()}.", markup=False, soft_wrap=True)
    console.print("Stop with Ctrl-C; your files stay.")


def _say_running(console: Console, address: jupyter.Address, page: str | None) -> None:
    console.print("JupyterLab is already running for this folder. Open this page:\n")
    console.print(f"    {address.url(page)}\n", style="bold", markup=False, soft_wrap=True)
    console.print(f"To stop it, press Ctrl-C in its own terminal (process {address.pid}).")


def _listen_to_signals() -> None:
    """Ctrl-C, a polite kill and a closed terminal all end the same way; nohup keeps its meaning."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
