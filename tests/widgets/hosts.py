"""An application around a few widgets, with the shipped themes, that notes what they say."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.theme import Theme
from textual.widget import Widget

from tests.patient import Patient
from tui.widgets.screen import CalmScreen
from tui.widgets.theme import load_themes
from tui.widgets.turns import InTurn

THEMES = Path(__file__).parents[2] / "themes"


@cache
def themes() -> tuple[Theme, ...]:
    """Those that are shipped, which never change: reading them is half of what a host costs."""
    found, errors = load_themes([THEMES])
    assert not errors
    return tuple(found.values())


class HostScreen(CalmScreen[None]):
    """The widgets, one below another."""

    def __init__(self, widgets: Sequence[Widget], kinds: tuple[type[Message], ...]) -> None:
        super().__init__()
        self._hosted = widgets
        self._kinds = kinds
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self._hosted

    async def _on_message(self, message: Message) -> None:
        if isinstance(message, self._kinds):
            self.heard.append(message)
        await super()._on_message(message)


class Host(InTurn):
    """The application."""

    def __init__(
        self, *widgets: Widget, notes: tuple[type[Message], ...] = (), theme: str = "nightwatch"
    ) -> None:
        super().__init__()
        for item in themes():
            self.register_theme(item)
        self.theme = theme
        self.page = HostScreen(widgets, notes)

    def get_default_screen(self) -> HostScreen:
        return self.page

    @asynccontextmanager
    async def run_test(self, **options: Any) -> AsyncGenerator[Patient]:
        """The application on a screen, which is at rest after every key."""
        async with super().run_test(**options):
            yield Patient(self)

    def heard(self, kind: type[Message]) -> list[Message]:
        """The messages of one kind that arrived at the screen, and forget them."""
        found = [message for message in self.page.heard if isinstance(message, kind)]
        self.page.heard = [m for m in self.page.heard if not isinstance(m, kind)]
        return found


def line_of(widget: Widget, y: int) -> str:
    """The text of one drawn line, which must be as wide as the widget."""
    strip = widget.render_line(y)
    text = strip.text
    assert cell_len(text) == widget.content_size.width, text
    assert strip.cell_length == widget.content_size.width
    return text


def lines_of(widget: Widget) -> list[str]:
    """The text of every drawn line."""
    return [line_of(widget, y) for y in range(widget.content_size.height)]


async def settle(pilot: Pilot[None]) -> None:
    """Until every message that waits has been handled."""
    await pilot.pause()
