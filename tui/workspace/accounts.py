"""Setting a service up and doing away with that: tried first, then kept in the deck's own file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.config.base_urls import NotMeant, base_url
from tui.config.connect import keep_connection
from tui.config.load import COMMAND, Loaded
from tui.kept_status import GOALS
from tui.services.errors import AuthenticationFailed, InvalidArgument
from tui.words import counted
from tui.workspace.connections.connections import Connections
from tui.workspace.keeping import Keeping
from tui.workspace.reads import Reads

if TYPE_CHECKING:
    from tui.services.ticktocker.records import ApiVersion
    from tui.workspace.operations.console import ConsoleHistory

Values = Mapping[str, str]


class Tried(NamedTuple):
    """An account that a service has answered for."""

    service: str
    typed: Values
    found: str
    """What was found there, in words."""


class Accounts:
    """The accounts of the services. What it changes counts for who reads the settings anew."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        keeping: Keeping,
        calls: ConsoleHistory,
        status_file: Path,
    ) -> None:
        self._connections = connections
        self._reads = reads
        self._keeping = keeping
        self._calls = calls
        self._status_file = status_file
        self._file = connections.locations.connections_file

    def hides_embedded(self, service: str) -> bool:
        """Whether the embedded services go out of sight once this service is set up."""
        connections = self._connections
        return connections.settings.embedded.use == "auto" and any(
            connections.uses_embedded(other) for other in connections.services if other != service
        )

    def is_kept(self, service: str) -> bool:
        """Whether the deck's own file sets something of the service, and if it is overruled."""
        return service in _sections(self._file)

    def stands_elsewhere(self, service: str) -> dict[str, list[str]]:
        """Where the service is set up but for the deck's own file: the settings by their place."""
        places: dict[str, list[str]] = {}
        for key, origin in self._connections.loaded.origins.items():
            section, _, name = key.partition(".")
            if section == service and origin != str(self._file):
                places.setdefault(origin, []).append(name)
        return places

    async def try_out(self, service: str, values: Values) -> Tried:
        """Try an account; nothing is kept of it, also where this is cancelled.

        Raises what a client raises, InvalidArgument where another place stands over what was
        typed, ConfigError, OSError.
        """
        typed = _filled_in(service, values)
        loaded = await asyncio.to_thread(self._connections.loaded.again, trying={service: typed})
        self._insist_on_typed(loaded, service, typed)
        trial = Connections(loaded, self._connections.locations, trying=True)
        try:
            found = await found_at(trial, service)
        finally:
            await trial.close()
        return Tried(service, typed, found)

    async def keep(self, tried: Tried) -> None:
        """Keep an account that was tried, and forget what was kept of the former one.

        Raises ConfigError, OSError: then nothing has changed.
        """
        await asyncio.to_thread(keep_connection, self._file, tried.service, tried.typed)
        await self._forget(tried.service)

    async def disconnect(self, service: str) -> None:
        """Remove what the deck itself keeps of a service; nothing changes at the service.

        Raises ConfigError and OSError where the deck's own file cannot be changed.
        """
        await asyncio.to_thread(keep_connection, self._file, service, {})
        await self._forget(service)

    async def _forget(self, service: str) -> None:
        """Drop the session, the answers and the calls that were kept of the former account."""
        # What stays for a full disk is named after that account, and nobody asks for it again.
        with suppress(OSError):
            if service == "timetonic":
                await asyncio.to_thread(self._connections.session_file.forget)
            await self._calls.forget(service)
            for told in (self._status_file, self._status_file.with_name(GOALS)):
                await asyncio.to_thread(told.unlink, missing_ok=True)
        await self._reads.forget(f"{service}@")
        await asyncio.to_thread(self._keeping.forget_records, f"{service}@")

    def _insist_on_typed(self, loaded: Loaded, service: str, typed: Values) -> None:
        """Raises InvalidArgument where something else than what was typed would be in force."""
        section = getattr(loaded.settings, service)
        for name in typed:
            key = f"{service}.{name}"
            origin = loaded.origins[key]
            if loaded.commands.get(key):
                origin, key = loaded.origins[key + COMMAND], key + COMMAND
            elif origin == str(self._file) or getattr(section, name) == typed[name]:
                continue
            raise InvalidArgument(
                f"{origin} sets {key}, which stands over what is typed here",
                service=service,
                advice="Change it there.",
            )


def standing(places: Mapping[str, Sequence[str]]) -> str:
    """Where a service is set up, in words; empty where nowhere."""
    return "; ".join(f"{place} sets {', '.join(names)}" for place, names in places.items())


def _filled_in(service: str, values: Values) -> dict[str, str]:
    """What was typed, its address as it is meant. Raises InvalidArgument."""
    typed = {name: value for name, value in values.items() if value}
    try:
        typed["base_url"] = base_url(service, typed.get("base_url", ""))
    except NotMeant as error:
        raise InvalidArgument(
            f"the base URL {error}", service=service, advice="Correct the address."
        ) from error
    return typed


async def found_at(connections: Connections, service: str) -> str:
    """Ask a service for whose account this is, by one cheap read; in words.

    Raises what a client raises.
    """
    if service == "timetonic":
        user = await (await connections.timetonic()).get_user_info()
        return _listed(user.u_c, None if user.books is None else counted(user.books, "book"))
    if service == "ticktocker":
        version = await (await connections.ticktocker()).version()
        return _listed(connections.settings.ticktocker.user, *_calls_left(version))
    if service == "igtimi":
        igtimi = await connections.igtimi()
        if not igtimi.access_token:
            # An application alone has no account to ask for: its tokens are for devices.
            servers = await igtimi.server_listers.web_sockets()
            return _listed("no access token", counted(len(servers), "live server"))
        account = await igtimi.account.show()
        return _listed(f"{account.first_name} {account.surname}".strip(), account.email)
    if service == "trackmypeople":
        timers = await connections.trackmypeople()
        trackers = await timers.trackers()
        return _listed(connections.settings.trackmypeople.user, counted(len(trackers), "tracker"))
    person = await (await connections.timesheets()).user.info()
    name = f"{person.first_name} {person.last_name}".strip()
    return _listed(name, person.email, f"app {connections.settings.timesheets.app}")


def _calls_left(version: ApiVersion) -> list[str]:
    """Raises AuthenticationFailed where the service does not take the caller for a user."""
    if not version.logged_in:
        raise AuthenticationFailed(
            "the service knows the application, but not this user with this key",
            service="ticktocker",
            advice="Check the user name and the API key, or give the password.",
        )
    return [] if version.calls is None else [f"{counted(version.calls, 'call')} left"]


def _listed(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


def _sections(file: Path) -> frozenset[str]:
    """The sections of the deck's own file; none where it cannot be read."""
    import tomllib

    try:
        return frozenset(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return frozenset()
