"""What a feed is to those who watch it: its state, its health, and the seams it stands on."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tui.live.store import Batch, FeedStore

RATE_WINDOW = 10.0
RATE_STEP = 0.5
MINUTE = 60.0


class Phase(StrEnum):
    """Where a feed stands. The order is from best to worst."""

    LIVE = "live"
    QUIET = "quiet"
    STALE = "stale"
    PAUSED = "paused"
    CONNECTING = "connecting"
    RECONNECTING = "reconnecting"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class FeedState:
    """A phase with its reason. `retry_at` is on the monotonic clock, `since` in ms of UTC."""

    phase: Phase
    reason: str = ""
    server: str = ""
    since: int = 0
    retry_at: float | None = None

    def retry_in(self, now: float) -> int | None:
        """Return the whole seconds until the next attempt, or None if none is planned."""
        return None if self.retry_at is None else max(0, round(self.retry_at - now))


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """How fresh a device is: its newest sample's time and age in ms, None before the first.

    `clock` is by how many milliseconds its clock is ahead; 0 where it is not. `apart` counts what
    no boat can have done: that is kept, and left out of pictures, limits and statistics.
    """

    serial: str
    newest: int | None
    age: int | None
    clock: int = 0
    apart: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """What a feed knows about itself.

    `clock_offset` is server minus local, in milliseconds. `dropped` counts what is lost, by
    reason, and `lost_lately` that of the last minute; `passed` what was none of ours or no number,
    and what was kept with another time; `repaired` samples that came late and were put in order,
    not those of a history that was fetched; `duplicates` those that were there already,
    `conflicts` those of them that had another value. `holes` are the stretches still to be filled
    from the archive, `hole_failure` whose (by serial number) could not be lately, and why;
    `asked_later` is how often it will be asked for such a stretch once more.
    """

    devices: tuple[DeviceHealth, ...] = ()
    clock_offset: int | None = None
    messages_per_second: float = 0.0
    bytes_per_second: float = 0.0
    messages: int = 0
    received_bytes: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    lost_lately: Mapping[str, int] = field(default_factory=dict)
    passed: Mapping[str, int] = field(default_factory=dict)
    repaired_lately: int = 0
    repaired: int = 0
    duplicates: int = 0
    connections: int = 0
    reconnects: int = 0
    holes: int = 0
    hole_failure: tuple[str, str] | None = None
    conflicts: int = 0
    asked_later: int = 0


class Feed(Protocol):
    """Live or replayed, the screen sees the same."""

    store: FeedStore

    @property
    def state(self) -> FeedState:
        """Where the feed stands."""
        ...

    @property
    def now(self) -> int:
        """The time of the newest column: the server's now, or the place in a recording."""
        ...

    def health(self) -> Health:
        """Return what the feed knows about itself."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` on news, at most once a frame; call what is returned to stop that."""
        ...

    async def start(self) -> None:
        """Begin. Returns at once."""
        ...

    async def stop(self) -> None:
        """End, and let go of everything."""
        ...


class FrameRecorder(Protocol):
    """What a feed tells a recorder. None of it may raise."""

    def opened(
        self, link: int, serials: Sequence[str], server: str, wall: int, offset: int | None = None
    ) -> None:
        """A connection has begun, or was there already with this clock offset."""
        ...

    def clock(self, link: int, offset: int) -> None:
        """The server's clock is known."""
        ...

    def frame(self, link: int, frame: bytes, wall: int) -> None:
        """A frame has arrived."""
        ...

    def fetched(
        self, serial: str, start: int, end: int, batches: Sequence[Batch], wall: int
    ) -> None:
        """A stretch of a device's time was fetched from the archive: stamps as the unit gave."""
        ...

    def closed(self, link: int, reason: str, wall: int) -> None:
        """A connection has ended."""
        ...


