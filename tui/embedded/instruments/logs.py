"""A whole file of instruments: which form it has, and its readings by boat and type.

Rules: sections 4 and 5 of reference/instruments.md. Sentences without a time are spread evenly
between those with one; of several that say the same, one stands (choosing.py).
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from msgspec import structs

from tui.embedded.instruments.ais import AisReader
from tui.embedded.instruments.choosing import chosen
from tui.embedded.instruments.days import DAY, LATEST, midnight
from tui.embedded.instruments.expedition import HEAD, UNSAID, Settings, read_expedition
from tui.embedded.instruments.fit import FitMissing, is_fit, read_fit
from tui.embedded.instruments.gpsd import GpsdReader
from tui.embedded.instruments.gpx import read_gpx
from tui.embedded.instruments.nmea import Lenient, NmeaReader
from tui.embedded.instruments.own_tables import is_own, read_own
from tui.embedded.instruments.readings import CLOCK, Loss, Reading, Tally
from tui.embedded.instruments.signalk import SignalKReader
from tui.embedded.instruments.vkx import is_vkx, read_vkx

LONGEST_PAUSE = 2000
"""Milliseconds between two times beyond which a log is taken to have paused. Our choice."""

USUAL_PERIOD = 1000
"""Milliseconds after a last time within which the sentences behind it were said. Our choice."""

LOOKED_AT = 64 << 10
"""Bytes at the beginning by which a file's form is known."""

HEAD_LINES = 8
"""Lines at whose beginning Expedition's head stands, before any row."""

