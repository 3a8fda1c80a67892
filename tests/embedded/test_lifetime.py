"""The process lives as long as somebody uses it, and a while more."""

from __future__ import annotations

import asyncio
import gc
import socket
import warnings

import pytest

from tests.harness import EmbeddedServer
from tui.embedded.lifetime import Lifetime
from tui.embedded.rendezvous import HOST
from tui.embedded.server import Server


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


async def test_without_its_watch_it_ends_and_says_why(caplog: pytest.LogCaptureFixture) -> None:
    """It would stay up for ever, unused."""

    class Broken(Lifetime):
        async def end_when_unused(self, seconds: float) -> None:
            raise RuntimeError(f"no clock for {seconds:.0f} seconds")

    async def application(*_given: object) -> None: ...

    await asyncio.wait_for(Server(application, Broken(), idle_seconds=30).main_loop(), 20)
    assert "no clock for 30 seconds" in caplog.text


def test_who_comes_in_at_the_last_moment_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """asyncio (3.11) leaves open what was accepted in the turn before its server is closed."""
    server = EmbeddedServer(services=("trackmypeople",), seeded=False).start()
    place, end = (HOST, server.port), server.lifetime.end
    came: list[socket.socket] = []

    def come_and_end() -> None:
        came.extend(socket.create_connection(place) for _ in range(3))
        # They are accepted in the next turn of the loop, and the end begins in it, too.
        asyncio.get_running_loop().call_soon(end)

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        monkeypatch.setattr(server.lifetime, "end", come_and_end)
        server.stop()
        monkeypatch.undo()
        del server
        gc.collect()
    assert [str(one.message) for one in said if one.category is ResourceWarning] == []
    for one in came:
        with one:
            one.settimeout(30)
            assert one.recv(1) == b""
