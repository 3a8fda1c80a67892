"""The real embedded services for tests: in this process, in a thread, on a free port.

    with EmbeddedServer() as server:
        answer = server.http("POST", "/trackmypeople/api/status.json", basic=("demo", "..."))

A server starts in milliseconds: the sample workspace is written once a test run and copied.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import shutil
import socket
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tests.ports import kept_port, number_of
from tui.embedded import sample
from tui.embedded.application import BODY_LIMIT, build_application
from tui.embedded.context import Context, Options, Service, utc_now
from tui.embedded.credentials import Credentials
from tui.embedded.database import Database
from tui.embedded.door import Door
from tui.embedded.igtimi import recordings
from tui.embedded.lifetime import Lifetime
from tui.embedded.rendezvous import HOST
from tui.embedded.server import Server, bind
from tui.embedded.services import SERVICES

CREDENTIALS = Credentials()
"""The same for every server of a test run, since samples may hold what is derived from them."""

quirks_by_default = False
"""Whether a server that a test does not say it of has the documented inconsistencies."""

form_matters = True
"""Whether the test that runs is run in both forms, where a run with quirks is made, too."""


def _form_of_the_run() -> bool:
    assert form_matters, "this test is left out of a run with quirks: see tests/either_form.py"
    return quirks_by_default


recordings.sailed = cache(recordings.sailed)
"""The sample's races are the same on every server, and each takes a third of a second to sail."""

_START_SECONDS = 20.0
_LOOK_SECONDS = 0.005
_FRESH_SECONDS = 300.0
"""How long a sample serves for further servers: what it says runs "for 40 minutes" has to be true
of the last test of a slow run, too."""
_templates: dict[tuple[object, ...], tuple[float, Database]] = {}
_former: list[Database] = []
"""Templates that are too old for another server; those that were begun with them may go back."""


class Clock:
    """The real time until a test sets it; from then on it moves only when the test moves it."""

    def __init__(self, start: datetime | None = None) -> None:
        self.fixed = start
        """Where the clock stands; None while it runs."""

    def __call__(self) -> datetime:
        return utc_now() if self.fixed is None else self.fixed

    def set(self, moment: datetime) -> None:
        """Stop the clock at that moment, which is aware."""
        self.fixed = moment.astimezone(UTC)

    def advance(self, **parts: float) -> None:
        """Move on by `hours=1`, `milliseconds=250`, ..., and stay there."""
        self.fixed = self() + timedelta(**parts)


