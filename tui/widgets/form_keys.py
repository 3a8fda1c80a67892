"""The line of keys of a form, by where the focus is."""

from __future__ import annotations

from textual.widget import Widget
from textual.widgets import TextArea

from tui.spoken_keys import either_of, key_for
from tui.widgets.buttons import Buttons

NEXT = "enter next"
"""What enter does in most fields of a form."""


def form_keys() -> str:
    """The line of keys of a form that has none of its own."""
    return f"{NEXT} · {either_of('form.save')} saves · {key_for('dialog.cancel')} closes"


def keys_at(focused: Widget, keys: str) -> str:
    """A form's line of keys, with what enter does where the focus is."""
    if isinstance(focused, TextArea):
        return keys.replace(NEXT, "enter new line · tab next")
    if isinstance(focused, Buttons):
        return keys.replace(NEXT, f"{key_for('buttons.press')} presses")
    return keys
