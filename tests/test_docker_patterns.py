"""What `.dockerignore` keeps out of a build and what COPY takes along, held against an engine."""

import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from workbook.postgres import docker
from workbook.stack import dockerfile, dockerignore, image_files

TREE = [
    *("a.txt", "b.txt", "c.txt", "A.txt", "[ab].txt", "!a.txt", "#hash", "a+b.txt", "a b.txt"),
    *("sub/a.txt", "sub/keep", "sub/deep/keep", "sub/deep/a.log", "sun/z"),
    *("d/e", "dd", "de/f", "s/x/y", "sxy", "x.y", "xzy", "-.txt", "*", "]"),
]
NOTHING: list[str] = []
EVERYTHING = TREE
UNDER_SUB = ["sub/a.txt", "sub/keep", "sub/deep/keep", "sub/deep/a.log"]

KEPT_OUT = {
    "[ab].txt": ["a.txt", "b.txt"],
    "[a-c].txt": ["a.txt", "b.txt", "c.txt"],
    "[^a].txt": ["b.txt", "c.txt", "A.txt", "-.txt"],
    "[!a].txt": ["a.txt"],  # no negation here: a class of `!` and `a`
    "[a\\-c].txt": ["a.txt", "c.txt", "-.txt"],
    "[\\]]": ["]"],
    "[[]ab].txt": ["[ab].txt"],
    "\\[ab\\].txt": ["[ab].txt"],
    "x[.]y": ["x.y"],
    "s[^z]x": ["s/x/y"],  # a class takes a slash too
    "s?x": NOTHING,
    "sub/[^d]*": ["sub/a.txt", "sub/keep"],
    "**/[k-z]*p": ["sub/keep", "sub/deep/keep"],
    "*.[x-z]": ["x.y"],
    "x.y": ["x.y"],
    "a+b.txt": ["a+b.txt"],
    "a b.txt": ["a b.txt"],
    "A.TXT": NOTHING,
    "\\*": ["*"],
    "#hash": NOTHING,
    " #hash": ["#hash"],
    "\\#hash": ["#hash"],
    "a.txt # no": NOTHING,
    "  a.txt   ": ["a.txt"],
    "/a.txt": ["a.txt"],
    "./a.txt": ["a.txt"],
    "sub/../a.txt": ["a.txt"],
    "sub//keep": ["sub/keep"],
    "/sub/": UNDER_SUB,
    "sub": UNDER_SUB,
    ".": NOTHING,
    "/": NOTHING,
    "../a.txt": NOTHING,
    "**": EVERYTHING,
    "**/": EVERYTHING,
    "sub/**": UNDER_SUB,
    "**/keep": ["sub/keep", "sub/deep/keep"],
    "**keep": ["sub/keep", "sub/deep/keep"],
    "**/deep/**": ["sub/deep/keep", "sub/deep/a.log"],
    "**/a.txt/**": NOTHING,
    "sub/*/keep": ["sub/deep/keep"],
    "sub/d**p/keep": NOTHING,
    "d*": ["d/e", "dd", "de/f"],
    "d**": ["d/e", "dd", "de/f"],
    "**d": ["d/e", "dd"],
    "sub\n!sub/keep": ["sub/a.txt", "sub/deep/keep", "sub/deep/a.log"],
    "sub/**\n!sub/keep": ["sub/a.txt", "sub/deep/keep", "sub/deep/a.log"],
    "sub/\n!sub/deep/": ["sub/a.txt", "sub/keep"],
    "*\n!sub": [each for each in TREE if each not in UNDER_SUB],
    "*\n!**/keep": [each for each in TREE if not each.endswith("keep")],
    "*\n! a.txt": [each for each in TREE if each != "a.txt"],
    "!a.txt\na.txt": ["a.txt"],
    "sub/keep\n!sub": ["sub/keep"],  # an exception for a folder is none for what is named before
    "sub/keep\n!sub\nsub/deep": ["sub/keep", "sub/deep/keep", "sub/deep/a.log"],
    "sub/deep\n!sub/d*\nsub/deep/keep": ["sub/deep/keep"],
    "**/keep\n!sub/**": NOTHING,
    "\\!a.txt": ["!a.txt"],
    "**/*.txt\n![b-z].txt\nc.*": [
        "a.txt", "c.txt", "A.txt", "[ab].txt", "!a.txt", "a+b.txt", "a b.txt", "sub/a.txt",
        "-.txt"],
}  # fmt: skip
BROKEN = ["[a", "a[]b", "[]]", "[-]", "[^]]", "[b-a]", "!", "a\\"]


