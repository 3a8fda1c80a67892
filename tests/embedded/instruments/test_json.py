"""Signal K deltas and gpsd's JSON against the samples and their right values."""

from __future__ import annotations

import json
import math
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.embedded.instruments.gpsd import GpsdReader
from tui.embedded.instruments.readings import Loss, Reading, Tally
from tui.embedded.instruments.signalk import SignalKReader

SAMPLES = Path(__file__).parents[2] / "data" / "instruments"
SIGNAL_K = (SAMPLES / "signalk.jsonl").read_bytes()
GPSD = (SAMPLES / "gpsd.jsonl").read_bytes()
NOON = round(datetime.fromisoformat("2026-11-29T12:00:00Z").timestamp() * 1000)


Reader = SignalKReader | GpsdReader


def read(content: bytes, reader: Reader) -> list[Reading]:
    return reader.feed(content) + reader.end()


def short(readings: list[Reading]) -> list[tuple[str, str, int, int, object]]:
    return [
        (r.boat, r.origin, (r.stamp or 0) - NOON, r.kind, pytest.approx(r.values, abs=1e-4))
        for r in readings
        if r.kind != 17
    ]


def delta(*values: tuple[str, object], context: str = "", stamp: str = "") -> bytes:
    said = [{"path": path, "value": value} for path, value in values]
    update = {"$source": "n2k.1", "timestamp": stamp, "values": said}
    return json.dumps({"context": context, "updates": [update]}).encode() + b"\n"


def test_deltas_become_degrees_and_kilometres_an_hour_of_each_vessel() -> None:
    readings = read(SIGNAL_K, SignalKReader())
    assert short(readings) == [
        ("", "boat.GP", 0, 1, (174.86713, -36.81851)),
        ("", "boat.GP", 0, 6, (100.0,)),
        ("", "boat.GP", 0, 9, (8.1488,)),
        ("", "boat.WI", 117, 12, (18.52,)),
        ("", "boat.WI", 117, 11, (330.0,)),
        ("", "boat.II", 131, 10, (10.186,)),
        ("", "boat.II", 131, 7, (45.0,)),
        ("", "boat.GP", 1002, 9, (0.0,)),
        ("338123456", "boat.AI", 1200, 9, (9.6304,)),
        ("338123456", "boat.AI", 1200, 1, (174.867132, -36.818512)),
    ]
    (attitude,) = (reading for reading in readings if reading.kind == 17)
    x, y, z, w = attitude.values
    assert math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))) == pytest.approx(
        -12.5
    )
    assert math.degrees(math.asin(2 * (w * y - z * x))) == pytest.approx(2.0)


def test_a_value_that_ended_is_not_calm_and_ground_wind_is_not_true_wind() -> None:
    reader = SignalKReader()
    assert not read(
        delta(
            ("environment.wind.speedApparent", None),
            ("environment.wind.angleApparent", None),
            ("environment.wind.angleTrueGround", 1.0),
            ("environment.wind.speedOverGround", 5.0),
            ("navigation.headingCompass", 1.0),
        ),
        reader,
    )
    assert set(reader.tally.passed_over) == {
        "environment.wind.angleTrueGround",
        "environment.wind.speedOverGround",
        "navigation.headingCompass",
    }


def test_a_wind_from_the_bow_wants_a_fresh_heading_of_the_same_vessel() -> None:
    reader = SignalKReader()
    wind = ("environment.wind.angleTrueWater", -math.pi / 2)
    read(delta(("navigation.headingTrue", math.pi / 6), stamp="2026-11-29T12:00:00Z"), reader)
    (found,) = read(delta(wind, stamp="2026-11-29T12:00:02Z"), reader)
    assert (found.kind, found.values) == (22, (300.0,))
    assert not read(delta(wind, stamp="2026-11-29T12:00:03Z"), reader)
    assert not read(delta(wind, stamp="2026-11-29T12:00:02Z", context="vessels.a:b:9"), reader)


def test_a_place_without_a_fix_at_0_0_or_beyond_the_earth_is_none() -> None:
    place = ("navigation.position", {"latitude": 54.0, "longitude": 10.0, "altitude": 3})
    reader = SignalKReader()
    assert not read(delta(place, ("navigation.gnss.methodQuality", "no GPS")), reader)
    assert not read(delta(place), reader)
    found = read(delta(("navigation.gnss.methodQuality", "GNSS Fix"), place), reader)
    assert [(one.kind, one.values) for one in found] == [(1, (10.0, 54.0)), (5, (3.0,))]
    nowhere = {"latitude": 0, "longitude": 0}
    for value, loss in (
        (nowhere, Loss.NOWHERE),
        (nowhere | {"latitude": 91}, Loss.BEYOND),
        (nowhere | {"latitude": "54"}, Loss.UNREADABLE),
        ([54, 10], Loss.UNREADABLE),
    ):
        before = reader.tally.lost[loss]
        assert not read(delta(("navigation.position", value)), reader)
        assert reader.tally.lost[loss] == before + 1


def test_gpsd_says_a_fix_several_times_and_it_counts_once() -> None:
    reader = GpsdReader()
    readings = read(GPSD, reader)
    places = [reading for reading in readings if reading.kind == 1]
    assert [one.stamp for one in places] == [NOON + 1000 * n for n in range(20)]
    assert [one.values for one in places] == [
        pytest.approx((174.86713, -(36 + (49.1106 + 0.002 * n) / 60)), abs=1e-8) for n in range(20)
    ]
    assert [r.values for r in readings if r.kind == 6] == [(100 + n / 2,) for n in range(20)]
    assert {r.values for r in readings if r.kind == 9} == {(8.1504,)}
    assert {r.values for r in readings if r.kind == 5} == {(5.0,)}
    assert reader.tally.lost == {Loss.DOUBLE: 3}


