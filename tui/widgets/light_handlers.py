"""Handlers of messages that are looked for once for each kind of widget and message.

For every message that a widget gets Textual looks through all classes that the widget is made of.
What is found depends on the classes alone, but for the places that a handler is bound to. Textual's
version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from textual._on import OnNoWidget
from textual.css.match import match
from textual.css.model import SelectorSet
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

_Selectors = dict[str, tuple[SelectorSet, ...]]
_Found = tuple[type, tuple[tuple[Callable[..., Any], _Selectors], ...], Callable[..., Any] | None]
"""A class, what it has by `@on` for a message, and what it has by its name."""


def lighten() -> None:
    """Let every widget find its handlers so."""
    MessagePump._get_dispatch_methods = _handlers  # type: ignore[method-assign]


@cache
def _found(pump: type, name: str, message: type) -> tuple[_Found, ...]:
    kinds = [kind for kind in message.__mro__ if issubclass(kind, Message)]
    found: list[_Found] = []
    for one in pump.__mro__:
        names = vars(one)
        decorated = names.get("_decorated_handlers") or {}
        by_on = tuple(handler for kind in kinds for handler in decorated.get(kind, ()))
        by_name = names.get(f"_{name}") or names.get(name)
        if getattr(by_name, "_textual_on", None):
            by_name = None
        if by_on or by_name is not None:
            found.append((one, by_on, by_name))
    return tuple(found)


def _handlers(
    self: MessagePump, method_name: str, message: Message
) -> Iterator[tuple[type, Callable[..., Any]]]:
    done: set[Callable[..., Any]] = set()
    kind: type = type(message)
    for one, by_on, by_name in _found(type(self), method_name, kind):
        if message._no_default_action:
            return
        for method, selectors in by_on:
            if method not in done and (not selectors or _is_from(message, selectors)):
                yield one, method.__get__(self, one)
                done.add(method)
        if by_name is not None:
            yield one, by_name.__get__(self, one)


def _is_from(message: Message, selectors: _Selectors) -> bool:
    """Whether it is of those places that a handler is for."""
    if not message._sender:
        return False
    for attribute, selector in selectors.items():
        node = getattr(message, attribute)
        if node is None:
            return False
        if not isinstance(node, Widget):
            raise OnNoWidget(f"{attribute!r} of {message!r} is no widget")
        if not match(selector, node):
            return False
    return True
