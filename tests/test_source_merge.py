"""A file of the app grows by definitions, and lends a reference where an answer is not right."""

import ast
import random

import pytest

from workbook import material
from workbook.myapp import definitions, formats, source_merge, standin

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
    assert source_merge.merge(FILE, FILE) == FILE
    assert source_merge.merge("", FILE) == FILE


def test_a_definition_replaces_its_namesake_in_place() -> None:
    changed = source_merge.merge(FILE, "factory = None\n")
    assert changed == FILE.replace("factory = abc.Callable", "factory = None")


def test_a_new_definition_goes_to_the_end_after_two_blank_lines() -> None:
    assert source_merge.merge(FILE, "def more():\n    pass\n").endswith(
        "yield 1\n\n\ndef more():\n    pass\n"
    )


def test_what_a_cell_defines_before_a_namesake_stays_before_it() -> None:
    changed = source_merge.merge(FILE, "limit = 3\n\n\nclass Base:\n    size = limit\n")
    assert changed.index("limit = 3") < changed.index("class Base")


def test_parts_put_in_one_after_the_other_make_the_whole_file() -> None:
    file = definitions.read(FILE)
    grown = source_merge.merge("", file.head)
    for part in file.parts:
        grown = source_merge.merge(grown, f"{file.head}\n\n{part.text}\n")
    assert grown == FILE


def test_comments_and_decorators_stay_with_their_definition() -> None:
    keys = [part.key for part in definitions.read(FILE).parts]
    assert keys == ["engine", "factory", "Base", "get_db"]
    texts = {part.key: part.text for part in definitions.read(FILE).parts}
    assert texts["engine"].startswith("# The engine comes first.")
    assert texts["get_db"].startswith("@property")


def test_a_lent_definition_takes_the_place_of_the_learners() -> None:
    mine = FILE.replace("yield 1", "yield 2").replace('"""A base."""', '"""My own base."""')
    lent = source_merge.with_reference(mine, FILE, {"get_db"})
    assert "yield 1" in lent
    assert "yield 2" not in lent
    assert '"""My own base."""' in lent


def test_a_lent_definition_brings_the_imports_it_needs() -> None:
    mine = FILE.replace("from collections import abc\n", "").replace("abc.Callable", "None")
    assert "from collections import abc" in source_merge.with_reference(mine, FILE, {"factory"})


def test_a_cell_with_an_import_of_its_own_keeps_the_imports_of_the_file() -> None:
    grown = source_merge.merge(FILE, "from time import sleep\n\n\ndef nap():\n    sleep(1)\n")
    assert grown.splitlines()[2:5] == [
        "import os",
        "from collections import abc",
        "from time import sleep",
    ]
    assert (
        source_merge.merge(grown, "from time import sleep\n\n\ndef nap():\n    sleep(1)\n") == grown
    )


def test_a_new_head_keeps_what_the_rest_of_the_file_needs() -> None:
    changed = source_merge.merge(FILE, '"""Another purpose."""\n\nimport os\n\nengine = os.sep\n')
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
        source_merge.merge(FILE, "def broken(:")


def test_what_is_dropped_takes_the_imports_with_it_that_served_nothing_else():
    source = "from a import B, C\n\n\ndef one(x: B) -> C: ...\n\n\ndef two(x: C) -> None: ...\n"
    assert (
        source_merge.without(source, {"one"}) == "from a import C\n\n\ndef two(x: C) -> None: ...\n"
    )


def test_what_a_cell_takes_out_takes_no_import_of_others_along() -> None:
    source = "from typing import Any\n\nHANDLERS: dict[int, Any] = {}\nOTHER = 1\n"
    kept = source_merge.without(source, {"HANDLERS"}, imports={"HANDLERS"})
    assert kept == "from typing import Any\n\nOTHER = 1\n"
    assert source_merge.without(source, {"HANDLERS"}) == "OTHER = 1\n"


def test_what_is_given_takes_along_the_imports_of_what_it_replaces() -> None:
    old = "import os\nimport sys\n\nA = os.sep\nB = sys.path\n"
    assert (
        source_merge.merge(old, "A = 1\n", drop_unused_imports=True)
        == "import sys\n\nA = 1\nB = sys.path\n"
    )
    assert source_merge.merge(old, "A = 1\n").startswith("import os\n")


# What a cell does not define stays as it is

