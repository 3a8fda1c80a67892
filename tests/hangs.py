"""A test that hangs ends, whatever it does with being told so."""

from __future__ import annotations

import signal
from collections.abc import Generator
from types import FrameType
from typing import Any

import pytest

PARTS = 6
"""Into how many parts of its limit a test is told again that it is over."""
_LIMITS = pytest.StashKey[Any]()


class Hangs(BaseException):
    """It took too long. A search for examples takes no test to have failed by it, and so neither
    goes on nor tries the same once more.
    """


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> Generator[None, object, object]:
    """Tell it again and again: a task that is told may keep that for itself."""
    done = yield
    tell: Any = signal.getsignal(signal.SIGALRM)
    if not callable(tell):
        return done
    item.stash[_LIMITS] = settings

    def tell_again(number: int, frame: FrameType | None) -> None:
        try:
            tell(number, frame)
        except pytest.fail.Exception as told:
            raise Hangs(told.msg) from None

    signal.signal(signal.SIGALRM, tell_again)
    signal.setitimer(signal.ITIMER_REAL, settings.timeout, settings.timeout / PARTS)
    return done


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> None:
    """What is done between the parts of a test is none of it."""
    item.ihook.pytest_timeout_cancel_timer(item=item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Each part of a test has a limit of its own."""
    _limit(item)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """What a test has left may hang too, and most of all where it failed."""
    _limit(item)
    return (yield)


def _limit(item: pytest.Item) -> None:
    limits = item.stash.get(_LIMITS, None)
    if limits is not None:
        item.ihook.pytest_timeout_set_timer(item=item, settings=limits)
