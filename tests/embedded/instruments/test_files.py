"""Whole files of other forms against the samples and their right values."""

from __future__ import annotations

import math
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import NOON
from tui.embedded.instruments.expedition import Settings
from tui.embedded.instruments.logs import Log, UnreadableLog, read_log
from tui.embedded.instruments.own_tables import SHORT
from tui.embedded.instruments.readings import Loss
from tui.embedded.instruments.vkx import EVENTS
from tui.workspace.live.live import TYPES

SAMPLES = Path(__file__).parents[2] / "data" / "instruments"
VKX = (SAMPLES / "made.vkx").read_bytes()
FIT = (SAMPLES / "made.fit").read_bytes()
GPX = (SAMPLES / "speed-1.0.gpx").read_bytes()
EXPEDITION = (SAMPLES / "expedition-ole.csv").read_bytes()
OWN = b"time,serial,type,source,value,axis 2,axis 3,axis 4,name,unit\n"
ROW = b"2026-11-29T12:00:00Z,S,SOG,0,1,,,,S,"


def read(name: str) -> Log:
    return read_log((SAMPLES / name).read_bytes(), name)


def values(log: Log, kind: int, boat: str = "") -> list[object]:
    return [pytest.approx(values, abs=1e-4) for _, values in log.samples[boat, kind]]


def times(log: Log, kind: int, boat: str = "") -> list[int]:
    return [stamp - NOON for stamp, _ in log.samples[boat, kind]]


@pytest.mark.parametrize("place", ["1.0", "1.1-child", "1.1-extensions", "1.1-garmin-v2"])
def test_gpx_has_speed_and_course_wherever_they_stand(place: str) -> None:
    log = read(f"speed-{place}.gpx")
    assert (log.form, log.tally.unit, log.tally.lines) == ("GPX", "point", 2)
    assert times(log, 1, "b") == [0, 1250]
    assert values(log, 1, "b") == [(10.0, 54.0), (10.0, 54.001)]
    assert values(log, 9, "b") == [(9.0,), (12.6,)]
    assert values(log, 6, "b") == [(100.5,), (101.5,)]
    assert values(log, 5, "b") == [(1.0,), (1.0,)]


def test_what_of_gpx_is_no_fix_is_counted_and_boats_of_one_name_are_two() -> None:
    points = (
        '<trkpt lat="1" lon="2"><time>2026-11-29T12:00:00Z</time></trkpt>',
        '<trkpt lat="1" lon="2"/>',
        '<trkpt lat="0" lon="0"><time>2026-11-29T12:00:01Z</time></trkpt>',
        '<trkpt lat="91" lon="2"><time>2026-11-29T12:00:02Z</time></trkpt>',
        '<trkpt lat="1" lon="2"><time>2026-11-29T12:00:03Z</time><fix>none</fix></trkpt>',
        '<trkpt lat="x" lon="2"><time>2026-11-29T12:00:04+01:00</time><speed>-1</speed></trkpt>',
    )
    body = f"<name>a</name><src>%s</src><trkseg>{''.join(points)}</trkseg>"
    tracks = "".join(f"<trk>{body % serial}</trk>" for serial in ("S1", "S2"))
    content = f'<?xml version="1.0"?><gpx><wpt lat="1" lon="1"/>{tracks}</gpx>'.encode()
    log = read_log(content, "a.gpx")
    assert [boat for boat, _ in log.samples] == ["a", "a S2"]
    assert log.tally.passed_over == {"wpt": 1}
    lost = dict(log.tally.lost)
    assert lost == {
        Loss.NO_TYPE: 1, Loss.NO_DATE: 2, Loss.NOWHERE: 2, Loss.VOID: 2, Loss.BEYOND: 4,
        Loss.UNREADABLE: 2,
    }  # fmt: skip
    cut = read_log(content[: content.index(b"S2") + 10], "a.gpx")
    assert [boat for boat, _ in cut.samples] == ["a"]
    assert "was not read" in cut.tally.remarks[0]
    entity = b'<!DOCTYPE gpx [<!ENTITY a "b">]>' + content.partition(b"?>")[2]
    told = read_log(entity, "a.gpx")
    assert (told.samples, "entities" in told.tally.remarks[0]) == ({}, True)


