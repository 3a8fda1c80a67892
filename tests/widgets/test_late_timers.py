"""What is to be called once is called, though its thread got no turn when it was due."""

from __future__ import annotations

import asyncio
from inspect import getsource
from itertools import count

import pytest
from textual import _time
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

from tui.widgets.late_timers import call_though_late
from tui.widgets.screen import FRAME_WRITTEN_SECONDS


async def test_a_timer_that_is_late_at_its_first_look_calls_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call_though_late()
    app: App[None] = App()
    async with app.run_test():
        called = asyncio.Event()
        # Between any two looks at the clock more goes by than it waits for.
        moments = count(_time.get_time(), FRAME_WRITTEN_SECONDS * 4)
        with monkeypatch.context() as slow:
            slow.setattr(_time, "get_time", lambda: next(moments))
            timer = app.set_timer(FRAME_WRITTEN_SECONDS, called.set)
            assert timer._task is not None
            await timer._task
        await asyncio.wait_for(called.wait(), 30)


def test_what_is_used_of_textual_is_there() -> None:
    assert "self._skip and next_timer < now" in getsource(Timer._run)
    assert "_time.get_time()" in getsource(Timer._run)
    assert issubclass(App, MessagePump)
    assert "set_timer" not in vars(App), "one method sets them all"
