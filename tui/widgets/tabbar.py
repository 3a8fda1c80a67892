"""The line of screens at the top, with a short status at its right end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.palette import Palette, Role


class Tab(NamedTuple):
    """One screen: its id, the key that leads there, its title, and a count or mark if any."""

    id: str
    key: str
    title: str
    badge: str = ""


class TabBar(Bar):
    """``1 Today  2 Books …`` with the active one reversed; where it is narrow, keys alone."""

    class Pressed(Message):
        """A tab was clicked."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(
        self,
        tabs: Iterable[Tab] = (),
        active: str = "",
        *,
        status: str = "",
        status_role: Role = "muted",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs = tuple(tabs)
        self._active = active
        self._status = status
        self._status_role: Role = status_role

    @property
    def active(self) -> str:
        """The id of the active tab."""
        return self._active

    def show_tabs(self, tabs: Iterable[Tab]) -> None:
        """Show other tabs, or the same with other badges."""
        new = tuple(tabs)
        if new != self._tabs:
            self._tabs = new
            self.refresh()

    def show_active(self, id: str) -> None:
        """Make another tab the active one."""
        if id != self._active:
            self._active = id
            self.refresh()

    def show_status(self, status: str, role: Role = "muted") -> None:
        """The short text at the right, such as the running timer."""
        if (status, role) != (self._status, self._status_role):
            self._status, self._status_role = status, role
            self.refresh()

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """Tabs with titles where they fit, else only the active one has its title."""
        status = one_line(self._status, max(0, width // 3))
        role = {"muted": palette.bar_muted, "text": palette.bar}.get(self._status_role)
        style = palette.bar + palette.plain[self._status_role] if role is None else role
        right = [Piece(f" {status} ", style)] if status else []
        room = width - sum(cell_len(piece.text) for piece in right)
        long = [self._tab(tab, palette, with_title=True) for tab in self._tabs]
        if sum(cell_len(piece.text) for pieces in long for piece in pieces) <= room:
            return [piece for pieces in long for piece in pieces], right
        short = [self._tab(tab, palette, with_title=tab.id == self._active) for tab in self._tabs]
        return [piece for pieces in short for piece in pieces], right

    def _tab(self, tab: Tab, palette: Palette, *, with_title: bool) -> list[Piece]:
        key, title, badge = (one_line(text, 24) for text in (tab.key, tab.title, tab.badge))
        tail = (f" {title}" if with_title else "") + (f" {badge}" if badge else "") + " "
        if tab.id == self._active:
            return [Piece(f" {key}{tail}", palette.bar_active, tab.id)]
        return [
            Piece(f" {key}", palette.bar_key, tab.id),
            Piece(tail, palette.bar_muted, tab.id),
        ]

    def on_click(self, event: events.Click) -> None:
        """Say which tab was clicked."""
        if action := self.action_at(event.x):
            event.stop()
            self.post_message(self.Pressed(action))
