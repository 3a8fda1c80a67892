"""One key begins a recording of what is watched, and ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.work import begin_work
from tui.words import counted

if TYPE_CHECKING:
    from tui.screens.live.watch import Watching


async def turn_recording(asker: Asking, watching: Watching) -> None:
    """End the recording that runs, or begin one; of a replay there is none. Raises OSError."""
    if watching.recording:
        recorder = await watching.room.stop_recording()
        if recorder is not None:
            from tui.screens.saving import tell_where

            held, left = counted(recorder.frames, "message"), watching.holes_text()
            tell_where(
                asker, recorder.path, lambda where: f"Recorded {held} in {where}{left}.", "good"
            )
    elif watching.replay is not None:
        asker.flash(
            f"A replay is recorded already; {key_for('live.watch')} goes back to what is live.",
            "warn",
        )
    else:
        asker.flash(
            (f"Recording to {await watching.start_recording()}; {key_for('live.record')} ends it."),
            "good",
        )
        begin_work(asker, watching.tell_day, group="day", exclusive=True)
