"""By which zone the service of the hours has its days, beside the title of what runs."""

from __future__ import annotations

from asyncio import to_thread
from functools import partial

from textual.worker import Worker

from tui.screens.pane import Pane
from tui.widgets.work import begin_work
from tui.workspace.zone_there import days_there


def note_days(pane: Pane) -> Worker[None]:
    """Say it where it is another than the deck's. In a thread: the zone of embedded data stands in
    a file, each zone is a file of the machine, and to compare two takes milliseconds.
    """
    return begin_work(pane, partial(_note, pane), group="days", exclusive=True)


async def _note(pane: Pane) -> None:
    pane.show_note(await to_thread(days_there, pane.workspace))
