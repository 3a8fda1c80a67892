"""Textual's key bindings, made from the registry of commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from tui.commands import in_scope

if TYPE_CHECKING:
    from collections.abc import Iterable


UNSENT = "f35"
"""No keyboard sends it: the key of commands that have none, so that they can be given one."""


def bindings_of(scope: str) -> list[BindingType]:
    """The bindings of one scope; their ids are the command ids, so a keymap can replace keys."""
    return [
        Binding(
            ",".join(command.keys) or UNSENT,
            f"command({command.id!r})",
            command.title,
            show=False,
            priority=command.everywhere,
            id=command.id,
        )
        for command in in_scope(scope)
    ]


def keymap_of(overrides: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """A person's `[keys]` as Textual's keymap. A command without keys keeps none."""
    return {name: ",".join(keys) or UNSENT for name, keys in overrides.items()}
