"""What the panes of the Sessions screen share: what was looked into, and what acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.widget import Widget

from tui.screens.pane import Pane
from tui.screens.sessions.rows import View, only_read
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Session, SessionRoom

MOST_LOOKED_AT = 40
Place = tuple[View, str]
"""One of a list, by the key that it has there."""


class Looks:
    """What was looked into lately."""

    def __init__(self) -> None:
        self._found: dict[Place, Any] = {}
        self._old: set[Place] = set()

    def __contains__(self, place: Place) -> bool:
        return place in self._found

    def get(self, place: Place | None) -> Any:
        """What was found there; None where nobody has looked."""
        return None if place is None else self._found.get(place)

    def is_fresh(self, place: Place) -> bool:
        """Whether the service told it here: what was kept from before is asked for once more."""
        return place in self._found and place not in self._old

    def keep(self, place: Place, found: object, *, old: bool = False) -> None:
        """Keep what was found, `old` where it is not the service's word of now; the oldest goes."""
        self._found.pop(place, None)
        self._found[place] = found
        self._old.discard(place)
        if old:
            self._old.add(place)
        while len(self._found) > MOST_LOOKED_AT:
            first = next(iter(self._found))
            del self._found[first]
            self._old.discard(first)

    def clear(self) -> None:
        """All may be otherwise now."""
        self._found.clear()
        self._old.clear()


class SessionsPane(Pane):
    """A pane about one of a list: its cursor is on it, or it shows it."""

    SCOPE = "sessions"

    class Stale(Message):
        """The lists are old: ask again, then put the cursor on `key`, where there is one."""

        def __init__(self, key: str = "") -> None:
            super().__init__()
            self.key = key

    def __init__(
        self, workspace: Workspace, looks: Looks, content: Widget, title: str, *, id: str
    ) -> None:
        super().__init__(workspace, content, title, id=id)
        self.looks = looks
        self.view: View = "sessions"

    @property
    def room(self) -> SessionRoom:
        """The use cases."""
        return self.workspace.sessions

    def subject(self) -> Any:
        """What of the list this pane is about now; None where it is about nothing."""
        raise NotImplementedError

    def found(self) -> Any:
        """The same, looked into; None where that is not known yet."""
        raise NotImplementedError

    def _session(self) -> Session | None:
        session: Session | None = self.subject() if self.view == "sessions" else None
        return session

    async def command_annotate(self) -> None:
        """Add an entry to the session's log."""
        from tui.screens.sessions.dialogs import annotate

        session = self._session()
        if session is None:
            self.flash("Choose a session first: notes stand in its log.", "warn")
        elif why_not := only_read(session):
            self.flash(why_not, "warn")
        elif await annotate(self, self.room, session):
            self.post_message(self.Stale())

    async def command_bring(self) -> None:
        """A file of instruments, or a track, into the session."""
        from tui.screens.sessions.bringing import bring_file

        session = self._session()
        if session is None:
            self.flash("Choose a session first: what is in the file becomes its boats.", "warn")
        elif why_not := only_read(session):
            self.flash(why_not, "warn")
        elif await bring_file(self, session):
            self.post_message(self.Stale())

    async def command_export(self) -> None:
        """What its devices measured, as a file."""
        from tui.screens.sessions.exporting import export

        session = self._session()
        if session is None:
            self.flash("Choose a session first: what its devices measured is written.", "warn")
        else:
            await export(self, session)

    async def command_live(self) -> None:
        """Watch this session's devices live, or play it when it is over."""
        session = self._session()
        if session is None:
            self.flash("Choose a session first.", "warn")
        else:
            await self.go("live", f"session:{session.id}")

    async def command_units(self) -> None:
        """Accept a unit that waits, or have one do something."""
        from tui.screens.units import ask_about_units

        at_hand = self.subject() if self.view == "devices" else None
        serial = await ask_about_units(self, "" if at_hand is None else at_hand.serial_number)
        if serial:
            self.post_message(self.Stale(serial if self.view == "devices" else ""))


class ThingPane(SessionsPane):
    """A pane whose cursor is on one of a list, or within it."""

    async def command_create(self) -> None:
        """A new one of what the list shows."""
        from tui.screens.sessions.writes import create

        made = await create(self, self.room, self.view, self.subject())
        if made is not None:
            self.post_message(self.Stale(made))

    async def command_change(self) -> None:
        """Another name; for a group another member."""
        from tui.screens.sessions.writes import change

        one = self.subject()
        if one is not None and await change(self, self.room, self.view, one, self.found()):
            self.post_message(self.Stale())
