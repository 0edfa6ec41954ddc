"""Every numbered equation of the book as a check that runs: `verify("3.1")`.

One module per chapter declares its equations. `REGISTRY`, from number to `Equation`, is filled when it is first asked
for, so that importing the package stays fast.
"""

from importlib import import_module
from pkgutil import iter_modules

from vae_lessons.equations import registry
from vae_lessons.equations.registry import Equation, equation
from vae_lessons.equations.verify import verify

__all__ = ["REGISTRY", "Equation", "equation", "verify"]


def __getattr__(name: str):
    """Load the chapters when `REGISTRY` is first asked for."""
    if name != "REGISTRY":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for module in iter_modules(__path__):
        if module.name.startswith(("ch", "appendix")):
            import_module(f"{__name__}.{module.name}")
    globals()["REGISTRY"] = registry.REGISTRY
    return registry.REGISTRY
