"""Whose time the report shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.screens.asking import Asking
from tui.screens.timers.report import person_name
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Profile


class Whose(NamedTuple):
    """Who was chosen; None is oneself."""

    person: Profile | None


async def ask_person(asker: Asking, current: Profile | None) -> Whose | None:
    """Ask whose time is wanted; None where nobody was chosen."""
    people = await asker.workspace.timers.people()
    choices = [Node("own", "Myself")]
    choices += [Node(str(one.id), person_name(one), detail=one.email or "") for one in people]
    now = "own" if current is None else str(current.id)
    chosen = await asker.ask(Choice("Whose time", choices, current=now))
    if chosen is None:
        return None
    return Whose(next((one for one in people if str(one.id) == chosen), None))
