"""A pane whose cursor may be on a block: its page is opened, and what became of it is said."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from tui.screens.timing.writes import TimerPane
from tui.spoken_keys import key_for

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.workspace.timers.timers import Block
    from tui.workspace.workspace import Workspace

PAGE_SECONDS = 3600.0
"""How long it is looked what became of a block whose page was opened."""


class BlocksPane(TimerPane):
    """Has blocks. No call changes one: the service has a page for it."""

    def __init__(self, workspace: Workspace, content: Widget, title: str) -> None:
        super().__init__(workspace, content, title)
        self._opened: dict[int, tuple[Block, float]] = {}
        """Blocks whose page was opened or copied, as they were then, and until when it is looked
        (`monotonic`) what became of them."""

    def chosen_block(self) -> Block | None:
        """The block under the cursor."""
        raise NotImplementedError

    def whose(self) -> str:
        """The name of the person whose blocks they are; "" for one's own."""
        raise NotImplementedError

    def hints_of(self, block: Block) -> str:
        """What can be done about a block, and by which keys."""
        if self.whose():
            return f"Only {self.whose()} can edit it."
        if block.id <= 0:
            return f"To change or drop what waits: {key_for('deck.changes')}."
        edit, copy = key_for("timers.edit"), key_for("timers.copy_page")
        page = f"To edit or delete it on its page: {edit}; to copy the address of that: {copy}."
        if block.time_out is None and not block.free:
            stop, say = key_for("timers.stop"), key_for("timers.describe")
            return f"{page}\nTo stop it: {stop}; to say what is done: {say}."
        return f"{page}\nTo start its tracker again: {key_for('timers.start')}."

    def _own_block(self) -> Block | None:
        """The block under the cursor, where it can be edited; it is said where it cannot."""
        block = self.chosen_block()
        if block is None:
            self.flash("The cursor is on no block.", "warn")
        elif self.whose():
            self.flash(f"Only {self.whose()} can edit it.", "warn")
            return None
        return block

    async def command_edit(self) -> None:
        """Open the page where the block under the cursor is edited."""
        block = self._own_block()
        if block is not None and self.overview is not None:
            await self.edit(block, self.overview)

    async def command_copy_page(self) -> None:
        """Copy the address of that page."""
        from tui.screens.timing.mending import copy_address

        block = self._own_block()
        if block is not None and self.overview is not None:
            await copy_address(self, block, self.overview)
            self.watch_block(block)

    # -- what became of it ------------------------------------------------------------------------

    def watch_block(self, block: Block) -> None:
        """Its page was opened: it may become another there."""
        self._opened[block.id] = (block, monotonic() + PAGE_SECONDS)

    @property
    def has_pages(self) -> bool:
        """Whether a page of a block may be open."""
        return bool(self._opened)

    async def say_what_became(self) -> None:
        """Of blocks whose page was opened, in one line each."""
        mending, overview = self.workspace.timers.mending, self.overview
        if overview is None:
            return
        for number, (before, until) in list(self._opened.items()):
            now = await mending.now(before)
            if now is None or monotonic() > until:
                self._opened.pop(number, None)
            else:
                self._opened[number] = (now, until)
            if words := mending.words(before, now, overview):
                self.flash(words, "good" if now is not None else "warn")
