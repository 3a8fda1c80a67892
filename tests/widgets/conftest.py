"""What the tests of drivers put back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest


@pytest.fixture
def handlers() -> Iterator[None]:
    """The handlers of signals, put back where a driver has set its own."""
    numbers = signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
