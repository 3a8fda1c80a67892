"""The deck's side of the door of the embedded services.

Whoever took the port of a server that was killed would be handed every credential, so nothing is
said on a connection before the other side has proven that it knows the secret that both share: the
`deck_token` of credentials.json, which only its owner reads, and which is never sent. In words of
HTTP:

- `GET /_deck/door` with a fresh `Tockdeck-Nonce` is the first request of every connection. Its
  answer, JSON, holds `nonce` and `proof`: HMAC-SHA256 under the secret, in hexadecimal, of the
  lines `tockdeck door 1`, `server`, HOST:PORT as we connected to it, our nonce, its nonce.
- `GET /_deck/presence` then proves ourselves: our nonce again, its nonce as `Tockdeck-Challenge`,
  and the same HMAC with `deck` for `server` as `Tockdeck-Proof`. The stream that answers begins
  with a line of JSON that names the `session`, and stays open as long as we are there.
- `Tockdeck-Session` with that value goes with every other request and websocket to this address,
  and to no other. A server that was started anew gives another one.
- `POST /_deck/page` with `{"target": "/path?query"}` answers an `address` by which a person's
  browser opens that page once.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from typing import NamedTuple

from tui.services.door import NotOurs, Silent, Stream

HOST = "127.0.0.1"
NAMES = frozenset({HOST, "localhost"})
PATIENCE = 1.5
"""Seconds that a server that lives may take for its proof, and for the first line of presence."""
LONGEST = 16_384
"""Bytes of a head or a line that is waited for."""


class Greeting(NamedTuple):
    """What was exchanged on a connection whose other side has proven itself."""

    secret: str
    address: str
    nonce: str
    challenge: str

    def __repr__(self) -> str:
        """Nothing of what only both sides may know."""
        return "Greeting(...)"

    def headers(self) -> Mapping[str, str]:
        """What proves ourselves."""
        return {
            "Tockdeck-Nonce": self.nonce,
            "Tockdeck-Challenge": self.challenge,
            "Tockdeck-Proof": _proof(self.secret, "deck", self.address, self.nonce, self.challenge),
        }


class Endpoint(NamedTuple):
    """Where the embedded services listen, what they accept, and the session they gave us."""

    port: int
    credentials: dict[str, str]
    session: str

    def __repr__(self) -> str:
        """Nothing of what only both sides may know."""
        return "Endpoint(...)"

    @property
    def base_url(self) -> str:
        """The address that every service's prefix is added to."""
        return f"http://{HOST}:{self.port}"

    @property
    def secret(self) -> str:
        """What both sides know."""
        return self.credentials.get("deck_token", "")


class SocketStream:
    """A bare socket that does not block, read and written as httpcore does its own."""

    def __init__(self, bare: socket.socket) -> None:
        self._bare = bare

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come."""
        async with asyncio.timeout(timeout):
            return await asyncio.get_running_loop().sock_recv(self._bare, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it."""
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_sendall(self._bare, buffer)


async def dialled(port: int, secret: str) -> tuple[socket.socket, Greeting]:
    """A connection whose other side has proven itself. Raises NotOurs, OSError."""
    bare = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bare.setblocking(False)
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.get_running_loop().sock_connect(bare, (HOST, port))
        return bare, await greeted(SocketStream(bare), port, secret)
    except TimeoutError as error:
        bare.close()
        raise Silent(f"port {port} does not answer") from error
    except BaseException:
        bare.close()
        raise


async def greeted(stream: Stream, port: int, secret: str) -> Greeting:
    """Have the other side of a new connection prove itself. Raises NotOurs, OSError."""
    if not secret:
        raise NotOurs("the secret of the embedded services cannot be read")
    # Not before a server is looked for: what was kept is shown without it.
    import hmac
    import secrets

    address, nonce = f"{HOST}:{port}", secrets.token_urlsafe(24)
    request = f"GET /_deck/door HTTP/1.1\r\nHost: {address}\r\nTockdeck-Nonce: {nonce}\r\n\r\n"
    try:
        async with asyncio.timeout(PATIENCE):
            await stream.write(request.encode())
            said = await _answer(stream)
    except TimeoutError as error:
        raise Silent(f"port {port} did not prove in time that it is ours") from error
    challenge, given = said.get("nonce"), said.get("proof")
    if isinstance(challenge, str) and isinstance(given, str) and challenge.isascii():
        wanted = _proof(secret, "server", address, nonce, challenge)
        if hmac.compare_digest(given.encode(), wanted.encode()):
            return Greeting(secret, address, nonce, challenge)
    raise NotOurs(f"another program answers at port {port}; nothing was told it")


def _proof(secret: str, side: str, address: str, nonce: str, challenge: str) -> str:
    import hmac

    lines = "\n".join(("tockdeck door 1", side, address, nonce, challenge))
    return hmac.new(secret.encode(), lines.encode(), "sha256").hexdigest()


async def _answer(stream: Stream) -> dict[str, object]:
    """The JSON object of one answer, and not a byte beyond; empty for anything else."""
    come = b""
    while b"\r\n\r\n" not in come:
        piece = await stream.read(4096)
        come += piece
        if not piece or len(come) > LONGEST:
            return {}
    head, _, body = come.partition(b"\r\n\r\n")
    length = _length(head)
    while len(body) < length:
        piece = await stream.read(length - len(body))
        if not piece:
            return {}
        body += piece
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and len(body) == length else {}


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return min(int(value.strip()[:6]), LONGEST)
    return 0
