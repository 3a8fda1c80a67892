"""FIT, by fitdecode, which is an extra: the records of watches and chart plotters."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO

from tui.embedded.instruments.places import Values, place_of, speed_of
from tui.embedded.instruments.readings import (
    KMH_PER_METRE_A_SECOND,
    Loss,
    Reading,
    Tally,
    finite,
)

MAGIC = b".FIT"
SEMICIRCLE = 180 / (1 << 31)
"""Degrees of one of the units in which FIT has places."""
ORIGIN = "FIT"

_DAMAGED = (
    ValueError, LookupError, TypeError, ArithmeticError, AttributeError, AssertionError,
    struct.error,
)  # fmt: skip
"""What the library raises of itself on bytes that are none of the format's."""


class FitMissing(Exception):
    """Raised where fitdecode is not installed."""

    def __init__(self) -> None:
        super().__init__("FIT needs fitdecode: pip install 'tockdeck[fit]'")


def is_fit(content: bytes) -> bool:
    """Whether its header says that it is FIT."""
    return content[8:12] == MAGIC


def read_fit(content: bytes) -> tuple[list[Reading], Tally]:
    """All records; those without a position have the others of their values. Raises FitMissing."""
    try:
        import fitdecode
    except ImportError as error:
        raise FitMissing from error
    tally = Tally(unit="record")
    readings: list[Reading] = []
    try:
        with fitdecode.FitReader(
            BytesIO(content),
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.IGNORE,
        ) as frames:
            for frame in frames:
                if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                    tally.lines += 1
                    readings.extend(_record(frame, tally))
    except fitdecode.FitCRCError:
        tally.remarks.append("the file's checksum is wrong: it was damaged or cut off")
    except (fitdecode.FitError, *_DAMAGED):
        tally.lose(Loss.UNREADABLE)
        tally.remarks.append("what follows the last record that was read is damaged or cut off")
    return readings, tally


def _record(frame: object, tally: Tally) -> Iterator[Reading]:
    said = {field.name: field.value for field in getattr(frame, "fields", ())}
    time = said.get("timestamp")
    if not isinstance(time, datetime) or time.tzinfo is None:
        tally.lose(Loss.NO_DATE)
        return
    stamp = round(time.timestamp() * 1000)
    for kind, values in _values(said, tally):
        yield Reading(kind, values, stamp, ORIGIN)


def _values(said: dict[str, object], tally: Tally) -> Values:
    north, east = finite(said.get("position_lat")), finite(said.get("position_long"))
    if north is not None and east is not None:
        yield from place_of(north * SEMICIRCLE, east * SEMICIRCLE, tally)
    speed = finite(said.get("enhanced_speed", said.get("speed")))
    yield from speed_of(9, None if speed is None else speed * KMH_PER_METRE_A_SECOND, tally)
    beats = finite(said.get("heart_rate"))
    if beats is not None:
        # The type has the beat's time and count as well, of which FIT knows nothing.
        yield 13, (0.0, 0.0, beats)
