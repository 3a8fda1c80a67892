"""Where devices were, as GPX, GeoJSON, KML and a CSV of fixes, for programs that read tracks.

What each of them can say was tried with gpsbabel and GDAL (reference, Instruments, section 7).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterator
from heapq import merge
from typing import NamedTuple, TextIO
from xml.sax.saxutils import escape

from tui.live.export import Called, Row, Source, instant, json_text, number_text, series_rows
from tui.live.series import SeriesKey
from tui.live.suspects import POSITION
from tui.live.units import KMH_PER_KNOT, KMH_PER_METRE_A_SECOND, bearing

GAP = 120_000
"""Milliseconds without a fix after which a track has a hole: units at rest send every 40 s."""
BESIDE = 2_000
"""Milliseconds that what is said of a fix may be older."""
APART = 500
"""Milliseconds from a fix within which a log has no line of its own, though the second is another:
fixes and what is measured beside them are not sent in step."""
SOG, COG = 9, 6
BEARINGS = frozenset({COG, 8, 22})
"""Types that are directions of 0 to 360 degrees."""

COLUMNS: dict[str, tuple[int, float]] = {
    "sog_kn": (SOG, KMH_PER_KNOT),
    "cog_deg": (COG, 1),
    "hdg_deg": (8, 1),
    "stw_kn": (10, KMH_PER_KNOT),
    "awa_deg": (11, 1),
    "aws_kn": (12, KMH_PER_KNOT),
    "twd_deg": (22, 1),
    "tws_kn": (23, KMH_PER_KNOT),
}
"""Of each column of the CSV of fixes its data type, and what of the wire's units is one of its."""
FIXES_HEADER = ("time", "name", "serial", "latitude", "longitude", *COLUMNS, "WKT")


class Fix(NamedTuple):
    """Time in milliseconds, degrees; speed in km/h and course in degrees where they are known."""

    time: int
    longitude: float
    latitude: float
    speed: float | None = None
    course: float | None = None


