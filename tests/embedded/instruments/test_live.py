"""Instruments as they come: whose clock, which of several sentences, whose boat."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import BOAT, NOON, SAMPLES, fix, said, sentence, tagged
from tui.embedded.instruments.choosing import VOICES
from tui.embedded.instruments.gpsd import GpsdReader
from tui.embedded.instruments.live import BOATS, FRONTS, NmeaBoats, OneBoat
from tui.embedded.instruments.nmea import Lenient
from tui.embedded.instruments.nmea_flat import TALKERS
from tui.embedded.instruments.readings import KINDS_OF_LOSS, Loss, Reading
from tui.embedded.instruments.signalk import SignalKReader

WIND = sentence("WIMWV,330.0,R,10.0,N,A")


def series(readings: list[Reading], kind: int, boat: str = "") -> list[tuple[int, float]]:
    return [
        ((one.stamp or 0) - NOON, one.values[0])
        for one in readings
        if (one.kind, one.boat) == (kind, boat)
    ]


def test_what_has_no_time_has_the_clock_of_the_boat() -> None:
    boat = NmeaBoats(Lenient())
    assert boat.clock_offset is None
    assert [one.stamp for one in said(boat, WIND)] == [NOON, NOON]
    # The boat's clock is an hour ahead, and its fixes arrive half a second late.
    for second in range(5):
        boat.feed(fix(second), NOON - 3_600_000 + 1000 * second + 500)
    assert boat.clock_offset == 3_599_500
    (found,) = series(said(boat, WIND, NOON - 3_590_000), 11)
    assert found == (9_500, 330.0)


def test_each_time_of_each_type_is_told_once_and_by_the_best() -> None:
    boat = NmeaBoats(Lenient())
    found: list[Reading] = []
    for line in BOAT.splitlines(keepends=True):
        found += said(boat, line, NOON + 1000 * len(series(found, 1)))
    assert [stamp for stamp, _ in series(found, 1)] == [1000 * n for n in range(20)]
    assert {round(value, 4) for _, value in series(found, 9)} == {8.1488}
    assert len(series(found, 11)) == len(series(found, 12)) == 20
    assert boat.tally.lost[Loss.DOUBLE] == 80


def test_of_several_values_for_one_time_the_first_stands_and_the_others_are_counted() -> None:
    boat = NmeaBoats(Lenient())
    lines = [
        sentence(f"GPRMC,120000,A,3649.1{at}06,S,17452.0278,E,{4 + at},{100 + at},291126,,,A")
        for at in (1, 2, 3, 4, 5, 1)
    ]
    found = said(boat, b"".join(lines))
    assert series(found, 9) == [(0, 5 * 1.852)]
    assert series(found, 6) == [(0, 101.0)]
    (place,) = (one.values for one in found if one.kind == 1)
    assert round(place[1], 6) == round(-(36 + 49.1106 / 60), 6)
    # Place, course and speed each; the first once more has no other values.
    assert boat.tally.lost == {Loss.UNLIKE: 3 * 4, Loss.DOUBLE: 3}
    # The same once it was handed on, as what comes a moment later.
    assert not said(boat, lines[1])
    assert not said(boat, lines[0])
    assert boat.tally.lost == {Loss.UNLIKE: 3 * 5, Loss.DOUBLE: 3 * 2}


def test_boats_of_one_connection_are_told_apart_by_tag_blocks() -> None:
    boats = NmeaBoats(Lenient(), tagged=True)
    heading = sentence("HEHDT,90.0,T")
    true_wind = sentence("WIMWV,10.0,T,5.0,N,A")
    lines = tagged("A", fix(0, 4.0)) + tagged("B", fix(1, 5.0)) + tagged("A", heading)
    found = said(boats, lines + tagged("B", true_wind) + tagged("A", true_wind) + fix(2))
    assert series(found, 9, "A") == [(0, 4.0 * 1.852)]
    assert series(found, 9, "B") == [(1000, 5.0 * 1.852)]
    # A's heading turns A's wind alone.
    assert [value for _, value in series(found, 22, "A")] == [100.0]
    assert not series(found, 22, "B")
    assert [stamp for stamp, _ in series(found, 1)] == [2000]
    assert boats.clock_offset == 2000
    for number in range(BOATS):
        boats.feed(tagged(f"boat{number}", fix(0)), NOON)
    assert boats.tally.lost[Loss.TOO_MANY] == 3


def test_times_that_cannot_be_are_counted_and_turn_no_other() -> None:
    boats = NmeaBoats(Lenient(), tagged=True)
    heading = sentence("HEHDT,90.0,T")
    for moment in ("9999999999999", "0000000000000", "0000000001"):
        for _ in range(2):
            assert said(boats, tagged(f"A,c:{moment}", heading)) == []
    assert (boats.tally.lost, boats.clock_offset) == ({Loss.NO_TIME: 6}, None)
    # What says no time is still of now, and an hour ahead is a clock, not nonsense.
    assert [one.stamp for one in said(boats, tagged("A", heading))] == [NOON]
    assert [one.stamp for one in said(boats, tagged(f"A,c:{NOON + 3_600_000}", heading))] == [
        NOON + 3_600_000
    ]
    gpsd = OneBoat(GpsdReader())
    late = b'{"class":"TPV","mode":3,"time":"2999-01-01T00:00:00Z","lat":1,"lon":2}\n'
    assert said(gpsd, late) == []
    assert gpsd.tally.lost == {Loss.NO_TIME: 1}


def test_ten_thousand_who_make_up_names_fill_nothing() -> None:
    boats = NmeaBoats(Lenient(), tagged=True)
    for number in range(10_000):
        talker = "".join(chr(ord("A") + number // 26**place % 26) for place in range(3))
        lines = sentence(f"{talker}HDT,{number % 360}.0,T")
        if number <= 2 * BOATS:
            lines += tagged(f"boat{number}", sentence(f"{talker}ABC,1")) + tagged("n" * 300, WIND)
        boats.feed(lines, NOON + number, whole=True)
    found = boats.take()
    assert len(found) <= BOATS
    assert len(boats._fronts) <= FRONTS
    assert len(boats.tally.passed_over) <= KINDS_OF_LOSS + 1
    own = boats._boats[""]
    assert max(map(len, own._plans.values())) <= TALKERS
    assert len(own.timing._chooser.spoken) <= VOICES
    # Who was first is believed, and nobody of these is better.
    assert series(said(boats, sentence("AAAHDT,7.0,T"), NOON + 20_000), 8) == [(20_000, 7.0)]


def test_other_forms_have_their_own_times() -> None:
    gpsd = OneBoat(GpsdReader())
    found = said(gpsd, (SAMPLES / "gpsd.jsonl").read_bytes(), NOON + 20_000)
    assert [stamp for stamp, _ in series(found, 1)][-1] == 19_000
    signalk = OneBoat(SignalKReader())
    found = said(signalk, (SAMPLES / "signalk.jsonl").read_bytes())
    assert len({one.boat for one in found}) == 2


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=200), max_size=8), st.booleans(), st.booleans())
def test_rubbish_costs_nothing_but_itself(parts: list[bytes], whole: bool, tags: bool) -> None:
    boat = NmeaBoats(Lenient(tags, tags), tagged=tags)
    for part in parts:
        for reading in said(boat, part, whole=whole):
            assert reading.stamp is not None
    found = said(boat, b"\r\n" + fix(0) + fix(1), NOON + 1000)
    assert (1000, 8.1488) in series(found, 9)
