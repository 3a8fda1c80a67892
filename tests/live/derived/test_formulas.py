"""Formulas of derived series against slow and simple ones, at the date line and far north too."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.course import Point, StartLine, destination, distance
from tui.live.derived.formulas import (
    attitude,
    behind,
    current,
    laylines,
    lean,
    line_distance,
    line_time,
    made_good,
    mean_direction,
    middle,
    shift,
    true_heading,
    wind_angle,
)
from tui.live.derived.shifts import Phase, RollingMean, Shift
from tui.live.units import bearing, turn

angles = st.floats(0, 359.99)
speeds = st.floats(0, 60)
DATE_LINE, FAR_NORTH, FAR_SOUTH = Point(179.9999, 10), Point(-179.9999, 80), Point(11, -80)
places = st.one_of(
    st.sampled_from([DATE_LINE, FAR_NORTH, FAR_SOUTH]),
    st.builds(Point, st.floats(-180, 180), st.floats(-80, 80)),
)


def vector(towards: float, length: float) -> complex:
    """East and north as one number, by way of the other angle that schools teach."""
    turned = radians(90 - towards)
    return complex(length * cos(turned), length * sin(turned))


def near(one: float, other: float, by: float = 1e-6) -> bool:
    return abs(turn(one, other)) < by


@given(angles, angles)
def test_an_angle_to_the_wind_turned_from_the_bow_is_the_wind(wind: float, heading: float) -> None:
    found = wind_angle(wind, heading)
    assert -180 < found <= 180
    assert near(heading + found, wind)
    assert near(true_heading(heading, found), wind)


@given(speeds, angles, angles)
def test_made_good_is_the_projection_of_the_way(speed: float, course: float, to: float) -> None:
    way, axis = vector(course, speed), vector(to, 1)
    slow = way.real * axis.real + way.imag * axis.imag
    assert made_good(speed, course, to) == pytest.approx(slow, abs=1e-9)


def test_made_good_has_the_signs_that_sailors_mean() -> None:
    assert made_good(10, 45, 0) == pytest.approx(10 / sqrt(2))
    assert made_good(10, 180, 0) == pytest.approx(-10)
    assert wind_angle(350, 35) == pytest.approx(-45)
    assert wind_angle(35, 350) == pytest.approx(45)


@given(angles, speeds, angles, speeds)
def test_a_current_and_the_way_through_water_make_the_way_over_ground(
    course: float, speed: float, heading: float, water: float
) -> None:
    to, drift = current(course, speed, heading, water)
    flow = vector(to or 0, drift)
    assert abs(vector(heading, water) + flow - vector(course, speed)) < 1e-6


def test_set_points_to_where_the_water_goes() -> None:
    # The figures that another program's own test has wrong (reference, anchors).
    to, _ = current(degrees(0.7), 5.5, degrees(0.6), 6)
    assert to is not None
    assert radians(to) == pytest.approx(2.936, abs=0.001)
    still, drift = current(90, 5, 90, 5)
    assert still is None
    assert drift == pytest.approx(0)


@given(st.lists(st.floats(-40, 40), min_size=1, max_size=20), angles)
def test_a_mean_direction_turns_with_its_directions(turns: list[float], by: float) -> None:
    straight, turned = (mean_direction(one + to for one in turns) for to in (0.0, by))
    assert straight is not None
    assert turned is not None
    assert near(straight + by, turned)
    assert min(turns) - 1e-6 <= turn(0, straight) <= max(turns) + 1e-6


def test_there_is_no_mean_of_nothing_or_of_opposites() -> None:
    assert mean_direction([]) is None
    assert mean_direction([90, 270]) is None
    assert mean_direction([350, 20]) == pytest.approx(5)
    assert middle([]) is None
    assert middle([3.0, 1.0, 2.0]) == 2


@given(st.floats(-80, 80), st.floats(-80, 80), angles)
def test_a_heeled_and_pitched_unit_says_so_whatever_it_heads(
    heel: float, pitch: float, yaw: float
) -> None:
    # By turning three times in a row: yaw, then pitch, then roll.
    def times(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float, float]:
        x, y, z, w = a
        p, q, r, s = b
        return (
            w * p + x * s + y * r - z * q,
            w * q - x * r + y * s + z * p,
            w * r + x * q - y * p + z * s,
            w * s - x * p - y * q - z * r,
        )

    def around(axis: int, angle: float) -> tuple[float, ...]:
        half = radians(angle) / 2
        return (*(sin(half) if axis == one else 0.0 for one in range(3)), cos(half))

    turned = times(times(around(2, yaw), around(1, pitch)), around(0, heel))
    for scale in (1.0, -3.0):
        assert attitude(*(scale * one for one in turned)) == pytest.approx((heel, pitch), abs=1e-6)
    # What gravity presses against, with z up and with z down.
    up = (
        sin(radians(pitch)),
        sin(radians(heel)) * cos(radians(pitch)),
        cos(radians(heel)) * cos(radians(pitch)),
    )
    assert lean(*(9.81 * one for one in up)) == pytest.approx((heel, pitch), abs=1e-6)
    assert lean(9.81 * up[0], -9.81 * up[1], -9.81 * up[2]) == pytest.approx(
        (heel, pitch), abs=1e-6
    )


def test_what_has_no_length_has_no_attitude() -> None:
    assert attitude(0, 0, 0, 0) is None
    assert lean(0, 0, 0) is None


@given(places, angles, st.floats(50, 500), st.floats(-1, 2), st.floats(-400, 400))
def test_the_way_to_a_line_is_the_shortest_to_any_of_its_places(
    pin: Point, along: float, length: float, share: float, before: float
) -> None:
    line = StartLine(pin, destination(pin, along, length))
    foot = destination(pin, along, share * length)
    boat = destination(foot, along + 90, before)
    step = length / 400
    slow = min(distance(boat, destination(pin, along, number * step)) for number in range(401))
    found = line_distance(line, boat)
    assert abs(found) == pytest.approx(slow, abs=1 + 0.01 * (length + abs(before)))
    if abs(before) > 5:
        assert (found > 0) == (before > 0)


@given(places, st.floats(20, 400), st.floats(-60, 60), st.floats(3, 40))
def test_a_boat_that_sails_for_the_time_to_the_line_is_on_it(
    pin: Point, before: float, aside: float, speed: float
) -> None:
    line = StartLine(pin, destination(pin, 90, 200))
    boat = destination(destination(pin, 90, 100), 180, before)
    course = bearing(line.across + aside)
    seconds = line_time(line, boat, course, speed)
    assert seconds is not None
    there = destination(boat, course, seconds * speed / 3.6)
    assert abs(line.side(there)) < 1 + 0.02 * before
    assert line_time(line, boat, course + 180, speed) is None
    assert line_time(line, boat, course, 0) is None


@given(places, angles, st.lists(st.tuples(angles, st.floats(1, 2000)), max_size=8))
def test_the_one_who_leads_is_behind_nobody_and_all_others_are(
    place: Point, wind: float, others: list[tuple[float, float]]
) -> None:
    fleet = [place, *(destination(place, towards, way) for towards, way in others)]
    found = behind(place, fleet, wind)
    slow = max([0.0, *(way * cos(radians(towards - wind)) for towards, way in others)])
    # A flat map errs by the tangent of the latitude, with the square of the way.
    furthest = max([0.0, *(way for _, way in others)])
    assert found == pytest.approx(slow, abs=0.1 + furthest**2 / 1e6)
    assert behind(place, [], wind) is None


@given(places, angles, st.floats(20, 80), st.floats(0, 2000), st.floats(0, 2000))
def test_sailing_both_laylines_ends_at_the_mark(
    place: Point, wind: float, angle: float, starboard: float, port: float
) -> None:
    corner = destination(place, wind - angle, starboard)
    mark = destination(corner, wind + angle, port)
    found = laylines(place, mark, wind, angle)
    assert found is not None
    slack = 1 + 0.01 * (starboard + port)
    assert found.on_starboard == pytest.approx(starboard, abs=slack)
    assert found.on_port == pytest.approx(port, abs=slack)
    assert near(wind_angle(wind, found.starboard), angle)
    assert near(wind_angle(wind, found.port), -angle)
    assert found.inside == (found.on_starboard >= 0 and found.on_port >= 0)


def test_there_are_no_laylines_straight_into_the_wind() -> None:
    assert laylines(DATE_LINE, FAR_NORTH, 20, 0) is None
    assert laylines(DATE_LINE, FAR_NORTH, 20, 180) is None


winds = st.lists(st.tuples(st.integers(1, 9000), st.floats(-60, 60)), min_size=1, max_size=40)


@given(winds, angles, st.integers(1000, 60_000))
def test_shifts_are_against_the_mean_of_all_that_is_no_older(
    steps: list[tuple[int, float]], north: float, width: int
) -> None:
    mean, against = RollingMean(width), Shift(width)
    time, known = 0, list[tuple[int, float]]()
    for step, wind in steps:
        time += step
        known.append((time, north + wind))
        kept = [one for at, one in known if at > time - width]
        slow = atan2(sum(sin(radians(one)) for one in kept), sum(cos(radians(one)) for one in kept))
        found = mean.push(time, north + wind)
        assert found is not None
        assert near(found, degrees(slow))
        turned = against.push(time, north + wind)
        assert turned == pytest.approx(shift(north + wind, found), abs=1e-6)


def test_opposite_winds_have_no_mean_and_the_next_has_one_again() -> None:
    mean = RollingMean(10_000)
    assert mean.push(1000, 90) == pytest.approx(90)
    assert mean.push(2000, 270) is None
    assert mean.push(12_500, 10) == pytest.approx(10)


def test_the_phase_is_the_side_of_the_middle_also_across_north() -> None:
    phase = Phase(900_000)
    swing = [
        phase.push(second * 1000, 355 + 10 * sin(second * 2 * pi / 300)) for second in range(900)
    ]
    assert all(one is not None and -21 < one < 21 for one in swing)
    # A swing of 5 minutes, the mean of 10 s some 5 s behind: right at 80 s, left at 230 s.
    assert swing[680] == pytest.approx(10, abs=0.3)
    assert swing[830] == pytest.approx(-10, abs=0.3)
    assert hypot(swing[605] or 0.0) < 0.5