KEPT = {
    "a line with two statements": "a = 1; b = 2\n\n\ndef f(): ...\n",
    "semicolons with comments": "import os; import sys\na = 1; b = os.sep + sys.path[0];  # both\n",
    "an import and a value in a line": "import os; a = os.sep\n",
    "a line that goes on": "a = 1; \\\n    b = 2\n",
    "umlauts before a semicolon": "a = 'äöü€'; b = 'ß'\n",
    "a class in a line": "class A: x = 1; y = 2\n",
    "a comment at the end": "def f():\n    return 1\n\n\n# the end\n",
    "a comment in a block's end": "def f():\n    return 1\n    # never here\n\n\na = 1\n",
    "comments that stand alone": "import os\n\n# Limits\n\na = 1\n\n# of b\nb = os.sep\n",
    "empty lines between values": "a = 1\n\nb = 2\nc = 3\n",
    "comments between imports": "import os  # one\n\n# of ours\nimport sys\n\na = os, sys\n",
    "a name with two values": "a = 1\nb = a\na = 2\nc = a\n",
    "statements that repeat": "print(1)\na = 1\nprint(1)\n",
    "a text under a value": 'a = 1\n"""What a is for."""\nb = 2\n"""What b is for."""\n',
    "decorators": "import functools\n\n\n# why\n@functools.cache\n# here too\ndef f(): ...\n",
    "blocks at the top": "if 1:\n    a = 1\n\ntry:\n    import b\nexcept ImportError:\n    b = 2\n",
    "an export": "from os import sep\n\n__all__ = ['sep']\n__all__ += ['path']\n",
    "the future": '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\n\na = os\n',
    "everything of a module": "from os import *\nfrom sys import *\n\na = sep, path\n",
    "several targets": "a = b = 1\nc, d = 2, 3\n\ne = [a, b, c, d]\n",
    "a text with strange ends of line": "a = '\\x0c\x0c'\nb = 'x\u2028y'\n",
    "two empty lines in the docstring": '"""One.\n\n\nTwo.\n"""\n\nimport os\n\na = os\n',
    "comments in an import": "from os import (\n    path,  # 1\n    sep,\n)\n\na = path, sep\n",
}  # fmt: skip


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_a_cell_does_not_define_stays_as_it_is(text: str) -> None:
    assert source_merge.merge(text, text) == text
    assert source_merge.merge(text, "") == text
    keys = [part.key for part in definitions.read(text).parts]
    for part in definitions.read(text).parts:
        assert source_merge.merge(text, f"{part.text}\n") == text or keys.count(part.key) > 1
    grown = source_merge.merge(text, "import json\n\nnew = json\n")
    values = [part.text for part in definitions.read(text).parts]
    assert [part.text for part in definitions.read(grown).parts] == [*values, "new = json"]
    assert source_merge.without(grown, {"new"}) == text or text.startswith("import os;")


REFERENCE = [
    (notebook.number, path)
    for notebook in material.notebooks()
    for path in standin.reference(notebook.number)
    if path in notebook.files and path.endswith((".py", ".yml"))
]


@pytest.mark.parametrize(("number", "path"), REFERENCE)
def test_a_file_of_the_app_with_a_part_of_itself_is_the_same_file(number: str, path: str) -> None:
    text, kind = standin.reference(number)[path], formats.for_path(path)
    assert kind.merge(text, text) == text
    if path.endswith(".py"):
        for part in definitions.read(text).parts:
            assert source_merge.merge(text, f"{part.text}\n") == text
    else:
        services = set(kind.defined(text))
        for name in services:
            assert kind.merge(text, kind.without(text, services - {name})) == text


def test_one_of_two_statements_in_a_line_is_replaced() -> None:
    assert source_merge.merge("a = 1; b = 2\n", "a = 3\n") == "a = 3\nb = 2\n"
    assert source_merge.merge("a = 1; b = 2\n", "b = 3  # more\n") == "a = 1\nb = 3  # more\n"
    assert source_merge.merge("import os; a = os\n", "a = 3\n") == "import os\n\na = 3\n"
    assert source_merge.without("a = 1; b = 2; c = 3\n", {"b"}) == "a = 1\nc = 3\n"


def test_of_several_targets_none_is_lost() -> None:
    assert source_merge.merge("a = b = 1\n", "a = 2\n") == "a = b = 1\na = 2\n"
    assert source_merge.merge(
        "def f(): ...\n\n\na, b = 1, 2\n", "a = 3\n\n\ndef f(): ...\n"
    ).endswith("a, b = 1, 2\na = 3\n")
    assert source_merge.merge("a = 1\nb = 2\nc = 3\n", "a, b = 4, 5\n") == "a, b = 4, 5\nc = 3\n"


