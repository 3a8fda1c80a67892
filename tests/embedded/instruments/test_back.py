"""What is exported comes back by `bring` as the same fixes, in every form that goes both ways."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import NOON
from tui.embedded.instruments.logs import read_log
from tui.live.store import FeedStore
from tui.services.errors import InvalidArgument
from tui.workspace.live.export import Chosen, write
from tui.workspace.live.export_forms import ENDINGS, ExportForm

SERIALS = ("GA-EN-AAAA", "GA-EN-AAAB")
SEVERAL: tuple[ExportForm, ...] = ("csv", "fixes", "gpx", "gpx1.1", "expedition")
NAMES = dict(zip(SERIALS, ("Kōtare", "Tūī"), strict=True))

ANGLES = (6, 11)

degrees = st.integers(-1_799_999_999, 1_799_999_999).map(lambda whole: (whole or 1) / 10**7)
fixes = st.lists(
    st.tuples(st.integers(1, 900_000), degrees, degrees.map(lambda value: value / 2)),
    min_size=1,
    max_size=8,
)


def stored(boats: dict[str, list[tuple[int, float, float]]]) -> FeedStore:
    made = FeedStore(sift=False)
    for serial, places in boats.items():
        time, stamps = NOON, []
        for after, _, _ in places:
            time += after
            stamps.append(time)
        east, north = [[place[axis] for place in places] for axis in (1, 2)]
        knots = [float(number % 30) + 0.5 for number in range(len(stamps))]
        made.add(
            [
                ((serial, 1, 0), stamps, (east, north)),
                ((serial, 9, 0), stamps, ([one * 1.852 for one in knots],)),
                ((serial, 6, 0), stamps, ([(one * 31) % 360 for one in knots],)),
                ((serial, 11, 0), stamps, ([-one for one in knots],)),
                ((serial, 12, 0), stamps, ([one * 1.852 for one in knots],)),
            ]
        )
    return made


def samples(store: FeedStore, serial: str, kind: int, exact: float) -> list[object]:
    (key,) = (key for key in store.sorted_keys() if (key.serial, key.type) == (serial, kind))
    times, axes = store.samples(key, 0, 1 << 60)
    turned = kind in ANGLES
    return [
        (time, pytest.approx([value % 360 if turned else value for value in values], abs=exact))
        for time, *values in zip(times, *axes, strict=True)
    ]


def there_and_back(store: FeedStore, form: ExportForm) -> dict[tuple[str, int], list[object]]:
    out = BytesIO()
    write(out, store, form, called=NAMES.__getitem__)
    log = read_log(out.getvalue(), f"race.{ENDINGS.get(form, form)}")
    assert not {why for why in log.tally.lost if why.name != "NO_TYPE"}, log.tally
    # The long CSV has angles as the wire had them, of which each may be written in two ways.
    return {
        key: [
            (time, tuple(value % 360 for value in values) if key[1] in ANGLES else values)
            for time, values in found
        ]
        for key, found in log.samples.items()
    }


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(SEVERAL), fixes, fixes)
def test_fixes_of_boats_come_back(
    form: ExportForm, one: list[tuple[int, float, float]], other: list[tuple[int, float, float]]
) -> None:
    store = stored(dict(zip(SERIALS, (one, other), strict=True)))
    back = there_and_back(store, form)
    for serial in SERIALS:
        boat = NAMES[serial]
        assert back[boat, 1] == samples(store, serial, 1, 1e-12)
        # Knots and metres a second are written to a thousandth.
        assert back[boat, 9] == samples(store, serial, 9, 0.002)
        assert back[boat, 6] == samples(store, serial, 6, 0.001)
        if not form.startswith("gpx"):
            assert back[boat, 11] == samples(store, serial, 11, 0.001)
            assert back[boat, 12] == samples(store, serial, 12, 0.002)


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(("nmea", "expedition", "gpx")), fixes)
def test_fixes_of_one_boat_come_back(form: ExportForm, one: list[tuple[int, float, float]]) -> None:
    store = stored({SERIALS[0]: one})
    back = there_and_back(store, form)
    boat = "" if form == "nmea" else NAMES[SERIALS[0]]
    assert back[boat, 1] == samples(store, SERIALS[0], 1, 2e-8)
    assert back[boat, 9] == samples(store, SERIALS[0], 9, 0.002)
    assert back[boat, 6] == samples(store, SERIALS[0], 6, 0.001)


def test_boats_of_an_expedition_log_are_as_many_as_its_numbers_whatever_they_are_called() -> None:
    long = "Team of a long name " * 4
    rows = "1,45244.5,1,5\n2,45244.5,1,6\n03,45244.5,1,7\n4,45244.5,1,8\n0,45244.5,1,9\n"
    named = f"! 1 is Petrel\n! 2 is Petrel\n! 3 is {long}\n"
    head = "!Boat,Utc,BSP\n!boat,0,1\n"
    log = read_log(f"{head}{named}{rows}".encode(), "race.csv")
    boats = ["Petrel", "Petrel 2", long.strip(), "4", ""]
    assert [boat for boat, _ in log.samples] == boats
    own = read_log(f"{head}! 0 is Petrel\n{rows}".encode(), "race.csv")
    assert [boat for boat, _ in own.samples] == ["1", "2", "03", "4", "Petrel"]


def test_sentences_of_several_boats_are_refused_before_anything_is_written() -> None:
    out = BytesIO()
    store = stored({serial: [(1, 10.0, 54.0)] for serial in SERIALS})
    with pytest.raises(InvalidArgument, match="no names for boats, and these are 2: Kōtare, Tūī"):
        write(out, store, "nmea", called=NAMES.__getitem__)
    assert out.getvalue() == b""
    assert write(out, Chosen(store, SERIALS[:1]), "nmea") == 1
    assert out.getvalue() == (
        b"$GPRMC,120000.001,A,5400.000000,N,01000.000000,E,0.5,15.5,291126,,,A*57\r\n"
        b"$WIMWV,359.5,R,0.5,N,A*2C\r\n"
    )


@pytest.mark.parametrize("form", ["nmea", "expedition"])
def test_what_is_measured_while_there_is_no_fix_comes_back_too(form: ExportForm) -> None:
    fixed = [NOON + 1000 * second for second in (0, 1, 2, 3, 60, 61)]
    blown = [NOON + 1000 * second + 100 for second in range(70)]
    boat, unit = SERIALS
    store = FeedStore(sift=False)
    store.add(
        [
            ((boat, 1, 0), fixed, ([10.0 + one / 1e4 for one in range(6)], [54.0] * 6)),
            ((boat, 9, 0), fixed, ([18.52] * 6,)),
            ((boat, 11, 0), blown, ([float(second) for second in range(70)],)),
            ((boat, 12, 0), blown, ([float(second) * 1.852 for second in range(70)],)),
        ]
    )
    back = there_and_back(store, form)
    name = "" if form == "nmea" else NAMES[boat]
    assert [time for time, _ in back[name, 1]] == fixed, "no place that nobody measured"
    assert [time for time, _ in back[name, 9]] == fixed, "nor a speed that was not said again"
    angles = [round(values[0]) for _, values in back[name, 11]]
    # One a second: of the seconds with a fix the newest before it.
    assert angles == [0, 1, 2, *range(4, 60), 59, 60, *range(62, 70)]
    apart = dict(zip(angles, (time for time, _ in back[name, 11]), strict=True))
    assert all(abs(apart[one] - blown[one]) < 1000 for one in range(4, 59)), "at its own time"
    # Who measures the wind and has no place is a device like others, and is written alone as well.
    store.add([((unit, 12, 0), blown, ([9.26] * 70,))])
    alone = Chosen(store, (unit,))
    if form == "nmea":
        assert write(BytesIO(), alone, form) == 0, "a speed without its angle is no sentence"
    else:
        told = there_and_back(cast(FeedStore, alone), form)[NAMES[unit], 12]
        assert [time for time, _ in told] == [pytest.approx(one, abs=1) for one in blown]
