"""What a notebook holds, as a page: `lab`, `lab.observer` and a drill, by their docstrings."""

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import workbook
from workbook.drills import night
from workbook.evidence import observe
from workbook.lab import lab, tables

HEAD = """# What a notebook holds

`lab = await start("02")` begins a notebook; here is what one can ask of `lab`, as its docstrings
say it. In a notebook, `lab.check?` shows the same.
"""
GROUP = re.compile(r"^    # (\w.*)$")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD, "## Begin\n", *_functions(workbook, None, "")]
    parts += [*_functions(lab, "Lab", "lab."), *_functions(tables, "Tables", "lab.")]
    parts += ["## The second connection\n", *_functions(observe, "Observer", "lab.observer.")]
    parts += ["## A drill that runs\n", *_functions(night, "Night", "night.")]
    return "\n".join(parts)


def _functions(module: ModuleType, name: str | None, prefix: str) -> Iterator[str]:
    """A heading and the docstring for each public function, under the groups of the source."""
    source = inspect.getsource(module)
    groups = {
        n: found[1] for n, line in enumerate(source.splitlines(), 1) if (found := GROUP.match(line))
    }
    body = ast.parse(source).body
    if name:
        (body,) = [
            each.body for each in body if isinstance(each, ast.ClassDef) and each.name == name
        ]
    last = ""
    for each in (one for one in body if isinstance(one, Function) and one.name[0] != "_"):
        group = next((groups[n] for n in sorted(groups, reverse=True) if n < each.lineno), "")
        if group != last:
            yield f"## {group}\n"
            last = group
        yield _function(each, prefix)


def _function(told: Function, prefix: str) -> str:
    is_value = any(ast.unparse(each) == "property" for each in told.decorator_list)
    call = f"{prefix}{told.name}" + ("" if is_value else f"({_arguments(told.args)})")
    awaited = "await " if isinstance(told, ast.AsyncFunctionDef) else ""
    gives = f" → {ast.unparse(told.returns)}" if told.returns else ""
    plain = gives.replace("'", "")
    doc = inspect.cleandoc(ast.get_docstring(told) or "")
    return f"### {prefix}{told.name}\n\n```python\n{awaited}{call}{plain}\n```\n\n{doc}\n"


def _arguments(args: ast.arguments) -> str:
    """As one writes them, without `self`."""
    return ast.unparse(args).removeprefix("self").removeprefix(", ").replace("'", "")
