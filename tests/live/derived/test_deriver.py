"""Derived series in a feed's store: whatever the order, what a look at all of it says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import cos, radians
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.live import derived
from tui.live.course import Point, destination
from tui.live.derived import FLEET
from tui.live.derived.deriver import Deriver
from tui.live.derived.formulas import made_good
from tui.live.derived.kinds import ANGLES, KINDS, NAMES
from tui.live.derived.recipes import RECIPES
from tui.live.derived.water import Anchorage, Inputs, Water
from tui.live.derived.winds import LASTING
from tui.live.polars import read_polar
from tui.live.series import Series, SeriesKey
from tui.live.store import FeedStore
from tui.live.units import KMH_PER_KNOT, turn

T0 = 1_700_000_000_000
BOAT, OTHER, UNIT, SECOND = "GA-1", "GA-2", "GW-1", "GW-2"
Part = tuple[tuple[str, int, int], Sequence[int], Sequence[Sequence[float]]]


def put(store: FeedStore, serial: str, type_: int, at: float, *axes: float) -> None:
    time = T0 + round(at * 1000)
    store.add([((serial, type_, 0), [time], [[one] for one in axes])], heard=time)


def series(store: FeedStore, serial: str, type_: int) -> list[tuple[float, Any]]:
    times, axes = store.samples(SeriesKey(serial, type_), 0, 1 << 62)
    return (
        [((at - T0) / 1000, one) for at, one in zip(times, axes[0], strict=True)] if times else []
    )


def bring(deriver: Deriver, *keys: SeriesKey, since: float = 0) -> None:
    while deriver.bring(keys, T0 + round(since * 1000), 7):
        pass


def test_every_kind_has_a_recipe_and_a_name_of_its_own() -> None:
    assert RECIPES.keys() == KINDS.keys()
    assert len(NAMES) == sum(len(one.axes) == 1 for one in KINDS.values())
    assert KINDS.keys() >= ANGLES


def test_vmg_follows_each_speed_with_the_wind_and_the_course_of_then() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    vmg = SeriesKey(BOAT, derived.VMG)
    assert deriver.offered([BOAT], KINDS) == []
    put(store, UNIT, 22, -5, 350)
    for at, course in ((0, 20), (3, 80)):
        put(store, BOAT, 6, at, course)
    for at in range(5):
        put(store, BOAT, 9, at, 10 + at)
    assert vmg in deriver.offered([BOAT], KINDS)
    bring(deriver, vmg)
    slow = [made_good(10 + at, 20 if at < 3 else 80, 350) for at in range(5)]
    assert series(store, BOAT, derived.VMG) == [
        (at, pytest.approx(one)) for at, one in enumerate(slow)
    ]
    # It is as old as the oldest of what it is made of: the wind.
    found = store.series(vmg)
    assert found is not None
    assert found.known_at(T0 + 4000) == T0 - 5000
    # And it is no sample that came.
    assert store.counts().kept == 8


def test_a_value_is_there_at_once_and_put_right_and_ends_with_what_is_old() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    twa = SeriesKey(BOAT, derived.TWA)
    put(store, UNIT, 22, 0, 100)
    put(store, BOAT, 8, 0, 90)
    put(store, BOAT, 8, 1, 90)
    bring(deriver, twa)
    assert series(store, BOAT, derived.TWA) == [(0, pytest.approx(10)), (1, pytest.approx(10))]
    put(store, UNIT, 22, 1, 120)
    bring(deriver, twa)
    assert series(store, BOAT, derived.TWA) == [(0, pytest.approx(10)), (1, pytest.approx(30))]
    put(store, BOAT, 8, 500, 90)
    put(store, BOAT, 8, 700, 90)
    bring(deriver, twa)
    assert [at for at, _ in series(store, BOAT, derived.TWA)] == [0, 1, 500]


def test_what_came_late_is_reckoned_anew_and_only_from_there() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    twa = SeriesKey(BOAT, derived.TWA)
    for at in (0, 1, 2, 3, 4, 5):
        put(store, BOAT, 8, at, 0)
    put(store, UNIT, 22, 0, 10)
    put(store, UNIT, 22, 5, 50)
    bring(deriver, twa)
    assert [round(one) for _, one in series(store, BOAT, derived.TWA)] == [10, 10, 10, 10, 10, 50]
    put(store, UNIT, 22, 2, 30)
    bring(deriver, twa)
    assert [round(one) for _, one in series(store, BOAT, derived.TWA)] == [10, 10, 30, 30, 30, 50]
    put(store, BOAT, 8, 3.5, 20)
    bring(deriver, twa)
    assert [round(one) for _, one in series(store, BOAT, derived.TWA)] == [
        10, 10, 30, 30, 10, 30, 50,
    ]  # fmt: skip


def test_several_units_make_one_wind_and_a_silent_or_magnetic_one_is_no_harm() -> None:
    store = FeedStore()
    water = Water(winds=(UNIT, SECOND), declination=5, magnetic_winds=frozenset({SECOND}))
    deriver = Deriver(store, water)
    direction, speed = SeriesKey(FLEET, derived.MEAN_TWD), SeriesKey(FLEET, derived.MEAN_TWS)
    for at in (0, 100, 101):
        put(store, UNIT, 22, at, 350)
        put(store, UNIT, 23, at, 10)
    put(store, SECOND, 22, 0, 5)
    put(store, SECOND, 23, 0, 20)
    put(store, OTHER, 22, 0, 180)
    assert deriver.offered([BOAT], [derived.MEAN_TWD, derived.MEAN_TWS]) == [direction, speed]
    bring(deriver, direction, speed)
    found = series(store, FLEET, derived.MEAN_TWD)
    assert [at for at, _ in found] == [0, 100, 101]
    for (_, one), right in zip(found, (0, 350, 350), strict=True):
        assert turn(one, right) == pytest.approx(0, abs=1e-6)
    assert series(store, FLEET, derived.MEAN_TWS) == [(0, 15), (100, 10), (101, 10)]
    # Another declination makes the wind anew, and what is made of it.
    deriver.learn(Water(winds=(UNIT, SECOND), declination=15, magnetic_winds=water.magnetic_winds))
    bring(deriver, direction)
    assert series(store, FLEET, derived.MEAN_TWD)[0] == (0, pytest.approx(5))


def test_line_and_mark_may_be_laid_or_tracked_even_across_the_date_line() -> None:
    store = FeedStore()
    pin = Point(179.9995, 10)
    boat_end = destination(pin, 90, 200)
    assert boat_end.longitude < 0
    water = Water(
        wind=(10, 20),
        not_boats=frozenset({"GM-1"}),
        pin=Anchorage((), pin),
        boat=Anchorage(("GM-1",)),
        mark=Anchorage((), destination(pin, 0, 1000)),
    )
    deriver = Deriver(store, water)
    put(store, "GM-1", 1, 0, boat_end.longitude, boat_end.latitude)
    here = destination(destination(pin, 90, 100), 180, 50)
    put(store, BOAT, 1, 1, here.longitude, here.latitude)
    put(store, BOAT, 6, 1, 0)
    put(store, BOAT, 9, 1, 18)
    types = [derived.LINE, derived.GUN, derived.VMC, derived.TWA]
    keys = [SeriesKey(BOAT, number) for number in types]
    assert deriver.offered([BOAT, "GM-1"], types) == keys
    bring(deriver, *keys)
    (metres,), (seconds,), (made,), (angle,) = (series(store, BOAT, one) for one in types)
    assert metres[1] == pytest.approx(50, abs=0.5)
    assert seconds[1] == pytest.approx(10, abs=0.1)
    assert 17.8 < made[1] < 18
    assert angle[1] == pytest.approx(10)


def test_the_median_of_the_fleet_is_of_those_who_sail_now() -> None:
    store = FeedStore()
    deriver = Deriver(store, Water(not_boats=frozenset({"GM-1"})))
    key = SeriesKey(FLEET, derived.MEDIAN)
    for at in range(21):
        put(store, BOAT, 9, at, 10)
        put(store, "GM-1", 9, at, 100)
    for at in range(4):
        put(store, OTHER, 9, at, 20)
    bring(deriver, key)
    found = dict(series(store, FLEET, derived.MEDIAN))
    assert found[2] == 15
    assert found[20] == 10


def test_each_boat_is_as_far_behind_as_the_leader_is_further_to_windward() -> None:
    store = FeedStore()
    # Entered by hand: it has no samples that say when there is a value.
    deriver = Deriver(store, Water(wind=(10, 20), not_boats=frozenset({"GM-1"})))
    keys = [SeriesKey(boat, derived.GAP) for boat in (BOAT, OTHER)]
    known: dict[int, float] = {}
    """How old the newest one is: as the oldest of what it is made of."""
    here = Point(179.9995, 80)
    for at in range(16):
        ahead = destination(here, 60, 100 + at)
        if at < 3:
            put(store, OTHER, 1, at, ahead.longitude, ahead.latitude)
        put(store, BOAT, 1, at, here.longitude, here.latitude)
        put(store, "GM-1", 1, at, here.longitude, 81)
        bring(deriver, *keys)
        gap = store.series(keys[0])
        assert gap is not None
        known[at] = (gap.known_at(T0 + at * 1000) - T0) / 1000
    assert deriver.offered([BOAT, OTHER, "GM-1"], [derived.GAP, derived.LEADER]) == keys
    found = dict(series(store, BOAT, derived.GAP))
    assert list(found) == list(range(16))
    for at in range(13):
        slow = (100 + min(at, 2)) * cos(radians(60 - 10))
        assert found[at] == pytest.approx(slow, abs=0.1)
    # Who is silent for more than 10 s leads nobody, and has no gap either.
    assert found[13] == found[15] == 0
    assert dict(series(store, OTHER, derived.GAP)) == dict.fromkeys(range(13), 0)
    assert known == {at: 2 if 2 <= at <= 12 else at for at in range(16)}


def test_targets_are_those_of_the_polar_in_the_wind_that_blows() -> None:
    store = FeedStore()
    polar = read_polar("6 45 5 90 6 150 4\n10 42 6 90 7 150 6")
    types = [derived.TARGET_SPEED, derived.TARGET_ANGLE, derived.POLAR]
    keys = [SeriesKey(BOAT, number) for number in types]
    for at, heading in ((0, 40), (1, 300), (2, 170)):
        put(store, UNIT, 22, at, 350)
        put(store, UNIT, 23, at, 18.5)
        put(store, BOAT, 8, at, heading)
        put(store, BOAT, 9, at, 3 * KMH_PER_KNOT)
    assert Deriver(store).offered([BOAT], types) == [], "without a polar there are none"
    deriver = Deriver(store, Water(polar=polar))
    assert deriver.offered([BOAT], types) == keys
    bring(deriver, *keys)
    speeds, angles, percents = (series(store, BOAT, number) for number in types)
    for at, twa in ((0, -50), (1, 50), (2, 180)):
        best = polar.target(18.5, upwind=abs(twa) < 90)
        assert best is not None
        assert speeds[at] == (at, pytest.approx(best.speed))
        assert angles[at] == (at, pytest.approx(best.angle * (-1 if twa < 0 else 1)))
        full = polar.speed(18.5, twa)
        assert percents[at] == (at, pytest.approx(300 * KMH_PER_KNOT / full))
    # In no wind a boat at the pontoon has no percent.
    put(store, UNIT, 23, 3, 0)
    put(store, BOAT, 8, 3, 170)
    put(store, BOAT, 9, 3, 3 * KMH_PER_KNOT)
    bring(deriver, *keys)
    assert [at for at, _ in series(store, BOAT, derived.POLAR)] == [0, 1, 2]


def test_a_tack_has_its_loss_once_it_is_over_and_keeps_it_when_the_window_grows() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    loss = SeriesKey(BOAT, derived.LOSS)
    put(store, UNIT, 22, 0, 350)
    for at in range(60):
        put(store, BOAT, 6, at, 310 if at < 40 else 30)
        put(store, BOAT, 9, at, 18 if at != 40 else 9)
        bring(deriver, loss, since=30)
    ((when, metres),) = series(store, BOAT, derived.LOSS)
    assert when == 48
    # Half the speed at one of two ends of two seconds: as much as half of one second's way.
    assert metres == pytest.approx(2.5 * cos(radians(40)))
    bring(deriver, loss, since=0)
    assert series(store, BOAT, derived.LOSS) == [(when, pytest.approx(metres))]


def test_where_nobody_measures_the_wind_rows_are_of_the_boats_apparent_winds() -> None:
    """AWA 45° on starboard of 10 km/h at a boat that sails east with 10: it comes from 0°."""
    store = FeedStore()
    deriver = Deriver(store)
    types = [derived.TWA, derived.VMG, derived.GAP, derived.MEAN_TWD, derived.MEAN_TWS]
    types += [derived.SHIFT5, derived.APPARENT_TWD, derived.APPARENT_TWS]
    keys = [SeriesKey(FLEET if KINDS[one].fleet else BOAT, one) for one in types]
    for at in range(8):
        put(store, BOAT, 1, at, 10 + at / 1e5, 54)
        for type_, value in ((6, 90), (8, 90), (9, 10), (11, -45)):
            put(store, BOAT, type_, at, value)
    assert deriver.offered([BOAT], types) == []
    for at in range(8):
        put(store, BOAT, 12, at, 10 * 2**0.5)
    assert set(deriver.offered([BOAT], types)) == set(keys)
    bring(deriver, *keys)
    found = {key.type: series(store, key.serial, key.type)[-1] for key in keys}
    assert {at for at, _ in found.values()} == {7}
    values = {type_: value for type_, (_, value) in found.items()}
    for type_ in (derived.MEAN_TWD, derived.APPARENT_TWD):
        assert turn(values[type_], 0) == pytest.approx(0, abs=1e-6)
    assert values[derived.MEAN_TWS] == values[derived.APPARENT_TWS] == pytest.approx(10)
    assert values[derived.TWA] == pytest.approx(-90)
    for type_ in (derived.VMG, derived.GAP, derived.SHIFT5):
        assert values[type_] == pytest.approx(0, abs=1e-6)
    # As old as the oldest of what it is made of.
    put(store, BOAT, 8, 12, 90)
    bring(deriver, *keys)
    wind = store.series(SeriesKey(FLEET, derived.MEAN_TWD))
    assert wind is not None
    assert wind.known_at(T0 + 12_000) == T0 + 7000
    # What was entered by hand goes before it, and rows of it are no more.
    deriver.learn(Water(wind=(20, 10)))
    assert deriver.offered([BOAT], [derived.TWA, derived.MEAN_TWD]) == [keys[0]]
    bring(deriver, *keys)
    assert series(store, BOAT, derived.TWA)[-1] == (12, pytest.approx(-70))


class Asked(FeedStore):
    """A store that notes which series it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def series(self, key: tuple[str, int, int]) -> Series | None:
        self.asked.append(key[0])
        return super().series(key)


