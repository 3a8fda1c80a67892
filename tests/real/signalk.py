"""signalk-server 2.23.0 (npm, node 20.20.2) plays its sample, plaka.log, into `listen signalk://`.

The server: one vessel of two sources (nmea0183-sample-data.GP and .II), some 20 values a second.
This program: one boat, its position near 60.084 N 23.539 E, speed over ground 5.8 kn (of 2.994
m/s), course 211 to 229°, through water 6.1 kn, apparent wind 13.8 kn from 16° to port, true wind
8 kn; all of them as the server's own REST answer has them. No TWD, since no heading comes: HDT and
MWD of the sample are empty. It plays on between the two looks, so that they agree within 15.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.ports import kept_port, number_of
from tests.real.house import House, proof

VERSION = "2.23.0"
KNOT = 1852 / 3600
SELF = "/signalk/v1/api/vessels/self"
PATHS = {
    "sog_kn": ("navigation/speedOverGround", 1 / KNOT),
    "cog_deg": ("navigation/courseOverGroundTrue", 180 / math.pi),
    "stw_kn": ("navigation/speedThroughWater", 1 / KNOT),
    "aws_kn": ("environment/wind/speedApparent", 1 / KNOT),
    "awa_deg": ("environment/wind/angleApparent", 180 / math.pi),
    "tws_kn": ("environment/wind/speedTrue", 1 / KNOT),
}
"""Our columns, the server's values, and what one of theirs is in ours."""


def work(house: House) -> None:
    """Install the server, have it play, listen and record, and compare with its own answer."""
    npm = shutil.which("npm") or "npm"
    place = house.folder / "server"
    place.mkdir()
    package = f"signalk-server@{VERSION}"
    house.run(npm, "install", "--prefix", str(place), "--no-audit", "--no-fund", package)
    words = (
        shutil.which("node") or "node",
        str(place / "node_modules/signalk-server/bin/signalk-server"),
        *("-c", str(house.folder), "--sample-nmea0183-data", "--override-timestamps"),
    )
    with kept_port() as keeper, kept_port() as other:
        port = number_of(keeper)
        more = {"PORT": str(port), "TCPSTREAMPORT": str(number_of(other))}
        with house.running(*words, **more):
            told = _of_server(port)
            fixes = house.recorded(f"signalk://127.0.0.1:{port}")
            told |= _of_server(port)
    _compare(house, fixes, told)


def _compare(house: House, fixes: Path, told: dict[str, Any]) -> None:
    with fixes.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    house.check("fixes", len(rows) > 10, True)
    house.check("boats", len({row["serial"] for row in rows}), 1)
    last = rows[-1]
    print({name: text for name, text in last.items() if text})
    place = told["navigation/position"]
    for ours, theirs in (("latitude", "latitude"), ("longitude", "longitude")):
        house.check(ours, abs(float(last[ours]) - place[theirs]) < 0.001, True)
    for ours, (path, factor) in PATHS.items():
        value = told.get(path)
        if value is not None and last[ours]:
            theirs = value * factor
            # The sample goes on between the two looks: by little where it sails steadily.
            apart = float(last[ours]) - theirs
            if ours.endswith("_deg"):
                apart = (apart + 180) % 360 - 180
            house.check(f"{ours} ({last[ours]}, theirs {theirs:.1f})", abs(apart) < 15, True)
        else:
            house.check(f"{ours} (theirs {value})", bool(last[ours]), value is not None)


def _of_server(port: int) -> dict[str, Any]:
    """The values of its own vessel, by path, once it has any."""
    base = f"http://127.0.0.1:{port}{SELF}"
    while True:
        try:
            with urllib.request.urlopen(f"{base}/navigation/position/value", timeout=5) as answer:
                found: dict[str, Any] = {"navigation/position": json.load(answer)}
                break
        except OSError:
            time.sleep(0.5)
    for path, _ in PATHS.values():
        try:
            with urllib.request.urlopen(f"{base}/{path}/value", timeout=5) as answer:
                found[path] = json.load(answer)
        except OSError:
            continue
    return found


if __name__ == "__main__":
    proof(work)
