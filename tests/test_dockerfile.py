"""A Dockerfile as data: what the builder reads in it."""

import pytest

from workbook.stack import dockerfile, image_files
from workbook.stack.dockerfile import DockerfileError
from workbook.stack.programs import Image, first_missing, used


def test_texts_that_stand_in_the_file_itself() -> None:
    text = "FROM a\nWORKDIR /srv\nRUN <<EOF\nset -e\npip install x\nEOF\n"
    text += "COPY <<A <<-'B' ./\n# one\nA\n\ttwo\n\tB\n"
    [stage] = dockerfile.stages(text)
    assert [str(step) for step in stage.steps[1:]] == [
        "RUN set -e; pip install x",
        "COPY <<A <<-'B' ./",
    ]
    files, _ = image_files.final_image(text, [])
    assert {path: getattr(each, "text", "") for path, each in files.items()} == {
        "/srv/A": "# one\n",
        "/srv/B": "two\n",
    }
    one = image_files.final_image("FROM a\nCOPY <<EOF /etc/x\ny\nEOF\n", [])[0]
    assert list(one) == ["/etc/x"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# escape=`\nFROM a", "this workbook does not read `# escape=`"),
        ("FROM a\nCOPY --parents a b", "this workbook does not read `--parents`"),
        ("FROM a\nRUN <<EOF\nset -e\n", "opens a text that no line `EOF` ends"),
        ("FROM ${NOTHING}\n", "names no image"),
        ("FROM a\nUSER ${X:?say who}\n", "X has no value: say who"),
        ("FROM a\nUSER ${X%y}\n", "this workbook does not read the variable"),
        ('FROM a\nENV A="b\n', "a quotation mark is not closed"),
    ],
)
def test_what_cannot_be_built_or_read_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DockerfileError, match=sentence.replace("`", ".").replace("?", ".")):
        dockerfile.stages(text)


@pytest.mark.parametrize(
    ("lines", "user"),
    [
        ("ARG U=web\nUSER $U", "web"),
        ("ENV U=web\nARG U=other\nUSER ${U}:${U}", "web"),
        ("USER ${U:-web}", "web"),
        ("USER $U", ""),
        ("ARG OUTSIDE\nUSER $OUTSIDE", "seen"),
        ("USER $OUTSIDE", ""),
        ("ENV A=1 U=web\nENV V $U\nUSER $V", "web"),
    ],
)
def test_the_account_may_be_a_variable(lines: str, user: str) -> None:
    assert dockerfile.user(f"ARG OUTSIDE=seen\nFROM a\n{lines}\n") == user


def test_a_stage_has_what_the_one_it_is_made_of_has() -> None:
    base = 'FROM a AS base\nWORKDIR /srv\nUSER web\nENV A=1\nCMD ["x"]\nFROM base\n'
    made = dockerfile.image(base)
    assert (made.user, made.command, made.environment) == ("web", ("x",), {"A": "1"})
    assert image_files.final_image(base + "COPY f .\n", ["f"])[0] == {"/srv/f": "f"}
    assert dockerfile.image(base + 'ENTRYPOINT ["y"]\n').command == ()


def test_another_shell_runs_the_line_of_a_command() -> None:
    text = 'FROM a\nSHELL ["/bin/bash", "-ec"]\nCMD run me\n'
    assert dockerfile.command(text) == ("/bin/bash", "-ec", "run me")


@pytest.mark.parametrize(
    ("image", "command", "missing"),
    [
        (Image("postgres:18-alpine"), ("curl", "x"), "curl: not found"),
        (Image("postgres:18-alpine"), ("psql", "-c", "x"), ""),
        (Image("postgres:18"), ("/bin/sh", "-c", "nc -z localhost 5432"), "nc: not found"),
        (Image("python:3.11-slim"), ("/bin/sh", "-c", "echo curl || wget x"), "wget: not found"),
        (Image("python:3.11-slim"), ("python", "-c", "'curl'"), ""),
        (Image("python:3.11-slim"), ("pg_isready",), "pg_isready: not found"),
        (
            Image("python:3.11-slim", ("apt-get update && apt-get install -y postgresql-client",)),
            ("pg_isready",),
            "",
        ),
        (Image("python:3.11-alpine"), ("bash", "-c", "true"), "bash: not found"),
        (Image("example.org/other"), ("pg_isready",), ""),
    ],
)
def test_which_programs_an_image_has(image: Image, command: tuple[str, ...], missing: str) -> None:
    found = first_missing(image, command)
    assert (found.sentence if found else "") == missing


def test_which_programs_a_command_starts() -> None:
    line = "if ! nc -z a 1; then exec /usr/bin/curl x; fi"
    assert used(("/bin/sh", "-c", line)) == ["nc", "curl"]
    assert used(("sh", "-c", "timeout 3 psql -c 'curl'")) == ["psql"]
