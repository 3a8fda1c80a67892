"""Textual's bindings of widgets, made from the one list of their keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from tui.widget_keys import WidgetKey


def bindings_from(keys: Iterable[WidgetKey], *, priority: bool = False) -> list[BindingType]:
    """One binding for each; with `priority` they work while something within has the focus."""
    return [
        Binding(
            ",".join(one.keys),
            one.action,
            one.title,
            show=False,
            priority=priority,
            id=one.id,
        )
        for one in keys
    ]
