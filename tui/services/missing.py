"""Modules that other packages try to import though they are not installed, or not for us."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from types import ModuleType
from typing import cast


def settle_missing(name: str) -> None:
    """Note for good that a module is not installed, where it is not.

    httpcore tries to import sniffio several times a request. Where it is missing Python looks
    through every folder each time, on the event loop: a tenth of what a request costs.
    """
    if name not in sys.modules and find_spec(name) is None:
        # The documented way to have an import fail at once.
        sys.modules[name] = cast(ModuleType, None)


def leave_out(name: str) -> None:
    """Have a part of a package that is not imported yet fail to import, which it allows for.

    httpx brings a command line of its own, and with it click, pygments and rich where they happen
    to be installed: a fifth of what a verb costs that asks a service once.
    """
    if name.partition(".")[0] not in sys.modules:
        sys.modules[name] = cast(ModuleType, None)
