"""Mine or theirs, asked on the screen of changes."""

from __future__ import annotations

import asyncio

from tui.screens.asking import Asking
from tui.widgets.conflict import Chosen, ConflictDialog
from tui.workspace.changes.history import Conflict
from tui.workspace.operations.catalogue import choices_by_name


async def chosen_between(asker: Asking, conflict: Conflict) -> Chosen | None:
    """What a person decided; None where it was left open."""
    choices = await asyncio.to_thread(choices_by_name, conflict.operation)
    return await asker.ask(ConflictDialog(conflict, asker.workspace.zone, choices))
