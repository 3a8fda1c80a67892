"""The door, over real sockets: strangers, other names, other sites, and both sides' proofs.

The proofs are made here from what door.py says of the protocol, not with its functions.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator

import pytest
from starlette.types import Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.harness import EmbeddedServer
from tui.embedded.door import CHALLENGE_SECONDS, Door
from tui.embedded.pages import Pages

NONCE = "nonce-of-sixteen-or-more"


@pytest.fixture(scope="module")
def closed() -> Iterator[EmbeddedServer]:
    """A server behind its door, with one configured name."""
    with EmbeddedServer(door=True, names=("tunnel.example:9000",)) as running:
        yield running


def mac(secret: str, side: str, address: str, nonce: str, challenge: str) -> str:
    said = f"tockdeck door 1\n{side}\n{address}\n{nonce}\n{challenge}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def challenged(server: EmbeddedServer, nonce: str = NONCE) -> dict[str, str]:
    """What the server answers a nonce with."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/_deck/door", headers={"Tockdeck-Nonce": nonce})
    content: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return content


def presence(
    server: EmbeddedServer, challenge: str, proof: str, nonce: str = NONCE
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    sent = {"Tockdeck-Nonce": nonce, "Tockdeck-Challenge": challenge, "Tockdeck-Proof": proof}
    connection.request("GET", "/_deck/presence", headers=sent)
    return connection, connection.getresponse()


def stranger(server: EmbeddedServer, method: str, path: str, **headers: str) -> int:
    """The status that somebody without a session is answered."""
    return server.http(method, path, headers={"Tockdeck-Session": "", **headers}).status


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/_deck/health",
        "/_deck/presence",
        "/_deck/sample",
        "/timetonic/live/api.php?req=getBooks",
        "/ticktocker/api/1/version",
        "/ticktocker/avatars/eric.svg",
        "/igtimi/server_listers/web_sockets",
        "/igtimi/oauth/authorize?response_type=token",
        "/trackmypeople/api/status.json",
        "/trackmypeople/block/edit/id/1",
        "/trackmypeople/download",
        "/timesheets/api/demo/register",
    ],
)
def test_a_stranger_gets_nothing_wherever_they_ask(closed: EmbeddedServer, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        answer = closed.http(method, path, headers={"Tockdeck-Session": ""})
        assert answer.status == 403
        assert b"prove" in answer.body
    assert stranger(closed, "GET", path, Authorization="Bearer " + "x" * 32) == 403
    assert closed.http("GET", path).status != 403 or path == "/_deck/presence"


def test_neither_the_secret_itself_nor_another_session_opens(closed: EmbeddedServer) -> None:
    secret = closed.credentials.deck_token
    for wrong in (secret, "é", "x" * 10_000, next(iter(closed.session.values()))[:-1]):
        header = {"Tockdeck-Session": wrong.encode().decode("latin-1")}
        assert closed.http("GET", "/_deck/health", headers=header).status == 403
    assert closed.http("GET", "/_deck/health", headers={
        "Tockdeck-Session": "", "Authorization": f"Bearer {secret}"}).status == 403  # fmt: skip


def test_a_websocket_is_behind_the_door_too(closed: EmbeddedServer) -> None:
    for path in ("/timetonic/socket", "/igtimi/live", "/_deck/door", "/_deck/presence"):
        address = f"ws://127.0.0.1:{closed.port}{path}"
        for headers in ({}, {"Tockdeck-Session": "wrong"}):
            with (
                pytest.raises(InvalidStatus) as caught,
                connect(address, additional_headers=headers, proxy=None),
            ):
                pass
            assert caught.value.response.status_code == 403
        foreign = {**closed.session, "Origin": "http://evil.example"}
        with pytest.raises(InvalidStatus), connect(address, additional_headers=foreign, proxy=None):
            pass
    address = f"ws://127.0.0.1:{closed.port}/igtimi/live"
    with connect(address, additional_headers=closed.session, proxy=None) as live:
        assert live.recv(timeout=30) == "1"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost",
        "127.0.0.1",
        "localhost:1",
        "127.0.0.1.evil.example:{port}",
        "tunnel.example",
        "tunnel.example:{port}",
        "[::1]:{port}",
        "",
    ],
)
def test_other_names_are_not_answered_for(closed: EmbeddedServer, host: str) -> None:
    """A page that gives its own name to this machine's address reaches nothing."""
    wanted = host.format(port=closed.port)
    for path in ("/_deck/door", "/_deck/health", "/nowhere?once=x"):
        sent = {"Host": wanted, "Tockdeck-Nonce": NONCE}
        assert closed.http("GET", path, headers=sent).status == 421


