"""Sessions: all of them, and one with its boats and its log; notes into that log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from tui.cli.plain.page import Line, Page, Verb, joined
from tui.cli.plain.seat import Seat
from tui.workspace.sessions.sentences import Teller
from tui.workspace.sessions.sessions import Session
from tui.workspace.times import moment_text


class SessionsPage(Page):
    """Every session, the newest first."""

    title = "Sessions"
    service = "igtimi"
    empty = "There is no session."

    async def read(self) -> Sequence[Line]:
        """One line a session."""
        room, where = self.workspace.sessions, self.workspace.zone
        found = await self.answer(room.sessions(), room.kept)
        return [
            Line(
                joined(
                    one.name or f"Session {one.id}",
                    moment_text(one.start_time, where) if one.start_time else "no times yet",
                    f"until {moment_text(one.end_time, where)}" if one.end_time else "",
                ),
                partial(SessionPage, self.seat, one),
            )
            for one in found.sessions
        ]


class SessionPage(Page):
    """What a session's log comes to, and the log."""

    empty = "Its log is empty."

    def __init__(self, seat: Seat, session: Session) -> None:
        super().__init__(seat)
        self.title = session.name or f"Session {session.id}"
        self._session = session

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Writing a note."""
        return {"n": Verb("writes a note into the log: n and its text", self._note)}

    async def read(self) -> Sequence[Line]:
        """Boats and marks, then the log, the newest entry first."""
        where = self.workspace.zone
        opened = await self.workspace.sessions.open(self._session)
        self.head += opened.state.problems
        lines = [
            Line(joined(one.name or f"object {one.id}", one.kind, " ".join(one.devices)))
            for one in opened.state.objects.values()
        ]
        teller = Teller(opened.entries, where)
        for entry in reversed(opened.entries):
            made = moment_text(entry.created_at, where) if entry.created_at else ""
            gone = "taken back" if entry.id in teller.taken_back else ""
            lines.append(Line(joined(made, gone, teller.sentence(entry.data))))
        return lines

    def _note(self, typed: str) -> bool:
        text = typed or self.seat.ask("What is to be noted? Enter leaves it")
        if not text:
            self.seat.say("Nothing was noted.")
            return False

        async def work() -> str:
            await self.workspace.sessions.note(self._session, text)
            return f"Noted: {text}. u takes it back."

        return self.seat.do(work())
