"""The line of screens at the top, with a short status at its right end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.message import Message

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.palette import Palette, Role

LEAST_STATUS = 14
"""Cells of the status that titles make room for."""


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

    def show_status(self, status: str, role: Role = "muted") -> None:
        """The short text at the right, such as the running timer."""
        if (status, role) != (self._status, self._status_role):
            self._status, self._status_role = status, role
            self.refresh()

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """Tabs with titles where they fit, else only the active one has its title."""
        needed = min(cell_len(self._status), LEAST_STATUS) + 2 if self._status else 0
        # Wide, then closer together, then the titles of the others go.
        for form in ("wide", "close", "short"):
            tabs = [self._tab(tab, palette, form) for tab in self._tabs]
            long = sum(cell_len(piece.text) for pieces in tabs for piece in pieces)
            if long + needed <= width:
                break
        left = [piece for pieces in tabs for piece in pieces]
        status = one_line(self._status, max(0, width - long - 2))
        if not status:
            return left, []
        own = {"muted": palette.bar_muted, "text": palette.bar}.get(self._status_role)
        style = palette.plain[self._status_role] + Style(bgcolor=palette.bar.bgcolor)
        return left, [Piece(f" {status} ", own or style)]

    def _tab(self, tab: Tab, palette: Palette, form: str) -> list[Piece]:
        key, title, badge = (one_line(text, 24) for text in (tab.key, tab.title, tab.badge))
        active = tab.id == self._active
        tail = f" {title}" if active or form != "short" else ""
        tail += f" {badge}" if badge else ""
        if active:
            return [Piece(f" {key}{tail} ", palette.bar_active, tab.id)]
        end = " " if form != "close" else ""
        return [
            Piece(f" {key}", palette.bar_key, tab.id),
            Piece(tail + end, palette.bar_muted, tab.id),
        ]

    def on_click(self, event: events.Click) -> None:
        """Say which tab was clicked."""
        if action := self.action_at(event.x):
            event.stop()
            self.post_message(self.Pressed(action))
