"""A boat that falls silent rings: once, by when it was last heard, and no mark does."""

from __future__ import annotations

import re
from math import inf
from pathlib import Path

import pytest

from tests.deck import deck_of, end_news, opened, screen_text, shown, until
from tests.harness import EmbeddedServer
from tui.live.feed import FeedState, Phase
from tui.live.store import FeedStore
from tui.screens.live.dialogs import check_silence
from tui.screens.live.rows import RowSpec
from tui.screens.live.screen import LiveScreen
from tui.screens.live.silence import Silence, SilenceWatch, silence_text, unheard
from tui.screens.live.wall import Wall as WallOfRows
from tui.workspace.live.presets import Arrangement, arrangement_of

NOW = 1_760_000_000_000


class Wall:
    """A watch of the boats A and B, rung after 30 s, with a clock that is moved by hand."""

    def __init__(self) -> None:
        self.store = FeedStore()
        self.watch = SilenceWatch()

    def hears(self, second: float, *serials: str, stamp: float | None = None) -> None:
        heard = NOW + round(1000 * second)
        time = heard if stamp is None else NOW + round(1000 * stamp)
        self.store.add([((one, 9, 0), [time], [[5.0]]) for one in serials], heard=heard)

    def rings(
        self, second: float, *, deaf: tuple[str, ...] = (), boats: str = "AB"
    ) -> list[tuple[str, int]]:
        now = NOW + round(1000 * second)
        found = self.watch.judge(self.store, boats, 30, now, 100.0 + second, deaf)
        return [(one.serial, one.length) for one in found]


def test_a_boat_that_was_heard_rings_once_until_it_was_heard_again() -> None:
    wall = Wall()
    wall.hears(0, "A", "B", "mark")
    assert wall.rings(0) == []
    wall.hears(20, "B")
    assert wall.rings(29.9) == []
    assert wall.rings(30.5) == [("A", 30_500)]
    assert wall.rings(31) == wall.rings(45) == []
    wall.hears(46, "A")
    assert wall.rings(46) == []
    assert wall.rings(80) == [("B", 60_000), ("A", 34_000)], "the longest first"
    assert wall.rings(200) == []


def test_who_was_silent_before_or_never_heard_is_no_news() -> None:
    wall = Wall()
    wall.hears(0, "A")
    assert wall.rings(31) == wall.rings(60) == []
    assert wall.watch.wait(160.0) == inf, "nobody needs to look again"


def test_age_is_that_of_the_arrival_and_not_of_the_stamp() -> None:
    wall = Wall()
    wall.hears(0, "A", stamp=-300)
    wall.hears(0, "B", stamp=8)
    assert wall.rings(0) == []
    wall.hears(25, "A", stamp=-270)
    assert wall.rings(30.5) == [("B", 30_500)]


def test_one_looks_again_when_the_next_boat_would_ring_though_nothing_comes() -> None:
    wall = Wall()
    wall.hears(0, "A")
    wall.hears(10, "B")
    assert wall.rings(10) == []
    assert wall.watch.wait(110.0) == 20.0
    assert wall.rings(30) == [("A", 30_000)]
    assert wall.watch.wait(130.0) == 10.0
    assert wall.rings(30.2) == []
    assert 0 < wall.watch.wait(130.2) <= 0.5, "what came since the last look is looked at"
    assert wall.rings(40) == [("B", 30_000)]
    assert wall.watch.wait(140.0) == inf


def test_a_connection_that_is_down_is_no_silence_of_its_boats() -> None:
    wall = Wall()
    wall.hears(0, "A", "B")
    assert wall.rings(0) == []
    for second in (10, 60, 100):
        assert wall.rings(second, deaf=("A",)) == ([("B", 60_000)] if second == 60 else [])
    assert wall.rings(101) == wall.rings(129) == []
    assert wall.rings(130) == [("A", 130_000)], "it did not come back with its connection"
    states = [(("A",), FeedState(Phase.RECONNECTING)), (("B",), FeedState(Phase.QUIET))]
    assert unheard(states) == {"A"}


def test_nothing_rings_where_nobody_asked_for_it_nor_in_another_store() -> None:
    wall = Wall()
    wall.hears(0, "A")
    assert wall.rings(0) == []
    wall.watch.forget()
    assert wall.watch.wait(100.0) == inf
    assert wall.rings(50) == []
    wall.hears(51, "A")
    assert wall.rings(51) == []
    wall.store = FeedStore()
    assert wall.rings(100) == []


