"""Fixes as logs of instruments: NMEA 0183 with checksums, and Expedition's CSV.

What each field means is in the reference, Instruments, sections 1, 5 and 7. With each fix stands
what was measured beside it, as in the CSV of fixes; what was measured in a second without a fix
stands there without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import reduce
from heapq import merge
from operator import xor
from typing import TextIO

from tui.live.export import Called, Source, number_text
from tui.live.tracks import COLUMNS, FixLine, label, log_lines, logs
from tui.live.units import KMH_PER_KNOT, bearing, relative

SOG, COG, HEADING, STW, AWA, AWS, TWD, TWS = (number for number, _ in COLUMNS.values())

CENTURY = (315_532_800_000, 3_471_292_800_000)
"""Milliseconds of 1980 and of 2080: NMEA has two figures for a year."""

OLE_EPOCH, DAY = 25_569, 86_400_000
"""Days from 1899-12-30, where Expedition begins to count, to 1970; milliseconds of a day."""

CHANNELS = {
    "BSP": (1, STW), "AWA": (2, AWA), "AWS": (3, AWS), "TWS": (5, TWS), "TWD": (6, TWD),
    "COG": (50, COG), "SOG": (51, SOG),
}  # fmt: skip
"""Of each of Expedition's labels the channel and Igtimi's type. Its heading is true or magnetic by
the user's setting, which a file does not tell: so it has none of ours."""

SENTENCED = tuple(number for number, _ in COLUMNS.values())
"""Types of which sentences speak."""

_SPEEDS = frozenset({SOG, STW, AWS, TWS})


def write_nmea(out: TextIO, store: Source, start: int, end: int) -> int:
    """Write RMC a fix, and HDT, VHW, MWV and MWD where they are known; a second without a fix has
    ZDA for its time and VTG in the place of RMC. The number of moments.

    Sentences have no names for boats, so that a store should have one. Moments of years that two
    figures do not tell are left out.
    """
    count = 0
    for key in logs(store, SENTENCED):
        for line in log_lines(store, key, start, end, SENTENCED):
            found = list(_sentences(line)) if CENTURY[0] <= line[0] < CENTURY[1] else []
            out.writelines(f"{_signed(body)}\r\n" for body in found)
            count += bool(found)
    return count


def _sentences(line: FixLine) -> Iterator[str]:
    """What is said of a moment; nothing where there is nothing but its time."""
    time, _, place, beside = line
    said = dict(zip((number for number, _ in COLUMNS.values()), beside, strict=True))
    at = datetime.fromtimestamp(time // 1000, UTC)
    moment = f"{at:%H%M%S}.{time % 1000:03}"
    others = list(_instruments(said))
    knots, course = _knots(said[SOG]), _turned(said[COG])
    if place:
        east, north = _degrees(place[0], "EW", 3), _degrees(place[1], "NS", 2)
        yield f"GPRMC,{moment},A,{north},{east},{knots},{course},{at:%d%m%y},,,A"
    elif knots or course or others:
        # A receiver without a fix says RMC with status V, of which readers take not even the time.
        yield f"GPZDA,{moment},{at:%d,%m,%Y},00,00"
        if knots or course:
            yield f"GPVTG,{course},T,,M,{knots},N,,K,A"
    yield from others


def _instruments(said: Mapping[int, float | None]) -> Iterator[str]:
    if said[HEADING] is not None:
        yield f"GPHDT,{_turned(said[HEADING])},T"
    if said[STW] is not None:
        yield f"IIVHW,,T,,M,{_knots(said[STW])},N,,K"
    if said[AWA] is not None and said[AWS] is not None:
        yield f"WIMWV,{_turned(said[AWA])},R,{_knots(said[AWS])},N,A"
    if said[TWD] is not None and said[TWS] is not None:
        yield f"WIMWD,{_turned(said[TWD])},T,,M,{_knots(said[TWS])},N,,M"


def _signed(body: str) -> str:
    """A sentence with its mark and its checksum, the XOR of all between."""
    return f"${body}*{reduce(xor, body.encode()):02X}"


def _degrees(value: float, signs: str, figures: int) -> str:
    """Degrees and minutes to a millionth; 59.9999999 minutes are the next degree."""
    whole, minutes = divmod(round(abs(value) * 60_000_000), 60_000_000)
    sign = signs[value < 0]
    return f"{whole:0{figures}}{minutes // 1_000_000:02}.{minutes % 1_000_000:06},{sign}"


def _knots(kmh: float | None) -> str:
    return "" if kmh is None else number_text(round(kmh / KMH_PER_KNOT, 3))


def _turned(degrees: float | None) -> str:
    return "" if degrees is None else number_text(round(bearing(degrees), 3) % 360)


def write_expedition(out: TextIO, store: Source, start: int, end: int, called: Called = str) -> int:
    """Write one row a fix, in OLE days; a second without a fix has one without a place, as its rows
    hold what they have. The number of rows.

    A single boat is Expedition's own, number 0; of several nobody knows which is: they count from
    1, and comments say who is who.
    """
    types = [number for _, number in CHANNELS.values()]
    found = logs(store, types)
    numbers = {key: place for place, key in enumerate(found, 0 if len(found) == 1 else 1)}
    out.write(f"!Boat,Utc,{','.join(CHANNELS)},Lat,Lon\n")
    out.write(f"!boat,0,{','.join(str(channel) for channel, _ in CHANNELS.values())},48,49\n")
    out.writelines(f"! {number} is {label(key, called)}\n" for key, number in numbers.items())
    count = 0
    lines = (log_lines(store, key, start, end, types) for key in found)
    for line in merge(*lines, key=lambda line: line[:2]):
        out.write(_expedition_row(line, numbers[line[1]]))
        count += 1
    return count


def _expedition_row(line: FixLine, boat: int) -> str:
    time, _, place, beside = line
    said = dict(zip((number for number, _ in COLUMNS.values()), beside, strict=True))
    days, rest = divmod(time, DAY)
    cells = [str(boat), f"{days + OLE_EPOCH}.{round(rest * 1_000_000_000 / DAY):09}"]
    for channel, number in CHANNELS.values():
        value = said[number]
        if value is not None:
            cells += [str(channel), _channel(number, value)]
    if place:
        cells += ["48", number_text(place[1]), "49", number_text(place[0])]
    return ",".join(cells) + "\n"


def _channel(number: int, value: float) -> str:
    if number in _SPEEDS:
        return _knots(value)
    return number_text(round(relative(value), 3)) if number == AWA else _turned(value)
