"""The code of a room: it is read as it was written, and a slip is noticed before it is used."""

import pytest

from workbook.room.wire.code import LENGTH, Code, CodeProblem

CODE = Code("192.168.1.20", 20443, "0f" * 16, "a1" * 32)


@pytest.mark.parametrize("host", ["192.168.1.20", "127.0.0.1", "teacher-laptop.local", "fd00::5"])
def test_a_code_is_read_as_it_was_written(host: str) -> None:
    code = Code(host, 20443, CODE.token, CODE.fingerprint)
    assert Code.parse(str(code)) == code
    assert len(str(code).rpartition("/")[2]) == LENGTH == 80


def test_capitals_spaces_and_line_ends_of_a_copy_do_not_matter() -> None:
    text = str(CODE).upper()
    assert Code.parse(f"  {text[:40]} {text[40:70]}\n {text[70:]}\n") == CODE


def test_an_ipv6_address_keeps_its_brackets() -> None:
    assert Code("fd00::5", 20443, CODE.token, CODE.fingerprint).address == "[fd00::5]:20443"


@pytest.mark.parametrize("at", [0, 11, 16, 20, 60, 90, -1])
def test_one_wrong_character_anywhere_is_noticed(at: int) -> None:
    text = str(CODE)
    old = text[at]
    new = next(each for each in "1234567abc" if each != old)
    wrong = text[:at] + new + text[at:][1:]
    with pytest.raises(CodeProblem):
        Code.parse(wrong)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "80 letters and digits"),
        ("192.168.1.20:20443", "80 letters and digits"),
        (str(CODE)[:-1], "this one has 79"),
        (f"192.168.1.20/{'a' * 80}", "an address and a port"),
        (f"192.168.1.20:99999/{'a' * 80}", "an address and a port"),
        (f"[::1:5/{'a' * 80}", "an address and a port"),
        (f"192.168.1.20:20443/{'1' * 80}", "only a to z and 2 to 7"),
        (f"192.168.1.20:20443/{'a' * 80}", "a slip"),
    ],
)
def test_what_is_no_code_gets_a_sentence(text: str, words: str) -> None:
    with pytest.raises(CodeProblem, match=words):
        Code.parse(text)
