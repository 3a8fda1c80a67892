"""What is said upwards has names of its own."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from textual import events
from textual.message import Message

import tui.screens
import tui.widgets


def kinds_of(kind: type[Message]) -> Iterator[type[Message]]:
    for one in kind.__subclasses__():
        yield one
        yield from kinds_of(one)


def test_no_message_is_taken_for_an_event_of_the_mouse_or_the_like() -> None:
    """Events bubble up to the application too: what leaves a widget must not leave the deck."""
    for package in (tui.screens, tui.widgets):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    ours = {
        kind.handler_name: kind
        for kind in kinds_of(Message)
        if kind.__module__.startswith("tui.") and not issubclass(kind, events.Event)
    }
    assert len(ours) > 20
    of_textual = {kind.handler_name for kind in kinds_of(events.Event)}
    assert {name: kind for name, kind in ours.items() if name in of_textual} == {}
