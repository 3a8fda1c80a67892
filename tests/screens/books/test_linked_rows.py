"""The choice of several rows that a link points to, some of which were not listed at first."""

from __future__ import annotations

from tests.widgets.hosts import Host, settle
from tui.screens.books.linking import LinkedRows
from tui.widgets.lines import Lines


async def test_several_are_taken_once_with_those_that_stood_there() -> None:
    app = Host(Lines())
    async with app.run_test(size=(80, 24)) as pilot:
        taken: list[list[str] | None] = []
        known = [(str(number), f"row {number}") for number in range(1, 50)]
        dialog = LinkedRows(
            "Links", None, known, [("77", "far"), ("3", "row 3")],
            several=True, required=False, typed=False,
        )  # fmt: skip
        await app.push_screen(dialog, taken.append)
        await settle(pilot)
        await pilot.press("slash", *"row 41", "enter")
        await settle(pilot)
        assert (dialog._grid.row_count, dialog._grid.has_focus) == (1, True)
        await pilot.press("space")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert taken == [["77", "3", "41"]]
        assert app.screen is app.page, "the screen below stays"
