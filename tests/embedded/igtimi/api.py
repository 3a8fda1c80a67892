"""Calling the embedded Igtimi over real sockets."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.harness import CREDENTIALS, Answer, EmbeddedServer
from tui.embedded.igtimi.access import token_digest
from tui.embedded.igtimi.faults import Faults, Timing
from tui.embedded.igtimi.runtime import runtime

Pairs = Sequence[tuple[str, object]]

BOAT = "GA-EN-AAAA"
WIND_BOT = "DD-EE-AAHA"
FOREIGN = "DC-GD-AADE"
SHARED = "DC-FE-AAKG"
UNREGISTERED = "CA-CJ-AAAA"


@dataclass(frozen=True)
class Api:
    """One caller: the sample user unless told otherwise."""

    server: EmbeddedServer
    token: str | None = CREDENTIALS.igtimi_access_token

    def call(
        self,
        method: str,
        path: str,
        query: Pairs = (),
        *,
        form: Pairs | None = None,
        body: bytes | None = None,
        kind: str | None = None,
    ) -> Answer:
        """One request below `/igtimi`; `form` is encoded with brackets and repeats as they are."""
        headers = {} if kind is None else {"Content-Type": kind}
        if form is not None:
            body = urlencode(form).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        target = f"/igtimi{path}" + (f"?{urlencode(query)}" if query else "")
        return self.server.http(method, target, body=body, headers=headers, bearer=self.token)

    def get(self, path: str, query: Pairs = ()) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.call("GET", f"/api/v1{path}", query)
        assert answer.status == 200, answer.text
        return answer.json()

    def post(self, path: str, form: Pairs = ()) -> Any:
        """The JSON of a POST that must succeed."""
        answer = self.call("POST", f"/api/v1{path}", form=form)
        assert answer.status == 200, answer.text
        return answer.json()

    def delete(self, path: str, query: Pairs = ()) -> Any:
        """The JSON of a DELETE that must succeed."""
        answer = self.call("DELETE", f"/api/v1{path}", query)
        assert answer.status == 200, answer.text
        return answer.json()

    def status(self, method: str, path: str, pairs: Pairs = ()) -> int:
        """Only the status; parameters as query for GET and DELETE, or else as form."""
        if method in ("GET", "DELETE"):
            return self.call(method, f"/api/v1{path}", pairs).status
        return self.call(method, f"/api/v1{path}", form=pairs).status

    def as_user(self, user: int | None) -> Api:
        """The same server, called by another user, or by an application (None)."""
        token = secrets.token_hex(8)
        with self.server.context.database.write() as connection:
            connection.execute(
                "INSERT INTO igtimi_token (digest, user_id, created) VALUES (?, ?, 0)",
                (token_digest(token), user),
            )
        return Api(self.server, token)

    def anonymous(self) -> Api:
        """The same server without a token."""
        return Api(self.server, None)

    @property
    def faults(self) -> Faults:
        """What the live feed does wrong."""
        return runtime(self.server.context).faults

    @property
    def timing(self) -> Timing:
        """The live feed's intervals."""
        return runtime(self.server.context).timing

    @asynccontextmanager
    async def live(self, path: str = "/live", **options: Any) -> AsyncIterator[ClientConnection]:
        """A connection to the live feed."""
        address = f"ws://127.0.0.1:{self.server.port}/igtimi{path}"
        async with connect(address, ping_interval=None, **options) as websocket:
            yield websocket

    async def subscribe(self, websocket: ClientConnection, serials: Sequence[str]) -> None:
        """Send the configuration."""
        await websocket.send(json.dumps({"access_token": self.token, "devices": list(serials)}))


async def receive(websocket: ClientConnection) -> str | bytes:
    """The next frame; what does not come within ten seconds never comes."""
    return await asyncio.wait_for(websocket.recv(), 30)


async def next_integer(websocket: ClientConnection) -> int:
    """The server's time; heartbeats before it are passed over."""
    while True:
        frame = await receive(websocket)
        if isinstance(frame, str) and frame != "1":
            return int(frame)


async def next_array(websocket: ClientConnection) -> list[dict[str, Any]]:
    """The next data message."""
    while True:
        frame = await receive(websocket)
        if isinstance(frame, str) and frame.startswith("["):
            found: list[dict[str, Any]] = json.loads(frame)
            return found


async def until_closed(websocket: ClientConnection) -> list[str | bytes]:
    """All frames up to the end of the connection."""
    frames: list[str | bytes] = []
    try:
        while True:
            frames.append(await receive(websocket))
    except ConnectionClosed:
        return frames


async def subscribed(api: Api, websocket: ClientConnection, *serials: str) -> int:
    await api.subscribe(websocket, serials)
    return await next_integer(websocket)


def serials_of(array: list[dict[str, Any]]) -> list[str]:
    return [serial for entry in array for serial in entry]


async def stop_feed(api: Api) -> None:
    """Wait until the feed has stopped and kept all it had."""
    stopping = runtime(api.server.context).feed.stop()
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(stopping, api.server._loop))
