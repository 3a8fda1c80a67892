"""What panes and screens say to those above them: to the screen, and to the application."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.message import Message

from tui.config.load import Loaded
from tui.widgets.palette import Role


class News(Message):
    """One line for the screen to show for some seconds; `unasked`: after what is being said."""

    def __init__(self, text: str, role: Role = "text", *, unasked: bool = False) -> None:
        super().__init__()
        self.text = text
        self.role: Role = role
        self.unasked = unasked


class Go(Message):
    """To another screen; `key` is what its use cases call the thing there to point at.

    `kind` says what of the screen that is, as the search calls it; without one it is what the
    screen is a list of.
    """

    def __init__(self, scope: str, key: str = "", kind: str = "") -> None:
        super().__init__()
        self.scope = scope
        self.key = key
        self.kind = kind


class Back(Message):
    """From a screen beside the seven to the one that it was opened from."""


class Tell(Message):
    """Something happened outside of any screen, such as to the embedded services."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class ScreenFilled(Message):
    """All panes of a screen show something, or say why not; told once."""


class CommandWanted(Message):
    """A person chose a command by its id, such as from a menu."""

    def __init__(self, id: str) -> None:
        super().__init__()
        self.id = id


class ThemeWanted(Message):
    """A person chose a theme by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Learned(Message):
    """What word may be given of was read: what runs, or which invoices are unpaid."""


class RemindersChanged(Message):
    """Reminders of one's own are others now."""


class UnitsChanged(Message):
    """Other units of RIoT are accepted now."""


class StartOver(Message):
    """Accounts, or all data, are others than before: nothing of what is shown counts any more.

    `loaded` are the settings from now on, `news` is what has happened.
    """

    def __init__(self, loaded: Loaded, news: str) -> None:
        super().__init__()
        self.loaded = loaded
        self.news = news


class QuitWanted(Message):
    """End the program; whoever would lose something was asked already."""


async def hand_over(app: App[Any], message: Message) -> None:
    """Give the application a message and return once it was handled.

    In its queue it would stand behind keys that were pressed after the one that led to it: they
    are for where a person goes, not for where they were. Textual's version is pinned exactly,
    and a test holds the order.
    """
    await app._on_message(message)
