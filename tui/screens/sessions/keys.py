"""Which keys the footer of the Sessions screen shows, by list and by pane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.sessions.rows import View

LIST: Mapping[View, Mapping[str, str]] = {
    "sessions": {"open": "", "create": "New", "annotate": "", "delete": "", "plot": "", "live": ""},
    "devices": {"open": "", "create": "Register", "change": "Rename", "delete": "Give up"},
    "groups": {"open": "", "create": "New", "change": "Add member", "delete": ""},
    "access": {"create": "Give access"},
}
DETAIL: Mapping[View, Mapping[str, str]] = {
    "sessions": {"open": "Read, plot", "annotate": "", "delete": "Take back", "copy": "",
                 "live": ""},
    "devices": {"change": "Rename", "copy": ""},
    "groups": {"change": "Add member", "delete": "Take out", "copy": ""},
    "access": {"create": "Give access", "copy": ""},
}  # fmt: skip
PLOT: Mapping[str, str] = {
    "plot": "", "axis": "", "zoom_in": "", "zoom_out": "", "earlier": "", "later": "",
    "whole": "", "refresh": "",
}  # fmt: skip


def keys_of_pane(view: View, pane: str, following: str) -> Mapping[str, str]:
    """Command names and what they are called there; `following` is the title of the next list."""
    if pane == "plot":
        return PLOT
    keys = DETAIL if pane == "one" else LIST
    return {**keys[view], "list": following, "filter": ""}
