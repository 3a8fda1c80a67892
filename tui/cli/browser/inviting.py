"""A new address for a further browser, by a key or a signal where the deck is served."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

AGAIN_SECONDS = 1.0
"""How long a terminal that another program has is left alone."""


class Inviting:
    """Calls whenever the one who serves wants an address: by enter, or by SIGUSR1."""

    def __init__(self, wanted: Callable[[], None]) -> None:
        self._wanted = wanted
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGUSR1, wanted)

    def listen(self, file: int) -> None:
        """Hear enter on a terminal, until its end."""
        self._loop.add_reader(file, self._hear, file)

    def _hear(self, file: int) -> None:
        if not _is_ours(file):
            # To read from the background would stop the server.
            self._loop.remove_reader(file)
            self._loop.call_later(AGAIN_SECONDS, self.listen, file)
            return
        try:
            typed = os.read(file, 4096)
        except OSError:  # the terminal is gone
            typed = b""
        if not typed:
            self._loop.remove_reader(file)
        elif b"\n" in typed:
            self._wanted()


def _is_ours(file: int) -> bool:
    """Whether what is typed there is for us."""
    try:
        return os.tcgetpgrp(file) == os.getpgrp()
    except OSError:  # not the terminal that controls us: then none takes it from us
        return True
