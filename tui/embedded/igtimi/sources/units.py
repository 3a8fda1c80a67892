"""The units of all sources, as a person sees them: who waits, who is accepted, who answered."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from tui.embedded.igtimi.sources.boats import Boats
from tui.embedded.igtimi.sources.riot_commands import Answer
from tui.embedded.igtimi.sources.source import ConnectedUnit, Source


class Allowed(Exception):
    """The address of a source lets the unit in, whatever a person says of it here."""


def let_in(source: Source, serial: str, token: str) -> bool:
    """Whether the address of a source lets a unit in: by its serial number, or by its token."""
    tokens = [hmac.compare_digest(one.encode(), token.encode()) for one in source.address.tokens]
    return serial in source.address.serials or any(tokens)


class UnitsDesk:
    """Used by the event loop's thread only; `sources` are the hub's own, by number."""

    def __init__(
        self, boats: Boats, sources: Mapping[int, Source], clock: Callable[[], int]
    ) -> None:
        self._boats = boats
        self._sources = sources
        self._clock = clock
        self._answers: dict[tuple[int, str], Answer] = {}

    def _of(self, user: int) -> list[Source]:
        return [one for one in self._sources.values() if one.user == user]

    def accept(self, serial: str, user: int) -> bool:
        """Take a unit's data from now on; False where the serial number is another user's."""
        accepted = self._boats.accept_unit(user, serial)
        if accepted:
            for source in self._of(user):
                source.waiting.pop(serial, None)
        return accepted

    def accepted(self, serial: str, user: int) -> bool:
        """Whether a unit is one of a user's."""
        return self._boats.unit(user, serial)

    def withdraw(self, serial: str, user: int) -> bool:
        """Take a unit's data no more; False where it was not accepted. Raises Allowed."""
        for source in self._of(user):
            unit = self._connected(source).get(serial)
            if let_in(source, serial, "" if unit is None else unit.token):
                raise Allowed(
                    f"{serial} is let in by the address of {source.address.place}: take it,"
                    " or its group's token, out of that first"
                )
        found = self._boats.withdraw_unit(user, serial)
        for source in self._of(user):
            source.forget(serial)
        return found

    async def command(self, serial: str, command: str, user: int) -> Answer:
        """Have a unit do something; what it answered is kept."""
        source = next((one for one in self._of(user) if serial in self._connected(one)), None)
        if source is None or source.connected is None:
            return Answer(command, "absent", "", self._clock())
        state, text = await source.connected.command(serial, command)
        answer = Answer(command, state, text, self._clock())
        if state in ("absent", "busy"):
            return answer
        self._answers[user, serial] = answer
        return answer

    @staticmethod
    def _connected(source: Source) -> Mapping[str, ConnectedUnit]:
        return {} if source.connected is None else source.connected.connected()

    # -- What a person sees

    def wires(self, user: int, now: float) -> list[dict[str, object]]:
        """How the units of a user stand, those that wait first; `now` in the loop's seconds."""
        accepted = self._boats.all_units(user)
        connected: dict[str, ConnectedUnit] = {}
        waiting: dict[str, int] = {}
        for source in self._of(user):
            connected |= self._connected(source)
            waiting |= source.waiting
        waits = [one for one in waiting if one not in accepted]
        return [
            {
                **self._wire(user, serial, connected.get(serial), now),
                "accepted": False,
                "messages": waiting[serial],
            }
            for serial in waits
        ] + [
            {
                **self._wire(user, serial, connected.get(serial), now),
                "accepted": True,
                "name": name,
            }
            for serial, name in accepted.items()
        ]

    def _wire(
        self, user: int, serial: str, unit: ConnectedUnit | None, now: float
    ) -> dict[str, object]:
        answer = self._answers.get((user, serial))
        return {
            "serial_number": serial,
            "connected": unit is not None,
            "age": None if unit is None else max(0.0, round(now - unit.heard, 1)),
            "messages": 0 if unit is None else unit.messages,
            "answer": None if answer is None else self.wire_of(answer),
        }

    def wire_of(self, answer: Answer) -> dict[str, object]:
        """An answer with its age in seconds."""
        return {
            "command": answer.command,
            "state": answer.state,
            "text": answer.text,
            "age": max(0.0, round((self._clock() - answer.at) / 1000, 1)),
        }