class _Beside:
    """The newest value of a series beside times that ascend."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self._last: Row | None = None
        self._next = next(rows, None)

    def at(self, time: int, since: int | None = None) -> float | None:
        """What it said last; nothing where that is too old, or of `since` or before."""
        while self._next is not None and self._next[0] <= time:
            self._last, self._next = self._next, next(self._rows, None)
        if self._last is None or self._last[0] < time - BESIDE:
            return None
        return None if since is not None and self._last[0] <= since else self._last[2][0]


def write_gpx(
    out: TextIO,
    store: Source,
    start: int,
    end: int,
    called: Called = str,
    *,
    extended: bool = False,
) -> int:
    """Write a GPX track per device, with speed and course, in segments where fixes are missing.

    It is GPX 1.0, of which both gpsbabel and GDAL read those; `extended` is GPX 1.1 with speed and
    course as extensions, where GDAL finds them. Returns how many fixes were written.
    """
    version = "1.1" if extended else "1.0"
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<gpx version="{version}" creator="tockdeck" '
        f'xmlns="http://www.topografix.com/GPX/{version.replace(".", "/")}">\n'
    )
    count = 0
    for key in tracks(store):
        segments = list(_segments(store, key, start, end))
        if not segments:
            continue
        out.write(f"<trk><name>{escape(label(key, called))}</name>")
        out.write(f"<src>{escape(_printable(key.serial))}</src>\n")
        for segment in segments:
            out.write("<trkseg>\n")
            out.writelines(_point(fix, extended=extended) for fix in segment)
            out.write("</trkseg>\n")
            count += len(segment)
        out.write("</trk>\n")
    out.write("</gpx>\n")
    return count


def _point(fix: Fix, *, extended: bool) -> str:
    # GPX knows no longitude of 180, only the same one from the other side.
    east = -180.0 if fix.longitude == 180 else fix.longitude
    said = ""
    if fix.course is not None:
        said += f"<course>{_rounded(bearing(fix.course), 1)}</course>"
    if fix.speed is not None:
        said += f"<speed>{_rounded(fix.speed, KMH_PER_METRE_A_SECOND)}</speed>"
    # Without `fix` gpsbabel writes NMEA that nobody believes.
    if extended:
        said = "<fix>3d</fix>" + (f"<extensions>{said}</extensions>" if said else "")
    else:
        said += "<fix>3d</fix>"
    return (
        f'<trkpt lat="{number_text(fix.latitude)}" lon="{number_text(east)}">'
        f"<time>{instant(fix.time)}</time>{said}</trkpt>\n"
    )


def write_geojson(out: TextIO, store: Source, start: int, end: int, called: Called = str) -> int:
    """Write a GeoJSON FeatureCollection: a MultiLineString per device, its times beside it.

    A segment of one fix is written twice, as a line must have two places (RFC 7946, section
    3.1.4), and what crosses 180° is cut there (section 3.1.9). Returns how many fixes were
    written.
    """
    features = []
    count = 0
    for key in tracks(store):
        lines, times = [], []
        for segment in _segments(store, key, start, end):
            count += len(segment)
            for piece in _cut(segment):
                whole = piece if len(piece) > 1 else piece * 2
                lines.append([[fix.longitude, fix.latitude] for fix in whole])
                times.append([instant(fix.time) for fix in whole])
        if lines:
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "name": called(key.serial),
                        "serial": key.serial,
                        "source": key.source,
                        "coordTimes": times,
                    },
                    "geometry": {"type": "MultiLineString", "coordinates": lines},
                }
            )
    document = {"type": "FeatureCollection", "features": features}
    out.write(json_text(document) + "\n")
    return count


def write_kml(out: TextIO, store: Source, start: int, end: int, called: Called = str) -> int:
    """Write a KML document: a track with times per device and stretch without a hole.

    Returns how many fixes were written.
    """
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2" '
        'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>\n'
    )
    count = 0
    for key in tracks(store):
        segments = list(_segments(store, key, start, end))
        if not segments:
            continue
        out.write(
            f"<Placemark><name>{escape(label(key, called))}</name>"
            f"<description>{escape(_printable(key.serial))}</description><gx:MultiTrack>\n"
        )
        for segment in segments:
            out.write("<gx:Track>\n")
            out.writelines(f"<when>{instant(fix.time)}</when>\n" for fix in segment)
            out.writelines(
                f"<gx:coord>{number_text(fix.longitude)} {number_text(fix.latitude)} 0</gx:coord>\n"
                for fix in segment
            )
            out.write("</gx:Track>\n")
            count += len(segment)
        out.write("</gx:MultiTrack></Placemark>\n")
    out.write("</Document></kml>\n")
    return count


def write_fixes(
    out: TextIO, store: Source, start: int, end: int, called: Called, cell: Callable[[str], str]
) -> int:
    """Write one line a fix, oldest first, with what was measured beside it: knots and degrees.

    gpsbabel's `unicsv` finds time, name and place by the columns' names, GDAL the place by WKT.
    `cell` makes a text that was sent safe for spreadsheets and terminals. Returns how many fixes
    were written.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FIXES_HEADER)
    count = 0
    lines = (fix_lines(store, key, start, end) for key in tracks(store))
    for time, key, (longitude, latitude), beside in merge(*lines, key=lambda line: line[:2]):
        east, north = number_text(longitude), number_text(latitude)
        said = [
            "" if value is None else _rounded(bearing(value) if type_ in BEARINGS else value, unit)
            for value, (type_, unit) in zip(beside, COLUMNS.values(), strict=True)
        ]
        name = cell(label(key, called))
        place = f"POINT ({east} {north})"
        writer.writerow([instant(time), name, cell(key.serial), north, east, *said, place])
        count += 1
    return count


FixLine = tuple[int, SeriesKey, tuple[float, ...], list[float | None]]
"""Time, series, place, and of each of `COLUMNS` what was measured beside it; the place is empty
where a log goes on without a fix."""


def fix_lines(store: Source, key: SeriesKey, start: int, end: int) -> Iterator[FixLine]:
    """Yield the fixes of a series with what was measured beside them."""
    beside = [_beside(store, key, type_, start, end) for type_, _ in COLUMNS.values()]
    for time, _, place in series_rows(store, key, start, end):
        yield time, key, place, [one.at(time) for one in beside]


