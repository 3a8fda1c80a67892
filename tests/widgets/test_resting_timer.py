"""A timer for frames calls at once after a rest, and sleeps for nothing."""

from __future__ import annotations

from asyncio import Event, sleep, wait_for
from inspect import getsource

import pytest
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

from tui.widgets import resting_timer
from tui.widgets.resting_timer import RestingTimer

LONG = 600.0


async def test_it_sleeps_only_where_it_is_wanted_again_before_it_is_due(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app: App[None] = App()
    async with app.run_test():
        slept: list[float] = []
        asleep = Event()

        async def note(seconds: float) -> None:
            slept.append(seconds)
            asleep.set()
            await sleep(0)

        monkeypatch.setattr(resting_timer, "sleep", note)
        now = 1000.0
        monkeypatch.setattr(resting_timer, "get_time", lambda: now)
        called = Event()

        def call() -> None:
            timer.pause()
            called.set()

        timer = RestingTimer.begin(app, LONG, call)
        for _ in range(3):
            timer.resume()
            await wait_for(called.wait(), 30)
            called.clear()
            for _ in range(20):
                await sleep(0)
            assert slept == [], "it rests until somebody wants it"
            now += LONG
        now -= LONG / 4
        timer.resume()
        await wait_for(asleep.wait(), 30)
        assert not called.is_set(), "not twice within its interval"
        assert set(slept) == {LONG / 4}
        now += LONG
        await wait_for(called.wait(), 30)
        task = timer._task
        assert task is not None
    assert task.done(), "it is stopped with its owner"


def test_what_is_used_of_textual_is_there() -> None:
    assert "self._run()" in getsource(Timer._run_timer)
    assert "self._timers.add(timer)" in getsource(MessagePump.set_interval)
    assert "timer._start()" in getsource(MessagePump.set_interval)
