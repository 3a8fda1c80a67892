"""The five clients: which services are set up, with whose credentials, and built when needed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tui.config.load import ConfigError, Loaded
from tui.config.locations import Locations
from tui.config.secrets import secret
from tui.config.settings import SERVICES
from tui.workspace.connections.embedded_services import EmbeddedServices, ServiceDoor
from tui.workspace.connections.session_file import SessionFile
from tui.workspace.problems import SERVICE_TITLES, NotConnected
from tui.workspace.times import TimeTextError, zone

if TYPE_CHECKING:
    from tui.services.client import ServiceClient
    from tui.services.igtimi import Igtimi
    from tui.services.ticktocker import TickTocker
    from tui.services.timesheets import Timesheets
    from tui.services.timetonic import TimeTonic
    from tui.services.trackmypeople import TrackMyPeople
    from tui.services.transport import Transport
    from tui.workspace.connections.door import Endpoint

C = TypeVar("C", bound="ServiceClient")
EMBEDDED_PATHS = {
    "timetonic": "timetonic",
    "ticktocker": "ticktocker/api/1",
    "igtimi": "igtimi",
    "trackmypeople": "trackmypeople/api",
    "timesheets": "timesheets",
}
"""Where each of the embedded services hangs, below their one address."""
EMBEDDED_ROWS = 2_000
"""Rows of one call to the embedded services: they keep each call as a whole, in one transaction.

It is as many as they take, and few enough that whoever else asks meanwhile hardly waits.
"""
EMBEDDED = "@embedded:"
"""What stands in an account's name between the service and the identity of the embedded data."""
HANGING = 4.5
"""Seconds without a byte after which the embedded services, on this machine, are given up."""
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}


