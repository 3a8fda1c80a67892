"""What lies below a dialog: drawn as Textual draws it, each style mixed once."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Size
from textual.renderables.background_screen import BackgroundScreen

from tests.widgets.hosts import Host, settle
from tui.widgets.dialogs import MessageBox
from tui.widgets.dimmed import DimmedScreen
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource


def _cells(segments: list[Segment]) -> list[tuple[str, object]]:
    return [(letter, style) for text, style, control in segments if not control for letter in text]


@pytest.mark.parametrize("color", [Color(0, 0, 0, a=0), Color(40, 10, 90, a=0.6)])
async def test_it_is_the_screen_below_in_mixed_colours(
    color: Color, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid = Grid([Column("a", "Alpha")], ListSource([("one",), ("two",)]))
    app = Host(grid)
    async with app.run_test(size=(60, 16)) as pilot:
        await settle(pilot)
        below = app.screen
        dialog = MessageBox("Note", "Read this.")
        app.push_screen(dialog)
        await settle(pilot)
        # Textual's own way, line by line.
        strips = below._compositor.render_strips(Size(60, 16))
        expected = [
            _cells(list(BackgroundScreen.process_segments(list(strip), color))) for strip in strips
        ]
        mixed = dialog._mixed
        mixed.clear()
        drawn = DimmedScreen(below, color, mixed)
        lines = drawn.render_strips(60, 16, dialog.visual_style, None)  # type: ignore[arg-type]
        assert [_cells(list(line)) for line in lines] == expected
        assert any(style for line in expected for _, style in line)

        def mixes_again(*_: object) -> None:
            raise AssertionError("a style was mixed a second time")

        monkeypatch.setattr(BackgroundScreen, "process_segments", mixes_again)
        assert [
            _cells(list(line))
            for line in drawn.render_strips(60, 16, dialog.visual_style, None)  # type: ignore[arg-type]
        ] == expected


async def test_dialogs_draw_that_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not the slow one: a version of Textual that goes past it is noticed here."""

    def slow(*_: object) -> None:
        raise AssertionError("the screen below went through Rich")

    monkeypatch.setattr(BackgroundScreen, "__rich_console__", slow)
    app = Host(Grid([Column("a", "Alpha")], ListSource([("one",)])))
    async with app.run_test(size=(60, 16)) as pilot:
        await settle(pilot)
        app.push_screen(MessageBox("Note", "Read this."))
        await settle(pilot)
        text = "".join(
            segment.text for strip in app.screen._compositor.render_strips() for segment in strip
        )
        assert "Read this." in text
        assert "one" in text
