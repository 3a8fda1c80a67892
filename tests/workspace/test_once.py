"""Parts made once: one object for all who ask, from whatever thread."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from tui.workspace.once import made_once

THREADS = 8


class Desk:
    """Something with parts, one of which needs the other."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.begun = Barrier(THREADS)

    @made_once
    def journal(self) -> object:
        """What all others stand on."""
        self.made.append("journal")
        return object()

    @made_once
    def timers(self) -> tuple[object]:
        """What stands on the journal."""
        self.made.append("timers")
        return (self.journal,)

    @made_once
    def broken(self) -> object:
        """What cannot be made the first time."""
        self.made.append("broken")
        if len(self.made) == 1:
            raise OSError("no room")
        return self


def test_threads_that_ask_at_the_same_time_get_one_object() -> None:
    desk = Desk()
    found: list[tuple[object]] = []

    def ask() -> None:
        desk.begun.wait()
        found.append(desk.timers)

    threads = [Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS
    assert all(one is found[0] for one in found)
    assert desk.made == ["timers", "journal"]
    assert found[0][0] is desk.journal


def test_no_second_thread_begins_to_make_what_is_being_made() -> None:
    """The maker waits until the other thread has asked, and the other still gets its object."""
    asked = Barrier(2, timeout=10)
    made: list[object] = []

    class Slow:
        @made_once
        def part(self) -> object:
            """Made while somebody else asks for it."""
            made.append(object())
            asked.wait()
            return made[-1]

    slow = Slow()
    found: list[object] = []

    def ask() -> None:
        asked.wait()
        found.append(slow.part)

    thread = Thread(target=ask)
    thread.start()
    found.append(slow.part)
    thread.join()
    assert len(made) == 1
    assert found == [made[0], made[0]]


def test_what_could_not_be_made_is_tried_again() -> None:
    desk = Desk()
    with pytest.raises(OSError, match="no room"):
        _ = desk.broken
    assert desk.broken is desk
