"""A laptop in a room: what it sends, to whom, when; and that nobody waits for it."""

import errno
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from room_server import listener, standing
from typer.testing import CliRunner

from workbook import workspace
from workbook.base import paths, waiting
from workbook.base.problem import Problem
from workbook.cli import commands, jupyter, launch
from workbook.room.laptop import joining, membership, post, sender, sentences, watching
from workbook.room.laptop.post import NotSent
from workbook.room.laptop.sender import Sender
from workbook.room.wire.code import Code
from workbook.room.wire.report import Report

LAPTOP = "b" * 32
NOBODY = Code("127.0.0.1", 9, "0f" * 16, "a1" * 32)


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    return tmp_path


def bodies(heard: list[bytes]) -> list[Report]:
    return [Report.model_validate_json(each.partition(b"\r\n\r\n")[2]) for each in heard]


def test_what_show_prints_is_what_is_sent_byte_for_byte() -> None:
    workspace.record("00.fetch", "not yet", "the digest")
    workspace.hint_shown("00.fetch", 3)
    with listener() as board, joining.joined(board.code, "ana"):
        assert waiting.eventually_sync(lambda: board.heard, 5)
        shown = sentences.show()
    head, _, body = board.heard[0].decode().partition("\r\n\r\n")
    printed = shown.split("\n\n")
    assert sorted(printed[1].splitlines()) == sorted(head.split("\r\n"))
    assert printed[2] == body
    assert json.loads(body)["exercises"] == [
        {
            "exercise": "00.fetch",
            "verdict": "not yet",
            "attempts": 1,
            "hints": 1,
            "solved": False,
        }
    ]
    assert set(json.loads(body)) == {"name", "laptop", "exercises"}


def test_nothing_of_an_answer_is_in_a_report() -> None:
    workspace.record("00.fetch", "not yet", "d1g3st")
    workspace.record("99.unknown", "right", "d1g3st")
    said = Report(name="ana", laptop=LAPTOP, exercises=watching.Watched().read())
    assert "d1g3st" not in said.model_dump_json()
    assert [each.exercise for each in said.exercises] == ["00.fetch"]


def test_to_another_certificate_nothing_is_sent() -> None:
    with listener() as board:
        code = Code(board.code.host, board.code.port, board.code.token, "a1" * 32)
        with pytest.raises(NotSent, match="another machine answers") as told:
            post.post(code, Report(name="ana", laptop=LAPTOP, exercises=()))
        assert told.value.final
    assert board.heard in ([], [b""])


@pytest.mark.parametrize(
    ("answer", "words", "final"),
    [
        (b"HTTP/1.1 401 x\r\n\r\n", "does not know this code", True),
        (b"HTTP/1.1 403 x\r\n\r\n", "no more people", True),
        (b"HTTP/1.1 422 x\r\n\r\n", "different versions", True),
        (b"HTTP/1.1 500 x\r\n\r\n", "answered 500", False),
        (b"HTTP/1.1 302 x\r\nLocation: https://127.0.0.1:9/\r\n\r\n", "answered 302", False),
        (b"nonsense\r\n", "does not answer", False),
    ],
)
def test_each_refusal_has_its_reason(answer: bytes, words: str, final: bool) -> None:
    with listener(answer) as board, pytest.raises(NotSent, match=words) as told:
        post.post(board.code, Report(name="ana", laptop=LAPTOP, exercises=()))
    assert told.value.final == final
    assert len(board.heard) == 1


def test_a_change_is_sent_soon_and_the_same_is_not_sent_again() -> None:
    with listener() as board, joining.joined(board.code, "ana"):
        assert waiting.eventually_sync(lambda: board.heard, 5)
        begun = time.monotonic()
        workspace.record("00.fetch", "right", "d")
        assert waiting.eventually_sync(lambda: len(board.heard) == 2, 5)
        assert time.monotonic() - begun < 2
        time.sleep(3 * sender.LOOK_SECONDS)
        assert len(board.heard) == 2
    first, second = bodies(board.heard)
    assert (first.exercises, [each.verdict for each in second.exercises]) == ((), ["right"])


def test_what_changed_at_the_very_end_is_sent_before_the_lab_has_ended() -> None:
    with listener() as board:
        with joining.joined(board.code, "ana"):
            assert waiting.eventually_sync(lambda: board.heard, 5)
            workspace.record("00.fetch", "right", "d")
        assert len(board.heard) == 2