def test_who_rang_stands_until_heard_again_also_while_the_connection_is_down() -> None:
    wall = Wall()
    wall.hears(0, "A", "B")
    assert wall.rings(0) == []
    wall.hears(20, "B")
    assert wall.rings(31) == [("A", 31_000)]
    assert wall.watch.standing == {"A": NOW}
    assert wall.rings(40) == wall.rings(41, deaf=("A", "B")) == []
    assert wall.watch.standing == {"A": NOW}
    wall.hears(42, "A", "B")
    assert wall.rings(42) == []
    assert wall.watch.standing == {}
    assert len(wall.rings(80)) == 2
    wall.rings(81, boats="A")
    assert list(wall.watch.standing) == ["A"], "who is not watched any more does not stand"
    wall.watch.forget()
    assert wall.watch.standing == {}


def test_a_silence_is_named_and_measured() -> None:
    assert silence_text(Silence("A", 30_400), lambda _: "Kittiwake") == "Kittiwake silent for 0:30"
    assert silence_text(Silence("A", 760_000), str) == "A silent for 12:40"


def test_the_seconds_are_whole_and_what_hands_make_of_them_is_left_out() -> None:
    assert [check_silence(one) is None for one in (0, 1, 86_400, 86_401, 1.5)] == [
        False, True, True, False, False,
    ]  # fmt: skip
    kept = [arrangement_of({"silent": one}).silent for one in (30, True, -1, 0, "30", 10**9)]
    assert kept == [30, 0, 0, 0, 0, 0]


async def test_a_silent_boat_rings_on_the_wall_once_it_was_asked_for_and_no_wind_unit_does(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = deck_of(server, tmp_path, "live")
    bells: list[int] = []
    monkeypatch.setattr(app, "bell", lambda: bells.append(1))
    async with opened(app, (120, 40)) as pilot:
        await until(pilot, lambda: shown(pilot, "● live", " kn ", "WindBot 1"), "live rows")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        picture, watching = screen.picture, screen.picture.watching
        assert watching is not None
        await until(pilot, lambda: picture.course is not None, "the course")
        assert picture.course is not None
        room = watching.room
        [boat] = [one for one in watching.serials if room.name(one) == "Kōtare"]
        [wind] = [one for one in watching.serials if room.name(one) == "WindBot 1"]
        assert wind in picture.course.not_boats
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Ring below", "Silent for, s"), "the form")
        await pilot.press("down", "down", "down", "down", *"0.5", "f2")
        await until(pilot, lambda: shown(pilot, "Whole seconds from 1 to 86,400"), "refused")
        await pilot.press("backspace", "backspace", "backspace", *"600", "f2")
        await until(pilot, lambda: shown(pilot, "a silent boat rings after 600 seconds"), "said")
        await until(
            pilot, lambda: (room.presets.load() or Arrangement()).silent == 600, "for the next time"
        )
        await until(pilot, lambda: boat in screen.feed._silence._alive, "it was heard")
        heard, feed = FeedStore.heard, watching.feed
        assert feed is not None
        since = feed.now - 600_000

        def silent(store: FeedStore, serial: str) -> int | None:
            return since if serial in (boat, wind) else heard(store, serial)

        monkeypatch.setattr(FeedStore, "heard", silent)
        told = re.compile(r"Kōtare silent for 10:\d\d(?!.* more)")

        def rung() -> bool:
            if told.search(screen_text(pilot)):
                return True
            end_news(pilot)
            return False

        await until(pilot, rung, "rung")
        assert bells == [1]
        # A coach looks away for longer than a line of news stands.
        end_news(pilot)
        await until(pilot, lambda: shown(pilot, " ! Kōtare silent since ", ": i"), "it stands")
        await pilot.press("i")
        listed = re.compile(
            r"│ ! Kōtare silent since \d\d:.*rang: Kōtare silent for 10:", re.DOTALL
        )
        await until(
            pilot,
            lambda: listed.search(screen_text(pilot)) is not None,
            "on Health, and since when",
        )
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "● live") and not shown(pilot, "Health"), "closed")
        await until(pilot, lambda: not shown(pilot, "Kōtare silent since"), "it was read")
        assert [one.id for one in watching.alarms.standing] == [("silence", boat)]
        monkeypatch.setattr(FeedStore, "heard", heard)
        await until(pilot, lambda: not watching.alarms.standing, "it is back")
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Silent for, s", "600"), "as it is kept")
        await pilot.press("down", "down", "down", "down", *["backspace"] * 3, "f2")
        await until(pilot, lambda: picture.arrangement.silent == 0, "off")
        # A row of who has sent nothing has no type with limits; boats may ring all the same.
        dumb = RowSpec("GA-EN-ZZZZ", "Dumb", None, 0, None, "")
        monkeypatch.setattr(WallOfRows, "chosen", property(lambda _: dumb))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Silent boats", "Silent for, s"), "only that")
        assert not shown(pilot, "Ring ")
        await pilot.press(*"45", "f2")
        await until(pilot, lambda: shown(pilot, "A silent boat rings after 45 seconds"), "said")
        assert picture.arrangement.silent == 45
