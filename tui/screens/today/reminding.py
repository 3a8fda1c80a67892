"""Reminders of one's own: one line for a new one; done, later, deleted where a cursor is on one."""

from __future__ import annotations

from asyncio import to_thread
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.message import Message

from tui.commands import Command
from tui.screens.messages import RemindersChanged
from tui.screens.pane import Pane
from tui.spoken_keys import key_for

if TYPE_CHECKING:
    from tui.workspace.reminders import Reminder

LATER = "+1h"
"""What is proposed where a reminder is put off."""
ON_ONE = ("done", "snooze", "delete")


class ReminderPane(Pane):
    """A pane whose cursor may be on a reminder."""

    SCOPE = "today"

    class Moved(Message):
        """The cursor is on another line: other keys may mean something there."""

    def chosen_reminder(self) -> int | None:
        """The number of the reminder that the cursor is on."""
        raise NotImplementedError

    def offer(self, command: Command) -> Command | None:
        """What is done to a reminder stands in the footer while the cursor is on one."""
        offered = super().offer(command)
        if offered is not None and command.name in ON_ONE and self.chosen_reminder() is None:
            return offered._replace(rank=0)
        return offered

    async def command_done(self) -> None:
        """The reminder is done with."""
        chosen = self._chosen()
        if chosen is not None:
            found = await to_thread(self.workspace.reminders.done, chosen)
            self._tell(found, "Done")

    async def command_delete(self) -> None:
        """The reminder is given up."""
        chosen = self._chosen()
        if chosen is not None:
            found = await to_thread(self.workspace.reminders.delete, chosen)
            self._tell(found, "Deleted")

    async def command_snooze(self) -> None:
        """The reminder is put off."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.reminders import TimeTextError, read_later
        from tui.workspace.times import whole_text

        chosen, where = self._chosen(), self.workspace.zone
        if chosen is None:
            return

        def wrong(text: str) -> str | None:
            try:
                read_later(text, where)
            except TimeTextError as error:
                return str(error)
            return None

        def understood(text: str) -> str:
            return whole_text(read_later(text, where), where)

        text = await self.ask(
            TextPrompt("Later", label="When again: `10m`, `tomorrow 9:00`, `fri`", value=LATER,
                       check=wrong, understood=understood, replaces=True)
        )  # fmt: skip
        if text is not None:
            when = read_later(text, where)
            found = await to_thread(self.workspace.reminders.snooze, chosen, when)
            self._tell(found, f"Again {whole_text(when, where)}")

    def _chosen(self) -> int | None:
        chosen = self.chosen_reminder()
        if chosen is None:
            key = key_for("today.remind")
            self.flash(f"The cursor is on no reminder of yours. {key} makes one.", "warn")
        return chosen

    def _tell(self, found: Reminder | None, what: str) -> None:
        self.post_message(RemindersChanged())
        if found is None:
            self.flash("This reminder was done or deleted meanwhile.", "warn")
        else:
            undo = key_for("deck.undo")
            self.flash(f"{what}: {found.text}. {undo} takes that back.", "good")

    async def command_remind(self) -> None:
        """Ask when and what in one line, and keep it."""
        from tui.widgets.dialogs import TextPrompt
        from tui.workspace.reminders import HOW, TimeTextError, read_line

        where = self.workspace.zone

        def wrong(text: str) -> str | None:
            try:
                read_line(text, where)
            except TimeTextError as error:
                return str(error)
            return None

        def understood(text: str) -> str:
            return read_line(text, where).told(where)

        await to_thread(self.workspace.prepare, "reminders")
        text = await self.ask(
            TextPrompt("Remind me", label=HOW, check=wrong, understood=understood)
        )
        if text is None:
            return
        line = read_line(text, where, datetime.now(UTC))
        await to_thread(self.workspace.reminders.add, line.when, line.text)
        self.post_message(RemindersChanged())
        self.flash(f"Reminds you {line.told(where)}.", "good")
