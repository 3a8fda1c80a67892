"""What is said of what is missing in a feed, and of what came with two values. No Textual."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo

from tui.live.silences import Hole
from tui.live.store import FeedStore
from tui.words import counted
from tui.workspace.text import clean

SHOWN = 12
"""Holes that are named one by one."""


def holes_said(holes: Iterable[Hole], name: Callable[[str], str], zone: tzinfo) -> tuple[str, ...]:
    """Which stretches were not heard and are not there, a sentence for each of the first."""
    found = sorted(holes, key=lambda one: (one.start, one.serial))
    said = [f"{_called(one.serial, name)}: nothing {_range(one, zone)}" for one in found[:SHOWN]]
    if len(found) > SHOWN:
        said.append(f"{SHOWN} of {counted(len(found), 'hole')} are named")
    return tuple(said)


def conflicts_said(count: int) -> tuple[str, ...]:
    """That values came for times that had others, and which stand."""
    if not count:
        return ()
    others = "a time that had another" if count == 1 else "times that had others"
    return (f"{counted(count, 'value')} came for {others}: what came first stands",)


def coarse_said(store: FeedStore, zone: tzinfo) -> tuple[str, ...]:
    """Since when every sample is there, where older ones had to become coarse."""
    every = [series for key in store if (series := store.series(key)) is not None]
    floors = [series.ring.floor for series in every if series.ring.floor]
    if not floors:
        return ()
    since = datetime.fromtimestamp(max(floors) / 1000, UTC).astimezone(zone)
    coarse = f"{len(floors):,} of {counted(len(every), 'series', 'series')}"
    return (
        f"every sample since {since:%Y-%m-%d %H:%M:%S} is there; before that {coarse} are coarse, "
        "for memory holds no more",
    )


def _called(serial: str, name: Callable[[str], str]) -> str:
    called = clean(name(serial))
    return called if called == clean(serial) else f"{called} ({clean(serial)})"


def _range(hole: Hole, zone: tzinfo) -> str:
    first, last = (
        datetime.fromtimestamp(time / 1000, UTC).astimezone(zone) for time in (hole.start, hole.end)
    )
    until = f"{last:%H:%M:%S}" if first.date() == last.date() else f"{last:%Y-%m-%d %H:%M:%S}"
    return f"from {first:%Y-%m-%d %H:%M:%S} to {until}"
