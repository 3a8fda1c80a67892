"""A screen that repaints what changed when the focus moves, instead of everything."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

Result = TypeVar("Result")


class CalmScreen(Screen[Result], Generic[Result]):
    """A screen of the deck.

    Textual repaints a whole screen whenever another widget gets the focus: some 20 kB at 120x40.
    Our widgets repaint the lines that show the focus themselves, so the screen need not.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class CalmModalScreen(ModalScreen[Result], Generic[Result]):
    """The same for what opens over a screen."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