class Connections:
    """Clients by service, shared by all screens of one deck."""

    services = SERVICES

    def __init__(self, loaded: Loaded, locations: Locations, *, trying: bool = False) -> None:
        """Where an account is only being tried, no session of it is read or kept."""
        self.loaded = loaded
        self._trying = trying
        self.settings = loaded.settings
        self.locations = locations
        self.embedded = EmbeddedServices(
            locations.embedded, self.settings.embedded, self.settings.deck.time_zone
        )
        self._clients: dict[str, ServiceClient] = {}
        self._left: list[ServiceClient] = []
        self._locks = {service: asyncio.Lock() for service in SERVICES}
        self.told: Callable[[str], object] = lambda _text: None
        """Says what a person should know though nobody asked for it; a face sets it."""
        self.hears_boats = bool(loaded.settings.embedded.sources)
        """Whether real boats are heard: the embedded Igtimi then stands in where none is set up."""
        self.brief = False
        """Whether this process asks once or twice and ends; set before the first call."""
        self.dry_run = False
        """When set before the first call, no client sends anything."""
        self.generation = 0
        """Another number when accounts or all data may be others than before: what is
        remembered of them counts no more."""

    def uses_embedded(self, service: str) -> bool:
        """True when this service's calls go to the embedded services."""
        if self.loaded.configured(service):
            return False
        return (service == "igtimi" and self.hears_boats) or self._stands_in()

    def _stands_in(self) -> bool:
        """Whether what is not set up is embedded, whatever it is."""
        use = self.settings.embedded.use
        return use == "always" or (use == "auto" and not self.loaded.any_service_configured)

    def shows_sample(self) -> list[str]:
        """The services that are not set up and show the sample instead; real boats are none."""
        if not self._stands_in() or not self.embedded.files.has_sample():
            return []
        return [one for one in SERVICES if not self.loaded.configured(one)]

    def would_show_boats(self) -> bool:
        """Whether a deck with this configuration shows what the embedded Igtimi has."""
        return bool(self.settings.embedded.sources) or self._stands_in()

    def connected(self, service: str) -> bool:
        """True when the service is set up, whether or not it answers."""
        return self.loaded.configured(service) or self.uses_embedded(service)

    def state(self, service: str) -> str:
        """How a service is set up, in a word or two."""
        if self.loaded.configured(service):
            return str(getattr(self.settings, service).base_url)
        return "embedded" if self.uses_embedded(service) else "not connected"

    @property
    def rows_a_call(self) -> int:
        """Rows of one call where many are written: few are what the real TimeTonic bears."""
        if self.uses_embedded("timetonic"):
            return EMBEDDED_ROWS
        return self.settings.timetonic.rows_a_call

    def account(self, service: str) -> str:
        """Names the account whose answers are kept: never a secret.

        Of the embedded services it names their data too: what was noted for data that was
        cleared, reset or set aside is never taken for what stands there now.
        """
        if self.uses_embedded(service):
            return f"{service}{EMBEDDED}{self.embedded.files.identity()}"
        section = getattr(self.settings, service)
        names = [
            getattr(section, name, "") for name in ("user", "login", "email", "app", "client_id")
        ]
        return f"{service}@{section.base_url}:{':'.join(filter(None, names))}"

    def is_gone(self, account: str) -> bool:
        """Whether an account is one of embedded data that is there no more."""
        service, embedded, identity = account.partition(EMBEDDED)
        now = self.embedded.files.identity()
        return bool(embedded and identity and now and identity != now and service in SERVICES)

    @property
    def session_file(self) -> SessionFile:
        """Where the session is kept that logging in to TimeTonic gave."""
        name = f"session-{_file_name(self.account('timetonic'))}.json"
        return SessionFile(self.locations.data / name)

    async def timetonic(self) -> TimeTonic:
        """The TimeTonic client. Raises NotConnected, ConfigError, ConnectionFailed."""
        return await self._client("timetonic", self._make_timetonic)

    async def ticktocker(self) -> TickTocker:
        """The TickTocker client; its throttle is shared by every process of this user."""
        return await self._client("ticktocker", self._make_ticktocker)

    async def igtimi(self) -> Igtimi:
        """The Igtimi client."""
        return await self._client("igtimi", self._make_igtimi)

    async def trackmypeople(self) -> TrackMyPeople:
        """The TrackMyPeople client."""
        return await self._client("trackmypeople", self._make_trackmypeople)

    async def timesheets(self) -> Timesheets:
        """The iBuildApp Timesheets client."""
        return await self._client("timesheets", self._make_timesheets)

    def last_operation(self, service: str) -> str:
        """The id of the operation that a service's client carried out last, or ""."""
        client = self._clients.get(service)
        return client.transport.last_operation if client is not None else ""

    async def of(self, service: str) -> ServiceClient:
        """The client of a service by its id."""
        client: ServiceClient = await getattr(self, service)()
        return client

    async def forget(self) -> None:
        """Drop every client, so that the next call finds the services anew."""
        self.generation += 1
        clients, self._clients = self._clients, {}
        left, self._left = self._left, []
        for client in (*clients.values(), *left):
            await client.close()

    async def close(self) -> None:
        """Close the clients and let go of the embedded services."""
        await self.forget()
        await self.embedded.close()

    async def _client(self, service: str, make: Callable[[], Awaitable[C]]) -> C:
        async with self._locks[service]:
            kept = self._clients.get(service)
            if kept is None:
                kept = await make()
                self._clients[service] = kept
            return kept  # type: ignore[return-value]

    async def _endpoint(self, service: str) -> Endpoint | None:
        if self.uses_embedded(service):
            self.embedded.lost = self._embedded_lost
            return await self.embedded.ensure()
        if not self.loaded.configured(service):
            raise NotConnected(
                f"{SERVICE_TITLES[service]} is not set up in {self.loaded.file}",
                service=service,
            )
        return None

    def _embedded_lost(self) -> None:
        for service in SERVICES:
            if self.uses_embedded(service) and service in self._clients:
                # Not closed yet: its calls that are under way look for the new server.
                self._left.append(self._clients.pop(service))

    async def _transport(self, service: str, endpoint: Endpoint | None) -> Transport:
        from tui.services.transport import Limits, Transport

        network = self.settings.network

        path = EMBEDDED_PATHS[service]
        address = str(getattr(self.settings, service).base_url)
        if service == "timetonic":
            from tui.config.base_urls import environment

            address, _ = environment(address)
        return Transport(
            service,
            f"{endpoint.base_url}/{path}" if endpoint else address,
            door=ServiceDoor(self.embedded, path) if endpoint else None,
            brief=self.brief,
            limits=Limits(
                connect=network.connect_seconds,
                read=min(network.read_seconds, HANGING) if endpoint else network.read_seconds,
                total=network.call_seconds,
                rate=network.least_kilobytes * 1024,
                retries=network.retries,
                answer=network.answer_megabytes * 1024 * 1024,
            ),
            dry_run=self.dry_run,
            allow_plain=network.allow_plain_http,
        )

    async def _secret(self, key: str) -> str:
        return await asyncio.to_thread(secret, self.loaded, key)

    async def _make_timetonic(self) -> TimeTonic:
        from tui.config.base_urls import environment

        endpoint = await self._endpoint("timetonic")
        module = await _imported("tui.services.timetonic")
        held = endpoint.credentials if endpoint else {}
        options = self.settings.timetonic
        user = held.get("timetonic_login") or options.login or options.user
        sesskey = "" if endpoint else await self._secret("timetonic.sesskey")
        session = self.session_file
        fresh = bool(sesskey) or self.dry_run or self._trying
        kept = {} if fresh else await asyncio.to_thread(session.read)
        made: TimeTonic = module.TimeTonic(
            await self._transport("timetonic", endpoint),
            user,
            password=(held.get("timetonic_password") or await self._secret("timetonic.password"))
            or None,
            keys=module.Keys(o_u=options.user, sesskey=sesskey) if sesskey else module.Keys(**kept),
            u_c=options.on_behalf_of or None,
            environment="live" if endpoint else environment(options.base_url)[1],
            rows_a_request=self.rows_a_call,
            on_keys=None if sesskey or self._trying else lambda keys: session.write(vars(keys)),
        )
        return made

    async def _make_ticktocker(self) -> TickTocker:
        endpoint = await self._endpoint("ticktocker")
        module = await _imported("tui.services.ticktocker")
        from tui.services.throttle import Throttle

        options = self.settings.ticktocker
        held = endpoint.credentials if endpoint else {}
        user = held.get("ticktocker_user", options.user)
        throttle_file = f"ticktocker-{'embedded' if endpoint else _file_name(user)}.json"
        made: TickTocker = module.TickTocker(
            await self._transport("ticktocker", endpoint),
            user,
            held.get("ticktocker_application")
            or await self._secret("ticktocker.application_token"),
            apikey=(held.get("ticktocker_key") or await self._secret("ticktocker.api_key")) or None,
            password=(held.get("ticktocker_password") or await self._secret("ticktocker.password"))
            or None,
            throttle=Throttle(self.locations.state / throttle_file),
            community_path=options.community_path,
            first_page=options.first_page,
            start_names=(
                ("eventstart", "evenstart") if options.send_evenstart else ("eventstart",)
            ),
        )
        return made

    async def _make_igtimi(self) -> Igtimi:
        endpoint = await self._endpoint("igtimi")
        module = await _imported("tui.services.igtimi")
        held = endpoint.credentials if endpoint else {}
        options = self.settings.igtimi
        made: Igtimi = module.Igtimi(
            await self._transport("igtimi", endpoint),
            access_token=held.get("igtimi_access_token")
            or await self._secret("igtimi.access_token"),
            application_access_token=held.get("igtimi_application_token")
            or await self._secret("igtimi.application_token"),
            client_id=held.get("igtimi_client_id", options.client_id),
            client_secret=held.get("igtimi_client_secret")
            or await self._secret("igtimi.client_secret"),
            redirect_uri=options.redirect_uri,
        )
        await self._tell_sources(made)
        return made

    async def _tell_sources(self, client: Igtimi) -> None:
        """Have the embedded Igtimi hear the configured sources; those that it hears go on."""
        if "embedded.sources" not in self.loaded.origins or self.dry_run or self._trying:
            return
        wanted = self.settings.embedded.sources
        if not self.uses_embedded("igtimi"):
            if wanted:
                self.told(f"No boats of [[embedded.sources]]: Igtimi is {self.state('igtimi')}.")
            return
        from tui.services.errors import ServiceError
        from tui.services.igtimi.sources import configure_sources
        from tui.workspace.connections.source_addresses import address_of

        try:
            await configure_sources(client, [address_of(one) for one in wanted])
        except ServiceError as error:
            self.told(f"[[embedded.sources]] are not heard: {error.message}")

    async def _make_trackmypeople(self) -> TrackMyPeople:
        endpoint = await self._endpoint("trackmypeople")
        module = await _imported("tui.services.trackmypeople.client")
        held = endpoint.credentials if endpoint else {}
        options = self.settings.trackmypeople
        made: TrackMyPeople = module.TrackMyPeople(
            await self._transport("trackmypeople", endpoint),
            held.get("trackmypeople_user", options.user),
            held.get("trackmypeople_password") or await self._secret("trackmypeople.password"),
            paths=options.paths,
            format=options.format,
            method=options.method.upper(),
            time_format=options.time_format,
            timezone=None if options.time_zone == "profile" else _zone_name(options.time_zone),
            fallback=_zone_name("local"),
            total_unit=UNIT_SECONDS[options.total_unit],
            shown=zone(self.settings.deck.time_zone),
        )
        return made

    async def _make_timesheets(self) -> Timesheets:
        endpoint = await self._endpoint("timesheets")
        module = await _imported("tui.services.timesheets")
        held = endpoint.credentials if endpoint else {}
        options = self.settings.timesheets
        made: Timesheets = module.Timesheets(
            await self._transport("timesheets", endpoint),
            app=held.get("timesheets_app", options.app),
            email=held.get("timesheets_email", options.email),
            password=held.get("timesheets_password") or await self._secret("timesheets.password"),
            token="" if endpoint else await self._secret("timesheets.token"),
            task_prefix=options.task_prefix,
        )
        return made


def _zone_name(setting: str) -> str:
    """The IANA name that a setting means. Raises ConfigError for a name that is no zone."""
    try:
        # A machine that does not name its zone is most likely a server, in UTC.
        return getattr(zone(setting), "key", "UTC")
    except TimeTextError as error:
        raise ConfigError(f"trackmypeople.time_zone: {error}") from error


def _file_name(account: str) -> str:
    """An account's name as part of a file name, whatever it holds."""
    from hashlib import sha256

    return sha256(account.encode()).hexdigest()[:12]


async def _imported(module: str) -> Any:
    """Import a client in a thread: httpx and its kin must not hold up the keys."""
    from importlib import import_module

    return await asyncio.to_thread(import_module, module)