def test_the_text_under_a_value_goes_with_it() -> None:
    old = 'a = 1\n"""Of a."""\nb = 2\n'
    assert source_merge.merge(old, 'a = 3\n"""Anew."""\n') == 'a = 3\n"""Anew."""\nb = 2\n'


def test_a_name_that_gets_two_values_is_replaced_in_both_places() -> None:
    assert source_merge.merge("a = 1\nb = a\na = 2\n", "a = 3\n") == "a = 3\nb = a\n"


def test_comments_that_an_empty_line_parts_from_a_definition_stay_when_it_is_replaced() -> None:
    old = "# Limits\n\n# of a\na = 1\n# below\n\nb = 2\n\n# tail\n"
    assert source_merge.merge(old, "a = 3\n") == "# Limits\n\na = 3\n# below\n\nb = 2\n\n# tail\n"
    assert source_merge.merge(old, "c = 3\n") == old.replace("b = 2\n", "b = 2\nc = 3\n")
    assert source_merge.merge("# License\n", "a = 1\n") == "# License\n\na = 1\n"


PIECES = [
    *("a = 1", "b: int = 2", "c = d = 3", "e, f = 1, 2", "a += 1", "print(1)", "u = 'ä'", "k = m"),
    *("import os", "import xml.dom", "import xml.sax as s", "from os import path, sep"),
    *("def g():\n    return a\n    # under", "@property\n# c\ndef h(): ...", "class K:\n    x = 1"),
    *("if a:\n    z = 1\nelse:\n    z = 2", "v = (1,\n  # in\n  2)", "# note", "# note\n", "\n"),
]


def made_up(seed: int) -> str:
    """A file of such pieces, some of them with others in one line."""
    chance, found = random.Random(seed), list[str]()
    for piece in chance.choices(PIECES, k=chance.randint(0, 9)):
        line = piece.split("=")[0].split("(")[0].strip().isidentifier() and "\n" not in piece
        more = chance.choice(["", "", "; ", " ;", "; \\\n  "]) if line else ""
        found.append(f"{piece}{more}{chance.choice(PIECES[:8]) if more else ''}\n")
    return "".join(found).strip("\n") + "\n"


@pytest.mark.parametrize("seed", range(0, 600, 2))
def test_nothing_that_a_file_or_a_cell_defines_is_lost(seed: int) -> None:
    text, cell = made_up(seed), made_up(seed + 1)
    assert source_merge.merge(text, "") == text
    names = set(definitions.defined(text)) | set(definitions.defined(cell))
    for whole in (
        source_merge.merge(text, cell),
        source_merge.with_reference(text, cell, set(definitions.defined(cell))),
    ):
        ast.parse(whole)
        assert set(definitions.defined(whole)) == names
    for part in definitions.read(text).parts:
        left = source_merge.without(text, {part.key})
        assert part.key not in definitions.keys(left)


# Imports


def test_modules_of_one_package_are_imports_of_their_own() -> None:
    old = "import xml.dom\nimport xml.sax\n\na = xml.sax, xml.dom\n"
    grown = source_merge.merge(old, "import xml.etree\n\nb = xml.etree\n")
    assert grown.startswith("import xml.dom\nimport xml.sax\nimport xml.etree\n\n")
    old = "import sqlalchemy.orm\n\na = sqlalchemy.orm\n"
    grown = source_merge.merge(old, '"""Doc."""\n\nimport sqlalchemy.exc\n\nb = sqlalchemy.exc\n')
    assert grown.startswith('"""Doc."""\n\nimport sqlalchemy.exc\nimport sqlalchemy.orm\n\n')
    assert definitions.keys("import xml.dom\nimport xml.sax as x\n") == ["xml.dom", "x"]


def test_an_import_of_a_cell_takes_the_place_of_one_that_gives_its_name_another_meaning() -> None:
    old = "import datetime\nimport xml.dom as x\n\na = datetime, x\n"
    grown = source_merge.merge(old, "from datetime import datetime\n\na = datetime.now()\n")
    assert grown == "import xml.dom as x\nfrom datetime import datetime\n\na = datetime.now()\n"
    grown = source_merge.merge(old, "import xml.dom\n\nb = xml.dom\n")
    assert grown.startswith("import datetime\nimport xml.dom as x\nimport xml.dom\n\n")