_WIDE = {
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
"""How a text of two bytes a character begins: with its mark, or as XML without one."""

_DECLARATION = re.compile(r"\s*<\?xml\s[^>]{0,200}\?>")

_GPX_ROOT = re.compile(r"<(?:\w+:)?gpx[\s>]")

Samples = list[tuple[int, tuple[float, ...]]]
Found = tuple[list[Reading], Tally]


class UnreadableLog(Exception):
    """A file that gives nothing; the text says why, for a person."""


@dataclass(frozen=True)
class Log:
    """What a file holds: its form, samples by (boat, type), and what was lost."""

    form: str
    samples: dict[tuple[str, int], Samples]
    tally: Tally


def read_log(
    content: bytes,
    name: str,
    *,
    day: date | None = None,
    lenient: bool = False,
    settings: Settings = UNSAID,
) -> Log:
    """Read a file. `day` is the day of a log that has only times; `lenient` takes sentences
    without a checksum, and those whose checksum is of the address only; `settings` are those of
    the program that wrote it.

    Raises UnreadableLog.
    """
    content = _narrow(content)
    form = _form_of(content, name)
    if form == _NMEA:
        readings, tally = _read_nmea(content, day, Lenient(lenient, lenient))
    elif form == _EXPEDITION:
        readings, tally = read_expedition(_text(content), settings)
    else:
        try:
            readings, tally = _READERS[form](content)
        except FitMissing as error:
            raise UnreadableLog(str(error)) from error
    samples: dict[tuple[str, int], Samples] = {}
    for reading in chosen(_dated(readings, tally), tally):
        if reading.stamp is not None and not 0 <= reading.stamp < LATEST:
            tally.lose(Loss.BEYOND)
        elif reading.stamp is not None:
            place = samples.setdefault((reading.boat, reading.kind), [])
            place.append((reading.stamp, reading.values))
    return Log(form, samples, tally)


def _read_documents(reader: SignalKReader | GpsdReader, content: bytes) -> Found:
    return reader.feed(content) + reader.end(), reader.tally


_NMEA, _SIGNAL_K, _GPSD = "NMEA 0183", "Signal K", "gpsd"
_GPX, _VKX, _FIT, _EXPEDITION, _OWN = "GPX", "Vakaros VKX", "FIT", "Expedition", "CSV of tockdeck"
_READERS: dict[str, Callable[[bytes], Found]] = {
    _SIGNAL_K: lambda content: _read_documents(SignalKReader(), content),
    _GPSD: lambda content: _read_documents(GpsdReader(), content),
    _GPX: read_gpx,
    _VKX: read_vkx,
    _FIT: read_fit,
    _OWN: lambda content: read_own(_text(content)),
}
"""Of each form but sentences what reads a whole file of it."""


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig", "replace")


def _narrow(content: bytes) -> bytes:
    """A text of two bytes a character in UTF-8, as all readers expect; all else as it is.

    XML loses its declaration with it, whose encoding would not be so any more.
    """
    encoding = _WIDE.get(content[:2])
    if encoding is None or is_fit(content) or is_vkx(content):
        return content
    text = content.decode(encoding, "replace")
    return _DECLARATION.sub("", text, count=1).encode()


def _form_of(content: bytes, name: str) -> str:
    if name.lower().endswith(".ipb"):
        raise UnreadableLog(
            "the layout of .IPB files is not documented, so that nothing of it would be sure;"
            " a unit's own file goes in by `tockdeck call igtimi.data.upload_import`"
        )
    if not content.removeprefix(BOM_UTF8).strip():
        raise UnreadableLog("the file is empty")
    if is_fit(content):
        return _FIT
    if is_vkx(content):
        return _VKX
    looked = _text(content[:LOOKED_AT])
    if looked.lstrip().startswith("<") and _GPX_ROOT.search(looked):
        return _GPX
    lines = looked.splitlines()
    if is_own(lines[0]):
        return _OWN
    if any(HEAD.match(line) for line in lines[:HEAD_LINES]):
        return _EXPEDITION
    for line in lines:
        form = _form_of_line(line.strip())
        if form:
            return form
    raise UnreadableLog(
        "it is none of NMEA 0183, Signal K deltas, gpsd's JSON, GPX, VKX, FIT,"
        " Expedition's log and this program's own CSV"
    )


def _form_of_line(line: str) -> str:
    if not line.startswith("{"):
        return _NMEA if ("$" in line or line.startswith("!")) and "," in line else ""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    if "class" in said:
        return _GPSD
    return _SIGNAL_K if "updates" in said or "self" in said else ""


def _read_nmea(content: bytes, day: date | None, lenient: Lenient) -> Found:
    """Times before the first date take theirs from it: so a log is read twice where they do."""
    near = None if day is None else midnight(day) + DAY // 2
    reader = _with_ais(near, lenient)
    readings = reader.feed(content) + reader.end()
    if reader.first_dated is not None and reader.tally.lost[Loss.NO_DATE]:
        reader = _with_ais(reader.first_dated, lenient)
        readings = reader.feed(content) + reader.end()
    return readings, reader.tally


def _with_ais(near: int | None, lenient: Lenient) -> NmeaReader:
    tally = Tally()
    return NmeaReader(near=near, lenient=lenient, ais=AisReader(tally, wait=True), tally=tally)


def _dated(readings: list[Reading], tally: Tally) -> Iterator[Reading]:
    """All of them with a stamp: what has none is spread evenly between those that have."""
    readings = list(_without_needless_clocks(readings))
    times = [reading.stamp for reading in readings if reading.stamp is not None]
    if not times:
        for _ in readings:
            tally.lose(Loss.NO_DATE)
        return
    following = iter(times)
    before, after = times[0] - USUAL_PERIOD, next(following)
    for timed, group in groupby(readings, key=lambda reading: reading.stamp is not None):
        if timed:
            for reading in group:
                if reading.kind != CLOCK:
                    yield reading
                before, after = after, next(following, after + USUAL_PERIOD)
            continue
        said = list(_sentences(group))
        pause = after - before
        if not 0 <= pause <= LONGEST_PAUSE:
            pause = USUAL_PERIOD
        for place, sentence in enumerate(said, 1):
            stamp = before + pause * place // (len(said) + 1)
            yield from (structs.replace(reading, stamp=stamp) for reading in sentence)


def _without_needless_clocks(readings: list[Reading]) -> Iterator[Reading]:
    """Yield them without the clock's times, but for those that fixes leave out."""
    last: int | None = None
    for reading in readings:
        if reading.stamp is not None:
            if reading.kind == CLOCK and last is not None and reading.stamp < last + USUAL_PERIOD:
                continue
            last = reading.stamp
        yield reading


def _sentences(readings: Iterator[Reading]) -> Iterator[list[Reading]]:
    """What one sentence said, together: one origin, each type once."""
    found: list[Reading] = []
    for reading in readings:
        if found and (
            reading.origin != found[0].origin or reading.kind in {one.kind for one in found}
        ):
            yield found
            found = []
        found.append(reading)
    if found:
        yield found
