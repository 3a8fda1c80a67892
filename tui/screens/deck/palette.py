"""The search (ctrl+f): commands of all screens and records of all services, as one types."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import on
from textual.worker import Worker

from tui.commands import COMMANDS, SCREENS, Command, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.deck.fuzzy import likeness
from tui.spoken_keys import key_for
from tui.widgets.finding import Finding
from tui.widgets.found_list import FoundList, FoundRow
from tui.widgets.palette import Role
from tui.widgets.work import begin_work
from tui.words import counted, were
from tui.workspace.search.rooms import KINDS
from tui.workspace.search.search import Document, Query, Rank, Record, Results, fold
from tui.workspace.search.unread import unread_words
from tui.workspace.search.wanted import Wanted, wanted
from tui.workspace.times import moment_text

HERE, ELSEWHERE = 7, 5
"""What a command weighs beside a record that answers as well: more where it can be done now."""
LONGEST_SEARCH = 1.0
"""Seconds that enter waits for what answers to what was typed last."""
BY_LETTERS = 9
"""The rank of commands that answer by a few of their letters: behind all that do by words."""
_COMMAND = "command"


@dataclass(frozen=True)
class Offered:
    """A command: where it can be carried out, and what it is found by."""

    command: Command
    here: bool
    keys: str
    document: Document
    room: str
    """The screen that a prefix narrows to."""
    held: str
    """All that it is found by, folded: worked out once, and not at every key."""
    letters: frozenset[str]
    """Those of its title and screen."""

    @classmethod
    def of(cls, command: Command, overrides: Mapping[str, Sequence[str]], *, here: bool) -> Offered:
        """A command as it is offered."""
        keys = ", ".join(map(shown_key, keys_of(command, overrides)))
        screen = SCREENS.get(command.scope, "" if command.scope == "deck" else command.scope)
        where = f"{screen}: {command.help}" if screen and not here else command.help
        text = f"{screen} {command.id}"
        weight = HERE if here else ELSEWHERE
        of_screen = command.scope == "deck" and command.name in SCREENS
        return cls(
            command, here, keys,
            Document(_COMMAND, command.id, command.title, where, text, weight=weight),
            command.name if of_screen else command.scope,
            fold(f"{command.title} {where} {text}"),
            frozenset(fold(f"{screen} {command.title}")),
        )  # fmt: skip

    def rank(self, query: Query, letters: frozenset[str]) -> Rank | None:
        """How well it answers, or the letters of a query in their turn; None where it does not."""
        found = None
        # Most hold no word of it, and that is seen at once.
        if all(word in self.held for word in query.words):
            found = query.rank(self.document)
        if found is None and letters <= self.letters:
            found = _by_letters(query, self.document)
        return found

    @property
    def row(self) -> FoundRow:
        """How it is shown."""
        document = self.document
        return FoundRow(_key_of(_COMMAND, document.key), _COMMAND, document.title, document.where,
                        self.keys)  # fmt: skip


_Ranked = tuple[tuple[float, ...], FoundRow, Offered | Record]


def offered_on(screen: DeckScreen) -> list[Offered]:
    """What can be done on a screen now, then what other screens can do."""
    overrides = screen.workspace.settings.keys
    here = [one for one in screen.commands() if not screen.refusal(one)]
    known = {one.id for one in screen.commands()}
    others = [
        one
        for one in COMMANDS.values()
        if one.scope in SCREENS
        and one.scope != screen.SCOPE
        and one.id not in known
        and not (one.danger and screen.workspace.settings.deck.read_only)
    ]
    return [
        *(Offered.of(one, overrides, here=True) for one in here),
        *(Offered.of(one, overrides, here=False) for one in others),
    ]


class SearchPalette(Finding[Offered | Record | None]):
    """Dismissed with the command or the record that was chosen, or None."""

    DEFAULT_CSS = """
    SearchPalette > #box { width: 120; height: 90%; }
    """

    rooms: ClassVar[list[str]] = list(SCREENS)

    def __init__(self, screen: DeckScreen) -> None:
        self.list = FoundList(empty="")
        super().__init__(
            "Find", (
                    f"type to find · {key_for('list.choose')} opens · "
                    f"{key_for('dialog.cancel')} closes"
                ), self.list,
            placeholder="a command, or words of any record",
        )  # fmt: skip
        self._workspace = screen.workspace
        self._zone = screen.workspace.zone
        self._offered = offered_on(screen)
        self._wanted = Wanted("")
        self._results = Results()
        self._searching_until = 0.0
        self._finding: Worker[None] | None = None
        self._chosen: dict[str, Offered | Record] = {}
        self._answering: tuple[Wanted, list[_Ranked]] = self._wanted, []
        """The commands that answer, and to what."""

    def on_mount(self) -> None:
        """Show what can be done here at once; what is read meanwhile is found too."""
        super().on_mount()
        loop = get_running_loop()
        self._workspace.feed.changed = lambda: loop.call_soon_threadsafe(self._filled)
        self._show()

    def on_unmount(self) -> None:
        """Nobody looks any more."""
        self._workspace.feed.changed = lambda: None

    def _filled(self) -> None:
        if self.is_attached and self._wanted.words.strip():
            self._search()

    def busy_until(self, key: str) -> float:
        """See `TakesTime`: enter is for what answers to all that was typed."""
        return self._searching_until if key == "enter" else 0.0

    # -- searching ------------------------------------------------------------------------------

    def narrow(self, text: str) -> None:
        """Show what answers: commands at once, records as soon as they are found."""
        self._wanted = wanted(text, self.rooms)
        if self._wanted.words.strip():
            self._searching_until = monotonic() + LONGEST_SEARCH
            self._search()
        else:
            self._results, self._searching_until = Results(), 0.0
            if self._finding is not None:
                self._finding.cancel()
        self._show(first=True)

    def _search(self) -> None:
        what = self._wanted

        async def find() -> None:
            results = await self._workspace.search.find(what)
            if results is not None and what == self._wanted:
                self._results, self._searching_until = results, 0.0
                self._show()

        # The function, not its coroutine: of many keys some are given up before they begin.
        self._finding = begin_work(self, find, group="find", exclusive=True)

    # -- showing --------------------------------------------------------------------------------

    def _show(self, *, first: bool = False) -> None:
        """Show what is known to answer; `first` puts the cursor on the best."""
        query = Query.of(self._wanted.words)
        found = self._found(query) if query.words else self._unasked()
        self._chosen = {row.key: one for row, one in found}
        rows, key = self.list, self.list.cursor_key
        moved = not first and rows.cursor_row > 0
        rows.empty_text = self._empty_text(query)
        rows.show((row for row, _ in found), key=key if moved else self._harmless(found, query))
        text, role = self._said(query)
        rows.say(text, role)

    def _found(self, query: Query) -> list[tuple[FoundRow, Offered | Record]]:
        ranked: list[_Ranked] = list(self._commands_for(query))
        for record in self._results.records:
            if record.query == query.whole:
                ranked.append((record.rank, self._row(record), record))
            elif self._wanted.room in ("", record.room):
                # Those of the letters before stay as far as they answer to these too.
                now = query.rank(_document(record))
                if now is not None:
                    ranked.append((now, self._row(record), record))
        ranked.sort(key=lambda one: one[0])
        return [(row, one) for _, row, one in ranked]

    def _commands_for(self, query: Query) -> list[_Ranked]:
        """The commands that answer: worked out once for all that is shown of what was typed."""
        wanted, found = self._answering
        if wanted != self._wanted:
            found, letters = [], frozenset("".join(query.words))
            for offered in self._offered:
                if self._wanted.room not in ("", offered.room):
                    continue
                rank = offered.rank(query, letters)
                if rank is not None:
                    found.append((rank, offered.row, offered))
            self._answering = self._wanted, found
        return found

    def _unasked(self) -> list[tuple[FoundRow, Offered | Record]]:
        """Before anything is typed: what was opened last, and what can be done here."""
        room = self._wanted.room
        shown: list[tuple[FoundRow, Offered | Record]] = [
            (self._row(record), record)
            for record in self._workspace.search.recent
            if room in ("", record.room)
        ]
        shown += [
            (one.row, one) for one in self._offered if (one.room == room if room else one.here)
        ]
        return shown

    @staticmethod
    def _harmless(found: list[tuple[FoundRow, Offered | Record]], query: Query) -> str:
        """Where the cursor begins: on nothing that writes while nothing was asked for."""
        if query.words:
            return ""
        return next(
            (row.key for row, one in found if isinstance(one, Record) or not one.command.danger), ""
        )

    def _row(self, record: Record) -> FoundRow:
        when = "" if record.when is None else moment_text(record.when, self._zone)
        kind = KINDS.get(record.kind, record.kind)
        key = _key_of(record.kind, f"{record.room}/{record.key}")
        return FoundRow(key, kind, record.title, record.where or SCREENS[record.room], when)

    def _empty_text(self, query: Query) -> str:
        if self._searching_until:
            return "Searching …"
        if self._wanted.room and not query.words:
            return "Nothing can be done there from here."
        if self._results.problem:
            return "No command is called so."
        looked_at = "looked through" if self._results.waiting else "read"
        return f"Nothing of what was {looked_at} holds this."

    def _said(self, query: Query) -> tuple[str, Role]:
        """What of everything was looked at, and how bad that is."""
        what, results = self._wanted, self._results
        if what.between:
            names = [SCREENS[room] for room in what.between]
            return f"Before the colon: {', '.join(names[:-1])} or {names[-1]}?", "warn"
        where = f" in {SCREENS[what.room]}" if what.room else ""
        if not query.words:
            return (f"Type to find{where}." if where else _beginnings(self.rooms)), "muted"
        if results.problem:
            return f"Only commands: records cannot be searched ({results.problem}).", "bad"
        parts = []
        if results.more:
            parts.append(f"the best of many{where}: type more")
        elif not self._searching_until:
            parts.append(f"{len(self._chosen):,} found{where}")
        if results.waiting:
            lists = counted(results.waiting, "list")
            parts.append(f"{lists} {were(results.waiting)} read and not looked through yet")
        else:
            if results.partial:
                parts.append(f"{counted(results.partial, 'list')} known only in part")
            if unread := unread_words(results.unread, SCREENS):
                parts.append(unread)
        return " · ".join(parts), "warn" if results.waiting else "muted"

    @on(FoundList.Chosen)
    def _row_chosen(self, message: FoundList.Chosen) -> None:
        message.stop()
        chosen = self._chosen.get(message.key)
        if chosen is not None:
            self.dismiss(chosen)


def _by_letters(query: Query, command: Document) -> Rank | None:
    """How well some letters of a command's title answer: each of them in its turn."""
    letters = "".join(query.words)
    found = likeness(letters, fold(command.title))
    if found is None:
        # Its screen may be named first.
        screen = command.text.partition(" ")[0]
        found = likeness(letters, fold(f"{screen} {command.title}")) if screen else None
    return None if found is None else (BY_LETTERS, -found, -command.weight, len(command.title))


def _key_of(kind: str, key: str) -> str:
    return f"{kind} {key}"


def _document(record: Record) -> Document:
    return Document(record.kind, record.key, record.title, record.where, "", record.when,
                    -record.rank[1])  # fmt: skip


def _beginnings(rooms: Sequence[str]) -> str:
    """The shortest beginnings that name a screen, such as `b: books`."""
    found = []
    for room in rooms:
        for length in range(1, len(room) + 1):
            if sum(other.startswith(room[:length]) for other in rooms) == 1:
                found.append(f"{room[:length]}:")
                break
    return f"Narrow to one screen by its name: {' '.join(found)}"
