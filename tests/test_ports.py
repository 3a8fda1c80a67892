"""Ports that a test goes on with after it has given them up: they are nobody else's meanwhile."""

from __future__ import annotations

import socket

import pytest

from tests.harness import EmbeddedServer
from tests.ports import kept_port, number_of
from tui.embedded.rendezvous import HOST


def is_kept(port: int) -> bool:
    """Whether nobody listens there, and nobody who does not insist can."""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port))
    with socket.socket() as other:
        try:
            other.bind((HOST, port))
        except OSError:
            return True
    return False


def test_a_kept_port_refuses_all_before_and_after_who_was_named_to_listen_there() -> None:
    with kept_port() as keeper:
        port = number_of(keeper)
        assert is_kept(port)
        with socket.create_server((HOST, port)):
            socket.create_connection((HOST, port)).close()
        assert is_kept(port)


def test_the_port_of_a_stopped_server_is_nobody_elses_while_a_test_knows_it() -> None:
    with EmbeddedServer(seeded=False, services=["timesheets"]) as server:
        pass
    assert is_kept(server.port)
