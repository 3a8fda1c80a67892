"""Which keys the footer of the Invoices screen shows, by pane and by what stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.invoices.rows import View

CLIENTS: Mapping[str, str] = {
    "open": "", "add": "New client", "invoice": "", "change": "", "delete": "", "export": "",
    "filter": "",
}  # fmt: skip
INVOICES: Mapping[str, str] = {
    "open": "", "add": "New invoice", "pay": "", "comment": "", "change": "", "delete": "",
    "export": "", "copy": "",
}  # fmt: skip
WORK: Mapping[View, Mapping[str, str]] = {
    "entries": {"open": "", "add": "New entry", "approve": "", "change": "", "comment": "",
                "delete": ""},
    "tasks": {"open": "", "add": "New task", "change": "", "comment": "", "delete": ""},
    "projects": {"open": "", "add": "New project", "change": "", "delete": ""},
}  # fmt: skip


def keys_of_pane(pane: str, view: View, following: str) -> Mapping[str, str]:
    """Command names and what they are called there; `following` is what the lower pane has next."""
    if pane == "invoices":
        return {**INVOICES, "view": following}
    if pane == "work":
        return {**WORK[view], "view": following, "invoice": "", "export": ""}
    return {**CLIENTS, "view": following}
