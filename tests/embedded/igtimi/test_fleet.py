"""The simulated fleet as a pure function of plan and time."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from tui.embedded.igtimi import data_types as kinds
from tui.embedded.igtimi.blocks import Column
from tui.embedded.igtimi.fleet import Burst, Fleet, Step
from tui.embedded.igtimi.fleet_boat import UPWIND_ANGLE, polar_speed
from tui.embedded.igtimi.fleet_course import KNOT, WAITEMATA, Wind, wrapped
from tui.embedded.igtimi.fleet_heat import Heat, Plan, heat_at
from tui.embedded.igtimi.fleet_names import MARKS, WIND_BOTS, boat_serial, unit_name
from tui.embedded.igtimi.fleet_units import JUNK_ALTITUDE, grid

BEGIN = 1_700_000_400_000
PLAN = Plan(
    WAITEMATA,
    tuple(boat_serial(number) for number in range(6)),
    WIND_BOTS,
    MARKS,
    hertz=2.0,
    seed=7,
    origin=BEGIN // 1000,
)


def gathered(bursts: list[Burst]) -> dict[tuple[str, int, int], Column]:
    found: dict[tuple[str, int, int], Column] = {}
    for burst in bursts:
        for (kind, source), column in burst.columns.items():
            key = (burst.serial, kind, source)
            found.setdefault(key, Column([], [[] for _ in column.axes])).extend(column)
    return found


def sail(fleet: Fleet, seconds: float, step: float = 10.0) -> Step:
    total = Step()
    for _ in range(round(seconds / step)):
        part = fleet.step(step)
        total.live += part.live
        total.backlog += part.backlog
    return total


@pytest.fixture(scope="module")
def heat() -> tuple[Fleet, Step]:
    """One whole heat, all that was delivered."""
    fleet = Fleet(PLAN, BEGIN)
    return fleet, sail(fleet, PLAN.heat_seconds)


@pytest.fixture(scope="module")
def live(heat: tuple[Fleet, Step]) -> dict[tuple[str, int, int], Column]:
    return gathered([burst for burst in heat[1].live if burst.stored])


def test_the_same_moment_gives_the_same_samples_however_it_is_reached() -> None:
    later = BEGIN + 700_000
    through = Fleet(PLAN, BEGIN)
    sail(through, 700)
    expected = gathered(sail(through, 20, 0.1).live)
    directly = Fleet(PLAN, later)
    assert directly.clock == through.clock - 20_000
    found = gathered(sail(directly, 20, 2.5).live)
    for key, column in expected.items():
        if key[1] in (kinds.QUALITY, kinds.SATELLITES):
            # Sent on change: a unit that was just switched on sends them anyway.
            continue
        assert found[key] == column


def test_a_heat_goes_on_from_where_it_was_last_asked_for() -> None:
    plan, begin = replace(PLAN, seed=11), BEGIN // 1000
    whole = Heat(plan, begin)
    for second in (0, 40, 40, 700, 1_990, 300, 2_399):
        heat = heat_at(plan, begin + second)
        if second < whole.elapsed:
            whole = Heat(plan, begin)
        while whole.elapsed < second:
            whole.advance()
        assert (heat.second, heat.before, heat.after) == (whole.second, whole.before, whole.after)
        heat.advance()  # nobody's but ours


def test_what_was_sailed_is_not_sailed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, begin = replace(PLAN, seed=12), BEGIN // 1000
    heat_at(plan, begin + 600)
    steps: list[Heat] = []
    step = Heat._step
    monkeypatch.setattr(Heat, "_step", lambda heat: (steps.append(heat), step(heat)))
    heat_at(plan, begin + 605)
    assert len(steps) == 5
    heat_at(plan, begin + plan.heat_seconds + 3)
    assert len(steps) == 5 + 5, "another heat begins anew, two steps before its first second"


def test_another_seed_is_another_race() -> None:
    one = gathered(Fleet(PLAN, BEGIN).step(30).live)
    other = gathered(Fleet(replace(PLAN, seed=8), BEGIN).step(30).live)
    key = (PLAN.boats[0], kinds.POSITION, 0)
    assert one[key] != other[key]


def test_boats_sail_at_plausible_speeds_in_kilometres_an_hour(
    live: dict[tuple[str, int, int], Column],
) -> None:
    for serial in PLAN.boats:
        speeds = [float(value) for value in live[serial, kinds.SPEED, 0].axes[0]]
        assert 6 < sum(speeds) / len(speeds) < 14
        assert 9 < max(speeds) < 22


def test_speed_agrees_with_the_distance_between_positions(
    live: dict[tuple[str, int, int], Column],
) -> None:
    track = live[PLAN.boats[0], kinds.POSITION, 0]
    speed = live[PLAN.boats[0], kinds.SPEED, 0]
    scale = math.cos(math.radians(WAITEMATA.latitude))
    for place in range(1_000, 4_000, 250):
        dx = float(track.axes[0][place + 20]) - float(track.axes[0][place])
        dy = float(track.axes[1][place + 20]) - float(track.axes[1][place])
        seconds = (track.stamps[place + 20] - track.stamps[place]) / 1000
        if seconds > 15:
            continue
        metres = 111_320 * math.hypot(dx * scale, dy)
        around = [float(value) for value in speed.axes[0][place : place + 21]]
        assert metres / seconds * 3.6 == pytest.approx(sum(around) / 21, rel=0.25, abs=1.0)


def test_boats_tack_and_gybe_and_sail_round_the_course(
    live: dict[tuple[str, int, int], Column],
) -> None:
    for serial in PLAN.boats:
        angles = [wrapped(float(v)) for v in live[serial, kinds.APPARENT_ANGLE, 0].axes[0]]
        # Close-hauled on either tack, and with the wind from behind on either side.
        assert sum(20 < angle < 45 for angle in angles) > 300
        assert sum(-45 < angle < -20 for angle in angles) > 300
        assert sum(abs(angle) > 100 for angle in angles) > 300
    windward = WAITEMATA.position(*PLAN.course.windward)
    for serial in PLAN.boats:
        track = live[serial, kinds.POSITION, 0]
        nearest = min(
            math.hypot(float(x) - windward[0], float(y) - windward[1])
            for x, y in zip(*track.axes, strict=True)
        )
        assert nearest * 111_320 < 60


def test_a_heat_begins_where_the_one_before_ended() -> None:
    first = Heat(PLAN, BEGIN // 1000)
    for _ in range(PLAN.heat_seconds - 1):
        first.advance()
    second = Heat(PLAN, BEGIN // 1000 + PLAN.heat_seconds)
    for before, after in zip(first.after, second.before, strict=True):
        assert math.hypot(before.x - after.x, before.y - after.y) < 12


def test_the_wind_shifts_and_gusts_within_reason() -> None:
    wind = Wind(WAITEMATA, 7)
    samples = [wind.at(50.0, 300.0, BEGIN / 1000 + second) for second in range(0, 7200, 5)]
    directions = [wrapped(direction - WAITEMATA.wind_from) for direction, _ in samples]
    strengths = [strength / KNOT for _, strength in samples]
    assert max(directions) - min(directions) > 12
    assert max(abs(direction) for direction in directions) < 35
    assert 5 < min(strengths) < 0.85 * WAITEMATA.wind_knots
    assert 1.1 * WAITEMATA.wind_knots < max(strengths) < 24
    # A gust is local: at the same time the wind is another one elsewhere.
    assert wind.at(0, 0, 0) != wind.at(200, 0, 0)


def test_the_polar_has_no_go_zone_and_a_best_reach() -> None:
    speeds = {angle: polar_speed(angle, 12 * KNOT) for angle in (0, UPWIND_ANGLE, 110, 180)}
    assert speeds[0] < 0.1 * speeds[110]
    assert speeds[UPWIND_ANGLE] < speeds[110] > speeds[180]
    assert polar_speed(90, 4 * KNOT) < polar_speed(90, 12 * KNOT)


def test_a_lost_signal_comes_back_as_backlog_into_the_storage_only(
    heat: tuple[Fleet, Step], live: dict[tuple[str, int, int], Column]
) -> None:
    losses = {
        serial: loss
        for serial, boat in zip(PLAN.boats, Heat(PLAN, BEGIN // 1000).losses, strict=True)
        for loss in boat
    }
    assert losses
    backlog = gathered(heat[1].backlog)
    for serial, loss in losses.items():
        assert 20 <= loss.last - loss.first <= 90
        held = backlog[serial, kinds.POSITION, 0].stamps
        seen = set(live[serial, kinds.POSITION, 0].stamps)
        assert not seen & set(held)
        assert min(held) >= BEGIN + loss.first * 1000
        assert max(held) <= BEGIN + loss.last * 1000 + 1000
        assert len(held) > 1.8 * (loss.last - loss.first)
    assert {key[0] for key in backlog} == set(losses)


def test_what_is_still_held_back_is_surrendered() -> None:
    losses = Heat(PLAN, BEGIN // 1000).losses
    number, loss = next((n, losses[n][0]) for n in range(6) if losses[n])
    fleet = Fleet(PLAN, BEGIN + loss.first * 1000)
    fleet.step(5)
    rest = [burst for burst in fleet.surrender() if burst.serial == PLAN.boats[number]]
    assert gathered(rest)[PLAN.boats[number], kinds.POSITION, 0].stamps
    assert fleet.surrender() == []


def test_stamps_lie_on_a_grid_plus_the_units_offset(
    live: dict[tuple[str, int, int], Column],
) -> None:
    rests = {
        serial: {stamp % 500 for stamp in live[serial, kinds.POSITION, 0].stamps}
        for serial in PLAN.boats
    }
    assert all(len(rest) == 1 for rest in rests.values())
    assert len(set.union(*rests.values())) > 1
    # Single samples are missing, as they are from real units.
    counts = [len(live[serial, kinds.POSITION, 0].stamps) for serial in PLAN.boats]
    assert all(0.9 * 4800 < count < 4800 for count in counts)


@pytest.mark.parametrize("period", [20.0, 333.333, 500.0, 3000.0])
def test_a_grid_has_no_seams(period: float) -> None:
    whole = grid(BEGIN, BEGIN + 20_000, period, 40)
    parts = [
        stamp
        for part in range(200)
        for stamp in grid(BEGIN + part * 100, BEGIN + part * 100 + 100, period, 40)
    ]
    assert parts == whole
    assert len(whole) == pytest.approx(20_000 / period, abs=1)


def test_quality_once_and_satellites_on_change(
    live: dict[tuple[str, int, int], Column],
) -> None:
    boat = PLAN.boats[0]
    assert live[boat, kinds.QUALITY, 0].axes == [[1]]
    counts = live[boat, kinds.SATELLITES, 0].axes[0]
    assert 10 < len(counts) < 130
    assert all(a != b for a, b in pairwise(counts))
    # A Mini sends them with each fix.
    mark = MARKS[0]
    assert len(live[mark, kinds.QUALITY, 0].stamps) == len(live[mark, kinds.POSITION, 0].stamps)


def test_minis_send_whole_numbers_each_three_seconds_and_one_goes_quiet(
    live: dict[tuple[str, int, int], Column],
) -> None:
    speeds = live[MARKS[0], kinds.SPEED, 0]
    assert all(isinstance(value, int) for value in speeds.axes[0])
    assert {b - a for a, b in pairwise(speeds.stamps)} == {3000}
    quiet = live[MARKS[2], kinds.POSITION, 0].stamps
    assert {b - a for a, b in pairwise(quiet)} == {40_000}


def test_no_course_at_rest(live: dict[tuple[str, int, int], Column]) -> None:
    for serial in PLAN.boats:
        speed = live[serial, kinds.SPEED, 0]
        moving = {t for t, v in zip(speed.stamps, speed.axes[0], strict=True) if float(v) > 0.25}
        assert set(live[serial, kinds.COURSE, 0].stamps) == moving
    assert (WIND_BOTS[0], kinds.COURSE, 0) not in live


def test_heart_rates_have_the_source_of_their_strap(
    live: dict[tuple[str, int, int], Column],
) -> None:
    straps = {key[:1] + key[2:] for key in live if key[1] == kinds.HEART_RATE}
    assert straps == {(PLAN.boats[0], 100), (PLAN.boats[3], 101)}
    rates = [float(value) for value in live[PLAN.boats[0], kinds.HEART_RATE, 100].axes[0]]
    assert 70 < min(rates) < 110
    assert 140 < max(rates) < 190


def test_one_unit_sends_junk_altitudes(live: dict[tuple[str, int, int], Column]) -> None:
    assert set(live[PLAN.boats[2], kinds.ALTITUDE, 0].axes[0]) == {JUNK_ALTITUDE}
    assert all(1 < float(v) < 4 for v in live[PLAN.boats[0], kinds.ALTITUDE, 0].axes[0])


def test_the_battery_has_timestamp_0_and_is_never_stored(heat: tuple[Fleet, Step]) -> None:
    batteries = [
        burst for burst in heat[1].live for kind, _ in burst.columns if kind == kinds.NUMBER
    ]
    assert {burst.serial for burst in batteries} == set(WIND_BOTS)
    assert all(burst.columns[kinds.NUMBER, 0].stamps == [0] for burst in batteries)
    assert not any(burst.stored for burst in batteries)
    kept = {kind for burst in heat[1].stored for kind, _ in burst.columns}
    assert kinds.NUMBER not in kept


def test_hours_run_in_a_moment_and_nothing_piles_up() -> None:
    plan = replace(PLAN, boats=PLAN.boats[:1], wind_bots=(), marks=(), hertz=0.2)
    fleet = Fleet(plan, BEGIN)
    counts = [
        sum(len(c.stamps) for b in fleet.step(7200).live for c in b.columns.values())
        for _ in range(3)
    ]
    assert fleet.clock == BEGIN + 6 * 3_600_000
    assert all(8_000 < count < 14_000 for count in counts)


def test_forty_boats_at_fifty_hertz_give_all_their_samples() -> None:
    boats = tuple(boat_serial(number) for number in range(40))
    plan = replace(PLAN, boats=boats, hertz=50.0)
    fleet = Fleet(plan, BEGIN + 30_000)
    found = gathered(sail(fleet, 2, 0.1).live)
    for kind in (1, 6, 7, 8, 9, 11, 12):
        assert 95 <= len(found[boats[39], kind, 0].stamps) <= 100


def test_names_and_serials() -> None:
    assert boat_serial(0) == "GA-EN-AAAA"
    assert boat_serial(27) == "GA-EN-AABB"
    assert unit_name(boat_serial(30)) == "Boat 31"
    assert unit_name(WIND_BOTS[1]) == "WindBot 2"
    assert unit_name(MARKS[2]) == "Pin end"
