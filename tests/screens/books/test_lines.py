"""The cursor among items of several lines stays where it was when one of them goes."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Size

from tui.screens.books.lines import Item, ItemLines
from tui.widgets.lines import Paragraph


class Lines(App[None]):
    """Items and nothing else."""

    def compose(self) -> ComposeResult:
        yield ItemLines()


async def test_where_an_item_goes_the_cursor_is_on_the_one_next_to_it() -> None:
    """So that what is deleted next is not the first of all."""
    app = Lines()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        lines = app.query_one(ItemLines)

        def on(key: str, shown: str) -> str:
            lines.show([Item(one, [Paragraph(f"{one} says"), Paragraph("")]) for one in "abcde"])
            lines.go_to(key)
            lines.show([Item(one, [Paragraph(one)]) for one in shown], key=lines.key)
            return lines.key

        assert on("d", "abcde") == "d"
        assert on("d", "abce") == "e"
        assert on("e", "abcd") == "d"
        assert on("c", "ab") == "b"
        assert on("c", "xy") == "x"
        assert on("c", "") == ""


async def test_items_that_wait_for_a_width_are_not_told_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pane with a count in its title said “Nothing here.” until it was told of its size."""
    app = Lines()
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        lines = app.query_one(ItemLines)
        with monkeypatch.context() as before_its_size:
            before_its_size.setattr(ItemLines, "content_size", Size(0, 0))
            lines.show([Item("a", [Paragraph("a says")])])
        assert not lines.row_count
        assert not lines.render_line(0).text.strip()
        lines.show([])
        assert lines.empty_text in lines.render_line(0).text