def test_own_names_are_answered_for(closed: EmbeddedServer) -> None:
    for host in (f"localhost:{closed.port}", f"LOCALHOST:{closed.port}", "tunnel.example:9000"):
        assert closed.http("GET", "/_deck/health", headers={"Host": host}).status == 200
    nameless = closed.raw(b"GET /_deck/door HTTP/1.0\r\nTockdeck-Nonce: " + NONCE.encode() +
                          b"\r\n\r\n")  # fmt: skip
    assert b" 421 " in nameless.splitlines()[0]


def test_an_origin_has_to_be_our_own(closed: EmbeddedServer) -> None:
    port = closed.port
    for foreign in ("http://evil.example", "null", f"http://localhost:{port}", "http://127.0.0.1",
                    f"http://127.0.0.1:{port + 1}", f"http://127.0.0.1:{port}.evil.example",
                    f"ftp://127.0.0.1:{port}", ""):  # fmt: skip
        assert closed.http("POST", "/_deck/stop", headers={"Origin": foreign}).status == 403
        assert closed.http("GET", "/_deck/health", headers={"Origin": foreign}).status == 403
    own = {"Origin": f"http://127.0.0.1:{port}"}
    assert closed.http("GET", "/_deck/health", headers=own).status == 200
    tunnelled = {"Host": "tunnel.example:9000", "Origin": "https://tunnel.example:9000"}
    assert closed.http("GET", "/_deck/health", headers=tunnelled).status == 200


def test_a_request_has_one_host_and_one_origin(closed: EmbeddedServer) -> None:
    """Of two, whoever stands between may have looked at the other one."""
    host, foreign = f"127.0.0.1:{closed.port}", "http://evil.example"
    own, session = f"http://{host}", closed.session["Tockdeck-Session"]

    def status(*headers: str) -> bytes:
        lines = ["GET /_deck/health HTTP/1.1", *headers, f"Tockdeck-Session: {session}"]
        sent = "\r\n".join([*lines, "Connection: close", "", ""]).encode()
        return closed.raw(sent).split(b" ", 2)[1]

    one = f"Host: {host}"
    assert status(one) == status(one, f"Origin: {own}") == b"200"
    for origins in ((own, foreign), (foreign, own), (own, own), ("", own), (own, "null")):
        assert status(one, *(f"Origin: {origin}" for origin in origins)) == b"403"
    for hosts in ((one, "Host: evil.example"), ("Host: evil.example", one), (one, one)):
        assert status(*hosts) in (b"400", b"421")


def test_the_server_proves_itself_for_its_own_address_alone(closed: EmbeddedServer) -> None:
    said = challenged(closed)
    secret, address = closed.credentials.deck_token, f"127.0.0.1:{closed.port}"
    assert set(said) == {"nonce", "proof"}
    assert said["proof"] == mac(secret, "server", address, NONCE, said["nonce"])
    # What it says under another Host is still about where it listens: passing it on is no use.
    connection = http.client.HTTPConnection("127.0.0.1", closed.port, timeout=10)
    connection.request("GET", "/_deck/door", headers={
        "Host": "tunnel.example:9000", "Tockdeck-Nonce": NONCE})  # fmt: skip
    other = json.loads(connection.getresponse().read())
    connection.close()
    assert other["proof"] == mac(secret, "server", address, NONCE, other["nonce"])


