"""Exports: what is kept comes out whole, in order of time, and as data only."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.live.export import (
    AXES,
    CSV_HEADER,
    LATEST,
    Names,
    Row,
    rows,
    undated,
    write_csv,
    write_json_lines,
)
from tui.live.parquet import ParquetMissing, write_parquet
from tui.live.store import FeedStore
from tui.live.tracks import (
    BESIDE,
    FIXES_HEADER,
    write_fixes,
    write_geojson,
    write_gpx,
    write_kml,
)
from tui.workspace.live.export import cell

START = 1_384_906_719_040
NAMES = {1: ("POS", ("longitude", "latitude"), "°"), 9: ("SOG", ("value",), "km/h")}


def store(serial: str = "GA-DK-AAAD") -> FeedStore:
    made = FeedStore(sift=False)
    fixes = [START, START + 1000, START + 400_000]
    made.add(
        [
            ((serial, 1, 0), fixes, ([170.5, 170.25, 1e-7], [-45.875, -45.5, 0.0])),
            ((serial, 9, 0), [START + 500], ([4.0],)),
            ((serial, 18, 2), [START + 600], ([0.5], [1.5], [-9.81])),
        ]
    )
    return made


def everything(made: FeedStore, types: set[int] | None = None):  # type: ignore[no-untyped-def]
    return rows(made, 0, 1 << 60, types)


def test_csv() -> None:
    out = io.StringIO()
    assert write_csv(out, everything(store()), NAMES, cell) == 5
    read = list(csv.reader(io.StringIO(out.getvalue())))
    assert read[0][:5] == ["time", "serial", "type", "source", "value"]
    assert read[1] == [
        "2013-11-20T00:18:39.040Z", "GA-DK-AAAD", "POS", "0", "170.5", "-45.875", "", "",
        "GA-DK-AAAD", "°",
    ]  # fmt: skip
    assert [row[2] for row in read[1:]] == ["POS", "SOG", "18", "POS", "POS"]
    assert [row[-1] for row in read] == ["unit", "°", "km/h", "", "°", "°"]
    assert read[5][4] == "0.0000001"


def test_csv_of_some_types_in_a_window() -> None:
    out = io.StringIO()
    assert write_csv(out, rows(store(), START + 1, START + 2000, {1}), NAMES, cell) == 1


def test_a_spreadsheet_finds_no_formula() -> None:
    out = io.StringIO()
    write_csv(out, everything(store('=HYPERLINK("http://x")'), {9}), NAMES, cell)
    assert list(csv.reader(io.StringIO(out.getvalue())))[1][1] == '\'=HYPERLINK("http://x")'


def test_json_lines() -> None:
    out = io.StringIO()
    assert write_json_lines(out, everything(store()), NAMES) == 5
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines[0] == {
        "time": "2013-11-20T00:18:39.040Z",
        "serial": "GA-DK-AAAD",
        "type": "POS",
        "source": 0,
        "longitude": 170.5,
        "latitude": -45.875,
        "name": "GA-DK-AAAD",
        "unit": "°",
    }
    assert lines[2] == {
        "time": "2013-11-20T00:18:39.640Z",
        "serial": "GA-DK-AAAD",
        "type": "18",
        "source": 2,
        "axis 1": 0.5,
        "axis 2": 1.5,
        "axis 3": -9.81,
        "name": "GA-DK-AAAD",
        "unit": "",
    }


def test_gpx_has_a_segment_a_stretch_and_latitude_where_latitude_belongs() -> None:
    out = io.StringIO()
    assert write_gpx(out, store("<&>\x1b"), 0, 1 << 60) == 3
    root = ElementTree.fromstring(out.getvalue())
    space = {"g": "http://www.topografix.com/GPX/1/0"}
    assert root.findtext("g:trk/g:name", namespaces=space) == "<&>�"
    segments = root.findall("g:trk/g:trkseg", space)
    assert [len(segment) for segment in segments] == [2, 1]
    first = segments[0][0]
    assert (first.get("lat"), first.get("lon")) == ("-45.875", "170.5")
    assert first.findtext("g:time", namespaces=space) == "2013-11-20T00:18:39.040Z"


def test_geojson_has_longitude_first() -> None:
    out = io.StringIO()
    assert write_geojson(out, store(), 0, 1 << 60) == 3
    (feature,) = json.loads(out.getvalue())["features"]
    assert feature["geometry"]["type"] == "MultiLineString"
    first, second = feature["geometry"]["coordinates"]
    assert first == [[170.5, -45.875], [170.25, -45.5]]
    assert len(second) == 2
    assert feature["properties"]["coordTimes"][0][0] == "2013-11-20T00:18:39.040Z"


def test_an_empty_store_gives_empty_documents() -> None:
    out = io.StringIO()
    assert write_gpx(out, FeedStore(sift=False), 0, 1 << 60) == 0
    ElementTree.fromstring(out.getvalue())
    out = io.StringIO()
    assert write_geojson(out, FeedStore(sift=False), 0, 1 << 60) == 0
    assert json.loads(out.getvalue())["features"] == []


def test_long_series_come_whole_in_slices() -> None:
    made = FeedStore(sift=False)
    times = [START + 100_000 * index for index in range(500)]
    made.add([(("A", 9, 0), times, ([0.0] * 500,)), (("B", 9, 0), times, ([0.0] * 500,))])
    found = [time for time, _, _ in everything(made)]
    assert found == sorted(times * 2)


def test_parquet() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    out = io.BytesIO()
    assert write_parquet(out, store(), 0, 1 << 60, NAMES) == 5
    table = parquet.read_table(io.BytesIO(out.getvalue()))
    assert table.column_names == list(CSV_HEADER)
    first, *_, last = table.to_pylist()
    assert first == {
        "time": datetime(2013, 11, 20, 0, 18, 39, 40_000, tzinfo=UTC),
        "serial": "GA-DK-AAAD", "type": "POS", "source": 0,
        "value": 170.5, "axis 2": -45.875, "axis 3": None, "axis 4": None,
        "name": "GA-DK-AAAD", "unit": "°",
    }  # fmt: skip
    assert last["value"] == 1e-7


def test_parquet_in_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    monkeypatch.setattr("tui.live.parquet.ROW_GROUP", 2)
    out = io.BytesIO()
    assert write_parquet(out, store(), 0, 1 << 60, NAMES) == 5
    read = parquet.ParquetFile(io.BytesIO(out.getvalue()))
    assert [read.metadata.row_group(n).num_rows for n in range(3)] == [2, 2, 1]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([("A", 9, 0), ("A", 1, 0), ("B", 18, 2), ("B", 999, 0)]),
            st.sampled_from([0, 1, 400, 9_000, 40_000, 90_000_000]),
        ),
        max_size=30,
    ),
    st.integers(1, 5),
)
def test_parquet_has_the_rows_of_the_other_forms_in_their_order(
    samples: list[tuple[tuple[str, int, int], int]], group: int
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    made, time = FeedStore(sift=False), START
    for place, (key, after) in enumerate(samples):
        time += after
        count = {1: 2, 18: 3}.get(key[1], 1)
        made.add([(key, [time], [[float(place + axis)] for axis in range(count)])])
    out = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tui.live.parquet.ROW_GROUP", group)
        count = write_parquet(out, made, 0, 1 << 60, NAMES, str.lower)
    read = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    assert count == len(read)
    assert [
        (
            round(row["time"].timestamp() * 1000), row["serial"], row["type"], row["source"],
            [row[axis] for axis in AXES if row[axis] is not None], row["name"],
        )
        for row in read
    ] == [
        (
            time, key.serial, NAMES[key.type][0] if key.type in NAMES else str(key.type),
            key.source, list(values), key.serial.lower(),
        )
        for time, key, values in everything(made)
    ]  # fmt: skip


def test_parquet_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ParquetMissing, match=r"tockdeck\[parquet\]"):
        write_parquet(io.BytesIO(), store(), 0, 1 << 60, NAMES)


def test_times_that_are_no_dates_are_left_out_and_counted() -> None:
    made = store()
    made.add([(("GA-DK-AAAD", 9, 0), [LATEST, LATEST + 1, 1 << 60], ([1.0] * 3,))])
    out = io.StringIO()
    assert write_csv(out, rows(made, 0, 1 << 61), NAMES, cell) == 6
    assert write_json_lines(out, rows(made, 0, 1 << 61), NAMES) == 6
    assert undated(made) == undated(made, {9}) == 2
    assert undated(made, {1}) == undated(store()) == 0


def test_nothing_that_a_terminal_obeys_is_written() -> None:
    serial = "A\x1b[31m\x07\x9b31m\u202e\u2066\x7f"
    made = store(serial)
    for form in (write_json_lines, _clean_csv, _geojson):
        out = io.StringIO()
        form(out, everything(made), NAMES)
        assert all(c == "\n" or c.isprintable() for c in out.getvalue())
    out = io.StringIO()
    write_json_lines(out, everything(made), NAMES)
    assert json.loads(out.getvalue().splitlines()[0])["serial"] == serial


def _clean_csv(out: io.StringIO, samples: Iterator[Row], names: Names) -> int:
    return write_csv(out, samples, names, cell)


def _geojson(out: io.StringIO, _: object, __: object) -> int:
    return write_geojson(out, store("A\x1b\x9b\u202e"), 0, 1 << 60)


def crossing() -> FeedStore:
    made = FeedStore(sift=False)
    times = [START + 1000 * step for step in range(5)]
    axes = ([179.5, -179.5, 180.0, -179.0, -178.0], [-17.0, -18.0, -18.0, -18.0, -18.0])
    made.add([(("A", 1, 0), times, axes)])
    return made


def test_geojson_is_cut_where_a_track_crosses_180_degrees() -> None:
    out = io.StringIO()
    assert write_geojson(out, crossing(), 0, 1 << 60) == 5
    (feature,) = json.loads(out.getvalue())["features"]
    assert feature["geometry"]["coordinates"] == [
        [[179.5, -17.0], [180.0, -17.5]],
        [[-180.0, -17.5], [-179.5, -18.0], [-180.0, -18.0]],
        [[180.0, -18.0], [180.0, -18.0]],
        [[-180.0, -18.0], [-179.0, -18.0], [-178.0, -18.0]],
    ]
    assert feature["properties"]["coordTimes"][0][1] == "2013-11-20T00:18:39.540Z"


def test_gpx_has_no_longitude_of_180() -> None:
    out = io.StringIO()
    write_gpx(out, crossing(), 0, 1 << 60)
    assert 'lon="-180"' in out.getvalue()
    assert 'lon="180"' not in out.getvalue()


def test_a_tiny_value_keeps_its_figures() -> None:
    made = FeedStore(sift=False)
    made.add([(("A", 9, 0), [START], ([1.25e-20],))])
    out = io.StringIO()
    write_csv(out, everything(made), NAMES, cell)
    assert float(out.getvalue().splitlines()[1].split(",")[4]) == 1.25e-20
    assert "e" not in out.getvalue().splitlines()[1]


def test_parquet_takes_sources_of_any_size() -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    made = FeedStore(sift=False)
    sources = (5_000_000_000, 99999999999999999999)
    made.add([(("A", 9, source), [START], ([1.0],)) for source in sources])
    out = io.BytesIO()
    assert write_parquet(out, made, 0, 1 << 60, NAMES) == 2
    rows_ = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    assert [row["source"] for row in rows_] == [sources[0], None]


def sailing() -> FeedStore:
    """Two boats with speeds and courses: at a fix, shortly before it, too long before it, never."""
    made = FeedStore(sift=False)
    fixes = [START, START + 1000, START + 400_000]
    made.add(
        [
            (("B", 1, 0), fixes, ([170.5, 170.25, 170.0], [-45.875, -45.5, 0.0])),
            (("B", 9, 0), [START, START + 100], ([9.26, 18.52],)),
            (("B", 6, 0), [START + 1000 - BESIDE], ([370.0],)),
            (("B", 11, 3), [START + 400_000], ([-42.5],)),
            (("A", 1, 0), [START + 500], ([1e-7], [80.0])),
        ]
    )
    return made


def called(serial: str) -> str:
    return {"B": "Petrel <&>\x1b", "A": "=1+1"}[serial]


def test_gpx_has_names_speed_and_course_as_gpsbabel_and_gdal_read_them() -> None:
    out = io.StringIO()
    assert write_gpx(out, sailing(), 0, 1 << 60, called) == 4
    space = {"g": "http://www.topografix.com/GPX/1/0"}
    root = ElementTree.fromstring(out.getvalue())
    assert root.get("version") == "1.0"
    assert [one.text for one in root.findall("g:trk/g:name", space)] == ["=1+1", "Petrel <&>�"]
    assert [one.text for one in root.findall("g:trk/g:src", space)] == ["A", "B"]
    points = [
        [(child.tag.partition("}")[2], child.text) for child in point]
        for point in root.iter("{http://www.topografix.com/GPX/1/0}trkpt")
    ]
    # In the order that the schema of 1.0 wants; metres a second, degrees of a circle.
    assert [point[1:] for point in points] == [
        [("fix", "3d")],
        [("course", "10"), ("speed", "2.572"), ("fix", "3d")],
        [("course", "10"), ("speed", "5.144"), ("fix", "3d")],
        [("fix", "3d")],
    ]


def test_a_csv_of_fixes_has_a_column_for_what_is_asked_and_opens_elsewhere() -> None:
    out = io.StringIO()
    assert write_fixes(out, sailing(), 0, 1 << 60, called, cell) == 4
    lines = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert tuple(lines[0]) == FIXES_HEADER
    assert [line["time"][14:] for line in lines] == [
        "18:39.040Z", "18:39.540Z", "18:40.040Z", "25:19.040Z",
    ]  # fmt: skip
    assert [(line["sog_kn"], line["cog_deg"], line["awa_deg"]) for line in lines] == [
        ("5", "10", ""), ("", "", ""), ("10", "10", ""), ("", "", "-42.5"),
    ]  # fmt: skip
    assert (lines[1]["name"], lines[1]["serial"], lines[1]["longitude"]) == (
        "'=1+1", "A", "0.0000001",
    )  # fmt: skip
    assert lines[0]["WKT"] == "POINT (170.5 -45.875)"
    assert "\x1b" not in out.getvalue()


def test_kml_has_a_track_a_stretch_with_times() -> None:
    out = io.StringIO()
    assert write_kml(out, sailing(), 0, 1 << 60, called) == 4
    space = {"k": "http://www.opengis.net/kml/2.2", "gx": "http://www.google.com/kml/ext/2.2"}
    root = ElementTree.fromstring(out.getvalue())
    assert [one.text for one in root.iterfind(".//k:name", space)] == ["=1+1", "Petrel <&>�"]
    tracks = root.findall(".//gx:Track", space)
    assert [len(one.findall("k:when", space)) for one in tracks] == [1, 2, 1]
    assert [one.text for one in tracks[1].findall("gx:coord", space)] == [
        "170.5 -45.875 0",
        "170.25 -45.5 0",
    ]
    out = io.StringIO()
    assert write_kml(out, FeedStore(sift=False), 0, 1 << 60) == 0
    ElementTree.fromstring(out.getvalue())


def test_names_stand_beside_serials_in_every_form() -> None:
    out = io.StringIO()
    write_csv(out, everything(sailing()), NAMES, cell, called)
    lines = csv.DictReader(io.StringIO(out.getvalue()))
    assert {(line["serial"], line["name"]) for line in lines} == {
        ("A", "'=1+1"),
        ("B", "Petrel <&>␛"),
    }
    out = io.StringIO()
    write_json_lines(out, everything(sailing()), NAMES, called)
    assert {json.loads(line)["name"] for line in out.getvalue().splitlines()} == {
        called("A"), called("B"),
    }  # fmt: skip
    out = io.StringIO()
    write_geojson(out, sailing(), 0, 1 << 60, called)
    features = json.loads(out.getvalue())["features"]
    assert [one["properties"]["name"] for one in features] == [called("A"), called("B")]
