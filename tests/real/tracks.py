"""gpsbabel 1.8.0 and GDAL 3.6.2 (Debian 12) read a recording of the sample fleet in each form.

gpsbabel: all fixes of GPX 1.0, 1.1, KML, the wide CSV (as unicsv), NMEA and GeoJSON. Speed and
course come from GPX 1.0 and NMEA; 1.1 leaves them in its extensions; KML, CSV and GeoJSON have
places and, but for GeoJSON, times. A stretch of one fix stands in GeoJSON twice, as a line must
have two places, and is read so.
GDAL: all fixes of GPX 1.0 and 1.1 as points with time, speed and course; a line a boat of GeoJSON
and KML; the CSV as points by its WKT column, without being told.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

from tests.real.house import House, proof

FORMS = {"gpx": "gpx", "gpx1.1": "gpx", "kml": "kml", "fixes": "unicsv", "geojson": "geojson"}
"""Ours, and what gpsbabel calls them."""


def work(house: House) -> None:
    """Record, write in each form, have both read it."""
    day = house.folder / "day.tdr"
    house.deck("record", str(day), "--for", "6")
    files = {}
    for form in FORMS:
        ending = {"fixes": "csv"}.get(form, FORMS[form])
        files[form] = house.folder / f"{form.replace('.', '')}.{ending}"
        house.deck("export", str(day), "--to", form, "-o", str(files[form]))
    with files["fixes"].open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    boats = {row["serial"] for row in rows}
    print(house.run("gpsbabel", "-V").strip(), "·", house.run("ogrinfo", "--version").strip())
    for form, file in files.items():
        _gpsbabel(house, form, FORMS[form], str(file), _lines(file) if form == "geojson" else rows)
    one = next(row["serial"] for row in rows if row["cog_deg"])
    nmea = house.folder / "one.nmea"
    house.deck("export", str(day), "--to", "nmea", "--device", one, "-o", str(nmea))
    _gpsbabel(house, "nmea", "nmea", str(nmea), [row for row in rows if row["serial"] == one])

    for form in ("gpx", "gpx1.1"):
        found = _layer(house, str(files[form]), "track_points")
        house.check(f"GDAL {form}: points", found["count"], len(rows))
        moving = sum(bool(row["sog_kn"]) for row in rows)
        names = ("time", "speed", "course")
        house.check(f"GDAL {form}: fields", set(names) - found["fields"], set())
        house.check(f"GDAL {form}: with a speed", found["speeds"], moving)
    for form in ("geojson", "kml"):
        found = _layer(house, str(files[form]), "")
        house.check(f"GDAL {form}: lines", found["count"], len(boats))
    found = _layer(house, str(files["fixes"]), "")
    house.check("GDAL fixes: points", (found["count"], found["points"]), (len(rows), len(rows)))


def _lines(file: Path) -> list[dict[str, str]]:
    """The fixes of a GeoJSON file: of a stretch with one fix it stands there twice."""
    return [
        {"latitude": str(place[1]), "longitude": str(place[0])}
        for feature in json.loads(file.read_text())["features"]
        for line in feature["geometry"]["coordinates"]
        for place in line
    ]


def _gpsbabel(house: House, form: str, name: str, file: str, rows: list[dict[str, str]]) -> None:
    out = house.folder / "read.gpx"
    house.run("gpsbabel", "-t", "-i", name, "-f", file, "-o", "gpx", "-F", str(out))
    read = out.read_text()
    places = re.findall(r'<trkpt lat="([-\d.]+)" lon="([-\d.]+)"', read)
    house.check(f"gpsbabel {form}: fixes", len(places), len(rows))
    house.check(
        f"gpsbabel {form}: places",
        sorted((round(float(a), 6), round(float(b), 6)) for a, b in places),
        sorted((round(float(r["latitude"]), 6), round(float(r["longitude"]), 6)) for r in rows),
    )
    times = len(re.findall("<time>", read)) - 1
    house.check(f"gpsbabel {form}: times", times, 0 if form == "geojson" else len(rows))
    if form in ("gpx", "nmea"):
        metres = re.findall("<speed>([^<]+)", read)
        speeds = sorted(round(float(one) * 3.6 / 1.852, 1) for one in metres)
        said = sorted(round(float(row["sog_kn"]), 1) for row in rows if row["sog_kn"])
        house.check(f"gpsbabel {form}: speeds", speeds, said)


def _layer(house: House, file: str, layer: str) -> dict[str, Any]:
    """What GDAL makes of a layer, by way of its own GeoJSON."""
    out = house.folder / "read.geojson"
    out.unlink(missing_ok=True)
    words = ("ogr2ogr", "-f", "GeoJSON", str(out), file)
    house.run(*words, *([layer] if layer else []))
    features = json.loads(out.read_text())["features"]
    return {
        "count": len(features),
        # What a feature has no value for it does not have at all.
        "fields": set().union(*(one["properties"] for one in features)),
        "speeds": sum(one["properties"].get("speed") is not None for one in features),
        "points": sum(one["geometry"]["type"] == "Point" for one in features),
    }


if __name__ == "__main__":
    proof(work)
