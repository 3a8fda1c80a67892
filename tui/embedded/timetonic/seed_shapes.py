"""What the sample workspace is made of: tables with columns, messages."""

from __future__ import annotations

from dataclasses import dataclass, field

from tui.embedded.timetonic.envelope import JsonObject


@dataclass(frozen=True)
class Column:
    """A field to be made."""

    name: str
    type: str
    options: JsonObject = field(default_factory=dict)
    code: str | None = None
    read_only: bool = False


@dataclass(frozen=True)
class Sown:
    """A table that was made."""

    id: int
    book_id: int
    fields: dict[str, int]
    """Field ids by name."""


@dataclass(frozen=True)
class Said:
    """A message to be made: `days` before now, by whom, in which book."""

    book_id: int
    days: float
    user: str
    text: str
    event: tuple[int, float] | None = None
    """Start in unix seconds, and length in hours."""
    participants: str = ""
    file: tuple[str, bytes] | None = None
