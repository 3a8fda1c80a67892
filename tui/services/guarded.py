"""Records that hold a secret: they answer it, and never show it."""

from __future__ import annotations

from msgspec.structs import fields

from tui.services.reading import Record
from tui.services.wire import redacted


class Guarded(Record, frozen=True, kw_only=True):
    """A record whose repr hides the values of fields with secret names."""

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{info.name}={redacted(getattr(self, info.name), info.encode_name)!r}"
            for info in fields(self)
        )
        return f"{type(self).__name__}({shown})"
