"""Expedition's logs: sparse rows of boat, time and pairs of channel and value.

Section 5 of reference/instruments.md. Boat 0 is one's own, others are AIS. What heading and heel
mean is a setting of Expedition's user and not in the file: a person has to say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tui.embedded.instruments.places import Boats, Values, angle_of, place_of, speed_of
from tui.embedded.instruments.readings import (
    KMH_PER_KNOT,
    Loss,
    Reading,
    Tally,
    number,
    quaternion,
)

HEAD = re.compile(r"\s*!boat\s*,", re.IGNORECASE)
"""How its first line begins, and the line that numbers the channels."""

SPEEDS = {1: 10, 3: 12, 5: 23, 51: 9}
ANGLES = {2: 11, 6: 22, 50: 6}
HEADING, HEEL = 13, 18
LATITUDE, LONGITUDE = 48, 49
_READ = frozenset({*SPEEDS, *ANGLES, HEADING, HEEL, LATITUDE, LONGITUDE})

HEADINGS = {"true": 8, "magnetic": 7}
"""What a heading may be, with its type."""
SIDES = {"starboard": 1, "port": -1}
"""The side to which a heel of more than 0 is, with what makes it ours: starboard is plus."""
STEEPEST = 180.0

OLE_EPOCH = 25_569
"""Days from 1899-12-30, where OLE begins to count, to 1970."""
FILE_TIME_EPOCH = 116_444_736_000_000_000
"""1970 in Windows' file time, which counts 1e-7 s from 1601."""
_FILE_TIME = re.compile(r"[1-9]\d{17}", re.ASCII)
DAY = 86_400_000
LONGEST_DAYS = 100_000.0
"""OLE days of the year 2173: what is later is no time."""
_CHANNEL = re.compile(r"\d{1,6}", re.ASCII)
_BOAT = re.compile(r"\d{1,10}", re.ASCII)
_NAMED = re.compile(r"!\s*(\d{1,10}) is (.+)", re.ASCII)
"""A comment of our own export: who a boat is, for whom Expedition's log has a number."""
ORIGIN = "Expedition"


@dataclass(frozen=True)
class Settings:
    """How Expedition was set up, of HEADINGS and SIDES; empty where nobody said it."""

    heading: str = ""
    heel: str = ""


UNSAID = Settings()


def read_expedition(text: str, settings: Settings = UNSAID) -> tuple[list[Reading], Tally]:
    """All rows of the log."""
    tally = Tally()
    return list(_rows(text, settings, tally)), tally


def _rows(text: str, settings: Settings, tally: Tally) -> Iterator[Reading]:
    labels: dict[str, str] = {}
    words: list[str] = []
    boats, names = Boats(), {"0": ""}
    for line in text.splitlines():
        line = line.strip()
        if not line:
            continue
        tally.lines += 1
        if named := _NAMED.fullmatch(line):
            number_of = named[1]
            if not names.get(number_of):
                names[number_of] = boats.called(named[2].strip(), number_of)
            continue
        cells = [cell.strip() for cell in line.split(",")]
        if line.startswith("!"):
            # The header recurs: first the labels, then the numbers of the channels.
            if HEAD.match(line) and words and cells[1:2] == ["0"]:
                labels = dict(zip(cells[2:], words[2:], strict=False))
            words = cells
            continue
        stamp = _stamp(cells[1]) if len(cells) > 1 else None
        if stamp is None or not _BOAT.fullmatch(cells[0]) or len(cells) % 2:
            tally.lose(Loss.UNREADABLE)
            continue
        boat = names.get(str(int(cells[0])), cells[0])
        said = dict(zip(cells[2::2], cells[3::2], strict=True))
        for kind, values in _values(said, labels, settings, tally):
            yield Reading(kind, values, stamp, ORIGIN, boat)


def _stamp(text: str) -> int | None:
    if _FILE_TIME.fullmatch(text):
        return (int(text) - FILE_TIME_EPOCH + 5_000) // 10_000
    found = number(text)
    if found is None or not OLE_EPOCH <= found < LONGEST_DAYS:
        return None
    return round((found - OLE_EPOCH) * DAY)


def _values(
    said: dict[str, str], labels: dict[str, str], settings: Settings, tally: Tally
) -> Values:
    numbers: dict[int, float] = {}
    for written, text in said.items():
        value = number(text)
        if not _CHANNEL.fullmatch(written) or (value is None and text):
            tally.lose(Loss.UNREADABLE)
        elif int(written) not in _READ:
            tally.pass_over(labels.get(written, f"channel {written}")[:64])
        elif value is not None:
            numbers[int(written)] = value
    if LATITUDE in numbers or LONGITUDE in numbers:
        yield from place_of(numbers.get(LATITUDE), numbers.get(LONGITUDE), tally)
    for channel, kind in SPEEDS.items():
        value = numbers.get(channel)
        yield from speed_of(kind, None if value is None else value * KMH_PER_KNOT, tally)
    for channel, kind in ANGLES.items():
        yield from angle_of(kind, numbers.get(channel), tally)
    yield from _attitude(numbers, settings, tally)


def _attitude(numbers: dict[int, float], settings: Settings, tally: Tally) -> Values:
    """Heading and heel, where it is known what they mean."""
    heading, heel = numbers.get(HEADING), numbers.get(HEEL)
    kind = HEADINGS.get(settings.heading)
    if heading is not None and kind is None:
        tally.lose(Loss.HEADING)
    turned = list(angle_of(kind, heading, tally)) if kind is not None else []
    yield from turned
    if heel is None:
        return
    if settings.heel not in SIDES:
        tally.lose(Loss.HEEL)
    elif abs(heel) > STEEPEST:
        tally.lose(Loss.BEYOND)
    else:
        # An unknown pitch is 0, the yaw a true heading or 0, as of NMEA's XDR.
        yaw = turned[0][1][0] if turned and settings.heading == "true" else 0.0
        yield 17, quaternion(SIDES[settings.heel] * heel, 0.0, yaw)