def test_of_two_values_that_gpsd_has_for_one_time_the_first_stands_and_the_other_is_unlike() -> (
    None
):
    reader = GpsdReader()
    fix = {"class": "TPV", "device": "d", "mode": 3, "time": "2026-11-29T12:00:00Z", "speed": 5}
    readings = [
        one
        for speed in (5, 5, 6, 5)
        for one in read(json.dumps(fix | {"speed": speed}).encode(), reader)
    ]
    assert [one.values for one in readings] == [(18.0,)]
    assert reader.tally.lost == {Loss.DOUBLE: 2, Loss.UNLIKE: 1}


def test_gpsd_without_a_fix_or_a_time_says_nothing() -> None:
    reader = GpsdReader()
    fix = {"class": "TPV", "device": "d", "mode": 2, "lat": 54, "lon": 10, "speed": "fast"}
    assert not read(json.dumps(fix | {"mode": 0}).encode(), reader)
    assert not read(json.dumps(fix).encode(), reader)
    stamped = fix | {"time": "2026-11-29T12:00:00.5Z"}
    assert short(read(json.dumps(stamped).encode(), reader)) == [("", "d.TPV", 500, 1, (10, 54))]
    sky = {"class": "SKY", "device": "d", "uSat": 9, "hdop": 0.9}
    assert short(read(json.dumps(sky).encode(), reader)) == [
        ("", "d.SKY", 500, 3, (9,)),
        ("", "d.SKY", 500, 4, (0.9,)),
    ]
    assert reader.tally.lost == {Loss.VOID: 1, Loss.NO_DATE: 1}


@pytest.mark.parametrize(("content", "make"), [(SIGNAL_K, SignalKReader), (GPSD, GpsdReader)])
@settings(max_examples=30)
@given(data=st.data())
def test_documents_torn_anywhere_and_rubbish_between_them(
    content: bytes, make: type[Reader], data: st.DataObject
) -> None:
    whole = read(content, make())
    cuts = data.draw(st.lists(st.integers(0, len(content)), max_size=12))
    reader = make()
    found = [
        reading
        for start, end in pairwise([0, *sorted(cuts), len(content)])
        for reading in reader.feed(content[start:end])
    ]
    assert found + reader.end() == whole
    rubbish = (
        data.draw(st.sampled_from([b"\xff\x00{", b"[]", b"null", b"[" * 5000, b'{"a":'])) + b"\n"
    )
    spoiled = make()
    assert read(rubbish.join(content.splitlines(keepends=True)), spoiled) == whole
    assert spoiled.tally.lost[Loss.UNREADABLE] >= len(content.splitlines()) - 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
PATHS = st.sampled_from(
    [
        "navigation.position",
        "navigation.attitude",
        "navigation.attitude.roll",
        "navigation.headingTrue",
        "environment.wind.speedTrue",
        "environment.wind.angleTrueWater",
        "x",
    ]
)


@given(JSON, PATHS, st.sampled_from(["values", "updates", "timestamp", "context", "source"]))
def test_no_document_raises_or_gives_what_is_no_number(
    value: object, path: str, where: str
) -> None:
    inner: dict[str, object] = {"values": [{"path": path, "value": value}], "timestamp": ""}
    document: dict[str, object] = {"updates": [inner], "class": "TPV", "mode": 3, "lat": value}
    (document if where in ("updates", "context") else inner)[where] = value
    for content in (document, {"updates": [{"values": [{"path": path, "value": value}]}]}):
        for reader in (SignalKReader(), GpsdReader()):
            for reading in read(json.dumps(content).encode(), reader):
                assert all(math.isfinite(number) for number in reading.values)


def test_the_names_that_are_counted_are_bounded() -> None:
    tally = Tally()
    for name in range(1000):
        tally.pass_over(str(name))
    assert len(tally.passed_over) == 65
    assert tally.passed_over["other"] == 936


def test_vessels_are_called_as_signal_k_names_them() -> None:
    reader = SignalKReader()
    reader.feed(b'{"name":"server","self":"vessels.urn:mrn:imo:mmsi:230099999"}\n')
    reader.feed(delta(("", {"name": " Kestrel "}), context="vessels.urn:mrn:imo:mmsi:230099999"))
    reader.feed(delta(("", {"mmsi": "2"}), ("name", "Rival\ud800"), context="vessels.urn:mrn:x:2"))
    reader.feed(delta(("", {"name": None}), ("", "x"), ("name", 7), context="vessels.urn:mrn:x:3"))
    assert reader.names == {"": "Kestrel", "2": "Rival?"}
    assert not reader.tally.lost
    for number in range(3000):
        reader.feed(delta(("name", "n"), context=f"vessels.urn:mrn:x:{number}"))
    assert len(reader.names) == 1000


def test_ais_of_gpsd_says_how_it_is_heard() -> None:
    reader = GpsdReader()
    assert reader.feed(b'{"class":"AIS","type":1,"mmsi":211000001}\n') == []
    assert list(reader.tally.lost) == [Loss.AIS_OF_GPSD]
