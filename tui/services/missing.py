"""Modules that other packages try to import again and again though they are not installed."""

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