class Conversation(Protocol):
    """What one connection says and hears: a protocol core without socket and clock."""

    @property
    def accepted(self) -> bool:
        """Whether the server has taken the subscription."""
        ...

    @property
    def refusal(self) -> str | None:
        """The server's own words, if it said no."""
        ...

    @property
    def goodbye(self) -> str | None:
        """The server's own words, if it asked to connect again."""
        ...

    @property
    def elsewhere(self) -> str:
        """The server to connect to then; empty where it named none."""
        ...

    @property
    def clock_offset(self) -> int | None:
        """Server minus local clock in milliseconds, once known."""
        ...

    @property
    def horizon(self) -> int:
        """The time after which a sample's stamp cannot be true."""
        ...

    @property
    def last_heard(self) -> float:
        """When anything at all was heard."""
        ...

    @property
    def last_data(self) -> float | None:
        """When samples were heard, if ever."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the upgrade request."""
        ...

    def open(self, now: float) -> Sequence[str]:
        """Return what to send at once after connecting."""
        ...

    def follow(self, serials: Sequence[str]) -> Sequence[str] | None:
        """Return what to send to follow other devices, or None if that takes a new connection.

        The samples heard so far are to be handed over first.
        """
        ...

    def receive(self, frame: bytes, now: float, wall: int) -> object:
        """Take in one frame."""
        ...

    def flow(self) -> Iterator[Batch]:
        """Hand over the samples."""
        ...

    def due(self, now: float) -> Sequence[str]:
        """Return what must be sent by now."""
        ...

    def deadline(self) -> float:
        """Return when `due` or `dead` next have something to say."""
        ...

    def dead(self, now: float) -> str | None:
        """Return why the connection must be given up, or None."""
        ...

    def dropped(self) -> Mapping[str, int]:
        """Return how much was passed by, by reason."""
        ...


Converse = Callable[[Sequence[str]], Conversation]
"""Begins a conversation about these serial numbers."""

Servers = Callable[[], Awaitable[Sequence[str]]]
"""Asks for the websocket servers, best first."""

Fetch = Callable[[str, int, int], Awaitable[Iterable[Batch]]]
"""Fetches a device's samples of [start, end] in ms from the archive; raises `Unavailable`."""


class Unavailable(Exception):
    """Something that a feed needs could not be had: in a person's words, and whether for good.

    `final` means that asking again the same way is pointless: the service said no.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


NOT_LOST = frozenset({"foreign", "not_numbers", "unstamped"})
"""Reasons for which a sample was passed by, or given another time, without anything being lost."""


class Lately:
    """What counts have grown by within the last minute, or since there is somebody who asks."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, Mapping[str, int]]] = deque()

    def grown(self, counts: Mapping[str, int], now: float) -> dict[str, int]:
        """Note the counts of now; return by how much they are more than a minute ago."""
        marks = self._marks
        if not marks or now - marks[-1][0] >= RATE_STEP:
            marks.append((now, dict(counts)))
        while len(marks) > 1 and now - marks[1][0] >= MINUTE:
            marks.popleft()
        before = marks[0][1]
        return {
            name: more for name, count in counts.items() if (more := count - before.get(name, 0))
        }


class RateMeter:
    """Messages and bytes, in total and a second, over the last ten seconds."""

    def __init__(self) -> None:
        self.messages = 0
        self.bytes = 0
        self._marks: deque[tuple[float, int, int]] = deque()

    def mark(self, now: float) -> None:
        """Note the totals; called when samples are handed over, it needs no timer."""
        marks = self._marks
        if marks and now - marks[-1][0] < RATE_STEP:
            return
        marks.append((now, self.messages, self.bytes))
        while len(marks) > 2 and now - marks[1][0] >= RATE_WINDOW:
            marks.popleft()

    def rates(self, now: float) -> tuple[float, float]:
        """Return messages and bytes a second up to `now`; both fall to 0 when nothing comes."""
        marks = self._marks
        while len(marks) > 1 and now - marks[1][0] >= RATE_WINDOW:
            marks.popleft()
        if not marks or now - marks[0][0] > 2 * RATE_WINDOW:
            return 0.0, 0.0
        since, messages, received = marks[0]
        span = max(now - since, RATE_STEP)
        return (self.messages - messages) / span, (self.bytes - received) / span