@pytest.mark.parametrize("encoding", ["GB2312", "Shift_JIS", "big5", "utf-8"])
def test_gpx_is_read_in_whatever_encoding_it_names(encoding: str) -> None:
    track = '<trk><name>海上</name><trkseg><trkpt lat="1" lon="2"><time>2024-01-01T00:00:00Z</time>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<gpx>{track}</trkpt></trkseg></trk></gpx>'
    [(boat, kind)] = read_log(text.encode(encoding), "a.gpx").samples
    assert (boat, kind) == ("海上", 1)


@pytest.mark.parametrize("named", ["UTF-16", "UTF-8", None])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_gpx_of_two_bytes_a_character_is_read_whatever_it_names(
    encoding: str, named: str | None
) -> None:
    says = "" if named is None else f'<?xml version="1.0" encoding="{named}"?>\n'
    track = '<trk><name>Żagiel</name><trkseg><trkpt lat="1" lon="2">'
    moment = "<time>2026-11-29T12:00:00Z</time>"
    text = f"{says}<gpx>{track}{moment}</trkpt></trkseg></trk></gpx>"
    log = read_log(text.encode(encoding), "a.gpx")
    assert (log.form, list(log.samples)) == ("GPX", [("Żagiel", 1)])
    assert not log.tally.lost


def test_tables_and_sentences_of_two_bytes_a_character_are_read_as_in_utf_8() -> None:
    sentence = b"$GPRMC,120000.00,A,4300.000,N,00500.000,E,6.0,90.0,291126,,,A*6F\r\n"
    for content in (OWN + ROW, EXPEDITION, sentence):
        plain = read_log(content, "a.csv")
        wide = read_log(content.decode("utf-8-sig").encode("utf-16"), "a.csv")
        assert plain.samples
        assert (wide.form, wide.samples) == (plain.form, plain.samples)


@pytest.mark.parametrize("encoding", ["x-none", "hex", "idna", "gbk"])
def test_gpx_in_an_encoding_that_it_is_not_in_is_not_read_and_says_so(encoding: str) -> None:
    begins = f'<?xml version="1.0" encoding="{encoding}"?><gpx><trk><name>'.encode()
    log = read_log(begins + b"\xff</name></trk></gpx>", "a.gpx")
    assert not log.samples
    assert log.tally.remarks == ["it is no text of the encoding that it names, and was not read"]


def test_a_file_of_nothing_but_the_mark_of_its_encoding_is_empty() -> None:
    with pytest.raises(UnreadableLog, match="empty"):
        read_log(b"\xef\xbb\xbf\n", "a.csv")


def test_vkx_has_what_the_unit_measured_in_the_units_of_the_wire() -> None:
    log = read("made.vkx")
    assert times(log, 1) == [100 * n for n in range(100)]
    assert values(log, 9) == [(9.0,)] * 100
    assert values(log, 6) == [(105.0,)] * 100
    assert values(log, 8) == [(100 + n / 10,) for n in range(100)]
    assert times(log, 11) == times(log, 10) == [1000 * n for n in range(10)]
    assert values(log, 11) == [(45.0,)] * 10
    assert values(log, 12) == [(21.6,)] * 10
    assert values(log, 10) == [(8.64,)] * 10
    for _, (x, y, z, w) in log.samples["", 17]:
        roll = math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)))
        assert roll == pytest.approx(-12.5, abs=1e-4)
        assert math.degrees(math.asin(2 * (w * y - z * x))) == pytest.approx(2, abs=1e-4)
    assert log.tally.passed_over == {
        "depth": 10, "load": 10, "temperature": 10, "declination": 1, "tack angle": 1,
    }  # fmt: skip
    assert log.tally.remarks == []
    assert [(stamp - NOON, words) for stamp, words in log.tally.events] == [
        (2000, "Pin end of the line at -36.818600, 174.867203"),
        (2000, "Boat end of the line at -36.819000, 174.867996"),
        (3000, "Timer started at 5:00"),
        (6000, "Race started"),
    ]


