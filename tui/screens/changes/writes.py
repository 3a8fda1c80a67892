"""What can be done with the change under the cursor, from the list and from beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from tui.commands import COMMANDS
from tui.screens.many_changes import carried_out
from tui.screens.pane import Pane
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm
from tui.words import counted
from tui.workspace.changes.history import Change, Conflict
from tui.workspace.problems import EXPECTED
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.plans import Plan

Able = Callable[[Change], bool]
ABLE: Mapping[str, tuple[Able, str]] = {
    "choose": (lambda one: one.state == "waiting" and one.theirs is not None, "is a conflict"),
    "send": (lambda one: one.state == "waiting" and one.theirs is None, "waits"),
    "look": (lambda one: one.state == "unknown", "is not known"),
    "again": (lambda one: one.state == "unknown", "is not known"),
    "done": (lambda one: one.state == "unknown", "is not known"),
    "hold": (lambda one: one.state == "waiting" and one.theirs is None, "waits"),
    "edit": (lambda one: one.state == "waiting", "waits"),
    "drop": (lambda one: one.state in ("waiting", "unknown"), "waits or is not known"),
    "take_back": (
        lambda one: one.state == "done" and not (one.undoes or one.redoes),
        "was done, and is no undo itself",
    ),
}
"""Command -> whether it is for a change, and of which it is, in words."""


class Shown:
    """The change under the cursor, as it was read last; what the panes share."""

    def __init__(self) -> None:
        self.id = ""
        self.change: Change | None = None
        self.plan: Plan | None = None


class ChangeCommands(Pane):
    """A pane whose commands are for the change under the cursor."""

    SCOPE = "changes"
    ALWAYS: ClassVar[tuple[str, ...]] = ("record", "state", "service", "only", "filter")
    """How the list is narrowed, and where the cursor's change leads: in every footer."""

    def __init__(
        self, workspace: Workspace, shown: Shown, content: Widget, title: str, *, id: str
    ) -> None:
        super().__init__(workspace, content, title, id=id)
        self.shown = shown

    def keys(self) -> Mapping[str, str]:
        """What this change is for, then how the list is narrowed."""
        change, keys = self.shown.change, {"open": ""}
        if change is not None:
            keys |= {name: "" for name, (able, _) in ABLE.items() if able(change)}
            if "hold" in keys and change.held:
                keys["hold"] = "Let go"
        return keys | dict.fromkeys(self.ALWAYS, "")

    async def chosen(self, command: str = "") -> Change | None:
        """The change under the cursor as it is now; None, and why, where it is not for it."""
        changes = self.workspace.history.changes
        change = await asyncio.to_thread(changes.get, self.shown.id) if self.shown.id else None
        if change is None:
            self.flash("There is no change under the cursor.", "warn")
            return None
        able, which = ABLE.get(command, (lambda _one: True, ""))
        if not able(change):
            self.flash(f"{COMMANDS[f'changes.{command}'].title} is for what {which}.", "warn")
            return None
        return change

    async def parts(self, command: str, change: Change) -> list[Change]:
        """All parts of the same work that a command is for, in order; mostly the change alone."""
        found = await asyncio.to_thread(self.workspace.history.changes.alike, change)
        return [one for one in found if ABLE[command][0](one)]

    # -- reading --------------------------------------------------------------------------------

    async def known(self, change: Change) -> str:
        """All that is known of a change, as text."""
        from tui.screens.changes.texts import entry_text

        history = self.workspace.history
        plan = await plan_of(self.workspace, change)
        advice = history.outbox.look_at(change) if change.state == "unknown" else ""
        return entry_text(change, plan, advice, self.workspace.zone)

    async def command_open(self) -> None:
        """All that is known of it."""
        change = await self.chosen()
        if change is not None:
            await self.read("Change", await self.known(change))

    async def command_copy(self) -> None:
        """Copy all that is known of it."""
        change = await self.chosen()
        if change is not None:
            await self.copy(await self.known(change))

    async def command_record(self) -> None:
        """Go to the screen that shows what it changes."""
        from tui.workspace.changes.words import place_of

        change = await self.chosen()
        if change is not None:
            if not self._is_ours(change):
                self.flash("It is for another account than the one that is connected.", "warn")
                return
            room, key = place_of(change)
            if room:
                await self.go(room, key)
            else:
                self.flash("No screen shows it.", "warn")

    # -- what waits -----------------------------------------------------------------------------

    def _is_ours(self, change: Change) -> bool:
        return change.owner == self.workspace.connections.account(change.service)

    async def command_send(self) -> None:
        """Send it now."""
        change = await self.chosen("send")
        if change is None:
            return
        if not self._is_ours(change):
            self.flash(f"It waits for {change.owner}, which is not connected now.", "warn")
        else:
            outbox, parts = self.workspace.history.outbox, await self.parts("send", change)
            sent = [await outbox.send(one.id) for one in parts]
            self._say_sent(change, sum(sent), len(parts))

    def _say_sent(self, change: Change, sent: int, of: int) -> None:
        if sent == of:
            self.flash(f"Sent: {change.title}.", "good")
        elif sent:
            self.flash(f"{sent:,} of {counted(of, 'call')} were sent: {change.title}.", "warn")
        else:
            self.flash("It waits for an earlier change of the same record.", "warn")

    async def command_choose(self) -> None:
        """Mine or theirs, side by side."""
        from tui.screens.changes.choosing import chosen_between

        change = await self.chosen("choose")
        if change is None or change.theirs is None:
            return
        before = change.before or {}
        conflict = Conflict(
            f"{change.title}: somebody else changed it meanwhile.",
            seen={name: before.get(name) for name in change.theirs},
            theirs=change.theirs,
            mine={name: one for name, one in change.wanted.items() if name in change.theirs},
            called=change.field_names,
            service=change.service,
            operation=change.operation,
        )
        chosen = await chosen_between(self, conflict)
        if chosen is None:
            self.flash("Nothing was decided: it waits.")
            return
        fields = chosen.fields if chosen.goes_on else None
        if await self.workspace.history.outbox.choose(change.id, fields):
            self.flash(f"Sent: {change.title}.", "good")
        else:
            self.flash("Theirs stays. Nothing was sent.", "good")

    async def command_hold(self) -> None:
        """Let it wait for a word, or no longer."""
        change = await self.chosen("hold")
        if change is None:
            return
        held = not change.held
        for one in await self.parts("hold", change):
            await self.workspace.history.outbox.hold(one.id, held)
        if not held:
            self.workspace.pump.at_once()
        self.flash("It waits for your word." if held else "It is sent when the way is open.")

    async def command_edit(self) -> None:
        """Let it say something else."""
        from tui.screens.changes.editing import edit

        change = await self.chosen("edit")
        if change is not None:
            await edit(self, change)

    async def command_drop(self) -> None:
        """Give it up, after a question."""
        change = await self.chosen("drop")
        if change is None:
            return
        loses = (
            "It is not sent any more."
            if change.state == "waiting"
            else "Nobody looks for it any more. It may have been done: nothing takes it back then."
        )
        sure = await self.ask(
            Confirm("Drop", f"Drop: {change.title}?", loses=loses, yes="drop it", key="y")
        )
        if sure:
            for one in await self.parts("drop", change):
                # Of what is not known it was not asked where the question was of what waits.
                if one.state == change.state:
                    await self.workspace.history.outbox.drop(one.id)
            self.flash(f"Dropped: {change.title}.", "good")

    # -- what is not known ------------------------------------------------------------------------

    async def command_look(self) -> None:
        """Look for its effect."""
        change = await self.chosen("look")
        if change is None:
            return
        outbox, parts = self.workspace.history.outbox, await self.parts("look", change)
        if all([await outbox.look(one.id) for one in parts]):
            self.flash(f"It was done: {change.title}.", "good")
        else:
            self.flash(
                f"It was not found, or not for certain. {key_for('changes.again')} sends it again.",
                "warn",
            )

    async def command_again(self) -> None:
        """Send it once more, after a question."""
        change = await self.chosen("again")
        if change is None:
            return
        outbox = self.workspace.history.outbox
        advice = outbox.look_at(change)
        sure = await self.ask(
            Confirm(
                "Send again",
                f"Send again: {change.title}?",
                loses=f"Where it was done, it is done twice. {advice}",
                yes="send it again",
                key="y",
            )
        )
        if not sure:
            return
        parts = await self.parts("again", change)
        self._say_sent(change, sum([await outbox.again(one.id) for one in parts]), len(parts))

    async def command_done(self) -> None:
        """Count it as done."""
        change = await self.chosen("done")
        if change is not None:
            for one in await self.parts("done", change):
                await self.workspace.history.outbox.count_as_done(one.id)
            self.flash(f"It counts as done: {change.title}.", "good")

    # -- what was done ----------------------------------------------------------------------------

    async def command_take_back(self) -> None:
        """Take this one back, after a question."""
        change = await self.chosen("take_back")
        if change is None:
            return
        plan = await plan_of(self.workspace, change)
        if plan is None or plan.cannot:
            why = plan.cannot if plan is not None else "It cannot be read."
            self.flash(f"It cannot be taken back. {why}", "warn")
            return
        sure = await self.ask(
            Confirm(
                "Undo", f"Take back: {plan.title}?", loses=plan.inexact, yes="take it back", key="y"
            )
        )
        if sure:
            work = self.workspace.history.undoing.undo
            try:
                news = await carried_out(self, plan, "Undo", "taken back", work)
            except EXPECTED as error:
                await self.tell_failure("Undo", error)
            else:
                self.flash(f"Undone: {plan.title}. {news}".strip(), "good")


async def plan_of(workspace: Workspace, change: Change) -> Plan | None:
    """What undo would do to a change; None where the disk refuses to tell."""
    from tui.workspace.changes.kinds import kinds_of

    # What is known of a service's changes brings its client with it.
    await asyncio.to_thread(kinds_of, change.service)
    try:
        return await workspace.history.undoing.plan_of(change)
    except OSError:
        return None
