"""The HTTP API of the finished app as a page, from the OpenAPI description that the app gives."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from workbook.base import paths
from workbook.base.problem import Problem
from workbook.site.links import anchor

APP = paths.ROOT / "app_reference"
ASK = "import json, tests; from app.main import app; print(json.dumps(app.openapi()))"
"""The package of its own tests says what the app must be told to be imported."""
HEAD = """# The app's API

What the finished app answers: every path, what it takes and what it gives. Made from the app's own
OpenAPI description; the app itself serves it at `/openapi.json`, and to try it at `/docs`.
"""
TYPE, SCHEMAS = "#/components/schemas/", "What goes in, and what comes out"
LIMITS = {
    "minimum": "at least {:g}",
    "maximum": "at most {:g}",
    "minLength": "at least {} letters",
    "maxLength": "at most {} letters",
    "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
    "pattern": "like `{}`",
}
Schema = dict[str, Any]


def description() -> Schema:
    """What the app says of itself; Problem where it cannot be imported."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=APP,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    if ran.returncode:
        raise Problem(f"app_reference does not describe itself. It said:\n{ran.stderr[-2000:]}")
    return dict(json.loads(ran.stdout))


def page(described: Schema) -> str:
    """The page as Markdown: the paths by their tags, then the schemas."""
    operations = [
        (method.upper(), path, each)
        for path, methods in described["paths"].items()
        for method, each in methods.items()
    ]
    tags = dict.fromkeys(tag for *_, each in operations for tag in each["tags"])
    lines = [HEAD]
    for tag in tags:
        lines += [f"## {tag.capitalize()}\n"]
        lines += [line for one in operations if tag in one[2]["tags"] for line in _operation(*one)]
    lines += [f"## {SCHEMAS}\n"]
    for name, schema in described["components"]["schemas"].items():
        lines += _schema(name, schema)
    return "\n".join(lines)


def _operation(method: str, path: str, told: Schema) -> Iterator[str]:
    yield f"### {method} {path}\n"
    yield f"{told.get('description', told['summary'])}\n"
    if taken := list(_taken(told)):
        yield from ["| it takes | where | what |", "|---|---|---|", *taken, ""]
    yield from ["| it answers | what |", "|---|---|"]
    for status, answer in sorted(told["responses"].items()):
        said = [_cell(answer["description"].rstrip(".")), _content(answer)]
        yield f"| {status} | {': '.join(filter(None, said))} |"
    yield ""


def _taken(told: Schema) -> Iterator[str]:
    for each in told.get("parameters", []):
        must = "" if each.get("required") else ", may be left out"
        yield f"| `{each['name']}` | {each['in']}{must} | {_type(each['schema'])} |"
    if schemes := sorted({name for each in told.get("security", []) for name in each}):
        yield f"| a token | `Authorization: Bearer …` | {', '.join(f'`{n}`' for n in schemes)} |"
    if "requestBody" in told:
        yield f"| the body | | {_content(told['requestBody'])} |"


def _content(message: Schema) -> str:
    """The schemas of a request or an answer, by their media types."""
    return ", ".join(
        f"{_type(each['schema'])} as `{kind}`" for kind, each in message.get("content", {}).items()
    )


def _schema(name: str, schema: Schema) -> Iterator[str]:
    yield f'<span id="{_place(name)}"></span>\n\n### {name}\n'
    yield f"{schema.get('description', '')}\n"
    needed = schema.get("required", [])
    rows = [
        f"| `{field}` | {_type(each)} | {'yes' if field in needed else _default(each)} |"
        for field, each in schema.get("properties", {}).items()
    ]
    yield from ["| field | what | must be there |", "|---|---|---|", *rows, ""] if rows else []


def _default(schema: Schema) -> str:
    return f"no; else `{json.dumps(schema['default'])}`" if "default" in schema else "no"


def _type(schema: Schema) -> str:
    """What a value is, in words, with a link where it has a name of its own."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(TYPE)
        return anchor(f"`{name}`", f"#{_place(name)}")
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(f"`{each}`" for each in schema["enum"])
    limits = [words.format(schema[key]) for key, words in LIMITS.items() if key in schema]
    return _cell(", ".join([_bare(schema), *limits]))


def _bare(schema: Schema) -> str:
    kind = str(schema.get("format") or schema.get("type") or "any value")
    return f"list of {_type(schema['items'])}" if kind == "array" else kind


def _place(name: str) -> str:
    return f"schema-{name.lower()}"


def _cell(text: str) -> str:
    """As a cell of a table: a bar would end it."""
    return text.replace("|", "\\|")
