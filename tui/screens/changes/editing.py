"""Letting a change that waits say something else: a form of its operation's parameters."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from tui.screens.asking import Asking
from tui.workspace.changes.history import Change


async def edit(asker: Asking, change: Change) -> bool:
    """Ask for its arguments as `tockdeck call` takes them; what stays as it is is not touched."""
    from tui.screens.parameters import form_fields, texts_of
    from tui.workspace.changes.editing import edited, shown_texts

    workspace = asker.workspace
    operation = await asyncio.to_thread(workspace.operations.find, change.operation)
    texts = shown_texts(operation, change)

    async def submit(values: Mapping[str, Any]) -> str:
        arguments = edited(operation, change, texts, texts_of(values), workspace.zone)
        if not await workspace.history.outbox.change_arguments(change.id, arguments):
            return "It does not wait any more: nothing was changed."
        return "Changed. It waits as before."

    fields = form_fields(operation, texts, workspace.zone)
    return await asker.ask_form(
        f"changes.{change.id}",
        change.title,
        [one for one in fields if one.kind != "secret"],
        submit,
        intro=f"{operation.title}. It is sent when the way is open.",
    )
