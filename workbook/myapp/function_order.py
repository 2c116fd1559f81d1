"""Where a function of a cell stands in its file: above what calls it while the file is read."""

import ast

from workbook.myapp.definitions import Part, used


def order_functions(placed: list[Part], cell: list[Part]) -> None:
    """Move functions of the cell above the statements that need them as the file is read."""
    for number, statement in enumerate(cell):
        for function in () if _is_function(statement) else cell[:number]:
            if _is_function(function) and function.names & used([statement]):
                _move_above(placed, function, statement)
    for function in filter(_is_plain_function, cell):
        for call in _calls_of_callers(placed, function):
            _move_above(placed, function, call)


def _move_above(placed: list[Part], function: Part, statement: Part) -> None:
    if placed.index(function) > placed.index(statement):
        placed.remove(function)
        placed.insert(placed.index(statement), function)


def _calls_of_callers(placed: list[Part], function: Part) -> list[Part]:
    """Bare calls, such as `asyncio.run(main())`, of functions that call this one."""
    callers = (each for each in placed if _is_function(each) and function.names & used([each]))
    names = {name for each in callers for name in each.names}
    return [each for each in placed if _is_bare_call(each) and names & used([each])]


def _is_function(part: Part) -> bool:
    return all(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in part.nodes)


def _is_plain_function(part: Part) -> bool:
    """Whether it is one that nothing else is told of: a decorator may depend on its place."""
    return _is_function(part) and not any(
        getattr(node, "decorator_list", ()) for node in part.nodes
    )


def _is_bare_call(part: Part) -> bool:
    return all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) for node in part.nodes
    )