@dataclass(frozen=True)
class Answer:
    """What came back over the socket."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON; ValueError when it is something else."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.body.decode()


@dataclass
class EmbeddedServer:
    """The real application on 127.0.0.1, as a context manager.

    `seeded=False` gives empty tables. `services` limits it to some of the five by name, or
    serves others that a test made.
    `data` gives it a directory with a database file; without one all is in memory.
    Most tests let it stand in for the outside services, which have no door: `door=True` puts
    the door before it, and `http` then comes with a session.
    """

    seeded: bool = True
    quirks: bool = field(default_factory=_form_of_the_run)
    services: Sequence[str | Service] = ()
    clock: Clock = field(default_factory=Clock)
    data: Path | None = None
    boats: int = 3
    hertz: float = 5.0
    replay: tuple[Path, ...] = ()
    timezone: str = "UTC"
    body_limit: int = BODY_LIMIT
    credentials: Credentials = CREDENTIALS
    door: bool = False
    names: tuple[str, ...] = ()

    def start(self) -> EmbeddedServer:
        """Serve; returns once connections are accepted."""
        self._temporary = None if self.data else Path(tempfile.mkdtemp(prefix="tockdeck-test-"))
        folder = self.data or self._temporary
        assert folder is not None
        options = Options(
            data=folder,
            quirks=self.quirks,
            boats=self.boats,
            hertz=self.hertz,
            replay=self.replay,
            timezone=self.timezone,
        )
        database = Database(self.data / "embedded.db" if self.data else None)
        self.context = Context(database, self.credentials, options, self.clock)
        known = {service.name: service for service in SERVICES}
        chosen = [known[one] if isinstance(one, str) else one for one in self.services or known]
        self._began = self.clock.fixed
        self._template = _template(self.context, chosen, self.seeded)
        if not sample.version(database):
            self._template.copy_to(database)
        sample.prepare(self.context, chosen, seeded=self.seeded)
        # Once it is stopped nobody else may answer there to those who still have its address.
        keeper = kept_port()
        weakref.finalize(self, keeper.close)
        self.port = number_of(keeper)
        listener = bind(self.port)
        self.base_url = f"http://{HOST}:{self.port}"
        self.context.base_url = self.base_url
        ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self.lifetime = Lifetime()
        made = Door(self.credentials.deck_token, self.context.pages, names=self.names)
        application = build_application(
            self.context, chosen, self.lifetime, made, body_limit=self.body_limit
        )
        self._inside = ExitStack()
        self.session: Mapping[str, str] = {}
        """The header of a session, where there is a door."""
        if self.door:
            application = made.before(application)
            self.session = {"Tockdeck-Session": self._inside.enter_context(made.session())}
        server = Server(application, self.lifetime, ready=ready.set)
        self._state = server.server_state

        def serve() -> None:
            try:
                self._loop.run_until_complete(server.serve(sockets=[listener]))
            except BaseException as error:  # noqa: BLE001 - told to the test below
                self._failure = error
            finally:
                listener.close()
                self._loop.run_until_complete(self._loop.shutdown_default_executor())
                self._loop.close()
                ready.set()

        self._thread = threading.Thread(target=serve, name="embedded", daemon=True)
        self._thread.start()
        assert ready.wait(_START_SECONDS), "the embedded services did not start in time"
        if self._failure is not None:
            raise RuntimeError("the embedded services did not start") from self._failure
        return self

    def stop(self) -> None:
        """End cleanly; safe to call twice."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self.lifetime.end)
            self._thread.join(_START_SECONDS)
            assert not self._thread.is_alive(), "the embedded services did not end in time"
        self._inside.close()
        self.context.database.close()
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
        if self._failure is not None:
            raise RuntimeError("the embedded services failed") from self._failure

    def __enter__(self) -> EmbeddedServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, path: str) -> str:
        """An absolute address on this server."""
        return self.base_url + path

    def in_loop(self, work: Callable[[], object]) -> None:
        """Have the server do something between two requests; does not wait for it."""
        self._loop.call_soon_threadsafe(work)

    def finish(self) -> None:
        """Return once all that was sent by those who are gone has been carried out."""
        # What came before it has been accepted when this is answered.
        self.http("GET", "/")
        end = time.monotonic() + _START_SECONDS
        while self._state.connections or self._state.tasks:
            assert time.monotonic() < end, "something is still asked of the embedded services"
            time.sleep(_LOOK_SECONDS)

    def reset(self) -> None:
        """Back to the tables as they were at the start, and the clock with them.

        What a service keeps in memory stays: for that, start another server.
        """
        self.clock.fixed = self._began
        self._template.copy_to(self.context.database)

    def raw(self, sent: bytes) -> bytes:
        """Bytes as they are, for what http.client would not send; all that comes back."""
        with socket.create_connection((HOST, self.port), timeout=10) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)

    def http(
        self,
        method: str,
        path: str,
        *,
        form: Mapping[str, object] | None = None,
        json_body: object = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        basic: tuple[str, str] | None = None,
        bearer: str | None = None,
        timeout: float = 10.0,
    ) -> Answer:
        """One request on a connection of its own, as it is: nothing is followed or repeated."""
        sent = {**self.session, **(headers or {})}
        if form is not None:
            body = urlencode({name: str(value) for name, value in form.items()}).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("Content-Type", "application/json")
        if basic is not None:
            pair = base64.b64encode(f"{basic[0]}:{basic[1]}".encode()).decode()
            sent["Authorization"] = f"Basic {pair}"
        if bearer is not None:
            sent["Authorization"] = f"Bearer {bearer}"
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()


def close_templates() -> None:
    """At the end of a test run."""
    for database in [*_former, *(database for _, database in _templates.values())]:
        database.close()
    _former.clear()
    _templates.clear()


def _template(context: Context, services: Sequence[Service], seeded: bool) -> Database:
    """A database with tables and sample, made once for each kind of server."""
    fixed = context.now.fixed if isinstance(context.now, Clock) else None
    kind = (seeded, context.quirks, context.options.timezone, fixed, context.credentials)
    key = (*kind, *services)
    since, found = _templates.get(key, (0.0, None))
    if found is not None and (fixed is not None or time.monotonic() - since < _FRESH_SECONDS):
        return found
    if found is not None:
        _former.append(found)
    database = Database(None)
    made = Context(database, context.credentials, context.options, context.now)
    sample.prepare(made, services, seeded=seeded)
    _templates[key] = time.monotonic(), database
    return database
