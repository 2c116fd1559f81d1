"""The doctor names the repair, and no probe of it can stop the others."""

import json
import os
import pwd
import shutil
import socket
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from workbook.authoring import sandbox
from workbook.base import paths, ports
from workbook.cli import install, jupyter
from workbook.cli.doctor import files, machine, network, parts, report


@pytest.fixture(autouse=True)
def own_work(monkeypatch):
    monkeypatch.delenv("WORKBOOK_DATABASE_URL", raising=False)
    with sandbox.work() as own:
        monkeypatch.setenv("WORKBOOK_WORK", own["WORKBOOK_WORK"])
        yield


def only(found) -> report.Finding:
    [finding] = list(found)
    return finding


def test_every_finding_is_a_sentence_and_every_problem_has_a_repair():
    findings = report.diagnose()
    assert len(findings) > 10
    assert all(each.what.strip().endswith((".", ")")) for each in findings)
    assert all(each.repair for each in findings if not each.ok)
    assert not [each for each in findings if "did not work" in each.what]


def test_a_probe_that_breaks_is_a_finding_and_stops_no_other(monkeypatch):
    def broken():
        raise RuntimeError("no such thing")

    monkeypatch.setattr(machine, "ALL", [broken, machine.clock])
    said = [each.what for each in report.diagnose()]
    assert any("look at the broken did not work (RuntimeError: no such thing)" in x for x in said)
    assert any("clock" in each for each in said)


def test_the_report_says_problem_in_words_and_ends_with_1(monkeypatch, capsys):
    bad = report.Finding(False, "The disk is full.", "Free some space.")
    monkeypatch.setattr(report, "diagnose", lambda: [report.Finding(True, "All well."), bad])
    assert report.report() == 1
    said = capsys.readouterr().out
    assert "PROBLEM  The disk is full." in said
    assert "Repair: Free some space." in said
    assert "1 problem found." in said


def test_the_report_ends_with_0_where_nothing_is_broken(monkeypatch, capsys):
    monkeypatch.setattr(report, "diagnose", lambda: [report.Finding(True, "All well.")])
    assert report.report() == 0
    assert "No problems found." in capsys.readouterr().out


def test_an_old_python_is_a_problem(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 1))
    finding = only(parts.python())
    assert not finding.ok
    assert "3.8.1" in finding.what


def test_a_venv_without_a_stamp_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr(install, "STAMP", tmp_path / "stamp.json")
    finding = only(parts.packages())
    assert not finding.ok
    assert "./wb" in str(finding.repair)


@pytest.mark.parametrize("key", ["requirements", "root", "python"])
def test_a_venv_that_the_launcher_would_make_anew_is_a_problem(key, tmp_path, monkeypatch):
    told = json.loads(install.STAMP.read_text())
    monkeypatch.setattr(install, "STAMP", tmp_path / "stamp.json")
    install.STAMP.write_text(json.dumps(told))
    assert only(parts.packages()).ok
    install.STAMP.write_text(json.dumps(told | {key: "another"}))
    assert install.stale_parts() == [key]
    assert not only(parts.packages()).ok
    assert only(parts.packages()).repair == "./wb status"


def test_a_missing_kernel_is_a_problem(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert not only(parts.kernel()).ok


def test_an_account_that_cannot_start_the_server_is_not_repaired_by_installing(monkeypatch):
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: {}[uid])
    finding = only(parts.server_programs())
    assert not finding.ok
    assert "and no name on this machine" in finding.what
    assert finding.repair == parts.ACCOUNTS


def test_an_unusable_database_url_is_a_problem(monkeypatch):
    monkeypatch.setenv("WORKBOOK_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    finding = only(parts.server())
    assert not finding.ok
    assert "unset WORKBOOK_DATABASE_URL" in str(finding.repair)


@pytest.mark.parametrize(("free", "enough"), [(5 << 30, True), (999 << 20, False)])
def test_less_than_a_gigabyte_is_a_problem(free, enough, monkeypatch):
    used = SimpleNamespace(total=1 << 40, used=0, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: used)
    findings = list(machine.free_space())
    assert [each.ok for each in findings] == [enough] * len(findings)
    assert all(bool(each.repair) != enough for each in findings)


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path, monkeypatch):
    tmp_path.chmod(0o500)
    closed = Path("/proc") if os.geteuid() == 0 else tmp_path  # where even root writes nothing
    monkeypatch.setenv("WORKBOOK_WORK", str(closed))
    finding = next(machine.writable_folders())
    assert not finding.ok
    assert f"{closed} cannot be written (" in finding.what
    assert "chmod" in str(finding.repair)


def test_a_folder_that_can_be_written_is_fine_and_stays_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    assert next(machine.writable_folders()).ok
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "ok", "words"),
    [("plain", True, "fine"), ("Größe 1", True, "fine"), ("long" * 60, False, "letters")],
)
def test_spaces_and_letters_are_fine_and_length_is_not(name, ok, words, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path / name)
    finding = only(machine.path_of_the_folder())
    assert (finding.ok, words in finding.what) == (ok, True)