def test_imports_that_bind_no_name_arrive_and_stay() -> None:
    future, star = "from __future__ import annotations", "from os import *"
    grown = source_merge.merge('"""Doc."""\nimport os\n\na = os\n', f"{future}\n{star}\n\nb = 1\n")
    assert grown == f'"""Doc."""\n{future}\nimport os\n{star}\n\na = os\nb = 1\n'
    headed = source_merge.merge(grown, '"""Doc."""\n\nimport sys\n\nc = sys\n')
    assert headed.startswith(f'"""Doc."""\n{future}\nimport sys\nimport os\n{star}\n\n')


def test_a_cell_of_imports_writes_its_imports() -> None:
    grown = source_merge.merge("a = 1\n", "import app.models  # noqa: F401\n")
    assert grown == "import app.models  # noqa: F401\n\na = 1\n"


def test_an_import_loses_one_of_its_names_and_no_comment() -> None:
    old = "from os import (\n    path,  # one\n    sep,  # two\n)\n\na = path\nb = sep\n"
    assert source_merge.without(old, {"a"}) == old.replace("    path,  # one\n", "").replace(
        "a = path\n", ""
    )
    old = "import os; import sys\n\na = os\nb = sys\n"
    assert source_merge.without(old, {"a"}) == "import sys\n\nb = sys\n"
    assert source_merge.without(old, {"b"}) == "import os\n\na = os\n"


def test_an_import_that_only_a_quoted_annotation_uses_stays() -> None:
    old = 'from a import B, C\n\n__all__ = ["C"]\n\n\ndef f(x: "B") -> None: ...\n'
    grown = source_merge.merge(old, '"""Doc."""\n\nfrom d import E\n\ne = E\n')
    assert "from a import B" in grown and "from a import C" in grown


# The reference


def test_a_lent_definition_brings_all_that_it_needs() -> None:
    reference = "import os\n\na = os\n\n\ndef b():\n    return a\n\n\ndef c():\n    return b()\n"
    assert source_merge.with_reference("d = 1\n", reference, {"c"}) == (
        "import os\n\nd = 1\na = os\n\n\ndef b():\n    return a\n\n\ndef c():\n    return b()\n"
    )


def test_a_lent_definition_may_be_one_of_several_in_a_statement() -> None:
    assert source_merge.with_reference("a = 1\n", "a = b = 2\n", {"a"}) == "a = b = 2\n"
    assert source_merge.with_reference("c = 1\n", "a, b = 2, 3\n", {"b"}) == "c = 1\na, b = 2, 3\n"


def test_where_imports_clash_the_reference_that_is_lent_has_what_it_needs() -> None:
    mine = "from datetime import datetime\nfrom os import sep\n\na = datetime.now()\nb = sep\n"
    reference = "import datetime\nfrom sys import sep\n\na = datetime.datetime.now()\nc = sep\n"
    lent = source_merge.with_reference(mine, reference, {"a"})
    assert lent == "from os import sep\nimport datetime\n\na = datetime.datetime.now()\nb = sep\n"


def test_a_reference_from_the_future_stays_at_the_top() -> None:
    reference = "from __future__ import annotations\n\na: B = 1\n"
    lent = source_merge.with_reference("import os\n\na: int = os\n", reference, {"a"})
    assert lent.startswith("from __future__ import annotations\nimport os\n")


def test_a_function_that_was_added_at_the_end_comes_before_what_its_cell_has_use_it() -> None:
    """Whoever ran a cell without its last lines, and then the whole cell."""
    file = "def refused(): ...\n\n\nHANDLERS = {1: refused}\n"
    function, whole = "def invalid(): ...\n", "def invalid(): ...\n\n\nHANDLERS = {2: invalid}\n"
    half = source_merge.merge(file, function)
    assert half.index("HANDLERS") < half.index("def invalid")
    merged = source_merge.merge(half, whole)
    assert merged == "def refused(): ...\n\n\ndef invalid(): ...\n\n\nHANDLERS = {2: invalid}\n"
    assert source_merge.merge(merged, whole) == merged


def test_a_helper_comes_before_the_call_that_reaches_it() -> None:
    file = "def main():\n    pass\n\n\nmain()\n"
    cell = "def main():\n    helper()\n\n\ndef helper():\n    pass\n"
    merged = source_merge.merge(file, cell)
    assert merged.index("def helper") < merged.index("\nmain()\n")
    assert source_merge.merge(merged, cell) == merged


def test_a_decorated_function_stays_behind_a_call() -> None:
    file = "def main():\n    pass\n\n\nmain()\n"
    cell = "def main():\n    helper()\n\n\n@route\ndef helper():\n    pass\n"
    merged = source_merge.merge(file, cell)
    assert merged.index("\nmain()\n") < merged.index("def helper")
