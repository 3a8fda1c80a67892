"""Every widget on one page, to look at: ``python -m tests.widgets.gallery [theme] [page]``."""

from __future__ import annotations

import sys
from pathlib import Path

from textual.app import App, ComposeResult

from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, Column, ListSource
from tui.widgets.theme import load_themes

THEMES = Path(__file__).parents[2] / "themes"

COLUMNS = [
    Column("name", "Name"),
    Column("city", "City"),
    Column("price", "Price", kind="number"),
    Column("paid", "Paid", kind="boolean"),
    Column("state", "State"),
    Column("note", "Note", flexible=True, maximum=60),
]
STATES = [Cell("paid", "good"), Cell("due", "warn"), Cell("late", "bad"), Cell("draft", "muted")]


def rows(count: int) -> ListSource:
    names = ["Mistral rigging", "Ünïcode & Söhne", "日本語の会社", "x" * 300, "Oda Skogly"]
    return ListSource(
        [
            (
                names[n % 5],
                ["Lorient", "Kiel", "Hyères"][n % 3],
                f"{n * 13.5:,.2f}",
                n % 3 == 0,
                STATES[n % 4],
                "[bold]never markup[/] \x1b[31m and never an escape" if n % 7 == 0 else f"note {n}",
            )
            for n in range(count)
        ],
        [f"row-{n}" for n in range(count)],
    )


class Gallery(App[None]):
    """One page of widgets."""

    CSS = "Screen { background: $background; }"

    def __init__(self, theme: str, page: str) -> None:
        super().__init__()
        themes, errors = load_themes([THEMES])
        assert not errors, errors
        for item in themes.values():
            self.register_theme(item)
        self.theme = theme
        self.page = page

    def compose(self) -> ComposeResult:
        grid = Grid(COLUMNS, rows(200), cursor="cell" if self.page == "cell" else "row")
        grid.show_sort({"city": True})
        yield grid


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "nightwatch", "grid"]
    Gallery(arguments[0], (sys.argv[2:] or ["grid"])[0]).run()
