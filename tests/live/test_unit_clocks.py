"""A unit whose clock is ahead: its samples where they belong, its age from when they came."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.live.feeds import SERIAL, SOG, Archive, follow, phase
from tests.live.rig import WALL, HandClock, sample, serving, until
from tui.live.feed import DeviceHealth, Health, Phase
from tui.live.series import SeriesKey
from tui.live.store import Batch, FeedStore
from tui.live.unit_clocks import AHEAD, UnitClocks
from tui.screens.live.row import Row
from tui.screens.live.rows import RowSpec
from tui.screens.live.status import health_line
from tui.services.igtimi.live_types import TYPES
from tui.workspace.live.presets import Arrangement
from tui.workspace.times import clock_off_text

HOUR = 3_600_000


@given(
    st.integers(-2 * HOUR, 20 * HOUR),
    st.lists(st.integers(100, 5000), min_size=1, max_size=12),
    st.integers(0, 3000),
)
@example(lead=10_001, steps=[100], delay=0)
def test_samples_lie_where_they_were_measured_whatever_the_clock_says(
    lead: int, steps: list[int], delay: int
) -> None:
    clocks, now = UnitClocks(), WALL
    for step in steps:
        now += step
        batch: Batch = (SOG, [now - 200 + lead - delay, now + lead - delay], ([1.0, 2.0],))
        [(_, times, _)] = clocks.placed([batch], now)
        assert times[1] - times[0] == 200, "their own rhythm stays"
        assert times[1] <= now + AHEAD
        if lead > AHEAD + delay + 200:
            assert now - delay - 1000 - AHEAD <= times[1]
        elif lead <= AHEAD:
            assert list(times) == list(batch[1]), "what may be late is left where it is"


def test_a_clock_that_was_set_right_and_one_wild_stamp_do_no_harm() -> None:
    clocks = UnitClocks()

    def put(time: int, heard: int = WALL) -> int:
        [(_, times, _)] = clocks.placed([(SOG, [time], ([1.0],))], heard)
        return times[0]

    assert put(WALL + HOUR) == WALL
    assert clocks.ahead == {SERIAL: HOUR}
    assert put(WALL + HOUR - 600_000) == WALL - 600_000, "a late one of the same clock"
    [(_, fetched, _)] = clocks.fetched([(SOG, [WALL + HOUR - 5000], ([1.0],))])
    assert fetched == [WALL - 5000]
    for later in range(3_001, 20_000, 1000):
        assert put(WALL + later - 40, WALL + later) == WALL + later - 40
    assert not clocks.ahead
    assert put(WALL + 40 * 24 * HOUR) == WALL + 40 * 24 * HOUR, "junk, for the store to refuse"


@given(st.booleans(), st.integers(2, 60))
def test_what_a_unit_uploads_late_lies_where_it_was_measured_and_sets_no_clock(
    between: bool, faster: int
) -> None:
    """Two hours are uploaded by a unit an hour ahead: half of their stamps lie before the present,
    then they pass it, and all are an hour earlier.
    """
    clocks, now = UnitClocks(), WALL
    clocks.placed([], now)

    def put(true: int) -> int:
        [(_, times, _)] = clocks.placed([(SOG, [true + HOUR], ([1.0],))], now)
        return times[0]

    assert put(now) == now
    for measured in range(WALL - 2 * HOUR, WALL - 60_000, 1000):
        now += 1000 // faster
        if between and measured % 2000 == 0:
            assert put(now) == now, "what is measured now comes between"
        placed = put(measured)
        if between or not 0 <= measured + HOUR + 10_000 - now <= 20_000:
            assert placed == measured
        else:
            assert placed in (measured, measured + HOUR), "of 20 s nobody can know"
    assert clocks.ahead == {SERIAL: HOUR}


@pytest.mark.parametrize("lead", [0, 30_000, HOUR // 2, -HOUR])
def test_a_clock_that_is_set_to_another_time_is_believed_after_a_while(lead: int) -> None:
    clocks = UnitClocks()
    placed = []
    for second in range(0, 300, 2):
        heard = WALL + 1000 * second
        ahead = HOUR if second < 100 else lead
        batch: Batch = (SOG, [heard + ahead], ([1.0],))
        [(_, times, _)] = clocks.placed([batch], heard)
        placed.append(times[0] - heard)
    assert placed[:50] == [0] * 50
    assert set(placed[-50:]) == {min(lead, 0)}, "else the boat were silent until the end"


async def test_a_unit_an_hour_ahead_ages_and_says_its_clock() -> None:
    clock, archive = HandClock(), Archive()
    async with serving() as server:
        feed = follow(server.url, clock=clock, fetch=archive, history=20_000)
        await feed.start()
        await until(feed, lambda: phase(feed, Phase.QUIET) and feed.health().holes == 0)
        await server.send(sample(SERIAL, WALL + HOUR, 7.0))
        await until(feed, lambda: len(archive.asked) > 1 and feed.health().holes == 0)
        assert archive.asked[-1][1] == WALL + HOUR - 25_000, "history by the unit's own clock"
        span = feed.store.span()
        assert span is not None
        assert WALL - 26_000 <= span[0] < span[1] <= WALL + 5000
        clock.advance(30)
        [device] = feed.health().devices
        assert (device.clock, device.age) == (HOUR, 30_000)
        await feed.stop()


def test_what_arrived_a_minute_ago_is_a_minute_old() -> None:
    store = FeedStore()
    store.add([(SOG, [WALL + 8000], ([5.0],))], heard=WALL)  # within what clocks may differ
    row = Row(RowSpec(SERIAL, "A", SeriesKey(*SOG), 0, TYPES[9], "SOG"), "ascii")
    row.read(store, Arrangement(), WALL + 3000, None, UTC, ascii_only=True, summed=False)
    assert row.numbers.age == "3s"
    assert store.age(SERIAL, WALL + 3000) == 3000
    store.add([(SOG, [WALL - 9000], ([5.0],))])
    assert store.age(SERIAL, WALL + 3000) == 3000, "what was fetched is no sign of life"
    store.forget(SERIAL)
    assert store.age(SERIAL, WALL) is None
    assert len(store) == 0


def test_a_clock_is_said_where_the_feeds_health_is() -> None:
    ahead = [clock_off_text(by) for by in (HOUR, 90 * 60_000, 15_000, 24 * HOUR + 5000)]
    assert ahead == ["clock +1 h", "clock +90 min", "clock +15 s", "clock +1 d"]
    assert clock_off_text(HOUR - 1000) == "clock +1 h", "a second of it was on the way"
    others = [
        clock_off_text(by) for by in (-78_289_000, -2500, 0, 123 * HOUR + HOUR // 2, 5.5 * HOUR)
    ]
    assert others == ["clock -21.7 h", "clock -2 s", "clock +0 s", "clock +5.1 d", "clock +5.5 h"]
    devices = (
        DeviceHealth("A", 1, 0),
        DeviceHealth("B", 1, 0, HOUR),
        DeviceHealth("C", 1, 0, 9999),
    )
    right = "".join(piece.text for piece in health_line(Health(devices=devices), str, 80).right)
    assert right == " B: clock +1 h +1 "
