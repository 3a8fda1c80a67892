"""Garbage is looked for in everything once nobody types, and not in the middle of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest

from tui.widgets.tidying import DUE, SELDOM, Tidying


class Timers:
    """Those that were set, and how often the last one began anew."""

    def __init__(self) -> None:
        self.set: list[Callable[[], None]] = []
        self.resets = 0

    def __call__(self, seconds: float, call: Callable[[], None]) -> Timers:
        assert seconds > 0
        self.set.append(call)
        return self

    def reset(self) -> None:
        self.resets += 1


@pytest.fixture(scope="module", autouse=True)
def _young() -> None:
    """What earlier tests have left is looked through once, not at each of the looks of these."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.enable()
    gc.set_threshold(*thresholds)


def due() -> None:
    """Python would look through everything by now, had it its way."""
    gc.collect()
    for _ in range(DUE + 1):
        gc.collect(1)


def looks_at_all() -> int:
    return int(gc.get_stats()[2]["collections"])


def test_all_is_looked_through_once_nobody_types() -> None:
    timers = Timers()
    tidying = Tidying(timers)
    gc.collect()
    tidying.after_key()
    assert timers.set == [], "nothing runs where nothing is to be done"
    due()
    before = looks_at_all()
    tidying.after_key()
    tidying.after_key()
    tidying.after_key()
    assert (len(timers.set), timers.resets) == (1, 2)
    assert looks_at_all() == before, "who types is not held up"
    timers.set[0]()
    assert looks_at_all() == before + 1
    tidying.after_key()
    assert len(timers.set) == 1
    due()
    tidying.after_key()
    assert len(timers.set) == 2


def test_python_looks_through_all_of_it_seldom_once_the_first_frame_stands() -> None:
    gc.disable()
    Tidying(Timers()).begin()
    assert gc.isenabled()
    assert gc.get_threshold()[2] == SELDOM


def test_who_looks_for_no_garbage_just_now_is_left_alone() -> None:
    timers = Timers()
    tidying = Tidying(timers)
    due()
    tidying.after_key()
    gc.disable()
    before = looks_at_all()
    timers.set[0]()
    due()
    tidying.after_key()
    assert len(timers.set) == 1
    assert looks_at_all() == before + 1, "that of the test itself"
