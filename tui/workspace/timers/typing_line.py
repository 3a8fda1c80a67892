"""A line of time while it is typed: what of it is read so far, and what a key makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from tui.services.trackmypeople import Block, Tracker
from tui.words import counted
from tui.workspace.timers.finding import TrackerNameError, find_tracker, fitting
from tui.workspace.timers.gaps import in_the_way
from tui.workspace.timers.one_line import parted, read_line, read_tracker, when_text
from tui.workspace.timers.overview import MOST_CHARACTERS, Overview
from tui.workspace.times import Stretch, TimeTextError, clock, day_of


class Understood(NamedTuple):
    """What of a line is read: in words, what is missing or wrong, and which day it is about."""

    words: str
    why: str
    day: date
    stretch: Stretch | None = None


def understood(text: str, overview: Overview, where: tzinfo, now: datetime) -> Understood:
    """What a line means so far; `why` is empty where it can be added."""
    parts = parted(text, overview, where, now)
    stretch = parts.found if isinstance(parts.found, Stretch) else None
    if isinstance(parts.found, Stretch):
        when = when_text(*parts.found, where, now)
        day = day_of(parts.found.start, where)
    else:
        when = ""
        day = day_of(parts.found or now, where)
    try:
        line = read_line(text, overview, where, now)
        why = too_long(line.description)
    except (TimeTextError, TrackerNameError) as error:
        return Understood(when, sentence(error), day, stretch)
    told = [when, _written(line.tracker, overview), line.description]
    return Understood(" · ".join(one for one in told if one), why, day, stretch)


def overlap(
    stretch: Stretch | None,
    blocks: Sequence[Block],
    overview: Overview,
    where: tzinfo,
    now: datetime,
) -> str:
    """What a stretch of time would overlap, as a sentence; empty for nothing."""
    if stretch is None:
        return ""
    running = None
    if overview.since is not None:
        running = Block(id=0, tracker_id=overview.now, time_in=overview.since, time_out=now)
    found = in_the_way(stretch, blocks, running)
    if found is None:
        return ""
    block, taken = found
    when = "which runs"
    if block is not running:
        when = f"{clock(taken.start, where)} to {clock(taken.end, where)}"
    return f"Overlaps {overview.name(block.tracker_id)}, {when}."


def too_long(description: str) -> str:
    """Why what was done cannot be kept; empty where it can."""
    if len(description) <= MOST_CHARACTERS:
        return ""
    long = counted(len(description), "character")
    return f"What was done has {long}; {MOST_CHARACTERS} is the most."


def sentence(error: ValueError) -> str:
    """A refusal of a line as a sentence."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def with_time(text: str, when: str, overview: Overview, where: tzinfo, now: datetime) -> str:
    """The line with another time in front of what it has behind its own."""
    return f"{when} {parted(text, overview, where, now).rest}".lstrip()


def completions(
    text: str, overview: Overview, where: tzinfo, now: datetime, chosen: int | None
) -> list[str]:
    """The line with each tracker that what is typed of it fits, the likeliest first.

    Where nothing of it is typed: with `chosen`, then with all others.
    """
    parts = parted(text, overview, where, now)
    name, what = parts.rest, ""
    with suppress(TrackerNameError):
        _, what = read_tracker(parts.rest, overview)
        name = parts.rest[: len(parts.rest) - len(what)].rstrip().removesuffix(":")
    if not what and ":" in name and not fitting(overview, name):
        name, _, what = name.partition(":")
    if name.strip():
        found = fitting(overview, name)
    else:
        found = sorted(overview.trackers, key=lambda one: one.id != chosen)
    front = f"{parts.typed} " if parts.typed else ""
    return [f"{front}{_written(one, overview)}: {what.strip()}" for one in found]


def _written(tracker: Tracker, overview: Overview) -> str:
    """What is typed for a tracker and means no other: its name, or its path."""
    with suppress(TrackerNameError):
        if find_tracker(overview, tracker.name).id == tracker.id:
            return tracker.name
    return overview.path(tracker.id)
