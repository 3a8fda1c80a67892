"""The process lives as long as somebody uses it, and a while more."""

from __future__ import annotations

import asyncio

from tui.embedded.lifetime import Lifetime


class Watch:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def _turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_it_ends_once_it_was_unused_for_long_enough() -> None:
    watch = Watch()
    lifetime = Lifetime(watch)
    watch.seconds += 30
    await asyncio.wait_for(lifetime.end_when_unused(30), 20)
    assert lifetime.ended.is_set()


async def test_what_is_in_progress_keeps_it_alive() -> None:
    watch = Watch()
    lifetime = Lifetime(watch)
    with lifetime.use():
        with lifetime.use():
            watch.seconds += 1000
        watch.seconds += 1000
        task = asyncio.create_task(lifetime.end_when_unused(30))
        await _turns()
        assert not lifetime.ended.is_set()
        assert lifetime.in_progress == 1
    await _turns()
    # The last use has just ended: the while begins now.
    assert not lifetime.ended.is_set()
    task.cancel()
    watch.seconds += 31
    await asyncio.wait_for(lifetime.end_when_unused(30), 20)
    assert lifetime.ended.is_set()
