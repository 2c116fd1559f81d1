"""A file of the app grows by definitions, and lends a reference where an answer is not right."""

import pytest

from workbook.myapp import definitions

FILE = '''"""What this file is for."""

import os
from collections import abc

# The engine comes first.
engine = os.name
factory = abc.Callable


class Base:
    """A base."""


@property
def get_db():
    """Lend a session."""
    yield 1
'''


def test_putting_a_file_into_itself_changes_nothing() -> None:
    assert definitions.put(FILE, FILE) == FILE
    assert definitions.put("", FILE) == FILE


def test_a_definition_replaces_its_namesake_in_place() -> None:
    changed = definitions.put(FILE, "factory = None\n")
    assert changed == FILE.replace("factory = abc.Callable", "factory = None")


def test_a_new_definition_goes_to_the_end_after_two_blank_lines() -> None:
    assert definitions.put(FILE, "def more():\n    pass\n").endswith(
        "yield 1\n\n\ndef more():\n    pass\n"
    )


def test_what_a_cell_defines_before_a_namesake_stays_before_it() -> None:
    changed = definitions.put(FILE, "limit = 3\n\n\nclass Base:\n    size = limit\n")
    assert changed.index("limit = 3") < changed.index("class Base")


def test_parts_put_in_one_after_the_other_make_the_whole_file() -> None:
    head, parts = definitions.split(FILE)
    grown = definitions.put("", head)
    for part in parts:
        grown = definitions.put(grown, f"{head}\n\n{part.text}\n")
    assert grown == FILE


def test_comments_and_decorators_stay_with_their_definition() -> None:
    keys = [part.key for part in definitions.split(FILE)[1]]
    assert keys == ["engine", "factory", "Base", "get_db"]
    texts = {part.key: part.text for part in definitions.split(FILE)[1]}
    assert texts["engine"].startswith("# The engine comes first.")
    assert texts["get_db"].startswith("@property")


def test_a_lent_definition_takes_the_place_of_the_learners() -> None:
    mine = FILE.replace("yield 1", "yield 2").replace('"""A base."""', '"""My own base."""')
    lent = definitions.lend(mine, FILE, {"get_db"})
    assert "yield 1" in lent
    assert "yield 2" not in lent
    assert '"""My own base."""' in lent


def test_a_lent_definition_brings_the_imports_it_needs() -> None:
    mine = FILE.replace("from collections import abc\n", "").replace("abc.Callable", "None")
    assert "from collections import abc" in definitions.lend(mine, FILE, {"factory"})


def test_a_cell_with_an_import_of_its_own_keeps_the_imports_of_the_file() -> None:
    grown = definitions.put(FILE, "from time import sleep\n\n\ndef nap():\n    sleep(1)\n")
    assert grown.splitlines()[2:5] == [
        "import os",
        "from collections import abc",
        "from time import sleep",
    ]
    assert definitions.put(grown, "from time import sleep\n\n\ndef nap():\n    sleep(1)\n") == grown


def test_a_new_head_keeps_what_the_rest_of_the_file_needs() -> None:
    changed = definitions.put(FILE, '"""Another purpose."""\n\nimport os\n\nengine = os.sep\n')
    assert changed.startswith('"""Another purpose."""\n\nimport os\nfrom collections import abc\n')
    assert "engine = os.sep" in changed


def test_layout_and_comments_do_not_make_another_definition() -> None:
    spread = FILE.replace("engine = os.name", "engine = (  # here\n    os.name\n)")
    assert definitions.definitions(spread, ("engine",)) == definitions.definitions(
        FILE, ("engine",)
    )
    assert definitions.definitions("def broken(:", ("engine",)) == {}


def test_what_does_not_parse_is_refused() -> None:
    with pytest.raises(SyntaxError):
        definitions.put(FILE, "def broken(:")


def test_what_is_dropped_takes_the_imports_with_it_that_served_nothing_else():
    source = "from a import B, C\n\n\ndef one(x: B) -> C: ...\n\n\ndef two(x: C) -> None: ...\n"
    assert definitions.drop(source, {"one"}) == "from a import C\n\n\ndef two(x: C) -> None: ...\n"


def test_what_a_cell_takes_out_takes_no_import_of_others_along() -> None:
    source = "from typing import Any\n\nHANDLERS: dict[int, Any] = {}\nOTHER = 1\n"
    kept = definitions.drop(source, {"HANDLERS"}, imports={"HANDLERS"})
    assert kept == "from typing import Any\n\nOTHER = 1\n"
    assert definitions.drop(source, {"HANDLERS"}) == "OTHER = 1\n"


def test_what_is_given_takes_along_the_imports_of_what_it_replaces() -> None:
    old = "import os\nimport sys\n\nA = os.sep\nB = sys.path\n"
    assert definitions.put(old, "A = 1\n", sweep=True) == "import sys\n\nA = 1\nB = sys.path\n"
    assert definitions.put(old, "A = 1\n").startswith("import os\n")
