"""How much of a table is here, in words and as a bar."""

from __future__ import annotations

from tui.words import noun


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
