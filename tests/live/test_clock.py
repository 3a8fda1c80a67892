"""When listeners are told: at most once an interval, and without waking twice for one message."""

from __future__ import annotations

import time

import pytest

from tests.live.rig import HandClock
from tui.live.clock import EARLY, Notifier, SystemClock


def test_news_are_told_once_an_interval() -> None:
    clock, told = HandClock(), []
    notifier = Notifier(clock, 0.1)
    notifier.subscribe(lambda: told.append(clock.elapsed))
    for _ in range(100):
        notifier.poke()
        clock.advance(0.01)
    clock.advance(1.0)
    assert 9 <= len(told) <= 12
    assert clock.pending == 0


def test_what_comes_a_little_early_is_told_at_once() -> None:
    clock, told = HandClock(), []
    notifier = Notifier(clock, 0.1)
    notifier.subscribe(lambda: told.append(clock.elapsed))
    for _ in range(5):
        notifier.poke()
        assert clock.pending == 0
        clock.advance(0.1 - EARLY / 2)
    assert len(told) == 5
    notifier.poke()
    notifier.poke()
    assert (len(told), clock.pending) == (6, 1)
    notifier.close()
    assert clock.pending == 0


def test_setting_the_machines_clock_changes_no_time_of_a_feed_that_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SystemClock()
    before, told = clock.wall(), time.time_ns()
    assert abs(before - told // 1_000_000) < 60_000, "it begins with the machine's"
    monkeypatch.setattr(time, "time_ns", lambda: told - 3_600_000_000_000)
    assert before <= clock.wall() < before + 600_000
    assert SystemClock().wall() < before - 3_000_000, "the next one begins with what it is then"
