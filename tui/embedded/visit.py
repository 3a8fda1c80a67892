"""Speaking to a running server of the same data directory, as everybody has to: see door.py."""

from __future__ import annotations

import hmac
import http.client
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.embedded.credentials import Credentials
from tui.embedded.door import (
    CHALLENGE_HEADER,
    CHALLENGE_PATH,
    NONCE_HEADER,
    PRESENCE_PATH,
    PROOF_HEADER,
    SESSION_HEADER,
    content_of,
    proof,
)
from tui.embedded.opening import CREDENTIALS_FILE
from tui.embedded.rendezvous import HOST, Endpoint
from tui.hosts import authority

ANSWER_SECONDS = 1.5
"""How long a server that lives may take to say who it is."""
_LONGEST = 4096


class Stranger(Exception):
    """Whoever listens there did not prove in time that they are a server of this directory."""


class Caller:
    """A connection to a server that has proven itself, and the session that it gave."""

    def __init__(self, endpoint: Endpoint, secret: str, patience: float) -> None:
        self._endpoint = endpoint
        self._secret = secret
        self._patience = patience

    def greeted(self) -> tuple[http.client.HTTPConnection, dict[str, str]]:
        """A connection that leads to the server, and what proves that we know the secret.

        Raises Stranger.
        """
        connection = http.client.HTTPConnection(HOST, self._endpoint.port, timeout=ANSWER_SECONDS)
        nonce = secrets.token_urlsafe(24)
        address = authority(HOST, self._endpoint.port)
        try:
            connection.request("GET", CHALLENGE_PATH, headers={NONCE_HEADER: nonce})
            said = content_of(connection.getresponse().read(_LONGEST))
            challenge = str(said.get("nonce"))
            wanted = proof(self._secret, "server", address, nonce, challenge)
            if not hmac.compare_digest(str(said.get("proof")).encode(), wanted.encode()):
                raise Stranger(address)
        except (OSError, ValueError, http.client.HTTPException) as error:
            connection.close()
            raise Stranger(address) from error
        except Stranger:
            connection.close()
            raise
        if connection.sock is not None:
            connection.sock.settimeout(self._patience)
        shown = proof(self._secret, "deck", address, nonce, challenge)
        return connection, {NONCE_HEADER: nonce, CHALLENGE_HEADER: challenge, PROOF_HEADER: shown}

    @contextmanager
    def session(self) -> Iterator[str]:
        """A session, which lasts as long as the block. Raises Stranger, OSError, HTTPException."""
        connection, proven = self.greeted()
        try:
            connection.request("GET", PRESENCE_PATH, headers=proven)
            said = content_of(connection.getresponse().readline(_LONGEST))
            yield str(said.get("session"))
        finally:
            connection.close()

    def call(self, method: str, path: str) -> tuple[int, object]:
        """One call in a session of its own: HTTP status and JSON.

        Raises Stranger, OSError, HTTPException, ValueError.
        """
        with self.session() as session:
            connection, _ = self.greeted()
            try:
                connection.request(method, path, headers={SESSION_HEADER: session})
                answer = connection.getresponse()
                return answer.status, json.loads(answer.read())
            finally:
                connection.close()


def caller(data: Path, endpoint: Endpoint, patience: float = 30.0) -> Caller | None:
    """For the server of this data directory; None where its secret cannot be read."""
    try:
        credentials = Credentials.load(data / CREDENTIALS_FILE)
    except (OSError, ValueError):
        return None
    return Caller(endpoint, credentials.deck_token, patience)


def answers(data: Path, endpoint: Endpoint) -> bool:
    """True when a server of this data directory listens where its endpoint file says."""
    there = caller(data, endpoint)
    if there is None:
        return False
    try:
        connection, _ = there.greeted()
    except Stranger:
        return False
    connection.close()
    return True
