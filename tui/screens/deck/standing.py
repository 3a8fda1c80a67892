"""How the changes stand, on every screen: what is told at the start, the tab bar, the footer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.worker import NoActiveWorker, get_current_worker

from tui.screens.asking import Asking
from tui.screens.base import deck_screen
from tui.screens.deck.own import step_to_undo
from tui.screens.messages import Tell
from tui.spoken_keys import key_for
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.history import Change, Conflict, History
    from tui.workspace.changes.sending import Clients

GONE = "The embedded data that it was for are there no more."


def attend(app: App[Any], workspace: Workspace, history: History) -> None:
    """Have a person asked and told of every change, the very first one too.

    What is read and written before the first frame needs nothing of this.
    """

    def tell(text: str) -> None:
        app.post_message(Tell(text))

    history.sender.resolve = lambda conflict: asked(app, conflict, workspace.zone, history.clients)
    history.sender.told = history.changes.database.told = tell


async def begin(app: App[Any], workspace: Workspace) -> None:
    """See to what was left open, tell of it, and show from now on how the changes stand.

    Called once the first frame stands; everything slow is done in threads.
    """
    for part in ("stand", "pump", "reminders"):
        await asyncio.to_thread(workspace.prepare, part)
    history, stand = workspace.history, workspace.stand
    stand.beside = partial(step_to_undo, workspace)
    stand.watch(lambda: look_again(app, workspace))
    unknown: list[Change] = []
    try:
        await history.outbox.give_up(workspace.connections.is_gone, GONE)
        unknown = await history.outbox.recover()
    except EXPECTED:
        # Each change says what is amiss with it where it is shown.
        pass
    workspace.pump.moved = lambda: look_again(app, workspace, moved=True)
    workspace.pump.start()
    await stand.elsewhere()
    await _show(app, workspace)
    _greet(app, unknown)


def _greet(app: App[Any], unknown: list[Change]) -> None:
    """One line for what was left open, with the key that leads there."""
    from tui.workspace.changes.standing import greeting

    words = greeting(unknown)
    screen = deck_screen(app)
    if words and screen is not None:
        screen.flash(f"{words} {key_for('deck.changes')} shows it.", "warn")


def look_again(app: App[Any], workspace: Workspace, *, moved: bool = False) -> None:
    """Show anew how the changes stand; what the screen shows too where something `moved`."""
    if app.is_running:
        # The function, not its coroutine: one that is cancelled before it begins is never made.
        show = partial(_show, app, workspace, moved=moved)
        group = "moved" if moved else "standing"
        begin_work(app, show, group=group, exclusive=True)


async def _show(app: App[Any], workspace: Workspace, *, moved: bool = False) -> None:
    """What was sent meanwhile is no longer as the screen in front shows it."""
    await workspace.stand.look()
    screen = deck_screen(app)
    if screen is not None and screen.workspace is workspace:
        screen.show_standing()
        if moved:
            screen.resume()


async def asked(
    app: App[Any], conflict: Conflict, zone: tzinfo, clients: Clients
) -> Mapping[str, Any] | None:
    """Ask a person between theirs and mine; None where they leave it open, or where what runs
    is none of their commands, which alone may ask. Raises TheirsStay where all is left."""
    from tui.widgets.conflict import ConflictDialog
    from tui.workspace.changes.errors import TheirsStay
    from tui.workspace.changes.names import names_of
    from tui.workspace.operations.catalogue import choices_by_name

    try:
        worker = get_current_worker()
    except NoActiveWorker:
        return None
    choices = await asyncio.to_thread(choices_by_name, conflict.operation)
    dialog = ConflictDialog(conflict, zone, choices, await names_of(clients, conflict))
    doer = worker.node
    if isinstance(doer, Asking):
        # The keys are the question's, and need not wait for the command any more.
        chosen = await doer.ask(dialog)
    else:
        chosen = await app.push_screen_wait(dialog)
    if chosen is not None and not chosen.goes_on:
        raise TheirsStay.of(conflict)
    return None if chosen is None else chosen.fields
