"""Signals for programs that end at the same moment."""

from __future__ import annotations

import asyncio
import os
import signal
from threading import Event

import pytest

from tui.children import tell

MOST_SECONDS = 30.0


async def test_one_that_has_just_ended_is_still_known_by_its_own_status(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told, wait = Event(), os.waitpid

    def late(pid: int, options: int) -> tuple[int, int]:
        """On a busy machine who waits for a program has no turn for a while after its end."""
        told.wait(MOST_SECONDS)
        return wait(pid, options)

    monkeypatch.setattr(os, "waitpid", late)
    process = await asyncio.create_subprocess_exec("sh", "-c", "exit 3")
    await asyncio.to_thread(os.waitid, os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    for number in (signal.SIGHUP, signal.SIGKILL):
        tell(process, number)
    told.set()
    assert await asyncio.wait_for(process.wait(), MOST_SECONDS) == 3
    tell(process, signal.SIGKILL)
    assert caplog.text == ""


async def test_one_that_runs_gets_it() -> None:
    process = await asyncio.create_subprocess_exec("sleep", f"{10 * MOST_SECONDS:.0f}")
    tell(process, signal.SIGKILL)
    assert await asyncio.wait_for(process.wait(), MOST_SECONDS) == -signal.SIGKILL
