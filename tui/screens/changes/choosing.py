"""Mine or theirs, asked on the screen of changes."""

from __future__ import annotations

import asyncio

from tui.screens.asking import Asking
from tui.widgets.conflict import Chosen, ConflictDialog
from tui.workspace.changes.history import Conflict
from tui.workspace.changes.names import names_of
from tui.workspace.operations.catalogue import choices_by_name


async def chosen_between(asker: Asking, conflict: Conflict) -> Chosen | None:
    """What a person decided; None where it was left open."""
    choices = await asyncio.to_thread(choices_by_name, conflict.operation)
    names = await names_of(asker.workspace.connections, conflict)
    return await asker.ask(ConflictDialog(conflict, asker.workspace.zone, choices, names))