def test_vkx_has_events_only_where_they_are_known_and_so_many() -> None:
    def timer(code: int, left: int, stamp: int = NOON) -> bytes:
        return struct.pack("<BQBi", 4, stamp, code, left)

    def end(code: int, latitude: float) -> bytes:
        return struct.pack("<BQBff", 5, NOON, code, latitude, 10.0)

    rows = timer(0, 0) + timer(2, -61) + timer(4, 0) + timer(9, 0) + timer(1, 60, 1 << 63)
    rows += end(2, 54.0) + end(0, math.nan) + end(1, 91.0) + end(1, 54.0)
    log = read_log(VKX + rows, "a.vkx")
    assert [words for _, words in log.tally.events[4:]] == [
        "Timer reset", "Timer synchronised at 1:01", "Race ended",
        "Boat end of the line at 54.000000, 10.000000",
    ]  # fmt: skip
    assert log.tally.lost == {Loss.NO_TYPE: 32, Loss.UNREADABLE: 4, Loss.BEYOND: 1}
    many = read_log(VKX + timer(1, 60) * (EVENTS + 10), "many.vkx")
    assert len(many.tally.events) == EVENTS
    assert many.tally.lost[Loss.UNREADABLE] == 14


def test_vkx_that_ends_early_or_has_an_unknown_row_says_how_much_was_not_read() -> None:
    cut = read_log(VKX[:2000], "cut.vkx")
    assert 20 < len(cut.samples["", 1]) < 100
    assert "of 2,000 bytes were not read: the last row is cut off" in cut.tally.remarks[0]
    odd = read_log(VKX + b"\x77" + b"\0" * 9, "odd.vkx")
    assert len(odd.samples["", 1]) == 100
    whole = len(VKX) + 10
    assert odd.tally.remarks == [
        f"10 of {whole:,} bytes were not read: rows of key 0x77 are not known"
    ]
    late = read_log(VKX.replace(struct.pack("<Q", NOON), struct.pack("<Q", 1 << 63)), "late.vkx")
    assert times(late, 1)[0] == 100
    assert late.tally.lost[Loss.BEYOND] == 9


def test_fit_has_records_with_and_without_a_place() -> None:
    pytest.importorskip("fitdecode", reason="the extra is not installed")
    log = read("made.fit")
    assert times(log, 1) == [0, 1000, 2000, 3000, 4000]
    assert values(log, 1) == [(174.86713, -36.8185)] * 5
    assert values(log, 9) == [(9.0,)] * 5
    assert values(log, 13)[-1] == (0, 0, 121)
    assert len(log.samples["", 13]) == log.tally.lines == 6
    cut = read_log(FIT[:-25], "cut.fit")
    assert cut.tally.lines < 6
    assert "cut off" in cut.tally.remarks[0]


@pytest.mark.parametrize("name", ["expedition-ole.csv", "expedition-v3.csv"])
def test_expeditions_rows_are_sparse_and_have_either_time(name: str) -> None:
    log = read(name)
    assert log.form == "Expedition"
    assert times(log, 10) == [1000 * n for n in range(10)]
    assert values(log, 10) == [(9.26 + 0.1852 * n,) for n in range(10)]
    assert values(log, 11) == [(330 - n,) for n in range(10)]
    assert values(log, 12) == [(22.224,)] * 10
    assert times(log, 1) == times(log, 9) == [0, 2000, 4000, 6000, 8000]
    assert dict(log.tally.lost) == {Loss.HEADING: 10, Loss.HEEL: 10}
    other = EXPEDITION + b"235009000,46355.500115741,48,54.0,49,10.0\n0,soon,1,2\n0,46355.5,1\n"
    more = read_log(other, "a.csv")
    assert more.samples["235009000", 1] == [(NOON + 10_000, (10.0, 54.0))]
    assert more.tally.lost[Loss.UNREADABLE] == 2


