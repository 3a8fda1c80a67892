"""Asking which entry without a block is to be deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.outline_model import Node
from tui.workspace.times import stretch_text

if TYPE_CHECKING:
    from datetime import tzinfo

    from tui.workspace.timesheet.entered import Entered


async def ask_gone(asker: Asking, gone: Sequence[Entered], zone: tzinfo) -> Entered | None:
    """The one of them to be deleted, as a person chose and confirmed; None where none is to be."""
    number: str | None = str(gone[0].entry)
    if len(gone) > 1:
        nodes = [
            Node(
                str(one.entry),
                f"No {one.entry}",
                detail=f"{stretch_text(one.start, one.stop, zone)} {one.text}",
            )
            for one in gone
        ]
        number = await asker.ask(Choice("Which entry, of those without a block?", nodes))
    one = next((one for one in gone if str(one.entry) == number), None)
    if one is None or not await asker.ask(
        Confirm(
            "Delete",
            f"Delete No {one.entry}, {stretch_text(one.start, one.stop, zone)}?",
            loses="It is in the timesheet, and its block is not among the timers any more.",
            yes="delete",
        )
    ):
        return None
    return one