def test_apparent_winds_are_not_read_while_a_unit_that_measures_the_wind_lasts() -> None:
    store = Asked()
    for at in range(0, 900, 10):
        for type_, value in ((8, 90), (9, 10), (6, 90), (11, -45), (12, 14)):
            put(store, BOAT, type_, at, value + at % 7)
    put(store, UNIT, 22, 5, 100)
    winds = Inputs(store, Water()).apparent
    seconds = [T0 + 1000 * at for at in range(890)]
    lasting = bisect_right(seconds, T0 + 5000 + LASTING)
    one_by_one = [winds.at(time) for time in seconds]
    assert None not in one_by_one[lasting:], "it lasts for ten minutes"
    assert not any(one_by_one[5:lasting])
    for first in (0, 5, lasting - 1, lasting):
        assert list(winds.over(seconds[first:])) == one_by_one[first:]
    store.asked.clear()
    assert not any(winds.over(seconds[5:lasting]))
    assert set(store.asked) == {UNIT}


def test_a_look_at_apparent_winds_within_a_second_changes_nothing() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    key = SeriesKey(FLEET, derived.APPARENT_TWD)
    slow = FeedStore()
    for step in range(60):
        at = step / 10
        for type_, value in ((8, 90), (9, 10), (6, 90), (11, -45), (12, 14 + step)):
            put(store, BOAT, type_, at, value)
            put(slow, BOAT, type_, at, value)
        bring(deriver, key)
    # A late sample has the seconds from it on looked up anew, whatever was looked at in between.
    for one in (store, slow):
        put(one, BOAT, 12, 2.95, 40)
    bring(deriver, key)
    bring(Deriver(slow), key)
    found = series(store, FLEET, derived.APPARENT_TWD)
    assert found == series(slow, FLEET, derived.APPARENT_TWD)
    assert [at for at, _ in found] == [0, 1, 2, 3, 4, 5]


