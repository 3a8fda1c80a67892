"""Programs that a loop has begun, and that may have ended meanwhile."""

from __future__ import annotations

import os
import signal
from asyncio.subprocess import Process
from contextlib import suppress


def tell(process: Process, number: signal.Signals) -> None:
    """Send a program a signal; nothing where it is known to have ended.

    Not by asyncio's own methods: those look first whether it has ended, and then whoever waits for
    it cannot learn any more how. It is given the status 255, and a warning goes to the terminal.
    """
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)
