"""Search in what of a book stands beside its table, over what is loaded."""

from __future__ import annotations

from collections.abc import Sequence

from tui.screens.books.items import OLDER
from tui.screens.books.lines import Item
from tui.screens.books.said import SaidPane
from tui.spoken_keys import either_of
from tui.words import counted
from tui.workspace.worded import holds
from tui.workspace.workspace import Workspace


def matching(items: Sequence[Item], typed: str) -> list[Item]:
    """The items that hold what is typed; what loads more is none of them."""
    texts = [("" if one.key == OLDER else _text(one), one) for one in items]
    return [one for text, one in texts if text and holds(text, typed)]


def _text(item: Item) -> str:
    return "\n".join(one.text for one in item.paragraphs)


class SearchedPane(SaidPane):
    """Messages, events and files that are narrowed by words, and gone through by them."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._sought = ""
        """What was searched for last: `n` goes on with it when all is shown again."""

    async def command_filter(self) -> None:
        """Show only what of that which is loaded holds some words."""
        if self.book is None:
            self.flash("Choose a book first.", "warn")
        else:
            await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Narrow by what is typed."""
        self.narrow(text)
        self._sought = text.strip() or self._sought

    def narrowed(self, items: list[Item]) -> list[Item]:
        """Those that hold what is typed; older ones may be loaded all the same."""
        if not self.filter_text.strip():
            return items
        return [item for item in items if item.key == OLDER] + matching(items, self.filter_text)

    async def command_find(self) -> None:
        """Ask for a text, and go to the next that holds it."""
        from tui.widgets.dialogs import TextPrompt

        text = await self.ask(
            TextPrompt("Find", value=self._sought, label="Words, !not", enter="goes there")
        )
        if text and text.strip():
            self._sought = text.strip()
            self._go_to_match(1)

    def command_next_match(self) -> None:
        """To the next that holds what was searched for."""
        self._go_to_match(1)

    def command_previous_match(self) -> None:
        """To the one before that holds what was searched for."""
        self._go_to_match(-1)

    def _go_to_match(self, step: int) -> None:
        if not self._sought:
            self.flash(
                f"Nothing was searched for yet: {either_of('books.filter', 'books.find')}.", "warn"
            )
            return
        items = self.narrowed(self._items())
        keys = [item.key for item in items]
        places = [keys.index(item.key) for item in matching(items, self._sought)]
        if not places:
            self.flash(f"{self._none_of(len(items))} holds “{self._sought}”.", "warn")
            return
        here = keys.index(self.talk_lines.key) if self.talk_lines.key in keys else -1
        ahead = [place for place in places if (place - here) * step > 0]
        place = (ahead or places)[0 if step > 0 else -1]
        self.talk_lines.go_to(keys[place])
        again = "" if ahead else f", from the {'beginning' if step > 0 else 'end'} again"
        number = places.index(place) + 1
        self.flash(f"{number:,} of {len(places):,} with “{self._sought}”{again}.")

    def _none_of(self, count: int) -> str:
        return f"None of {counted(count, self.kind[:-1])} that are loaded"
