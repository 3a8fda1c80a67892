"""One source: how it stands, who speaks on it, and what each of them may send."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from tui.embedded.igtimi.fleet import Burst
from tui.embedded.igtimi.sources.addresses import Address, without_tokens
from tui.embedded.igtimi.sources.riot_commands import State as AnswerState
from tui.embedded.instruments.gpsd import GpsdReader
from tui.embedded.instruments.live import BOATS, Heard, NmeaBoats, OneBoat
from tui.embedded.instruments.nmea import Lenient
from tui.embedded.instruments.readings import Reading, Said, said_by
from tui.embedded.instruments.signalk import SignalKReader

PEERS = 64
"""Hosts that one source listens to at a time."""

PEER_BYTES = 256 << 10
"""Bytes a second that one of them may send: 40 boats of ten sentences at 10 Hz through one relay.
What comes beyond is dropped where it came in datagrams, and waits where it came in a stream."""

MOST_BYTES = 2.0 * PEER_BYTES
"""Bytes that a peer may send at once after a pause."""

PEER_FORGOTTEN = 30.0
"""Seconds of silence after which another one may take a peer's place."""

SILENT = 10.0
"""Seconds without a byte after which a source is called silent."""

RATE_SECONDS = 5
"""Seconds over which lines are counted for the rate."""

SENTENCES = 3
"""Readings before a boat is made of one: a line that was spoilt makes up a boat. Our choice."""

WAITING = 100
"""Units that wait to be accepted."""

KNOWN_SECONDS = 5.0
"""Seconds after which it is asked again whether a unit is accepted: it may be given up."""

NAMES = 4096
"""Vessels whose names are remembered."""

State = Literal["starting", "waiting", "receiving", "silent", "retrying", "failed", "ended"]

Take = Callable[["Source", str, str, Said], None]
"""Called with a source, who speaks on it, the boat that they speak of, and what was said."""

Name = Callable[["Source", str, str], None]
"""Called when a vessel on it said what it is called."""


class ConnectedUnit(Protocol):
    """A unit that is connected."""

    serial: str
    token: str
    messages: int
    heard: float


class ConnectedUnits(Protocol):
    """Those that are connected to a source; what lets them connect sets it."""

    def connected(self) -> Mapping[str, ConnectedUnit]:
        """By serial number."""

    async def command(self, serial: str, command: str) -> tuple[AnswerState, str]:
        """Have one do something; how it went."""


class UnitsOf(Protocol):
    """Who knows units by their serial numbers; the hub sets it."""

    def known(self, source: Source, serial: str, token: str) -> bool:
        """Whether a unit was accepted, by a person or by the address."""

    def take(self, burst: Burst, *, live: bool) -> None:
        """Take what one sent."""

    def tell(self, serial: str, told: Mapping[str, str]) -> None:
        """Keep what one told of itself."""


class _NoUnits:
    """A source that no unit speaks to."""

    def known(self, _source: Source, _serial: str, _token: str) -> bool:
        """None is."""
        return False

    def take(self, _burst: Burst, *, live: bool) -> None:
        """Nothing."""

    def tell(self, _serial: str, _told: Mapping[str, str]) -> None:
        """Nothing."""


@dataclass
class _Peer:
    heard: Heard
    allowance: float
    counted_at: float
    last: float
    lines: int = 0


