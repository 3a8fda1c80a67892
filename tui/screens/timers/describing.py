"""What is said of the running timer, and what becomes of it where that ran no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.pane import Pane
from tui.workspace.times import moment_text

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Overview

LABEL = "It is sent with the stop; empty leaves it out."


class DescribingPane(Pane):
    """A pane of the timer: what runs can be described from it."""

    SCOPE = "timers"

    class Written(Message):
        """The timer or time was written, or tried to be: what runs may be something else now."""

    overview: Overview | None = None
    """The trackers and what runs, once that is known."""

    async def command_describe(self) -> None:
        """Say what is done while it runs."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.timers.describing import why_too_long

        cases = self.workspace.timers
        if self.overview is None:
            self.flash("The trackers are not here yet.", "warn")
            return
        overview = await cases.as_now(self.overview)
        if overview.left is not None:
            await self._place(overview)
            return
        if overview.now is None:
            self.flash("Nothing is running that could be described.", "warn")
            return
        name = overview.name(overview.now)
        text = await self.ask(
            TextPrompt(
                f"Describe {name}",
                label=LABEL,
                value=overview.description,
                check=lambda typed: why_too_long(" ".join(typed.split())) or None,
            )
        )
        if text is None or text.strip() == overview.description:
            return
        try:
            await cases.describing.describe(overview, text)
        finally:
            self.post_message(self.Written())
        said = f"{name}: {text.strip()}." if text.strip() else f"Nothing is said of {name} now."
        self.flash(f"{said} The stop sends it." if text.strip() else said, "good")

    async def _place(self, overview: Overview) -> None:
        """What was said of a block that was stopped elsewhere: where it belongs."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        left, cases, zone = overview.left, self.workspace.timers, self.workspace.zone
        if left is None:
            return
        block = await cases.block_at(left.tracker_id, left.since)
        if block is None:
            now = "The service has no block any more that began then."
        else:
            ended = moment_text(block.time_out, zone) if block.time_out is not None else ""
            has = f", with {block.description!r}" if block.description else ""
            now = f"It ended {ended}{has}." if ended else "It runs on."
        choices = [
            Node(
                "copy", "Copy what you wrote", detail="no call gives it to a block that has ended"
            ),
            Node("forget", "Forget it", detail="it stands in Changes then, as not sent"),
        ]
        if overview.now is not None:
            runs = overview.name(overview.now)
            choices.insert(1, Node("use", f"It is about {runs}", detail="which runs now"))
        chosen = await self.ask(
            Choice(
                "Stopped elsewhere",
                choices,
                note=f"{left.name} since {moment_text(left.since, zone)} was stopped without what"
                f" you wrote here: {left.description}\n{now}",
            )
        )
        if chosen == "copy":
            await self.copy(left.description)
        elif chosen is not None:
            await (cases.describing.use(overview) if chosen == "use" else cases.describing.forget())
            self.post_message(self.Written())
