"""What is said of the running timer, and what becomes of it where that ran no longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.message import Message

from tui.screens.absent import why_absent
from tui.screens.pane import Pane
from tui.workspace.times import clock, moment_text

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Block, Overview

UNREAD = "The trackers are not here yet."

LABEL = "It is sent with the stop; empty leaves it out."


class DescribingPane(Pane):
    """A pane of the timer: what runs can be described from it."""

    SCOPE = "timers"

    class Written(Message):
        """The timer or time was written, or tried to be: what runs may be something else now."""

    class PageOpened(Message):
        """The page of a block was opened, or its address copied: it may become another there."""

        def __init__(self, block: Block) -> None:
            super().__init__()
            self.block = block

    overview: Overview | None = None
    """The trackers and what runs, once that is known."""

    odd = False
    """Whether the end of what runs may have been forgotten."""

    def keys(self) -> Mapping[str, str]:
        """What can be done about a forgotten timer comes first; what stands still is resumed."""
        keys = super().keys()
        if self.overview is not None and self.overview.now is None:
            others = {name: title for name, title in keys.items() if name != "describe"}
            return {"resume" if name == "stop" else name: others[name] for name in others}
        return {"put_right": "", **keys} if self.odd else keys

    async def command_describe(self) -> None:
        """Say what is done while it runs."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.timers.describing import why_too_long

        cases = self.workspace.timers
        if self.overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
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

    # -- a block that is wrong ------------------------------------------------------------------

    async def edit(self, block: Block, overview: Overview, hint: str = "") -> None:
        """Open the page of a block; what became of it is said once that is seen."""
        from tui.screens.timing.mending import edit_block

        if await edit_block(self, block, overview, hint=hint):
            self.post_message(self.PageOpened(block))
            self.post_message(self.Written())

    async def command_put_right(self) -> None:
        """A timer whose end was forgotten, as it seems: stop it and mend its end, or keep it."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        if self.overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return
        cases = self.workspace.timers
        overview = await cases.as_now(self.overview)
        odd = cases.mending.odd(overview)
        if overview.now is None or overview.since is None or not odd:
            self.flash("Nothing is odd about what runs.", "warn")
            return
        name, zone, here = overview.name(overview.now), self.workspace.zone, overview.offline.here
        noted = overview.told(datetime.now(UTC))
        left = None if noted.away_from is None else datetime.fromtimestamp(noted.away_from, UTC)
        choices = [Node("keep", "Keep it", detail="it runs on, and this is not said again")]
        if here is None:
            mend = "its page takes the time"
            choices.insert(0, Node("mend", "Stop it now, and mend its end", detail=mend))
        elif left is not None and left > here.since:
            end = f"End it at {clock(left, zone)}"
            choices.insert(0, Node("end", end, detail="it is added with its true times"))
        chosen = await self.ask(Choice(f"{name} runs", choices, note=f"{name} {odd}."))
        if chosen == "keep":
            await cases.mending.keep(overview)
            self.post_message(self.Written())
        elif chosen == "end" and here is not None and left is not None:
            news = await cases.end_here(here, left.replace(microsecond=0))
            self.flash(f"Ended {name} at {clock(left, zone)}. {news}".rstrip(), "good")
            self.post_message(self.Written())
        elif chosen == "mend":
            await self._stop_and_mend(overview, left)

    async def _stop_and_mend(self, overview: Overview, left: datetime | None) -> None:
        cases, since = self.workspace.timers, overview.since
        await self.stop_now(overview)
        now = (await cases.overview()).value
        if since is None or (now.now, now.since) == (overview.now, since):
            return
        block = await cases.mending.begun(overview.now, since)
        if block is not None:
            at = f" Nobody was here from {clock(left, self.workspace.zone)} on." if left else ""
            await self.edit(block, now, hint=f"Give it its true stop.{at}")

    async def stop_now(self, overview: Overview) -> None:
        """Stop what runs, after what was done was asked."""
        raise NotImplementedError

    # -- what was said, left over -----------------------------------------------------------------

    async def _place(self, overview: Overview) -> None:
        """What was said of a block that was stopped elsewhere: where it belongs."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        left, cases, zone = overview.left, self.workspace.timers, self.workspace.zone
        if left is None:
            return
        block = await cases.mending.begun(left.tracker_id, left.since)
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
