"""Records that hold a secret: they answer it, and never show it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import fields

from tui.services.reading import Record
from tui.services.wire import redacted


class Guarded(Record, frozen=True, kw_only=True):
    """A record whose reprs, the plain and the rich one, hide fields with secret names."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({shown})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [
            (info.name, redacted(getattr(self, info.name), info.encode_name))
            for info in fields(self)
        ]