def test_what_nobody_looked_at_for_a_while_is_made_up_for_only_where_it_is_looked_at() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    key = SeriesKey(BOAT, derived.TWA)
    for at in range(1000):
        put(store, UNIT, 22, at, at % 30)
        put(store, BOAT, 8, at, 0)
    bring(deriver, key)

    def seen() -> list[tuple[float, float]]:
        return [(at, round(value, 6)) for at, value in series(store, BOAT, derived.TWA)]

    for at in range(1000, 3000):
        put(store, UNIT, 22, at, at % 30)
        put(store, BOAT, 8, at, 0)
    bring(deriver, key, since=2900)
    assert seen() == [(at, at % 30) for at in (*range(1000), *range(2900, 3000))]
    bring(deriver, key, since=1500)
    assert seen() == [(at, at % 30) for at in (*range(1000), *range(1500, 3000))]
    bring(deriver, key, since=0)
    assert seen() == [(at, at % 30) for at in range(3000)]


def test_a_longer_window_or_a_cleared_store_begins_anew() -> None:
    store = FeedStore()
    deriver = Deriver(store)
    key = SeriesKey(BOAT, derived.SHIFT5)
    for at in range(20):
        put(store, UNIT, 22, at * 10, 100 + at)
    shift = SeriesKey(FLEET, derived.SHIFT5)
    assert deriver.offered([], [derived.SHIFT5]) == [shift]
    bring(deriver, shift, since=100)
    late = series(store, FLEET, derived.SHIFT5)
    # The mean begins before the window does.
    assert late[0][0] == 100
    assert late[0][1] == pytest.approx(5, abs=0.01)
    bring(deriver, shift, since=0)
    assert series(store, FLEET, derived.SHIFT5)[-10:] == late
    assert len(series(store, FLEET, derived.SHIFT5)) == 20
    store.clear()
    bring(deriver, shift)
    assert key not in store
    put(store, UNIT, 22, 300, 100)
    bring(deriver, shift)
    assert series(store, FLEET, derived.SHIFT5) == [(300, pytest.approx(0))]