def log_lines(
    store: Source, key: SeriesKey, start: int, end: int, types: Collection[int]
) -> Iterator[FixLine]:
    """Yield the same, and a line without a place for each second that has no fix, and in which
    something of these types was measured: at the time of the last of that.
    """
    beside = [_beside(store, key, type_, start, end) for type_, _ in COLUMNS.values()]
    fixes = series_rows(store, key, start, end)
    before = said = None
    fix = next(fixes, None)

    def line(time: int, place: tuple[float, ...]) -> FixLine:
        # What stood in the line before is not measured a second time, but beside another fix.
        since = None if place else said
        return time, key, place, [one.at(time, since) for one in beside]

    for moment in _seconds(store, key, start, end, types):
        while fix is not None and fix[0] <= moment:
            yield line(fix[0], fix[2])
            before = said = fix[0]
            fix = next(fixes, None)
        after = None if fix is None else fix[0]
        if all(one is None or _is_apart(one, moment) for one in (before, after)):
            yield line(moment, ())
            said = moment
    while fix is not None:
        yield line(fix[0], fix[2])
        fix = next(fixes, None)


def _is_apart(fix: int, moment: int) -> bool:
    """Whether it is of another second than a fix, and not just of the one that begins beside it."""
    return fix // 1000 != moment // 1000 and abs(fix - moment) >= APART


def _seconds(
    store: Source, key: SeriesKey, start: int, end: int, types: Collection[int]
) -> Iterator[int]:
    """Yield when something of these types was measured beside a track last, second by second."""
    chosen = [one for type_ in types if (one := _chosen(store, key, type_)) is not None]
    last: int | None = None
    every = merge(*(series_rows(store, one, start, end) for one in chosen), key=_time_of)
    for time, *_ in every:
        if last is not None and last // 1000 != time // 1000:
            yield last
        last = time
    if last is not None:
        yield last


def _time_of(row: Row) -> int:
    return row[0]


def _beside(store: Source, key: SeriesKey, type_: int, start: int, end: int) -> _Beside:
    """What a device said of a type, by the source of the positions where there is one."""
    chosen = _chosen(store, key, type_)
    return _Beside(iter(()) if chosen is None else series_rows(store, chosen, start - BESIDE, end))


def _chosen(store: Source, key: SeriesKey, type_: int) -> SeriesKey | None:
    named = [one for one in store.sorted_keys() if (one.serial, one.type) == (key.serial, type_)]
    return next((one for one in named if one.source == key.source), next(iter(named), None))


def _rounded(value: float, unit: float) -> str:
    return number_text(round(value / unit, 3))


def _cut(segment: list[Fix]) -> Iterator[list[Fix]]:
    """Yield the pieces of a segment, each on one side of 180° and up to it."""
    piece = segment[:1]
    for fix in segment[1:]:
        time, x, y, *_ = fix
        before, last_x, last_y, *_ = piece[-1]
        if abs(x - last_x) > 180:
            edge = 180.0 if last_x > 0 else -180.0
            way = (x + 2 * edge) - last_x
            share = (edge - last_x) / way if way else 0.0
            crossed = before + round((time - before) * share)
            latitude = last_y + (y - last_y) * share
            if last_x != edge:
                piece.append(Fix(crossed, edge, latitude))
            yield piece
            piece = [] if x == -edge else [Fix(crossed, -edge, latitude)]
        piece.append(fix)
    yield piece


def tracks(store: Source) -> list[SeriesKey]:
    """Return the series that hold positions."""
    return [key for key in store.sorted_keys() if key.type == POSITION]


def logs(store: Source, types: Collection[int]) -> list[SeriesKey]:
    """Return the same, and of each device that sent none what would hold its positions, where it
    measured something of these types.
    """
    found = tracks(store)
    placed = {key.serial for key in found}
    others = {
        key.serial for key in store.sorted_keys() if key.type in types and key.serial not in placed
    }
    return sorted([*found, *(SeriesKey(serial, POSITION) for serial in others)])


def label(key: SeriesKey, called: Called) -> str:
    """Return what a track is called: its boat, and which of several sources."""
    name = _printable(called(key.serial))
    return f"{name} source {key.source}" if key.source else name


def _printable(text: str) -> str:
    # Control characters are not allowed in XML at all, not even escaped.
    return "".join(c if c.isprintable() else "�" for c in text)


def _segments(store: Source, key: SeriesKey, start: int, end: int) -> Iterator[list[Fix]]:
    speeds, courses = (_beside(store, key, type_, start, end) for type_ in (SOG, COG))
    segment: list[Fix] = []
    for time, _, (longitude, latitude) in series_rows(store, key, start, end):
        if segment and time - segment[-1].time > GAP:
            yield segment
            segment = []
        segment.append(Fix(time, longitude, latitude, speeds.at(time), courses.at(time)))
    if segment:
        yield segment