def test_a_board_that_never_answers_holds_nobody_up() -> None:
    with listener(b"") as board:
        with joining.joined(board.code, "ana"):
            assert waiting.eventually_sync(lambda: board.heard, 5)
            begun = time.monotonic()
            workspace.record("00.fetch", "right", "d")
            assert time.monotonic() - begun < 1
            begun = time.monotonic()
        assert time.monotonic() - begun < sender.LAST_SECONDS + 1


def test_a_report_is_sent_again_until_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "AGAIN_SECONDS", (0.1, 0.2))
    told: list[str] = []
    with listener() as board:
        answers = iter([b"HTTP/1.1 500 x\r\n\r\n"] * 3)
        taken = board.answer
        board.answer = next(answers)

        def hear(problem: NotSent | None) -> None:
            told.append(str(problem or "taken"))
            board.answer = next(answers, taken)

        sending = Sender(partial(post.post, board.code), "ana", LAPTOP, lambda: (standing(),), hear)
        sending.start()
        assert waiting.eventually_sync(lambda: "taken" in told, 10)
        sending.stop()
    assert told == ["the room answered 500"] * 3 + ["taken"]


def test_the_pauses_grow_to_five_seconds_and_a_refused_report_waits_longer() -> None:
    sending = Sender(partial(post.post, NOBODY), "ana", LAPTOP, lambda: (), lambda _: None)
    pauses = []
    for _ in range(8):
        sending._failed(NotSent("away", final=False))
        pauses.append(sending._pause(NotSent("away", final=False)))
    assert 0.5 < pauses[0] <= 1
    assert max(pauses) <= 5
    assert sending._pause(NotSent("no", final=True)) > 20


def test_a_fault_of_our_own_does_not_end_the_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    reads = iter([ValueError("half a file")])

    def read() -> watching.Standings:
        for error in reads:
            raise error
        return (standing(),)

    monkeypatch.setattr(sender, "REFUSED_SECONDS", 0.1)
    with listener() as board:
        sending = Sender(
            partial(post.post, board.code), "ana", LAPTOP, read, lambda each: told.append(str(each))
        )
        sending.start()
        assert waiting.eventually_sync(lambda: len(told) == 2, 5)
        sending.stop()
    assert told == ["ValueError: half a file", "None"]


def test_a_full_disk_does_not_end_the_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    def is_full(_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with listener() as board, joining.joined(board.code, "ana"):
        monkeypatch.setattr(membership, "_write", is_full)
        for attempt in range(2):
            workspace.record("00.fetch", "not yet", str(attempt))
            assert waiting.eventually_sync(
                lambda wanted=attempt: any(
                    e.attempts > wanted for r in bodies(board.heard) for e in r.exercises
                ),
                5,
            )


@pytest.mark.parametrize("text", ["{", "[]", '{"00.fetch": 1}', "[" * 100_000])
def test_damaged_progress_leaves_the_last_report_and_the_file(text: str, work: Path) -> None:
    workspace.record("00.fetch", "right", "d")
    watched = watching.Watched()
    before = watched.read()
    (work / ".workbook" / "progress.json").write_text(text)
    assert watched.read() == before != ()
    assert (work / ".workbook" / "progress.json").read_text() == text


def test_numbers_out_of_range_are_bounded(work: Path) -> None:
    workspace.record("00.fetch", "right", "d")
    path = work / ".workbook" / "progress.json"
    raw = json.loads(path.read_text())
    raw["00.fetch"] |= {"attempts": 10**9, "hints": -5}
    path.write_text(json.dumps(raw))
    (one,) = watching.Watched().read()
    assert (one.attempts, one.hints) == (999, 0)


def test_each_room_gets_another_number_of_this_laptop_and_the_same_one_again() -> None:
    other = Code("127.0.0.1", 9, "0f" * 16, "b2" * 32)
    laptops = [membership.join(code, "ana").laptop for code in (NOBODY, other, NOBODY)]
    assert laptops[0] == laptops[2] != laptops[1]


def test_the_name_is_remembered_and_else_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Problem, match="--name"):
        joining.chosen_name(None)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _: "ben")
    assert joining.chosen_name(None) == "ben"
    membership.join(NOBODY, " ana  maria ")
    assert joining.chosen_name(None) == "ana maria"
    assert joining.chosen_name("eva") == "eva"


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u202eb", "a\x00b"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(Problem, match="1 to 40 characters"), joining.joined(NOBODY, name):
        pass
    assert membership.current() is None


