"""The forms in which what boats measured is written: what each holds, and how that is counted."""

from __future__ import annotations

from typing import Literal

from tui.words import counted

ExportForm = Literal[
    "csv", "jsonl", "gpx", "gpx1.1", "geojson", "parquet", "kml", "fixes", "nmea", "expedition",
    "influx",
]  # fmt: skip
FORMS: dict[ExportForm, tuple[str, str]] = {
    "csv": ("CSV", "every sample, one a line"),
    "jsonl": ("JSON lines", "every sample, one object a line"),
    "parquet": ("Parquet", "every sample, in typed columns"),
    "gpx": ("GPX", "positions as tracks with speed and course"),
    "gpx1.1": ("GPX 1.1", "the same with speed and course as extensions"),
    "geojson": ("GeoJSON", "positions as lines with times"),
    "kml": ("KML", "positions as tracks with times"),
    "fixes": ("CSV of fixes", "every position, one a line, with speeds and angles beside it"),
    "nmea": ("NMEA 0183", "positions, speeds and angles of one device as sentences"),
    "expedition": ("Expedition's log", "positions, speeds and angles, as its CSV"),
    "influx": ("InfluxDB", "every sample, in line protocol"),
}
"""Of each form its title and what it holds."""
ENDINGS: dict[ExportForm, str] = {
    "fixes": "csv",
    "gpx1.1": "gpx",
    "expedition": "csv",
    "influx": "lp",
}
"""Of forms that are called otherwise than their files what those end in."""
TRACKS = frozenset[ExportForm](("gpx", "gpx1.1", "geojson", "kml", "fixes", "nmea", "expedition"))
"""Forms that hold fixes of positions; the others hold samples of every type."""
LOGS = frozenset[ExportForm](("nmea", "expedition"))
"""Forms of tracks that go on where there is no fix, with what is measured then."""
BY_NAME = frozenset[ExportForm](("gpx", "gpx1.1", "kml", "expedition", "nmea"))
"""Forms that have no serial numbers: boats of one name are told apart in their names."""
OF_ONE = frozenset[ExportForm](("nmea",))
"""Forms that have no names for boats, so that a file is of one."""


def counted_in(form: ExportForm, count: int) -> str:
    """How much was written, by what such a file holds: `3 samples`, `2 fixes`, `1 moment`."""
    return counted(count, "moment" if form in LOGS else "fix" if form in TRACKS else "sample")