@pytest.mark.parametrize("nonce", ["", "short", "x" * 129, "nonce of sixteen\tor", "ü" * 20])
def test_a_nonce_has_a_form(closed: EmbeddedServer, nonce: str) -> None:
    answer = closed.http("GET", "/_deck/door", headers={"Tockdeck-Nonce": nonce})
    assert answer.status == 400
    assert b"proof" not in answer.body


def test_presence_takes_a_proof_once_and_gives_a_session_that_ends_with_it(
    closed: EmbeddedServer,
) -> None:
    secret, address = closed.credentials.deck_token, f"127.0.0.1:{closed.port}"
    challenge = challenged(closed)["nonce"]
    proof = mac(secret, "deck", address, NONCE, challenge)
    connection, answer = presence(closed, challenge, proof)
    assert answer.status == 200
    session = json.loads(answer.readline())["session"]
    header = {"Tockdeck-Session": session}
    assert closed.http("GET", "/_deck/health", headers=header).status == 200
    again, refused = presence(closed, challenge, proof)
    assert refused.status == 403
    again.close()
    answer.close()
    connection.close()
    while closed.http("GET", "/_deck/health", headers=header).status == 200:
        continue  # until the server has seen that the stream is gone
    assert closed.http("GET", "/_deck/health", headers=header).status == 403


def test_presence_refuses_every_other_proof(closed: EmbeddedServer) -> None:
    secret, address = closed.credentials.deck_token, f"127.0.0.1:{closed.port}"
    said = challenged(closed)
    challenge = said["nonce"]
    made_up = "1-" + "0" * 64
    for given, proof, nonce in (
        (challenge, said["proof"], NONCE),  # its own proof, sent back
        (challenge, mac("wrong", "deck", address, NONCE, challenge), NONCE),
        (challenge, mac(secret, "deck", "127.0.0.1:1", NONCE, challenge), NONCE),
        (challenge, mac(secret, "deck", address, NONCE + "x", challenge), NONCE + "x"),
        (made_up, mac(secret, "deck", address, NONCE, made_up), NONCE),
        ("", mac(secret, "deck", address, NONCE, ""), NONCE),
        (challenge, "", NONCE),
    ):
        connection, answer = presence(closed, given, proof, nonce)
        assert answer.status == 403
        connection.close()
    connection, answer = presence(closed, challenge, mac(secret, "deck", address, NONCE, challenge))
    assert answer.status == 200
    answer.close()
    connection.close()


async def test_a_challenge_is_too_old_after_a_while_and_no_stranger_is_a_use() -> None:
    seconds, reached, sent = 100.0, [], []

    async def inner(scope: Scope, _receive: Receive, _send: Send) -> None:
        reached.append(scope["path"])

    async def receive() -> dict[str, object]:
        raise AssertionError("nothing of a stranger's body is read")

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    door = Door("secret", Pages(), monotonic=lambda: seconds)
    application = door.before(inner)

    async def ask(path: str, **headers: str) -> dict[str, object]:
        sent.clear()
        named = {"host": "127.0.0.1:80", **{k.replace("_", "-"): v for k, v in headers.items()}}
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
            "query_string": b"", "server": ("127.0.0.1", 80),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }  # fmt: skip
        await application(scope, receive, send)  # type: ignore[arg-type]
        body = sent[1]["body"] if len(sent) > 1 else b"{}"
        assert isinstance(body, bytes)
        content: dict[str, object] = json.loads(body)
        return content

    async def prove(age: float) -> None:
        nonlocal seconds
        challenge = str((await ask("/_deck/door", tockdeck_nonce=NONCE))["nonce"])
        seconds += age
        proof = mac("secret", "deck", "127.0.0.1:80", NONCE, challenge)
        await ask("/_deck/presence", tockdeck_nonce=NONCE, tockdeck_challenge=challenge,
                  tockdeck_proof=proof)  # fmt: skip

    await ask("/anything")
    await prove(CHALLENGE_SECONDS + 0.1)
    assert reached == []
    await prove(CHALLENGE_SECONDS - 0.1)
    assert reached == ["/_deck/presence"]
