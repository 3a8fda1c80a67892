"""Mine or theirs: every field asked once, readable at any size, whatever stands in it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.deck import screen_text, until
from tests.widgets.hosts import Host, settle
from tui.widgets.conflict import Chosen, ConflictDialog
from tui.widgets.lines import Lines
from tui.workspace.changes.errors import Conflict

ZONE = ZoneInfo("UTC")
UNANSWERED = object()


def conflict(*names: str, undoing: bool = False, **more: Any) -> Conflict:
    values: dict[str, Any] = {
        "seen": {name: f"{name} seen" for name in names},
        "theirs": {name: f"{name} theirs" for name in names},
        "mine": {name: f"{name} mine" for name in names},
        **more,
    }
    return Conflict("Change Kestrel: somebody else changed it.", undoing=undoing, **values)


async def answer(found: Conflict, *keys: str, choices: frozenset[str] = frozenset()) -> object:
    """What the question gives for these keys."""
    app = Host(Lines())
    given: list[object] = []
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ConflictDialog(found, ZONE, choices), given.append)
        await settle(pilot)
        await pilot.press(*keys)
    return given[0] if given else UNANSWERED


async def shown(found: Conflict, size: tuple[int, int], *keys: str) -> str:
    app = Host(Lines())
    async with app.run_test(size=size) as pilot:
        app.push_screen(ConflictDialog(found, ZONE, frozenset()))
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        return screen_text(pilot)


@pytest.mark.parametrize("size", [(50, 30), (120, 24)])
async def test_a_column_is_called_by_its_name(size: tuple[int, int]) -> None:
    values = {"1367497": "one", "1367498": "two"}
    found = conflict(seen=values, theirs=values, mine=values, called={"1367497": "Task"})
    text = await shown(found, size)
    assert "Task" in text
    assert "1367497" not in text
    assert "1367498" in text, "an older change has no names"


@pytest.mark.parametrize(
    ("keys", "given"),
    [
        (["m"], Chosen({"name": "name mine"})),
        (["t"], Chosen({})),
        (["b"], Chosen({"name": "name theirs / name mine"})),
        (["escape"], None),
        (["enter", "y", "space"], UNANSWERED),
    ],
)
async def test_one_field_is_decided_by_one_key(keys: list[str], given: object) -> None:
    assert await answer(conflict("name"), *keys) == given


async def test_each_field_is_asked_for_itself() -> None:
    two = conflict("name", "town")
    assert await answer(two, "m") is UNANSWERED
    assert await answer(two, "m", "t") == Chosen({"name": "name mine"})
    assert await answer(two, "t", "b") == Chosen({"town": "town theirs / town mine"})
    assert await answer(two, "t", "t") == Chosen({})
    assert await answer(two, "m", "escape") is None


async def test_both_is_for_texts_alone() -> None:
    numbers = conflict("rate", theirs={"rate": 3}, mine={"rate": 4})
    assert await answer(numbers, "b") is UNANSWERED
    assert await answer(conflict("status"), "b", choices=frozenset(["status"])) is UNANSWERED
    assert "b both" not in await shown(numbers, (80, 24))
    assert "b both" in await shown(conflict("name"), (80, 24))


async def test_an_id_is_shown_by_what_it_is_called() -> None:
    tasks = conflict("task_id", seen={"task_id": 5}, theirs={"task_id": 8}, mine={"task_id": 7})
    called = {"task_id": {5: "Sails", 8: "Rigging"}}
    app = Host(Lines())
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ConflictDialog(tasks, ZONE, frozenset(), called))
        await settle(pilot)
        text = screen_text(pilot)
    assert all(words in text for words in ("▌ task ", "Sails", "Rigging", " 7 "))
    assert "task id" not in text
    assert "▌ task id" in await shown(tasks, (80, 24)), "whose names nobody told"


async def test_what_is_to_be_taken_away_is_asked_once() -> None:
    away = conflict("name", "town", mine={})
    assert await answer(away, "m") == Chosen({}, goes_on=True)
    assert await answer(away, "t") == Chosen({}, goes_on=False)
    assert "(taken away)" in await shown(away, (100, 24))


async def test_undo_says_what_was_and_what_is() -> None:
    text = await shown(conflict("name", undoing=True), (100, 24))
    for words in ("as you left it", "as it is now", "as it was", "m as it was", "t as it is now"):
        assert words in text
    assert "b both" not in text


HOSTILE = "[red]x[/] \x1b[2J\u202e" + "ab\tc\x07" * 40


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 15), (160, 50)])
@pytest.mark.parametrize("theme", ["nightwatch", "daylight"])
async def test_long_and_hostile_values_are_read_to_their_end(
    size: tuple[int, int], theme: str
) -> None:
    long = " ".join(f"word{n}" for n in range(50))
    found = conflict(
        "memo", seen={"memo": HOSTILE}, theirs={"memo": f"{long} END"}, mine={"memo": "é" * 300}
    )
    read: list[str] = []
    app = Host(Lines(), theme=theme)
    async with app.run_test(size=size) as pilot:
        app.push_screen(ConflictDialog(found, ZONE, frozenset()))
        for _ in range(12):
            await settle(pilot)
            read.append(screen_text(pilot))
            await pilot.press("pagedown")
    assert not any(mark in text for text in read for mark in ("\x1b", "\x07", "\u202e"))
    assert "[red]x[/]" in read[0]
    assert "memo" in read[0]
    assert "END" in "".join(read)
    assert "é" in "".join(read)


async def test_what_is_asked_next_is_seen() -> None:
    names = [f"field{n}" for n in range(30)]
    text = await shown(conflict(*names), (80, 24), *["m"] * 25)
    assert "field25" in text
    assert "26 of 30" in text
    assert "[mine]" in text


async def test_what_is_asked_is_seen_at_another_size_too() -> None:
    names = [f"field {number}" for number in range(30)]
    app = Host(Lines())
    async with app.run_test(size=(140, 40)) as pilot:
        app.push_screen(ConflictDialog(conflict(*names), ZONE, frozenset()))
        await settle(pilot)
        await pilot.press(*"m" * 20)
        for size in ((60, 24), (140, 24), (140, 60)):
            await pilot.resize_terminal(*size)
            text = "theirs, by now:" if size[0] < 100 else "│ theirs, by now"
            await until(pilot, lambda one=text: one in screen_text(pilot), "the other form")  # type: ignore[misc]
            await until(pilot, lambda: "▌ field 20" in screen_text(pilot), "what is asked")
