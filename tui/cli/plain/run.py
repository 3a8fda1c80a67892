"""The rounds of `tockdeck open --plain`: a page is said, a line is typed, and so on."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.cli import DONE
from tui.cli.narration import narrate
from tui.cli.plain.books import ShelfPage
from tui.cli.plain.invoices import InvoicesPage
from tui.cli.plain.live import LivePage
from tui.cli.plain.page import Line, Page
from tui.cli.plain.seat import Left, Seat, failure
from tui.cli.plain.sessions import SessionsPage
from tui.cli.plain.timers import TimersPage
from tui.cli.plain.tocks import FeedsPage
from tui.cli.plain.today import TodayPage
from tui.commands import SCREENS
from tui.services.digits import whole
from tui.words import counted
from tui.workspace.changes.standing import asks
from tui.workspace.own_steps import own_to_undo
from tui.workspace.problems import EXPECTED, SERVICE_TITLES
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.store.reminders import Step

PART = 20
"""Lines that are said at once; enter says the next ones."""
EVERYWHERE: Mapping[str, str] = {
    "number": "opens the line of that number",
    "enter": "says the next lines",
    "b": "back",
    "h": "home, the list of the screens",
    "g 3": "goes to the third screen, and so on",
    "r": "reads again",
    "u": "takes back the latest change, after a question where that is needed",
    "?": "what can be done here",
    "q": "leaves",
}
_ROOMS: Mapping[str, Callable[[Seat], Page]] = {
    "books": ShelfPage,
    "tocks": FeedsPage,
    "sessions": SessionsPage,
    "timers": TimersPage,
    "invoices": InvoicesPage,
    "live": LivePage,
}


def room(seat: Seat, scope: str) -> Page:
    """The page of a screen, by its scope; of what is no screen here, the list of all."""
    if scope == "today":
        return TodayPage(seat, lambda other: room(seat, other))
    made = _ROOMS.get(scope)
    return HomePage(seat) if made is None else made(seat)


class HomePage(Page):
    """The seven screens."""

    title = "tockdeck"

    async def read(self) -> Sequence[Line]:
        """One line a screen."""
        self.head = ["A number opens a line; ? says what else there is, q leaves."]
        return [
            Line(title, lambda scope=scope: room(self.seat, scope))  # type: ignore[misc]
            for scope, title in SCREENS.items()
        ]


class Rounds:
    """Where the person is: the pages that lead there, the last one being heard."""

    def __init__(self, seat: Seat, first: str) -> None:
        self._seat = seat
        self._pages: list[Page] = [HomePage(seat)]
        if first:
            self._pages.append(room(seat, first))
        self._said = 0

    def run(self) -> None:
        """Until the person leaves."""
        self._show()
        try:
            while self._obey(self._seat.ask(">")):
                continue
        except Left:
            return

    @property
    def _page(self) -> Page:
        return self._pages[-1]

    def _show(self, *, again: bool = False, written: bool = False) -> None:
        """Read the page, anew where that is asked for, and say it.

        What cannot be read is said, and the page stands empty. After what was `written` the lines
        are only counted: they were heard just before, and may have other numbers now.
        """
        page, self._said = self._page, 0
        page.head, page.again, wrong = [], again, ""
        try:
            page.lines = self._seat.wait(page.read())
        except EXPECTED as error:
            page.lines, wrong = (), failure(error)
        if not written:
            self._seat.say(page.title)
        for line in dict.fromkeys(page.head):
            self._seat.say(line)
        if wrong:
            self._seat.say(f"{wrong} r reads again.")
        elif not page.lines:
            self._seat.say(page.empty)
        elif written:
            self._seat.say(f"{counted(len(page.lines), 'line')}, read anew; enter says them.")
        else:
            self._more()

    def _more(self) -> None:
        lines, first = self._page.lines, self._said
        if first >= len(lines):
            self._seat.say("That is all. ? says what can be done here.")
            return
        self._said = min(len(lines), first + PART)
        for number in range(first, self._said):
            self._seat.say(f"{number + 1}. {lines[number].text}")
        if self._said < len(lines):
            self._seat.say(f"{first + 1} to {self._said} of {len(lines):,}; enter says more.")

    def _obey(self, typed: str) -> bool:
        """Do what is typed; whether to go on. Raises Left."""
        word, _, rest = typed.partition(" ")
        if word in ("q", "quit", "exit"):
            return False
        verb = self._page.verbs.get(word)
        if verb is not None:
            if verb.act(rest.strip()):
                self._show(written=not verb.reads)
        elif word.isdecimal():
            self._open(typed)
        elif word == "g" and 0 < (number := whole(rest.strip()) or 0) <= len(SCREENS):
            self._pages = [HomePage(self._seat), room(self._seat, list(SCREENS)[number - 1])]
            self._show()
        elif word == "g":
            self._seat.say(f"Write g and the number of a screen, 1 to {len(SCREENS)}.")
        elif word in _WORDS:
            _WORDS[word](self)
        else:
            self._seat.say(f"{typed} is nothing that can be done here; ? says what is.")
        return True

    def _open(self, typed: str) -> None:
        line = self._page.chosen(typed, "")
        if line is None:
            return
        if line.opens is None:
            self._seat.say("There is nothing more behind this line.")
            return
        self._pages.append(line.opens())
        self._show()

    def _back(self) -> None:
        if len(self._pages) > 1:
            self._pages.pop()
        self._show()

    def _again(self) -> None:
        self._show(again=True)

    def _home(self) -> None:
        del self._pages[1:]
        self._show()

    def _help(self) -> None:
        for key, verb in self._page.verbs.items():
            self._seat.say(f"{key}: {verb.words}")
        for key, words in EVERYWHERE.items():
            self._seat.say(f"{key}: {words}")

    def _undo(self) -> None:
        """Take back the latest change of all; asked where the deck would ask."""
        undoing, seat, passed = self._seat.workspace.history.undoing, self._seat, False
        try:
            while (plan := seat.wait(undoing.next_undo_once_sent())) is not None and plan.cannot:
                if own_to_undo(seat.workspace.reminders, plan) is not None:
                    break
                seat.say(f"{plan.title}: this cannot be taken back. {plan.cannot}")
                if not seat.agreed("Pass it over, and go on with what was done before it?"):
                    return
                seat.wait(undoing.pass_over(plan))
                passed = True
        except EXPECTED as error:
            seat.say(failure(error))
            return
        own = own_to_undo(seat.workspace.reminders, plan)
        if own is not None:
            self._undo_own(own)
            return
        if plan is None:
            seat.say("There is nothing to undo.")
            return
        why = asks(plan, datetime.now(UTC), elsewhere=self._elsewhere(plan.services))
        if (why or passed) and not seat.agreed(f"Take back: {plan.title}? {why}".rstrip()):
            seat.say("Nothing was taken back.")
            return

        async def undo() -> str:
            return f"Undone: {plan.title}. {await undoing.undo(plan)}".strip()

        if seat.do(undo()):
            self._show(written=True)

    def _undo_own(self, step: Step) -> None:
        """Take back the latest change of a reminder, after a question: no page shows them."""
        if not self._seat.agreed(f"Take back: {step.title}? It is one of your reminders."):
            self._seat.say("Nothing was taken back.")
            return

        async def undo() -> str:
            await asyncio.to_thread(self._seat.workspace.reminders.undo)
            return f"Undone: {step.title}."

        if self._seat.do(undo()):
            self._show(written=True)

    def _elsewhere(self, services: Collection[str]) -> str:
        """The services that a change is of, in words, where the person is at none of them."""
        if set(services) == {page.service for page in self._pages if page.service}:
            return ""
        return " and ".join(SERVICE_TITLES[one] for one in sorted(services))


_WORDS: Mapping[str, Callable[[Rounds], None]] = {
    "": Rounds._more, "b": Rounds._back, "h": Rounds._home, "r": Rounds._again,
    "u": Rounds._undo, "?": Rounds._help,
    "back": Rounds._back, "home": Rounds._home, "undo": Rounds._undo, "help": Rounds._help,
}  # fmt: skip


def run(workspace: Workspace, first: str) -> int:
    """Sit down until the person leaves or standard input ends; the exit status."""
    workspace.connections.told = narrate
    workspace.connections.embedded.told = narrate
    workspace.history.sender.told = narrate
    with asyncio.Runner() as runner:
        plain_signs = workspace.settings.deck.glyphs == "ascii"
        seat = Seat(workspace, runner, sys.stdin, plain_signs=plain_signs)
        try:
            Rounds(seat, first).run()
        finally:
            seat.wait(workspace.close())
    return DONE
