"""Pieces of lines that make a cache when one is first used.

Textual gives each `Strip` seven caches when it is made, and cuts lines into more pieces than it
looks up anything of: that was a quarter of the time of a frame, and fourteen objects a piece for
the garbage collector to look through. Textual's version is pinned exactly, and a test holds what
is used of it here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.strip import Strip

SIZES = {
    "_divide_cache": 4, "_crop_cache": 16, "_style_cache": 16, "_filter_cache": 4,
    "_line_length_cache": 4, "_crop_extend_cache": 4, "_offsets_cache": 4,
}  # fmt: skip
"""How much each holds, as in Textual."""


def lighten() -> None:
    """Let every strip that is made from now on be so; those there are stay as they are."""
    for name, size in SIZES.items():
        slot = getattr(Strip, name)
        if not isinstance(slot, property):
            setattr(Strip, name, _made_when_used(slot, size))
    Strip.__init__ = _init  # type: ignore[method-assign]


def _made_when_used(slot: Any, size: int) -> property:
    """What stands for a slot: its cache, made where there is none yet."""
    read, write = slot.__get__, slot.__set__

    def cache(strip: Strip) -> FIFOCache[Any, Any]:
        try:
            found: FIFOCache[Any, Any] = read(strip)
        except AttributeError:
            found = FIFOCache(size)
            write(strip, found)
        return found

    return property(cache, write)


def _init(self: Strip, segments: Iterable[Segment], cell_length: int | None = None) -> None:
    self._segments = list(segments)
    self._cell_length = cell_length
    self._render_cache = self._link_ids = self._cell_count = None