@pytest.mark.parametrize("name", ["expedition-ole.csv", "expedition-v3.csv"])
def test_expeditions_heading_and_heel_are_what_a_person_says_that_they_are(name: str) -> None:
    def rolls(log: Log) -> list[float]:
        return [
            math.degrees(math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)))
            for _, (x, y, z, w) in log.samples["", 17]
        ]

    def yaws(log: Log) -> list[float]:
        return [
            math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
            for _, (x, y, z, w) in log.samples["", 17]
        ]

    content = (SAMPLES / name).read_bytes()
    heeled = [pytest.approx(12 - n / 2) for n in range(10)]
    true = read_log(content, name, settings=Settings("true", "starboard"))
    assert values(true, 8) == [(100 + n,) for n in range(10)]
    assert (rolls(true), yaws(true)) == (heeled, [pytest.approx(100 + n) for n in range(10)])
    assert not true.tally.lost
    magnetic = read_log(content, name, settings=Settings("magnetic", "port"))
    assert values(magnetic, 7) == [(100 + n,) for n in range(10)]
    assert [-one for one in rolls(magnetic)] == heeled
    assert yaws(magnetic) == [pytest.approx(0)] * 10
    row = b"0,46355.600000000,13,361,18,-181\n0,46355.700000000,13,,18,\n"
    steep = read_log(content + row, name, settings=Settings("true", "port"))
    assert (len(steep.samples["", 17]), steep.tally.lost) == (10, {Loss.BEYOND: 2})


def test_the_short_names_of_types_are_those_that_are_written() -> None:
    numeric = {kind.short: number for number, kind in TYPES.items() if kind.kind != "other"}
    assert numeric == SHORT


def test_our_own_csv_tells_devices_and_sources_apart() -> None:
    at = "2026-11-29T12:00:00.000Z"
    rows = (
        f"{at},S1,POS,0,10,54.5,,,Petrel,°",
        f"{at},S1,SOG,0,9.5,,,,Petrel,km/h",
        f"{at},S1,SOG,3,9.25,,,,Petrel,km/h",
        f"{at},S2,SOG,0,0.00000000000000000125,,,,Petrel,km/h",
        f"{at},'=S3,HDG,0,359.5,,,,'=S3,°",
        f"{at},S1,VMG,0,4,,,,Petrel,km/h",
        f"{at},S1,POS,0,10,,,,Petrel,°",
        "soon,S1,SOG,0,1,,,,Petrel,km/h",
        f"{at},S1,SOG,0,nan,,,,Petrel,km/h",
        f"{at},S1,SOG",
    )
    log = read_log(b"\xef\xbb\xbf" + OWN + "\n".join(rows).encode(), "a.csv")
    assert log.form == "CSV of tockdeck"
    assert log.samples == {
        ("Petrel", 1): [(NOON, (10.0, 54.5))],
        ("Petrel", 9): [(NOON, (9.5,))],
        ("Petrel source 3", 9): [(NOON, (9.25,))],
        ("Petrel S2", 9): [(NOON, (1.25e-18,))],
        ("=S3", 8): [(NOON, (359.5,))],
    }
    assert log.tally.passed_over == {"VMG": 1}
    assert log.tally.lost[Loss.UNREADABLE] == 4


def test_a_fit_that_is_longer_or_shorter_than_it_says_is_read_as_far_as_it_goes() -> None:
    for size in range(len(FIT) + 8):
        # A checksum of 0 is one that nobody reckoned, as the format allows.
        told = FIT[:4] + size.to_bytes(4, "little") + FIT[8:12] + bytes(2) + FIT[14:]
        log = read_log(told, "a.fit")
        if size != len(FIT) - 16:
            assert log.tally.remarks, size
        assert log.tally.lines <= 6


@settings(max_examples=150)
@given(
    st.sampled_from(
        [VKX[:900], FIT, GPX, EXPEDITION, OWN + b"2026-11-29T12:00:00Z,S,SOG,0,1,,,,S,"]
    ),
    st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 999),
)
def test_a_damaged_file_gives_dates_and_numbers_or_a_reason(
    content: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    hurt = bytearray(content)
    for place, byte in damage:
        hurt[place % len(hurt)] = byte
    try:
        log = read_log(bytes(hurt[: len(hurt) - cut % len(hurt)]), "a.csv")
    except UnreadableLog:
        return
    for (_, kind), samples in log.samples.items():
        assert len({len(axes) for _, axes in samples}) == 1, kind
        for stamp, axes in samples:
            assert abs(stamp) < 253_402_300_800_000
            assert all(map(math.isfinite, axes))
