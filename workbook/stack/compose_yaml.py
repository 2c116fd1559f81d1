"""YAML as Compose's own parser reads it: `no` and `22:22` are texts, and a key is there once.

PyYAML reads YAML 1.1, where they are a boolean and a number of base 60.
"""

import re
from typing import Any, ClassVar

import yaml

from workbook.base import yamls
from workbook.stack.compose_error import ComposeFileError, NotReadError

BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "merge": (r"<<", "<"),
    "int": (r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[1-9][0-9_]*)", "-+0123456789"),
    "float": (
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)",
        "-+.0123456789",
    ),
}  # fmt: skip
"""What a plain word has to look like to be no text, and how it begins; the first that fits."""


class _Loader(BASE):  # type: ignore[misc, valid-type]
    """Anchors and merge keys as everywhere; only plain words are other than PyYAML's."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """The block as data; ComposeFileError where it has a key twice."""
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for name in names:
            if names.count(name) > 1 and name != "<<":
                raise ComposeFileError(f"`{name}` stands twice in one block")
        return super().construct_mapping(node, deep)


def _int(loader: Any, node: yaml.ScalarNode) -> int:
    text = str(node.value).replace("_", "").lower()
    octal = re.fullmatch(r"([-+]?)0([0-7]+)", text)
    return int(f"{octal[1]}0o{octal[2]}" if octal else text, 0)


def _tagged(loader: Any, tag: str, node: yaml.Node) -> None:
    raise NotReadError(f"the tag `!{tag}`")


for _kind, (_pattern, _begins) in PLAIN.items():
    _whole = re.compile(rf"^(?:{_pattern})$")
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _whole, list(_begins))
_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_multi_constructor("!", _tagged)


def load(text: str) -> Any:
    """The file as data; ComposeFileError where it is no YAML."""
    try:
        return yaml.load(text, _Loader)
    except (yaml.YAMLError, ValueError):
        return _slowly(text)


class _Slow(yaml.SafeLoader):  # type: ignore[misc]
    """The parser in Python, whose words are the same on any machine."""


def _slowly(text: str) -> Any:
    try:
        yaml.compose(text, _Slow)
    except yaml.MarkedYAMLError as error:
        where = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        said = f"{where}{yamls.plainly(error.problem or str(error))}"
        raise ComposeFileError(f"it is not YAML, {said}") from None
    except yaml.YAMLError as error:
        raise ComposeFileError(f"it is not YAML: {' '.join(str(error).split())}") from None
    raise ComposeFileError("it is not YAML that Compose reads")