@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_samples_in_any_order_and_parts_end_as_if_all_had_come_at_once(
    random: Random, size: int
) -> None:
    whole_or_in_parts(random, size, ((UNIT, 22), (SECOND, 22)), 40)


@settings(max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(8, 40), st.booleans())
def test_so_do_apparent_winds_beside_a_unit_that_falls_silent_or_none(
    random: Random, size: int, unit: bool
) -> None:
    winds = [(OTHER, one) for one in (7, 10, 11, 12)] + [(BOAT, 11), (BOAT, 12)]
    whole_or_in_parts(random, size, [*winds, *([(UNIT, 22)] if unit else [])], 700)


def whole_or_in_parts(
    random: Random, size: int, winds: Sequence[tuple[str, int]], span: int
) -> None:
    types = [derived.TWA, derived.VMG, derived.DRIFT, derived.MEAN_TWD, derived.SHIFT5]
    keys = [SeriesKey(FLEET if KINDS[one].fleet else BOAT, one) for one in types]
    samples: list[Part] = []
    for serial, type_ in ((BOAT, 6), (BOAT, 8), (BOAT, 9), (BOAT, 10), *winds):
        for at in random.sample(range(40 if type_ == 22 else span), 15):
            samples.append(((serial, type_, 0), [T0 + at * 1000], [[random.uniform(0, 60)]]))
    whole, parts = FeedStore(sift=False), FeedStore(sift=False)
    whole.add(samples)
    bring(Deriver(whole), *keys)
    random.shuffle(samples)
    deriver = Deriver(parts)
    while samples:
        parts.add(samples[:size])
        del samples[:size]
        bring(deriver, *keys)
    for key in keys:
        assert parts.samples(key, 0, 1 << 62) == whole.samples(key, 0, 1 << 62)
