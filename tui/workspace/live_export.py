"""Recordings and past sessions, whole, as files that other programs read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal, TextIO

from tui.live.export import rows, write_csv, write_geojson, write_gpx, write_json_lines
from tui.live.replay import RecordingSource, Replay, SessionSource
from tui.live.store import FeedStore
from tui.live.tiers import Retention
from tui.services.igtimi.live_types import TYPES

ExportForm = Literal["csv", "jsonl", "gpx", "geojson"]
FORMS: tuple[ExportForm, ...] = ("csv", "jsonl", "gpx", "geojson")
NAMES = {number: (kind.short, kind.axes) for number, kind in TYPES.items()}
"""Of each data type its short name and the names of its axes."""
END = 1 << 62


async def whole(feed: Replay) -> FeedStore:
    """Everything that a replay would play, without playing it; nothing is thinned out."""
    source = feed.source
    if isinstance(source, SessionSource):
        return source.archive
    store = FeedStore(Retention(samples=END, tiers=()))

    def read() -> None:
        source.rewind()
        while source.upcoming() is not None:
            batches = source.advance(END)
            store.add(batches, source.horizon)

    await asyncio.to_thread(read)
    return store


def lost_bytes(feed: Replay) -> int:
    """How many bytes of a recording cannot be read, since a kill or a full disk cut them off."""
    source = feed.source
    return source.recording.lost if isinstance(source, RecordingSource) else 0


def write(out: TextIO, store: FeedStore, form: ExportForm, types: Collection[int] = ()) -> int:
    """Write a store; how many samples, or fixes of a track, were written. Raises OSError.

    `types` narrows what stands in CSV and JSON lines; tracks are of positions alone.
    """
    span = store.span()
    start, end = (span[0], span[1] + 1) if span else (0, 0)
    if form == "gpx":
        return write_gpx(out, store, start, end)
    if form == "geojson":
        return write_geojson(out, store, start, end)
    found = rows(store, start, end, types or None)
    return (write_csv if form == "csv" else write_json_lines)(out, found, NAMES)


def write_file(path: Path, put: Callable[[TextIO], int]) -> int:
    """Have a file written whole or not at all, beside its place first. Raises OSError."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as out:
            count = put(out)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return count
