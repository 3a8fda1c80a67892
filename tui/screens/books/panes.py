"""Which of the three panes are seen, and which one has the keys."""

from __future__ import annotations

from tui.screens.base import DeckScreen
from tui.widgets.panel import Panel, StateView

NARROW = 100
"""Columns below which the books hide while the table has the keys, and messages replace it."""


class Panes:
    """The books at the left, the table, the messages at the right.

    Without a table the messages have its room. In a narrow window one of table and messages is
    seen, and the books only while they have the keys.
    """

    def __init__(self, screen: DeckScreen) -> None:
        self._screen = screen
        self._shelf_wanted = True
        self._side_wanted = False
        self._table_open = False
        self.in_shelf = True
        """Whether the books have the keys."""

    @property
    def narrow(self) -> bool:
        """Whether there is no room for all."""
        return self._screen.size.width < NARROW

    @property
    def in_side(self) -> bool:
        """Whether the messages have the keys."""
        return self._panel("#side").has_focus_within

    @property
    def side_shown(self) -> bool:
        """Whether the messages are seen."""
        return bool(self._panel("#side").display)

    @property
    def shelf_shown(self) -> bool:
        """Whether the books are seen."""
        return bool(self._panel("#shelf-panel").display)

    def _panel(self, panel_id: str) -> Panel:
        return self._screen.query_one(panel_id, Panel)

    def arrange(self) -> None:
        """Show what there is room for."""
        narrow = self.narrow
        side = self._side_wanted or not self._table_open
        self._panel("#shelf-panel").display = self.in_shelf if narrow else self._shelf_wanted
        self._screen.query_one("#table").display = self._table_open and not (narrow and side)
        self._panel("#side").display = side

    def keys_in_shelf(self, here: bool) -> None:
        """The focus has gone into the books, or out of them."""
        if here != self.in_shelf:
            self.in_shelf = here
            self.arrange()

    def open_table(self, is_open: bool) -> None:
        """There is a table to show, or none any more; it gets the keys, or else the messages."""
        self._table_open = is_open
        if self.narrow:
            self._side_wanted = False
        self.focus_main()

    def want_side(self, wanted: bool) -> None:
        """Show the messages beside the table, or instead of it; they get the keys."""
        self._side_wanted = wanted
        if wanted:
            self.in_shelf = False
            self.arrange()
            self._focus("#side")
        else:
            self.focus_main()

    def hide_shelf(self) -> None:
        """Give the room of the books to the others."""
        self._shelf_wanted = self.narrow
        self.focus_main()

    def focus_shelf(self) -> None:
        """To the books."""
        self.in_shelf = self._shelf_wanted = True
        self.arrange()
        self._focus("#shelf-panel")

    def focus_main(self) -> None:
        """To the table, or to the messages where there is none to see."""
        self.in_shelf = False
        self.arrange()
        self._focus("#table-panel" if self._screen.query_one("#table").display else "#side")

    def focus_table(self) -> None:
        """To the table, which replaces the messages where there is no room for both."""
        if self.narrow:
            self._side_wanted = False
        self.focus_main()

    def _focus(self, panel_id: str) -> None:
        panel = self._panel(panel_id)
        content = panel.content if panel.state == "content" else panel.query_one(StateView)
        # At once: the next key may have been pressed already, and belongs there.
        self._screen.set_focus(content)
