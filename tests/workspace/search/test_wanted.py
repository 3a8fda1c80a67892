"""What is typed: words, and the screen that they are about."""

from __future__ import annotations

import pytest

from tui.commands import SCREENS
from tui.workspace.search.wanted import Wanted, wanted

ROOMS = list(SCREENS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("regatta", Wanted("regatta")),
        ("books: regatta", Wanted(" regatta", "books")),
        ("b:regatta", Wanted("regatta", "books")),
        (" BO :x", Wanted("x", "books")),
        ("ti:x", Wanted("x", "timers")),
        ("tod:", Wanted("", "today")),
        ("t:x", Wanted("t:x", between=("today", "tocks", "timers"))),
        ("to:x", Wanted("to:x", between=("today", "tocks"))),
        ("10:30", Wanted("10:30")),
        ("note: x", Wanted("note: x")),
        (":", Wanted(":")),
        (": x", Wanted(": x")),
        ("", Wanted("")),
    ],
)
def test_a_beginning_that_is_one_screens_alone_narrows(typed: str, meant: Wanted) -> None:
    assert wanted(typed, ROOMS) == meant


@pytest.mark.parametrize("room", ROOMS)
def test_every_screens_name_and_its_shortest_beginning_narrow(room: str) -> None:
    shortest = next(
        room[:length]
        for length in range(1, len(room) + 1)
        if [one for one in ROOMS if one.startswith(room[:length])] == [room]
    )
    for name in (room, shortest):
        assert wanted(f"{name}:x", ROOMS) == Wanted("x", room)
