"""The thread that does what a write waits for: in order, to its end, whoever waits."""

from __future__ import annotations

import asyncio
import gc
import threading

import pytest

from tui.workspace.changes.thread import Thread


async def test_what_is_given_is_done_in_order_and_to_its_end_though_nobody_waits() -> None:
    thread, may_go, done = Thread(), threading.Event(), list[str]()

    def first() -> str:
        assert may_go.wait(30)
        done.append("first")
        return "it"

    def refused() -> str:
        raise OSError("the disk is full")

    job, later = thread.give(first), thread.give(lambda: done.append("second"))
    waiting = asyncio.ensure_future(job.end())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not done, "it is under way still"
    may_go.set()
    assert await job.end() == "it", "who was given up may wait again"
    assert await job.end() == "it"
    await later.end()
    assert done == ["first", "second"]
    with pytest.raises(OSError, match="is full"):
        await thread.give(refused).end()


async def test_the_thread_is_gone_with_who_has_it() -> None:
    thread = Thread()
    running = await thread.give(threading.current_thread).end()
    assert running.is_alive()
    del thread
    gc.collect()
    await asyncio.to_thread(running.join, 30)
    assert not running.is_alive()


def test_a_loop_that_ended_meanwhile_stops_no_later_one() -> None:
    thread, may_go = Thread(), threading.Event()

    async def give_up() -> None:
        thread.give(lambda: may_go.wait(30))

    async def again() -> str:
        return await thread.give(lambda: "done").end()

    asyncio.run(give_up())
    may_go.set()
    assert asyncio.run(again()) == "done"