class Source:
    """One source, as a person sees it; the hub runs it."""

    def __init__(
        self,
        number: int,
        address: Address,
        text: str,
        user: int,
        *,
        kept: bool,
        take: Take,
        name: Name,
    ) -> None:
        """`kept`: it is of the configuration, and stays until that says otherwise."""
        self.number = number
        self.address = address
        self.text = text
        self.user = user
        self.kept = kept
        self.bound = ""
        """Where it listens in fact: a port that the system chose."""
        self.error = ""
        self.retry_at: float | None = None
        self.state: State = "starting"
        self.serials: dict[tuple[str, str], str] = {}
        """By peer and boat, the devices of its boats."""
        self._take, self._name = take, name
        self.units: UnitsOf = _NoUnits()
        self.waiting: dict[str, int] = {}
        """Serial numbers of connected units that nobody has accepted, with how many messages each
        sent."""
        self._accepted: dict[str, float] = {}
        """Those that were, with when that was asked last."""
        self.connected: ConnectedUnits | None = None
        """While units may connect, who they are."""
        self.names: dict[str, str] = {}
        """What vessels are called, by MMSI."""
        self._peers: dict[str, _Peer] = {}
        self._said: Counter[tuple[str, str]] = Counter()
        self._lost: Counter[str] = Counter()
        self._words: dict[str, str] = {}
        self._passed_over: Counter[str] = Counter()
        self._lines = 0
        self._recent: deque[tuple[int, int]] = deque()
        self._last: float | None = None

    # -- What the ways say

    def opened(self, bound: str = "") -> None:
        """It listens or is connected; nothing came yet."""
        self.bound = bound
        self.state, self.retry_at, self.error = "waiting", None, ""

    def trouble(self, words: str) -> None:
        """Something of it did not go well; the newest is shown."""
        self.error = words[:300]

    def hear(self, peer: str, chunk: bytes, *, whole: bool = False) -> float:
        """Take bytes of one who speaks; for how many seconds to listen to them no more.

        `peer`: the host, and after a blank which of its connections. `whole`: it is a datagram,
        which is dropped where it is too much.
        """
        now = asyncio.get_running_loop().time()
        found = self._peers.get(peer) or self._admitted(peer, now)
        if found is None:
            return 0.0
        wait = _spent(found, len(chunk), now, whole=whole)
        if wait and whole:
            self._count("too_much", "more than one host may send", 1)
            return wait
        found.last = now
        found.heard.feed(chunk, self.clock(), whole=whole)
        self.stir()
        return wait

    def hear_datagrams(self, host: str, datagrams: list[bytes]) -> None:
        """Take what one host sent of whole datagrams, at once where it may send so much."""
        found = self._peers.get(host)
        # Where a datagram ends so does its last line.
        said = b"".join([one if one.endswith(b"\n") else one + b"\n" for one in datagrams])
        now = asyncio.get_running_loop().time()
        if found is None or _spent(found, len(said), now, whole=True):
            for datagram in datagrams:
                self.hear(host, datagram, whole=True)
            return
        found.last = now
        found.heard.feed(said, self.clock(), whole=True)
        self.stir()

    def gather(self) -> None:
        """Hand on what was heard since the last time."""
        for peer, found in self._peers.items():
            self._gather(peer, found)

    def _gather(self, peer: str, found: _Peer) -> None:
        heard, host = found.heard, peer.partition(" ")[0]
        if self._last is None or found.last > self._last or heard.tally.lines != found.lines:
            self._count_lines(found, found.last)
        for boat, name in heard.take_names().items():
            if len(self.names) >= NAMES and boat not in self.names:
                self.names.clear()
            self.names[boat] = name
            self._name(self, host, boat)
        for boat, said in heard.take().items():
            self._hand_on(host, boat, said)

    def hand_on(self, peer: str, boat: str, said: list[Reading]) -> None:
        """Take what is known to be good: of a file that was read before."""
        self._mark(asyncio.get_running_loop().time(), len(said))
        self._take(self, peer, boat, said_by(said))

    def count_message(self, peer: str, size: int) -> float:
        """One message of a unit; for how many seconds to listen to it no more."""
        now = asyncio.get_running_loop().time()
        found = self._peers.get(peer) or self._admitted(peer, now)
        if found is None:
            return PEER_FORGOTTEN
        found.heard.tally.lines += 1
        self._count_lines(found, now)
        return _spent(found, size, now, whole=False)

    def accepts(self, serial: str, token: str) -> bool:
        """Whether a unit's data are taken; who is not known waits for a person."""
        now = asyncio.get_running_loop().time()
        if now - self._accepted.get(serial, -KNOWN_SECONDS) < KNOWN_SECONDS:
            return True
        if self.units.known(self, serial, token):
            self._accepted[serial] = now
            self.waiting.pop(serial, None)
            self.serials["", serial] = serial
            return True
        self.forget(serial)
        if serial in self.waiting or len(self.waiting) < WAITING:
            self.waiting[serial] = self.waiting.get(serial, 0) + 1
        return False

    def forget(self, serial: str) -> None:
        """A unit is accepted no more."""
        self._accepted.pop(serial, None)
        self.serials.pop(("", serial), None)

    def tell(self, serial: str, told: Mapping[str, str]) -> None:
        """Keep what an accepted unit told of itself."""
        if told:
            self.units.tell(serial, told)

    def take_burst(self, burst: Burst, *, live: bool) -> None:
        """Take what an accepted unit sent."""
        self.units.take(burst, live=live)

    clock: Callable[[], int] = staticmethod(lambda: 0)
    """UTC milliseconds; the hub sets it."""

    stir: Callable[[], None] = staticmethod(lambda: None)
    """Called when there is something to gather; the hub sets it."""

    def _hand_on(self, peer: str, boat: str, said: Said) -> None:
        if (peer, boat) not in self.serials:
            count = sum(len(samples.stamps) for samples in said.values())
            self._said[peer, boat] += count
            if self._said[peer, boat] < SENTENCES:
                return
            if len(self.serials) >= BOATS:
                self._count("too_many", f"more than {BOATS} boats", count)
                return
            del self._said[peer, boat]
        self._take(self, peer, boat, said)

    def left(self, peer: str) -> None:
        """A connection ended: what it began to say is not gone on with by the next."""
        found = self._peers.pop(peer, None)
        if found is not None:
            self._gather(peer, found)
            self._settle(found)

    def _admitted(self, peer: str, now: float) -> _Peer | None:
        if len(self._peers) >= PEERS:
            oldest = min(self._peers, key=lambda one: self._peers[one].last)
            if now - self._peers[oldest].last < PEER_FORGOTTEN:
                self._count("peers", f"from more than {PEERS} hosts at a time", 1)
                return None
            self.left(oldest)
        if len(self._said) > 4 * BOATS:
            self._said.clear()
        made = _Peer(heard_on(self.address), MOST_BYTES, now, now)
        self._peers[peer] = made
        return made

    # -- Counting

    def _count(self, name: str, words: str, number: int) -> None:
        self._lost[name] += number
        self._words[name] = words

    def _count_lines(self, peer: _Peer, now: float) -> None:
        lines = peer.heard.tally.lines
        self._mark(now, lines - peer.lines)
        peer.lines = lines
        peer.last = now

    def _mark(self, now: float, lines: int) -> None:
        self._last = now
        self.state = "receiving"
        self._lines += lines
        if self._recent and self._recent[-1][0] == int(now):
            self._recent[-1] = (int(now), self._recent[-1][1] + lines)
        else:
            self._recent.append((int(now), lines))
            while self._recent[0][0] < int(now) - 2 * RATE_SECONDS:
                self._recent.popleft()

    def _settle(self, peer: _Peer) -> None:
        """Keep the counts of a peer that is gone."""
        for why, count in peer.heard.tally.lost.items():
            self._count(why.name.lower(), why.value, count)
        self._passed_over.update(peer.heard.tally.passed_over)

    # -- What a person sees

    def wire(self, now: float) -> dict[str, object]:
        """How it stands."""
        lost, words = Counter(self._lost), dict(self._words)
        for peer in self._peers.values():
            for why, count in peer.heard.tally.lost.items():
                lost[why.name.lower()] += count
                words[why.name.lower()] = why.value
        state = self.state
        if state == "receiving" and self._last is not None and now - self._last > SILENT:
            state = "silent"
        offsets = [
            peer.heard.clock_offset
            for peer in self._peers.values()
            if peer.heard.clock_offset is not None
        ]
        return {
            "id": self.number,
            "address": without_tokens(self.text),
            "listens_at": self.bound,
            "kept": self.kept,
            "state": state,
            "boats": len(set(self.serials.values())),
            "serial_numbers": sorted(set(self.serials.values()))[:BOATS],
            "peers": len(self._peers),
            "lines": self._lines,
            "rate": self._rate(now),
            "age": None if self._last is None else round(now - self._last, 1),
            "waiting": list(self.waiting),
            "error": self.error,
            "retry_in": None if self.retry_at is None else max(0.0, round(self.retry_at - now, 1)),
            "clock_offset": max(offsets, key=abs, default=None),
            "lost": dict(lost),
            "lost_words": words,
        }

    def _rate(self, now: float) -> float:
        since = int(now) - RATE_SECONDS
        counted = sum(lines for second, lines in self._recent if since <= second < int(now))
        return round(counted / RATE_SECONDS, 1)


def _spent(peer: _Peer, size: int, now: float, *, whole: bool) -> float:
    """Take bytes from what a peer may send; for how long it then has sent too much, in seconds.

    A datagram that is too much is not taken: it is dropped.
    """
    allowance = peer.allowance + (now - peer.counted_at) * PEER_BYTES
    peer.counted_at = now
    peer.allowance = allowance = allowance if allowance < MOST_BYTES else MOST_BYTES
    left = allowance - size
    if left >= 0 or not whole:
        peer.allowance = left
    return 0.0 if left >= 0 else -left / PEER_BYTES


def heard_on(address: Address) -> Heard:
    """What reads a connection of that address."""
    if address.scheme == "gpsd":
        return OneBoat(GpsdReader())
    if address.scheme == "signalk":
        return OneBoat(SignalKReader())
    lenient = Lenient(address.lenient, address.lenient)
    return NmeaBoats(lenient, tagged=address.boats == "tag")