@pytest.mark.parametrize("rules", KEPT_OUT)
def test_dockerignore_keeps_out_what_docker_keeps_out(rules: str) -> None:
    assert [each for each in TREE if dockerignore.ignores(rules, each)] == KEPT_OUT[rules]


@pytest.mark.parametrize("rules", BROKEN)
def test_a_rule_that_docker_refuses_is_refused_with_a_sentence(rules: str) -> None:
    with pytest.raises(dockerfile.DockerfileError, match=re.escape(f"`{rules}`")):
        dockerignore.ignores(rules, "a.txt")


COPIED = {
    "[ab].txt": ["a.txt", "b.txt"],
    "[^a].txt": ["-.txt", "A.txt", "b.txt", "c.txt"],
    "a*.txt": ["a b.txt", "a+b.txt", "a.txt"],
    "*/a.txt": ["a.txt"],
    "su*": ["a.txt", "deep/a.log", "deep/keep", "keep", "z"],
    "su*/deep": ["a.log", "keep"],
    "sub/[ad]*": ["a.log", "a.txt", "keep"],
    "**/keep": ["keep"],
    "[[]ab].txt": ["[ab].txt"],
    "x?y": ["x.y", "xzy"],
    "*.log": [],
    "sub": ["a.txt", "deep/a.log", "deep/keep", "keep"],
    "../sub": ["a.txt", "deep/a.log", "deep/keep", "keep"],
    "./sub/": ["a.txt", "deep/a.log", "deep/keep", "keep"],
}


@pytest.mark.parametrize("source", COPIED)
def test_copy_takes_along_what_docker_takes_along(source: str) -> None:
    files, _ = image_files.final_image(f"FROM scratch\nCOPY {source} /t/\n", TREE)
    assert sorted(path.removeprefix("/t/") for path in files) == COPIED[source]
    taken = [each for each in TREE if dockerfile.covers([source], each)]
    assert sorted(files.values()) == sorted(taken)


# Against a real engine


def builds(folder: Path) -> bool:
    """Whether an engine answers that writes what it has built into a folder."""
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\n", "utf-8")
    return built(folder) is not None


def built(folder: Path) -> list[str] | None:
    """The files of the image that is built of this folder; None where the build fails."""
    out = Path(tempfile.mkdtemp(dir=folder.parent))
    command = ["docker", "build", "--quiet", "--no-cache", f"--output=type=local,dest={out}"]
    done = subprocess.run([*command, str(folder)], capture_output=True, timeout=120)
    every = [each for each in out.rglob("*") if each.is_file()]
    return None if done.returncode else [each.relative_to(out).as_posix() for each in every]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with these files, where an engine can build it."""
    if not docker.engine():
        pytest.skip("no Docker engine answers here")
    for name in TREE:
        path = tmp_path / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    if not builds(tmp_path / "context"):
        pytest.skip("this engine cannot write what it builds into a folder")
    return tmp_path / "context"


def test_docker_itself_keeps_the_same_files_out(tree: Path) -> None:
    for rules, wanted in KEPT_OUT.items():
        (tree / ".dockerignore").write_text(rules, "utf-8")
        found = built(tree)
        assert found is not None, rules
        assert [each for each in TREE if each not in found] == wanted, rules


def test_docker_itself_refuses_the_same_rules(tree: Path) -> None:
    for rules in BROKEN:
        (tree / ".dockerignore").write_text(rules, "utf-8")
        assert built(tree) is None, rules


def test_docker_itself_copies_the_same_files(tree: Path) -> None:
    for source, wanted in COPIED.items():
        (tree / "Dockerfile").write_text(f"FROM scratch\nCOPY {source} /t/\n", "utf-8")
        found = built(tree)
        assert found is not None, source
        assert sorted(each.removeprefix("t/") for each in found) == wanted, source