def test_status_says_that_it_is_on_and_what_became_of_the_last_report() -> None:
    assert sentences.state() == sentences.NOTHING == sentences.show()
    with listener() as board, joining.joined(board.code, "ana"):
        assert "the first report is on its way" in sentences.state()
        line = "as ana; the last report was taken at "
        assert waiting.eventually_sync(lambda: line in sentences.state(), 5)
        assert f"sent to {board.code.address} " in sentences.state()
    assert sentences.state() == sentences.NOTHING


def test_status_says_why_a_report_was_not_taken() -> None:
    with joining.joined(NOBODY, "ana"):
        words = "was not, since the room does not answer at 127.0.0.1:9"
        assert waiting.eventually_sync(lambda: words in sentences.state(), 5)


def wb(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(commands.app, list(arguments))
    return done.exit_code, f"{done.output}{done.exception or ''}"


def test_the_lab_with_a_code_reports_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as board:
        monkeypatch.setattr(
            launch, "lab", lambda *_: 0 if waiting.eventually_sync(lambda: board.heard, 5) else 1
        )
        code, said = wb("lab", "--room", str(board.code), "--name", "ana")
        assert code == 0
        assert "your code never does" in said
        assert "Room: your progress is sent" not in wb("status")[1]


def test_the_lab_without_a_code_sends_nothing_also_after_one_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    membership.join(NOBODY, "ana")
    membership.leave()
    monkeypatch.setattr(launch, "lab", lambda *_: 0)
    monkeypatch.setattr(joining, "joined", lambda *_: 1 / 0)
    assert wb("lab") == (0, "")


def test_in_a_container_the_environment_names_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener() as board:
        monkeypatch.setenv("WORKBOOK_ROOM", str(board.code))
        monkeypatch.setenv("WORKBOOK_ROOM_NAME", "ana")
        monkeypatch.setattr(
            launch, "lab", lambda *_: 0 if waiting.eventually_sync(lambda: board.heard, 5) else 1
        )
        assert wb("lab")[0] == 0
    assert bodies(board.heard)[0].name == "ana"


def test_a_wrong_code_stops_before_anything_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "lab", lambda *_: 1 / 0)
    assert "80 letters" in wb("lab", "--room", "127.0.0.1:9/abc")[1]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[bytes]]:
    """A `wb lab` that was started without a room."""
    other = subprocess.Popen(["sleep", "60"])
    monkeypatch.setattr(jupyter, "running", lambda: jupyter.Address(other.pid, 0.0, 8899, "secret"))
    yield other
    other.kill()
    other.wait()


def test_beside_a_lab_that_runs_the_terminal_reports_until_that_ends(
    running: subprocess.Popen[bytes],
) -> None:
    with listener() as board:

        def end() -> None:
            waiting.eventually_sync(lambda: board.heard, 5)
            running.kill()
            running.wait()

        ending = threading.Thread(target=end)
        ending.start()
        code, said = wb("lab", "--room", str(board.code), "--name", "ana")
        ending.join()
    assert code == 0
    assert "already running" in said
    assert "This terminal reports to the room." in said
    assert said.rstrip().endswith("Nothing is sent any more.")
    assert membership.current() is None


def test_a_folder_reports_to_one_room_at_a_time() -> None:
    with joining.joined(NOBODY, "ana"):
        said = wb("lab", "--room", str(NOBODY), "--name", "ben")[1]
        assert "reports already, to 127.0.0.1:9 as ana" in said
        assert membership.current() is not None


def test_no_module_of_a_room_is_loaded_by_a_lab_without_one() -> None:
    code = (
        "import sys, workbook.cli.commands, workbook.cli.launch, workbook.lab.lab;"
        "print([m for m in sys.modules if m.startswith('workbook.room')])"
    )
    said = subprocess.check_output([sys.executable, "-c", code], text=True, cwd=paths.ROOT)
    assert said == "[]\n"