@pytest.mark.parametrize(
    ("folder", "kind"), [("/mnt/c/nightwatch", "9p"), ("/home/me", "nfs4"), ("/mnt", "")]
)
def test_a_windows_or_network_disk_is_a_problem(folder, kind, monkeypatch):
    disks = [("/", "ext4"), ("/mnt/c", "9p"), ("/home", "nfs4"), ("/home/you", "ext4")]
    told = [SimpleNamespace(mountpoint=place, fstype=fstype) for place, fstype in disks]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: told)
    monkeypatch.setattr(paths, "ROOT", Path(folder))
    findings = list(machine.kind_of_disk())
    assert [kind in each.what and "cp -r" in str(each.repair) for each in findings] == (
        [True] if kind else []
    )


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no /proc here")
def test_the_kind_of_a_disk_is_read_from_the_system():
    assert machine._file_system(Path("/proc/self")) == "proc"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")
def test_a_folder_that_the_servers_account_cannot_enter_is_named(tmp_path, monkeypatch):
    tmp_path.chmod(0o700)
    monkeypatch.setenv("WORKBOOK_WORK", str(tmp_path))
    finding = only(machine.closed_parents())
    assert finding.ok and f"cannot enter {tmp_path}" in finding.what


def test_a_clock_of_long_ago_is_a_problem(monkeypatch):
    monkeypatch.setattr(machine.time, "time", lambda: 0.0)
    assert not only(machine.clock()).ok


def test_a_taken_port_is_named_with_its_owner(monkeypatch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        monkeypatch.setattr(ports, "USUAL", port)
        finding = only(network.usual_port())
        assert f"(process {os.getpid()})" in finding.what
        assert finding.ok
        with pytest.raises(ports.PortTaken, match=f"process {os.getpid()}"):
            ports.choose(port)
        assert ports.choose(None) != port
    assert ports.choose(port) == port


@pytest.fixture
def no_proxies(monkeypatch):
    for name in [*os.environ]:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.usefixtures("no_proxies")
def test_without_a_proxy_this_machine_answers():
    assert only(network.proxies()) == report.Finding(
        True, "No proxy catches this machine's own addresses."
    )


@pytest.mark.usefixtures("no_proxies")
@pytest.mark.parametrize("spared", ["", "example.org"])
def test_a_proxy_that_catches_this_machine_does_so_in_a_terminal_only(spared, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", spared)
    finding = only(network.proxies())
    assert finding.ok and "in this terminal HTTP_PROXY does" in finding.what
    wanted = ",".join(filter(None, [spared, "127.0.0.1,localhost,::1"]))
    assert f"export NO_PROXY={wanted} no_proxy={wanted}" in str(finding.repair)


@pytest.mark.usefixtures("no_proxies")
def test_a_socks_proxy_is_a_problem_also_where_this_machine_is_spared(monkeypatch):
    monkeypatch.setenv("all_proxy", "socks5://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    finding = only(network.proxies())
    assert not finding.ok and "ImportError: Using SOCKS proxy" in finding.what
    assert finding.repair == "unset all_proxy"


@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_that_spares_this_machine_is_fine(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    finding = only(network.proxies())
    assert finding.ok and not finding.repair


@pytest.mark.usefixtures("no_proxies")
def test_a_machine_that_does_not_answer_itself_is_a_problem(monkeypatch):
    monkeypatch.setattr(network.local_server, "CLIENT", "raise SystemExit('Refused: no way')")
    finding = only(network.proxies())
    assert not finding.ok and "(Refused: no way)" in finding.what
    assert "127.0.0.1" in str(finding.repair)


def test_no_docker_is_fine(monkeypatch):
    monkeypatch.setattr(network.shutil, "which", lambda name: None)
    assert only(network.docker()).ok


@pytest.mark.parametrize("off", ["off", "OFF", "Off"])
def test_docker_that_is_off_is_off_however_it_is_written(off, monkeypatch):
    monkeypatch.setenv("WORKBOOK_DOCKER", off)
    assert only(network.docker()).what.startswith("WORKBOOK_DOCKER is off")


def test_a_note_of_a_dead_lab_counts_for_nothing():
    paths.state().mkdir()
    note = paths.state() / "lab.json"
    for text in ["", "[]", "{}", f'{{"pid": {os.getpid()}, "since": 1, "port": 1, "token": "t"}}']:
        note.write_text(text)
        assert jupyter.running() is None


def test_a_notebook_with_conflict_marks_is_a_problem_with_a_repair(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    shipped = tmp_path / "notebooks" / "07_repositories.ipynb"
    shipped.parent.mkdir()
    shipped.write_text('{"cells": []}')
    assert only(files.notebooks()).ok
    (tmp_path / ".git" / "rebase-merge").mkdir(parents=True)
    found = only(files.notebooks())
    assert (found.ok, found.what) == (False, "git has not finished a rebase in this folder.")
    shipped.write_text("<<<<<<< HEAD\n{}\n")
    found = only(files.notebooks())
    assert not found.ok
    assert found.what.startswith("notebooks/07_repositories.ipynb cannot be handed out: git has")
    assert found.repair == "git rebase --abort"


def test_damaged_progress_is_named_where_it_is_kept():
    assert list(files.progress()) == []
    paths.state().mkdir(parents=True)
    (paths.state() / "progress.json").write_text("{")
    found = only(files.progress())
    assert found.ok
    assert "A damaged progress.json is kept as" in found.what
