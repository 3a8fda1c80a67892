"""NMEA 0183 against the samples and their right values, torn, shuffled and among rubbish."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import BOAT, NOON, SAMPLES, at, sentence
from tui.embedded.instruments.nmea import _READERS, LINE_BYTES, Lenient, NmeaReader
from tui.embedded.instruments.readings import Loss, Reading
from tui.embedded.instruments.sentences import checksum

QUIRKS = (SAMPLES / "quirks.nmea").read_bytes().splitlines(keepends=True)


PLACE = (174.86713, -(36 + 49.1106 / 60))


def read(content: bytes, reader: NmeaReader | None = None) -> list[Reading]:
    reader = reader or NmeaReader()
    return reader.feed(content) + reader.end()


def told(readings: list[Reading]) -> dict[int, object]:
    return {
        found.kind: pytest.approx(found.values if len(found.values) > 1 else found.values[0])
        for found in readings
    }


SAILING: dict[int, object] = {1: PLACE, 9: 8.1488, 6: 100.0}

RIGHT: dict[int, tuple[dict[int, object], Loss | None]] = {
    1: ({8: 120.3}, None),
    2: ({8: 120.3}, None),
    3: ({}, Loss.BARE),
    4: ({}, Loss.WRONG),
    5: ({8: 120.3}, None),
    6: ({}, Loss.VOID),
    7: ({}, Loss.VOID),
    8: (SAILING, None),
    9: (SAILING, None),
    10: ({1: PLACE}, None),
    11: (SAILING, None),
    12: (SAILING, None),
    13: ({9: 0.0}, Loss.NOWHERE),
    14: ({2: 0.0}, Loss.VOID),
    15: ({2: 6.0}, Loss.VOID),
    16: ({9: 0.0}, None),
    17: ({9: 10.76012, 6: 224.4}, None),
    18: ({11: 330.0, 12: 18.52}, None),
    19: ({11: 330.0, 12: 36.0}, None),
    20: ({11: 330.0, 12: 10.0}, None),
    21: ({23: 18.52}, None),
    22: ({}, Loss.VOID),
    23: ({}, None),
    24: ({23: 14.816}, None),
    25: ({11: 330.0, 12: 18.52}, None),
    26: ({7: 59.0, 10: 0.0}, None),
    27: ({7: 103.1, 8: 122.3}, None),
    28: ({7: 59.0}, None),
    29: ({}, None),
    30: ({}, None),
    33: ({}, Loss.NO_TYPE),
    34: ({}, Loss.NO_TYPE),
    35: ({}, Loss.NO_TYPE),
    36: ({}, Loss.NO_TYPE),
    37: ({}, Loss.AIS),
    38: ({11: 30.0, 12: 18.0}, Loss.RUN_TOGETHER),
}


@pytest.mark.parametrize("number", RIGHT)
def test_each_quirk_gives_what_is_right(number: int) -> None:
    reader = NmeaReader(near=NOON)
    readings = read(QUIRKS[number - 1], reader)
    right, loss = RIGHT[number]
    read_values = {r.kind: r.values if len(r.values) > 1 else r.values[0] for r in readings}
    assert read_values == {kind: pytest.approx(value) for kind, value in right.items()}
    assert dict(reader.tally.lost) == ({} if loss is None else {loss: 1})
    assert reader.tally.lines == 1


def test_every_quirk_that_is_listed_is_tried() -> None:
    with (SAMPLES / "quirks.tsv").open() as file:
        listed = {int(row["line"]) for row in csv.DictReader(file, delimiter="\t")}
    assert listed == set(RIGHT) | {31, 32} == set(range(1, len(QUIRKS) + 1))


@pytest.mark.parametrize(
    ("number", "stamp"),
    [
        (1, "2026-11-29T12:00:00Z"),
        (2, "2026-11-29T12:00:00.250Z"),
        (9, "2026-11-29T12:00:00Z"),
        (11, "2007-04-15T12:00:00Z"),
        (12, "2027-01-01T00:00:00Z"),
    ],
)
def test_times_of_quirks(number: int, stamp: str) -> None:
    found = read(QUIRKS[number - 1], NmeaReader(near=NOON))
    assert {reading.stamp for reading in found} == {at(stamp)}


def test_a_receiver_that_counts_1024_weeks_again_is_put_right_while_it_is_live() -> None:
    reader = NmeaReader()
    found = reader.feed(QUIRKS[10], NOON + 700)
    assert {reading.stamp for reading in found} == {NOON}
    # Nobody's clock is touched by it: an hour's difference stays.
    late = NmeaReader().feed(QUIRKS[7], NOON + 3_600_000)
    assert {reading.stamp for reading in late} == {NOON}


def test_a_tag_block_names_its_source_and_a_wrong_one_is_left() -> None:
    (found,) = read(QUIRKS[0])
    assert found.origin == "GPS1.HE.HDT"
    reader = NmeaReader()
    (found,) = read(QUIRKS[0].replace(b"*4A", b"*4B"), reader)
    assert (found.origin, found.stamp) == ("HE.HDT", None)
    assert reader.tally.lost == {Loss.TAG: 1}
    body = "c:1795953600123"
    tagged = f"\\{body}*{checksum(body):02X}\\".encode() + sentence("HEHDT,1.0,T")
    assert [reading.stamp for reading in read(tagged)] == [1795953600123]


@pytest.mark.parametrize(("number", "roll", "pitch"), [(31, -12.3, 0.0), (32, -3.0, 2.0)])
def test_heel_and_pitch_become_a_quaternion(number: int, roll: float, pitch: float) -> None:
    (found,) = read(QUIRKS[number - 1])
    x, y, z, w = found.values
    assert found.kind == 17
    turned = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    assert math.degrees(turned) == pytest.approx(roll)
    assert math.degrees(math.asin(2 * (w * y - z * x))) == pytest.approx(pitch)


def by_kind(readings: list[Reading], origin: str) -> dict[int, list[Reading]]:
    found = defaultdict(list)
    for reading in readings:
        if reading.origin == origin:
            found[reading.kind].append(reading)
    return found


def test_the_boat_has_its_twenty_fixes_and_all_else_that_it_measures() -> None:
    reader = NmeaReader()
    readings = read(BOAT, reader)
    assert reader.tally.lines == 141
    assert not reader.tally.lost
    fixes = by_kind(readings, "GN.RMC")
    assert [r.stamp for r in fixes[1]] == [NOON + 1000 * n for n in range(20)]
    for n, fix in enumerate(fixes[1]):
        assert fix.values == pytest.approx((174.86713, -(36 + (49.1106 + 0.002 * n) / 60)))
        assert fixes[9][n].values == pytest.approx((8.1488,))
        assert fixes[6][n].values == (100 + n / 2,)
    assert [r.values for r in by_kind(readings, "HC.HDG")[7]] == [(83.0,)] * 20
    assert [r.values for r in by_kind(readings, "HC.HDG")[8]] == [(102.0,)] * 20
    wind = by_kind(readings, "WI.MWV")
    assert [r.values for r in wind[11]] == [((330.0 + 3 * n) % 360,) for n in range(20)]
    assert [r.values for r in wind[12]] == [(22.224,)] * 20
    log = by_kind(readings, "II.VHW")
    assert [r.values for r in log[10]] == [pytest.approx((7.7784,))] * 20
    assert len(by_kind(readings, "II.XDR")[17]) == 20


def test_midnight_of_a_leap_day_is_passed_by_sentences_without_a_date() -> None:
    found = read((SAMPLES / "midnight.nmea").read_bytes())
    places = [reading.stamp for reading in found if reading.kind == 1]
    assert places == [at("2024-02-28T23:59:58Z") + 1000 * n for n in range(5)]


def test_a_log_without_any_date_gives_places_only_where_one_is_told() -> None:
    content = (SAMPLES / "real-no-date.nmea").read_bytes()
    undated = NmeaReader()
    assert 1 not in told(read(content, undated))
    assert undated.tally.lost[Loss.NO_DATE] == 5
    dated = [r for r in read(content, NmeaReader(near=NOON)) if r.kind == 1]
    assert [r.stamp for r in dated] == [at("2026-11-29T10:02:22Z") + 2000 * n for n in range(5)]
    assert dated[0].values == pytest.approx((23 + 31.732 / 60, 60 + 4.545 / 60))


def test_checksums_that_are_missing_wrong_and_stuck_are_told_apart() -> None:
    content = (SAMPLES / "real-stuck-checksums.nmea").read_bytes()
    strict = NmeaReader()
    assert read(content, strict) == []
    assert strict.tally.lost == {Loss.STUCK: 80}
    lenient = NmeaReader(lenient=Lenient(of_address=True))
    first = next(reading for reading in read(content, lenient) if reading.kind == 1)
    assert first.stamp == at("2013-07-31T14:26:27Z")
    assert first.values == pytest.approx((9 + 31.564 / 60, 54 + 51.869 / 60))
    bare = NmeaReader(lenient=Lenient(bare=True))
    assert told(read(QUIRKS[2] + QUIRKS[3], bare)) == {8: 120.3}
    assert bare.tally.lost == {Loss.WRONG: 1}


def test_true_wind_is_from_the_bow_and_wants_a_fresh_true_heading() -> None:
    heading, wind = sentence("HEHDT,120.3,T"), QUIRKS[20]
    reader = NmeaReader()
    reader.feed(heading, NOON)
    assert told(reader.feed(wind, NOON + 2000)) == {23: 18.52, 22: 90.3}
    assert told(reader.feed(wind, NOON + 2001)) == {23: 18.52}
    declined = NmeaReader()
    declined.feed(sentence("HCHDG,101.1,2.0,E,19.2,E"), NOON)
    assert told(declined.feed(QUIRKS[23], NOON)) == {23: 14.816, 22: 160.2}


@pytest.mark.parametrize(
    ("body", "loss"),
    [
        ("GPGLL,3660.00,S,17452.0278,E,120000,A,A", Loss.UNREADABLE),
        ("GPGLL,9100.00,S,17452.0278,E,120000,A,A", Loss.BEYOND),
        ("GPGLL,3649.11,S,18100.0000,E,120000,A,A", Loss.BEYOND),
        ("GPGLL,3649.11,NS,17452.0278,E,120000,A,A", Loss.UNREADABLE),
        ("IIMWD,120,T,,M,3000,N,,M", Loss.BEYOND),
        ("HEHDT,400.0,T", Loss.BEYOND),
        ("HEHDT,nan,T", None),
        ("HEHDT,1e1,T", None),
    ],
)
def test_what_cannot_be_gives_no_value(body: str, loss: Loss | None) -> None:
    reader = NmeaReader(near=NOON)
    found = read(sentence(body), reader)
    assert [reading for reading in found if reading.kind in (1, 8, 23)] == []
    assert dict(reader.tally.lost) == ({} if loss is None else {loss: 1})


def test_sentences_of_old_dates_and_several_in_one_datagram() -> None:
    reader = NmeaReader()
    first = sentence("GPRMC,120000,A,3649.11,S,17452.02,E,,,060180,,,A").rstrip()
    second = sentence("GPZDA,235959,31,12,2025,00,00").rstrip()
    third = sentence("GPGLL,3649.11,S,17452.02,E,000002,A,A").rstrip()
    found = reader.feed(b"\r\n".join((first, second, third))) + reader.end()
    assert [reading.stamp for reading in found] == [
        at("1980-01-06T12:00:00Z"),
        at("2025-12-31T23:59:59Z"),
        at("2026-01-01T00:00:02Z"),
    ]


@settings(max_examples=30)
@given(st.lists(st.integers(0, len(BOAT)), max_size=40))
def test_it_is_the_same_however_it_is_torn(cuts: list[int]) -> None:
    reader, found = NmeaReader(), []
    edges = [0, *sorted(cuts), len(BOAT)]
    for start, end in itertools.pairwise(edges):
        found += reader.feed(BOAT[start:end])
    assert found + reader.end() == WHOLE


WHOLE = read(BOAT)
LINES = BOAT.splitlines(keepends=True)[:36]


@settings(max_examples=30)
@given(st.permutations(LINES))
def test_shuffled_lines_keep_their_fixes(lines: list[bytes]) -> None:
    found = by_kind(read(b"".join(lines)), "GN.RMC")[1]
    assert sorted(found, key=lambda reading: reading.stamp or 0) == by_kind(WHOLE, "GN.RMC")[1][:6]


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=8), st.booleans())
def test_rubbish_between_lines_costs_nothing_but_itself(parts: list[bytes], live: bool) -> None:
    reader, found = NmeaReader(), []
    for place, line in enumerate(LINES[:24]):
        rubbish = parts[place % len(parts)].replace(b"$", b"").replace(b"!", b"")
        found += reader.feed(rubbish + b"\r\n" + line, NOON if live else None)
    fixes = by_kind(found, "GN.RMC")[1]
    assert fixes == by_kind(WHOLE, "GN.RMC")[1][: len(fixes)]
    assert len(fixes) == sum(b"RMC" in line for line in LINES[:24])


@given(st.binary(max_size=600))
def test_nothing_that_comes_raises_or_is_kept_beyond_its_limit(content: bytes) -> None:
    reader = NmeaReader(near=NOON, lenient=Lenient(bare=True, of_address=True))
    for value in (v for r in read(b"$GP" + content, reader) for v in r.values):
        assert math.isfinite(value)
    reader.feed(b"$" + b"A" * (LINE_BYTES + 1))
    assert reader.feed(b"A" * LINE_BYTES + b"\r\n" + QUIRKS[17])
    assert reader.tally.lost[Loss.TOO_LONG] == 1


ADDRESSES = st.sampled_from(sorted(_READERS))
PARTS = st.sampled_from(
    [
        *("", "A", "V", "N", "T", "M", "K", "D", "R", "L", "E", "W", "S", "ROLL", "é", "nan"),
        *("0", "-1", "360", "1e9", "235960", "291126", "3649.1106", "0000.00", "9" * 20),
    ]
)


@given(ADDRESSES, st.lists(PARTS, max_size=14))
def test_no_fields_raise(name: str, fields: list[str]) -> None:
    for live in (None, NOON):
        body = ",".join((f"II{name}", *fields))
        for reading in NmeaReader(near=NOON).feed(sentence(body), live):
            assert all(math.isfinite(value) for value in reading.values)
