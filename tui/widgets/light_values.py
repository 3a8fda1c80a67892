"""What widgets keep of themselves is read without asking first whether it is there.

Textual looks up three things before it gives what a `reactive` holds, of which two are mostly not
there. Its version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from typing import Any

from textual.reactive import Reactive

_NOTHING = object()
_get: Any = Reactive.__get__


def lighten() -> None:
    """Let every one be read so."""
    Reactive.__get__ = _read  # type: ignore[method-assign,assignment]


def _read(self: Reactive[Any], node: Any, kind: type) -> Any:
    if node is None:
        return self
    value = vars(node).get(self.internal_name, _NOTHING)
    if value is _NOTHING or self.name in node._computes:
        return _get(self, node, kind)
    return value
