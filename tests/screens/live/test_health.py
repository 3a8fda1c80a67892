"""What the Health page says of holes, of what is asked for again, and of values that contradict."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace
from typing import Any, cast

from tui.live.feed import Health
from tui.live.silences import Hole
from tui.live.store import FeedStore
from tui.screens.live.health import health_text
from tui.screens.live.watch import Watching

START = 1_384_906_719_000


def watched(holes: list[Hole], health: Health) -> Watching:
    """A screen's watching, with a feed that says this."""
    feed = SimpleNamespace(
        store=FeedStore(), health=lambda: health, standing=lambda: holes, states=[]
    )
    made = Watching(cast(Any, SimpleNamespace(name=lambda _: "Pet\x1b[31mrel")))
    made.live = cast(Any, feed)
    return made


def test_holes_and_contradictions_are_said_and_nothing_where_there_are_none() -> None:
    hole = Hole("GA-DK-AAAD", START, START + 90_000)
    watching = watched([hole, hole], Health(conflicts=3, asked_later=2))
    said = health_text(watching, UTC)
    assert "(GA-DK-AAAD): nothing from 2013-11-20 00:18:39 to 00:20:09" in said
    assert "silence that is asked for again later: 2" in said
    assert "3 values came for times that had others: what came first stands" in said
    assert "\x1b" not in said
    assert watching.holes_text() == "; 2 holes left, i names them"
    watching = watched([], Health())
    assert watching.holes_text() == ""
    assert not any(word in health_text(watching, UTC) for word in ("nothing from", "again later"))
