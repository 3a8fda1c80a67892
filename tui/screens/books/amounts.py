"""How much of a table is here, in words and as a bar, and how much of it waits to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.words import noun

if TYPE_CHECKING:
    from tui.workspace.books.rows import RowChange
    from tui.workspace.books.talk import MessageChange


def read_text(read: int, total: int | None) -> str:
    """How many rows of how many were read."""
    of = f" of {total:,}" if total is not None else ""
    return f"{read:,}{of} {noun(read if total is None else total, 'row')} read"


def meter(read: int, total: int | None, width: int = 8) -> str:
    """A bar that fills; nothing where nobody knows how far it is."""
    if not total:
        return ""
    full = min(width, read * width // total)
    return f"▕{'█' * full}{'░' * (width - full)}▏ "


def waiting_text(changes: Sequence[RowChange] | Sequence[MessageChange]) -> str:
    """How many changes wait, and of how many nobody knows what became of them."""
    unknown = sum(change.unknown for change in changes)
    counts = (("waiting", len(changes) - unknown), ("not known", unknown))
    return " · ".join(f"{count:,} {word}" for word, count in counts if count)
