"""The live feed's protocol: frames and times in, events and frames out. No socket, no clock.

A `Conversation` is what one connection says and hears; what differs between Igtimi's own server
and SAP's replacement is a `LiveDialect`. Times: `now` is any monotonic clock in seconds, `wall`
is this machine's UTC in milliseconds since the epoch.

Source: reference, Igtimi, sections 1 (protocol) and 7 (quirks).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Protocol

from tui.services.igtimi.batches import Batch, Columns, Passed
from tui.services.igtimi.goodbye import Goodbye
from tui.services.told_back import unquoted

HEARTBEAT = "1"
SILENCE = 45.0
"""Seconds without heartbeat or data after which a connection is dead (section 1.4)."""
OWN_HEARTBEAT = 120.0
"""Seconds between our heartbeats; the server drops us after five minutes without."""
ANSWER = 5.0
"""Seconds that a server has for the handshake and its time (sections 1.1 and 1.7)."""
LONGEST_CLOCK = 17
SHORTEST_CLOCK = 10
CLOCK = 13
"""Digits of milliseconds since the epoch from 2001 to 2286. Seconds or microseconds are no time to
go by: all samples would lie in the future, or long ago."""
LONGEST_REFUSAL = 200
"""Characters of a server's own words that are kept."""
FURTHEST_FUTURE = 86_400_000
"""Milliseconds after the server's time beyond which no stamp is believed."""


class Event(StrEnum):
    """What a frame was."""

    HEARTBEAT = "heartbeat"
    CLOCK = "clock"
    DATA = "data"
    REFUSAL = "refusal"
    GOODBYE = "goodbye"
    UNREADABLE = "unreadable"


class LiveDialect(Protocol):
    """What differs between servers: who says the token where, and how data frames look."""

    name: str
    changes_devices: bool
    """Whether the server takes another configuration on a connection that stands."""
    secret: str
    """The token, which is shown nowhere."""

    def headers(self) -> dict[str, str]:
        """Return the headers of the upgrade request."""
        ...

    def configuration(self, serials: Sequence[str]) -> str:
        """Return the message that subscribes to `serials`."""
        ...

    def is_data(self, frame: bytes) -> bool:
        """Tell whether `frame` has the form of a data frame."""
        ...

    def read(self, frame: bytes, columns: Columns, wall: int) -> str | Goodbye | None:
        """Put a data frame's samples into `columns`, or return the server's words of refusal, or
        its goodbye.

        Raises ValueError if the frame cannot be read.
        """
        ...


class Conversation:
    """One connection: what to send when, what a frame means, whether the other end lives.

    `accepted` becomes true with the server's time or the first data; `refusal` holds the
    server's own words if it said no. `clock_offset` is server minus local, in milliseconds.
    """

    def __init__(self, dialect: LiveDialect, serials: Sequence[str]) -> None:
        self.dialect = dialect
        self.serials = tuple(dict.fromkeys(serials))
        self.passed = Passed()
        self.accepted = False
        self.refusal: str | None = None
        self.goodbye: str | None = None
        self.elsewhere = ""
        self.clock_offset: int | None = None
        self.last_heard = 0.0
        self.last_data: float | None = None
        self._columns = Columns(self.serials, self.passed)
        self._last_sent = 0.0
        self._opened = 0.0
        self._wall = 0

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the upgrade request."""
        return self.dialect.headers()

    def open(self, now: float) -> list[str]:
        """Return what to send at once after connecting: the configuration, then a heartbeat."""
        self._opened = self.last_heard = self._last_sent = now
        return [self.dialect.configuration(self.serials), HEARTBEAT]

    def follow(self, serials: Sequence[str]) -> list[str] | None:
        """Return what to send to follow other devices from now on.

        None where there is one configuration a connection: then only another connection helps.
        Samples that were not handed over yet are lost.
        """
        if not self.dialect.changes_devices:
            return None
        self.serials = tuple(dict.fromkeys(serials))
        self._columns = Columns(self.serials, self.passed)
        return [self.dialect.configuration(self.serials)]

    def receive(self, frame: bytes | str, now: float, wall: int) -> Event:
        """Take in one frame. Whatever it is, it is a sign of life (section 1.4)."""
        self.last_heard = now
        if isinstance(frame, str):
            frame = frame.encode()
        if not self.dialect.is_data(frame):
            return self._control(frame.strip(), now, wall)
        self._wall = wall + (self.clock_offset or 0)
        columns = self._columns
        columns.heard = False
        try:
            refused = self.dialect.read(frame, columns, self._wall)
        except ValueError:
            self.passed.unreadable += 1
            return Event.UNREADABLE
        if isinstance(refused, Goodbye):
            if not refused.refuses:
                self.goodbye, self.elsewhere = self._said(refused.words), refused.reconnect_url
                return Event.GOODBYE
            refused = refused.words
        if refused is not None:
            self.refusal = self._said(refused)
            return Event.REFUSAL
        if columns.heard:
            self.accepted = True
            self.last_data = now
        return Event.DATA

    def _said(self, words: str) -> str:
        """Return the server's words as they may be shown: not endless, and without the token."""
        if self.dialect.secret:
            words = unquoted(words, (self.dialect.secret,))
        return words if len(words) <= LONGEST_REFUSAL else words[: LONGEST_REFUSAL - 1] + "…"

    def _control(self, frame: bytes, now: float, wall: int) -> Event:
        if frame == b"1":
            return Event.HEARTBEAT
        if SHORTEST_CLOCK <= len(frame) <= LONGEST_CLOCK and frame.isdigit():
            # The subscription is accepted whatever the number says.
            if len(frame) == CLOCK:
                self.clock_offset = int(frame) - wall
            self.accepted = True
            return Event.CLOCK
        if self.dialect.is_data(frame):  # only spaces stood before it
            return self.receive(frame, now, wall)
        self.passed.unreadable += 1
        return Event.UNREADABLE

    @property
    def horizon(self) -> int:
        """The time, by the server's clock, after which a stamp cannot be true.

        Device stamps a little after the server's time are normal (section 7.12); one that lies
        further ahead than a day would make every later sample look late.
        """
        return self._wall + FURTHEST_FUTURE

    def drain(self) -> list[Batch]:
        """Hand over the samples heard since the last time, merged by series."""
        return self._columns.take()

    def flow(self) -> Iterator[Batch]:
        """Hand over the same in packed columns, with lists of times that several may share."""
        return self._columns.flow()

    def dropped(self) -> dict[str, int]:
        """Return how much was passed by, by reason, without the reasons that did not occur."""
        return {reason: count for reason, count in asdict(self.passed).items() if count}

    def due(self, now: float) -> list[str]:
        """Return what must be sent by now: our own heartbeat, well within five minutes."""
        if now - self._last_sent < OWN_HEARTBEAT:
            return []
        self._last_sent = now
        return [HEARTBEAT]

    def deadline(self) -> float:
        """Return when `due` or `dead` next have something to say."""
        times = [self._last_sent + OWN_HEARTBEAT, self.last_heard + SILENCE]
        if not self.accepted:
            times.append(self._opened + ANSWER)
        return min(times)

    def dead(self, now: float) -> str | None:
        """Return why the connection must be given up, or None as long as it lives."""
        if not self.accepted and now - self._opened >= ANSWER:
            return "the server did not answer the subscription"
        if now - self.last_heard >= SILENCE:
            return "nothing was heard for 45 seconds"
        return None
