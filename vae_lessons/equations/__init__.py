"""Every numbered equation of the book as a check that runs: `verify("3.1")`.

One module per chapter declares its equations; importing this package fills `REGISTRY`, from number to `Equation`.
"""

from importlib import import_module
from pkgutil import iter_modules

from vae_lessons.equations.registry import REGISTRY, Equation, equation
from vae_lessons.equations.verify import verify

for _module in iter_modules(__path__):
    if _module.name.startswith(("ch", "appendix")):
        import_module(f"{__name__}.{_module.name}")

__all__ = ["REGISTRY", "Equation", "equation", "verify"]
