"""Modules that others import at their top but first use later, if at all.

Textual brings a palette of commands, a tree of folders, places for screenshots and much else that
the deck has in its own way or uses only after its first frame; asyncio brings TLS. All of that is a
seventh of the time to that frame. While the deck is imported something stands in for each of these
modules: what is made of it is asked of the module itself, imported then, when it is first used.
Textual's version is pinned exactly, and a test holds what it uses of them while it is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LATE: dict[str, tuple[str, ...]] = {
    "asyncio.sslproto": (),
    "difflib": ("get_close_matches",),
    "ipaddress": (),
    "linecache": (),
    "locale": (),
    "mimetypes": (),
    "pickle": ("dumps", "loads"),
    "rich.table": ("Table",),
    "ssl": (),
    "textual.canvas": ("Canvas", "Rectangle"),
    "textual.command": (
        "CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider",
        "SimpleProvider",
    ),
    "textwrap": (),
    "tokenize": (),
    "uuid": ("uuid4",),
}  # fmt: skip
"""The names that are imported *from* each; of others the module itself is asked at once."""


class LateName:
    """A function or a class of a module that is not imported yet."""

    def __init__(self, module: str, name: str) -> None:
        self._late = module, name
        self._found: Any = None

    def _real(self) -> Any:
        if self._found is None:
            module, name = self._late
            self._found = getattr(_imported(module), name)
        return self._found

    def __call__(self, *values: Any, **named: Any) -> Any:
        return self._real()(*values, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        """What is derived from it stands alone: it is for a palette that the deck does not have."""
        return ()


class LateModule(ModuleType):
    """Stands in for a module."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and sys.modules.get(self.__name__) is self:
            raise AttributeError(name)  # asked by what imports it
        if name in LATE[self.__name__]:
            return LateName(self.__name__, name)
        return getattr(_imported(self.__name__), name)


def _imported(name: str) -> ModuleType:
    """The module itself, whatever stands in for it."""
    if isinstance(sys.modules.get(name), LateModule):
        del sys.modules[name]
    return import_module(name)


def stand_in() -> None:
    """From now on who imports one of them, and no other module has before, gets what stands in."""
    for name in LATE:
        if name not in sys.modules:
            sys.modules[name] = LateModule(name)


def step_aside() -> None:
    """From now on who imports one of them gets it."""
    for name in LATE:
        if isinstance(sys.modules.get(name), LateModule):
            del sys.modules[name]
