"""What was read is handed on in a thread: the newest of each list, after what is shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tui.workspace.search import feed as module
from tui.workspace.search.feed import Feed

MOST_SECONDS = 30.0


class Shelf:
    """Stands in for what fills the index: notes what it was given, as slowly as a test says."""

    def __init__(self) -> None:
        self.put_in: list[tuple[str, Any]] = []
        self.began, self.may_go_on = threading.Event(), threading.Event()
        self.closed = threading.Event()
        self.may_go_on.set()
        self.stopped, self.takes = False, True

    def look_through(self, go_on: Callable[[], bool]) -> None:
        assert self.may_go_on.wait(MOST_SECONDS)
        self.put_in.append(("kept", None))

    def put(self, key: str, value: Any, *, go_on: Callable[[], bool]) -> bool:
        self.began.set()
        assert self.may_go_on.wait(MOST_SECONDS)
        self.stopped = not go_on()
        self.put_in.append((key, value))
        return self.takes

    def close(self) -> None:
        self.closed.set()


def feeding(shelf: Shelf) -> tuple[Feed, threading.Condition]:
    changed = threading.Condition()

    def tell() -> None:
        with changed:
            changed.notify_all()

    return Feed(lambda: shelf, tell), changed  # type: ignore[arg-type,return-value]


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEISURE", 0.0)
    monkeypatch.setattr(module, "REST", 0.0)


def test_nothing_runs_before_something_was_heard() -> None:
    shelf = Shelf()
    feed, _ = feeding(shelf)
    assert feed.waiting == 0
    feed.close()
    assert not shelf.closed.is_set()
    feed.hear("a", 1)
    assert feed.waiting == 0


def test_of_each_list_the_newest_is_put_in() -> None:
    shelf = Shelf()
    shelf.may_go_on.clear()
    feed, changed = feeding(shelf)
    feed.hear("a", 1)
    assert shelf.began.wait(MOST_SECONDS)
    feed.hear("b", 2)
    feed.hear("c", 3)
    feed.hear("b", 4)
    assert feed.waiting == 3
    with changed:
        shelf.may_go_on.set()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    assert shelf.put_in == [("a", 1), ("b", 4), ("c", 3)]
    feed.close()
    assert shelf.closed.wait(MOST_SECONDS)


def test_nothing_is_put_in_while_a_person_is_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(module, "REST", 5.0)
    monkeypatch.setattr(module, "monotonic", lambda: clock[0])
    slept = threading.Event()

    def sleep(seconds: float) -> None:
        if seconds > module.PAUSE:
            slept.set()
            clock[0] += seconds

    monkeypatch.setattr(module, "sleep", sleep)
    shelf = Shelf()
    shelf.may_go_on.clear()
    feed, changed = feeding(shelf)
    feed.hear("a", 1)
    assert shelf.began.wait(MOST_SECONDS)
    assert not slept.is_set()
    with changed:
        feed.rest()
        shelf.may_go_on.set()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    assert clock[0] >= 5.0, "what was under way went on once the rest was over"
    feed.close()


def test_nothing_is_put_in_for_as_long_as_something_else_goes_first() -> None:
    shelf = Shelf()
    shelf.may_go_on.clear()
    feed, changed = feeding(shelf)
    feed.hear("a", 1)
    assert shelf.began.wait(MOST_SECONDS)
    assert feed._rest() <= 0
    with changed:
        with feed.resting():
            with feed.resting():
                pass
            # Both what is under way and what comes next ask for that.
            assert feed._rest() == module.REST
        shelf.may_go_on.set()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    feed.close()


def test_what_was_kept_is_looked_through_where_somebody_searches() -> None:
    shelf = Shelf()
    feed, changed = feeding(shelf)
    shelf.may_go_on.clear()
    with changed:
        feed.look_through()
        assert feed.waiting == 1
        shelf.may_go_on.set()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    feed.look_through()
    assert feed.waiting == 0
    assert shelf.put_in == [("kept", None)]
    feed.close()


def test_what_was_kept_is_looked_through_once_nothing_is_heard_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LATER", 0.0)
    shelf = Shelf()
    feed, changed = feeding(shelf)
    with changed:
        feed.hear("a", 1)
        assert changed.wait_for(lambda: len(shelf.put_in) == 2, MOST_SECONDS)
    assert shelf.put_in == [("a", 1), ("kept", None)]
    feed.close()


def test_while_somebody_reads_nothing_is_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEISURE", 3600.0)
    shelf = Shelf()
    feed, changed = feeding(shelf)
    feed.hear("a", 1)
    assert feed.waiting == 1
    assert not shelf.began.is_set()
    with changed:
        feed.look_through()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    assert shelf.put_in == [("kept", None), ("a", 1)]
    feed.close()


def test_what_is_forgotten_is_not_put_in() -> None:
    shelf = Shelf()
    shelf.may_go_on.clear()
    feed, changed = feeding(shelf)
    feed.hear("first/a", 1)
    assert shelf.began.wait(MOST_SECONDS)
    feed.hear("mine/a", 1)
    feed.hear("yours/a", 2)
    feed.forget("mine/")
    with changed:
        shelf.may_go_on.set()
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    assert ("mine/a", 1) not in shelf.put_in
    assert ("yours/a", 2) in shelf.put_in
    feed.close()


def test_what_the_disk_does_not_take_is_not_said_to_be_in() -> None:
    shelf = Shelf()
    shelf.takes = False
    feed, changed = feeding(shelf)
    with changed:
        feed.hear("a", 1)
        assert changed.wait_for(lambda: shelf.put_in != [], MOST_SECONDS)
        assert feed.waiting == 1
        shelf.takes = True
        feed.hear("a", 2)
        assert changed.wait_for(lambda: feed.waiting == 0, MOST_SECONDS)
    feed.close()


def test_the_end_does_not_wait_for_what_is_not_in_yet() -> None:
    shelf = Shelf()
    shelf.may_go_on.clear()
    feed, _ = feeding(shelf)
    feed.hear("a", 1)
    assert shelf.began.wait(MOST_SECONDS)
    feed.hear("b", 2)
    ending = threading.Thread(target=feed.close)
    ending.start()
    ending.join(MOST_SECONDS)
    assert not ending.is_alive()
    shelf.may_go_on.set()
    assert shelf.closed.wait(MOST_SECONDS)
    assert shelf.stopped
    assert ("b", 2) not in shelf.put_in
