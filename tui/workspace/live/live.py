"""The live room: feeds from the service, recordings and past sessions, and what is kept of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tui.config.locations import Locations
from tui.config.settings import Settings
from tui.hosts import no_way_there
from tui.live.feed import Conversation as Talk
from tui.live.feed import Unavailable
from tui.live.recorder import Recorder
from tui.live.recording import NoRecording, NotARecording, Recording
from tui.live.replay import RecordingSource, Replay
from tui.live.servers import unencrypted, usable_servers
from tui.live.session_source import SessionSource, load_session
from tui.live.socket import WebSocket
from tui.live.socket import connect as open_socket
from tui.live.store import FeedStore
from tui.live.supervisor import LiveFeed
from tui.services.errors import ConnectionFailed, InvalidArgument, NotFound, ServiceError
from tui.services.igtimi import Igtimi
from tui.services.igtimi.live import Conversation, LiveDialect
from tui.services.igtimi.live_json import JsonDialect
from tui.services.igtimi.live_types import TYPES, DataType, type_of
from tui.services.igtimi.records import Session
from tui.services.igtimi.riot import RiotDialect
from tui.services.igtimi.session_state import SessionState, fold
from tui.workspace.connections.connections import Connections
from tui.workspace.live.archive import Archive, listed_servers, unavailable
from tui.workspace.live.presets import Presets
from tui.workspace.live.recordings import Recordings
from tui.workspace.live.sources import Sources
from tui.workspace.live.units import Units
from tui.workspace.text import in_order

__all__ = ["TYPES", "DataType", "LiveRoom", "LiveSession", "Place", "type_of"]

_STANDING = re.compile(r"::(99|00)\d{7}\Z")
"""What the device of a vessel ends with that AIS hears, where that is none: an aid to navigation
(99) or a station on land (00)."""
HISTORY = 600_000
"""Milliseconds before the first connection that are fetched, so that the wall is not empty."""


class ReplayFailed(ServiceError):
    """There is nothing to replay: no recording, no data, no times."""

    kind = "replay"
    default_advice = "Choose another recording or session."


class NotThere(ReplayFailed, InvalidArgument):
    """There is no such recording."""


@dataclass(frozen=True)
class Place:
    """A device that can be watched, by its serial number and the name that people know."""

    serial: str
    name: str


@dataclass(frozen=True)
class LiveSession:
    """A session as the live screen needs it: whose devices, until when, which course."""

    session: Session
    state: SessionState

    @property
    def name(self) -> str:
        """What it is called."""
        return self.state.name or self.session.name or f"session {self.session.id}"

    @property
    def start(self) -> datetime | None:
        """From when on its data is."""
        return self.state.start or self.session.start_time

    @property
    def end(self) -> datetime | None:
        """Until when its data is; None while nobody has set an end."""
        return self.state.end or self.session.end_time

    @property
    def serials(self) -> tuple[str, ...]:
        """The devices that its log names."""
        return self.state.serial_numbers

    @property
    def names(self) -> dict[str, str]:
        """What is tracked with which device."""
        return {
            serial: thing.name
            for thing in self.state.objects.values()
            if thing.name
            for serial in thing.devices
        }

    def runs(self, now: datetime) -> bool:
        """Whether it is sailed just now."""
        start, end = self.start, self.end
        return start is not None and start <= now and (end is None or now < end)


class LiveRoom:
    """Makes feeds, and knows devices, sessions, recordings and presets.

    Every feed is made here and started and stopped by whoever asked for it; `close` ends what
    is still running.
    """

    def __init__(self, connections: Connections, locations: Locations, settings: Settings) -> None:
        self._connections = connections
        self.sources = Sources(connections)
        self.units = Units(connections)
        self._settings = settings
        self._feeds: list[LiveFeed | Replay] = []
        self._token = ""
        self._passed_over: set[str] = set()
        self.recordings = Recordings(locations.data / "recordings")
        self.presets = Presets(locations.state / "live-presets.json")
        self.recorder: Recorder | None = None
        self._recorded: LiveFeed | None = None
        self.names: dict[str, str] = {}
        self.aids: frozenset[str] = frozenset()
        """Devices that are aids to navigation, by the numbers that AIS has for those."""
        self.ashore: frozenset[str] = frozenset()
        """Devices that are stations on land, likewise."""
        self.called: Mapping[str, str] = {}
        """What is tracked with which device in the session that is watched; else empty."""

    @property
    def dialect(self) -> str:
        """The protocol of the configured servers; the embedded ones speak Igtimi's."""
        if self._connections.uses_embedded("igtimi"):
            return "igtimi"
        return self._settings.igtimi.dialect

    # -- devices and sessions -------------------------------------------------------------------

    async def devices(self) -> list[Place]:
        """The account's devices with their names. Raises ServiceError."""
        service = await self._connections.igtimi()
        listed = [one for one in await service.devices.list() if one.serial_number]
        found = [Place(one.serial_number, one.name or one.serial_number) for one in listed]
        known = {one.serial_number: _STANDING.search(one.uid or "") for one in listed}
        self.aids = frozenset(one for one, match in known.items() if match and match[1] == "99")
        self.ashore = frozenset(one for one, match in known.items() if match and match[1] == "00")
        self.names = {**{one.serial: one.name for one in found}, **self.names}
        return sorted(found, key=lambda one: (in_order(one.name), one.serial))

    def name(self, serial: str) -> str:
        """What people call a device."""
        return self.called.get(serial) or self.names.get(serial, serial)

    def take_names(self, replay: Replay) -> None:
        """From now on boats are called as on the day that is replayed."""
        day = replay.source.day
        if day is not None:
            self.names, self.called = {**day.names, **self.names}, day.boats

    async def session(self, session_id: int, *, naming: bool = True) -> LiveSession:
        """A session with its log; its names become those of the devices, if `naming`."""
        service = await self._connections.igtimi()
        session = await service.sessions.get(session_id)
        log = await service.session_logs.list(session_id)
        found = LiveSession(session, fold(log.entries))
        if naming:
            self.names.update(found.names)
        return found

    async def sessions(self) -> list[Session]:
        """Every session with a start, the newest first."""
        service = await self._connections.igtimi()
        found = [(one.start_time, one) for one in await service.sessions.list()]
        timed = [(start, one) for start, one in found if start is not None]
        return [one for _, one in sorted(timed, key=lambda pair: pair[0], reverse=True)]

    # -- feeds ------------------------------------------------------------------------------------

    def feed(
        self,
        serials: Sequence[str],
        *,
        history: int = HISTORY,
        types: Collection[int] = (),
        store: FeedStore | None = None,
    ) -> LiveFeed:
        """A live feed of these devices, not started; what it misses is fetched over REST.

        `history` milliseconds before now are fetched too, of `types` alone if any are given.
        """
        kept = FeedStore() if store is None else store

        def sources(serial: str) -> dict[int, Collection[int]]:
            known: dict[int, set[int]] = {}
            for key in kept:
                if key.serial == serial and key.source:
                    known.setdefault(key.type, set()).add(key.source)
            return dict(known)

        archive = Archive(self._connections, self.dialect, types, sources)
        made = LiveFeed(
            serials,
            servers=self._servers,
            converse=self._converse,
            store=kept,
            fetch=archive.for_feed,
            history=history,
            connect=self._connect,
        )
        self._feeds.append(made)
        return made

    async def _connect(self, url: str, headers: Mapping[str, str]) -> WebSocket:
        """Open a websocket, behind the door of the embedded services where it is one of theirs."""
        try:
            service = await self._connections.igtimi()
            dialled = await service.transport.dial(url)
        except ServiceError as error:
            raise unavailable(error) from error
        except OSError as error:
            raise Unavailable(no_way_there(error)) from error
        if dialled is None:
            return await open_socket(url, headers)
        made, more = dialled
        return await open_socket(url, {**headers, **more}, made)

    async def _servers(self) -> Sequence[str]:
        """The servers to try. Raises Unavailable, for good where the service says no."""
        try:
            service = await self._connections.igtimi()
            # The embedded services may have been started anew, with another port.
            self._token = service.access_token
            await self._check_token(service)
            named = self._settings.igtimi.websocket_servers
            if self._connections.uses_embedded("igtimi"):
                named = []
            listed = named or await listed_servers(service, self.dialect)
        except ServiceError as error:
            raise unavailable(error) from error
        plain = self._settings.network.allow_plain_http
        if named:
            refused = [f"{url}: {why}" for url in named if (why := unencrypted(url, plain))]
            usable = [url for url in named if not unencrypted(url, plain)]
        else:
            usable, refused = usable_servers(listed, service.transport.base_url, plain=plain)
        if not usable:
            raise Unavailable("; ".join(refused) or "the service lists no servers", final=True)
        self._pass_over(refused)
        return usable

    def _pass_over(self, refused: Iterable[str]) -> None:
        """Say once which servers are not used, and why."""
        for reason in refused:
            if reason not in self._passed_over:
                self._passed_over.add(reason)
                self._connections.told(f"A server of the live feed is passed over. {reason}.")

    async def _check_token(self, service: Igtimi) -> None:
        """Raise AuthenticationFailed for a token that is not good.

        Igtimi's feed does not say so: it is silent and hangs up after a while (reference,
        Igtimi, section 1.7), which would look like a server to be tried again and again.
        """
        if self.dialect == "igtimi":
            try:
                await service.account.show()
            except (NotFound, ConnectionFailed):
                # A server without accounts, or not able to answer now, says nothing about tokens.
                return

    def _converse(self, serials: Sequence[str]) -> Talk:
        return self._speak(self.dialect, serials, self._token)

    @staticmethod
    def _speak(dialect: str, serials: Sequence[str], token: str = "") -> Talk:
        made: LiveDialect = RiotDialect(token) if dialect == "riot" else JsonDialect(token)
        return Conversation(made, serials)

    async def replay_recording(self, path: Path) -> Replay:
        """A recording as a feed, not started. Raises ReplayFailed, OSError."""

        def read() -> RecordingSource:
            return RecordingSource(Recording(path), self._speak)

        try:
            source = await asyncio.to_thread(read)
        except NoRecording as error:
            raise NotThere(str(error), advice=ReplayFailed.default_advice) from error
        except NotARecording as error:
            raise ReplayFailed(str(error)) from error  # a file: no service has a part in it
        return self._replay(source)

    async def replay_session(
        self, session: LiveSession, progress: Callable[[int, int], None] | None = None
    ) -> Replay:
        """A past session as a feed, not started; fetched in slices, `progress` (done, of all).

        Raises ReplayFailed for a session without times, devices or data, and ServiceError.
        """
        start = session.start
        if start is None:
            raise ReplayFailed(f"{session.name} has no start", service="igtimi")
        if not session.serials:
            raise ReplayFailed(f"the log of {session.name} names no devices", service="igtimi")
        end = min(session.end or datetime.now(UTC), datetime.now(UTC))
        archive = Archive(self._connections, self.dialect)
        source = await load_session(
            archive.fetch, session.serials, _ms(start), max(_ms(end), _ms(start) + 1), progress
        )
        if source.upcoming() is None:
            raise ReplayFailed(f"there is no data of {session.name}", service="igtimi")
        return self._replay(source)

    def _replay(self, source: RecordingSource | SessionSource) -> Replay:
        made = Replay(source)
        self._feeds.append(made)
        return made

    async def release(self, feed: LiveFeed | Replay) -> None:
        """Stop a feed that is not needed any more; a recording of it ends."""
        if feed in self._feeds:
            self._feeds.remove(feed)
        if feed is self._recorded:
            await self.stop_recording()
        await feed.stop()

    # -- recording --------------------------------------------------------------------------------

    async def record(self, feed: LiveFeed, path: Path | None = None) -> Recorder:
        """Record what the feed hears from now on. Raises OSError, ReplayFailed.

        Into a new file in the folder of recordings, or at the end of `path`.
        """
        await self.stop_recording()
        chosen = path or self.recordings.new_path(datetime.now(UTC))
        try:
            recorder = await asyncio.to_thread(Recorder, chosen, self.dialect)
        except NotARecording as error:
            raise ReplayFailed(str(error)) from error  # a file: no service has a part in it
        self.recorder, self._recorded = recorder, feed
        feed.record(recorder)
        return recorder

    async def stop_recording(self) -> Recorder | None:
        """End the recording; what was recorded, or None when nothing was."""
        recorder, feed = self.recorder, self._recorded
        self.recorder = self._recorded = None
        if recorder is None:
            return None
        if feed is not None:
            feed.record(None)
        await asyncio.to_thread(recorder.close)
        return recorder

    async def close(self) -> None:
        """End every feed and the recording."""
        await self.stop_recording()
        feeds, self._feeds = self._feeds, []
        for feed in feeds:
            await feed.stop()


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
