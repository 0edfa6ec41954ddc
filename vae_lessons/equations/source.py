"""The source code of a check, as `verify(number, source=True)` and the book's list of equations show it."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType


def check_source(number: str, module_name: str) -> str:
    """Return the code that checks an equation: the functions of this package that it uses, then its declaration.

    Parameters
    ----------
    number : str
        The equation's number.
    module_name : str
        The module that declares it.
    """
    module = sys.modules[module_name]
    code = inspect.getsource(module)
    call = next(node for node in ast.walk(ast.parse(code)) if declares(node, number))
    functions = [inspect.getsource(function).rstrip() for function in helpers(call, module)]
    return "\n\n\n".join([*functions, ast.get_source_segment(code, call)]) + "\n"


def declares(node: ast.AST, number: str) -> bool:
    """Tell whether a piece of code is the call `equation(number, …)`."""
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "equation"
    return named and isinstance(node.args[0], ast.Constant) and node.args[0].value == number


def helpers(code: ast.AST, module: ModuleType) -> list[Callable]:
    """List the functions of this package that a piece of code uses, what they use in turn before them."""
    found = []
    for name in (node.id for node in ast.walk(code) if isinstance(node, ast.Name)):
        function = inspect.unwrap(getattr(module, name, None))  # a cached function, too
        if not inspect.isfunction(function) or not function.__module__.startswith(f"{__package__}."):
            continue
        if name != "equation" and function not in found:
            body = ast.parse(textwrap.dedent(inspect.getsource(function)))
            inner = helpers(body, sys.modules[function.__module__])
            found += [f for f in [*inner, function] if f not in found]
    return found
