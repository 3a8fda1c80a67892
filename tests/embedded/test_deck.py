"""The deck's own control calls, over a real socket."""

from __future__ import annotations

import http.client
import json
import socket
import struct

from tests.harness import EmbeddedServer
from tui import __version__


def test_health_says_what_answers(server: EmbeddedServer) -> None:
    answer = server.http("GET", "/_deck/health")
    assert answer.status == 200
    content = answer.json()
    assert content["service"] == "tockdeck-embedded"
    assert content["version"] == __version__


def test_unknown_addresses_are_answered_in_the_form_of_their_service(
    server: EmbeddedServer,
) -> None:
    answer = server.http("GET", "/_deck/nothing")
    assert answer.status == 404
    assert "/_deck/nothing" in answer.json()["error"]["message"]
    assert server.http("GET", "/").status == 404
    assert server.http("POST", "/_deck/health").status == 405
    for prefix in ("timetonic", "ticktocker", "igtimi", "trackmypeople", "timesheets"):
        for path in (f"/{prefix}", f"/{prefix}/no/such/thing"):
            assert server.http("PATCH", path).status < 500


def test_sample_is_cleared_and_written_anew() -> None:
    with EmbeddedServer() as server:
        before = server.http("GET", "/_deck/sample").json()
        assert before["present"] is True
        cleared = server.http("POST", "/_deck/sample/clear").json()
        assert cleared["present"] is False
        again = server.http("POST", "/_deck/sample/reset").json()
        assert again["present"] is True
        assert again["counts"] == before["counts"]


def test_presence_sends_one_line_and_ends_with_the_server() -> None:
    with EmbeddedServer(seeded=False) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        server.context.notices.append("a file was set aside")
        connection.request("GET", "/_deck/presence")
        answer = connection.getresponse()
        assert answer.status == 200
        line = json.loads(answer.readline())
        assert line["present"] is True
        assert line["notices"] == ["a file was set aside"]
        assert server.lifetime.in_progress == 1
        server.stop()
        assert answer.read() == b""
        connection.close()


def test_presence_ends_when_the_client_goes() -> None:
    with EmbeddedServer(seeded=False) as server:
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        plain.sendall(b"GET /_deck/presence HTTP/1.1\r\nHost: x\r\n\r\n")
        assert plain.recv(4096).startswith(b"HTTP/1.1 200")
        # A reset instead of a farewell, as from a killed deck.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        plain.close()
        # Another request is served only after the loop has seen the reset.
        while server.lifetime.in_progress:
            assert server.http("GET", "/_deck/health").status == 200
        assert server.lifetime.in_progress == 0


def test_stop_ends_the_server() -> None:
    with EmbeddedServer(seeded=False) as server:
        answer = server.http("POST", "/_deck/stop")
        assert answer.json()["stopping"] is True
        server.stop()
        assert server.lifetime.ended.is_set()


def test_a_body_over_the_limit_is_refused_whether_announced_or_not() -> None:
    with EmbeddedServer(seeded=False, body_limit=1000) as server:
        answer = server.http("POST", "/_deck/sample/reset", body=b"x" * 2000)
        assert answer.status == 413
        announced = server.http("GET", "/nowhere", headers={"Content-Length": "99999999"})
        assert announced.status == 413
