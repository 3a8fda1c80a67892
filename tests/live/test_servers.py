"""Which servers of a list that came over the network may be sent a token."""

from __future__ import annotations

import pytest

from tui.live.servers import usable_servers

BASE = "https://www.igtimi.com"


@pytest.mark.parametrize(
    ("url", "base", "reason"),
    [
        ("wss://www.igtimi.com/live", BASE, None),
        ("wss://live.igtimi.com:8081", BASE, None),
        ("wss://LIVE.igtimi.com", BASE, None),
        ("ws://127.0.0.1:8000/live", "http://127.0.0.1:9000", None),
        ("ws://live.igtimi.com:8081", BASE, "not encrypted"),
        ("ws://live.igtimi.com:8081", "http://www.igtimi.com", "not encrypted"),
        ("ws://127.1.2.3:80/live", "http://127.1.2.3:9000", None),
        ("ws://[::1]:80/live", "http://[::1]:9000", None),
        ("ws://localhost/live", "http://localhost:9000", None),
        ("ws://localhost/live", BASE, "not a host"),
        ("ws://localhost.igtimi.com/live", "http://localhost.igtimi.com", "not encrypted"),
        ("wss://evil.example/live", BASE, "not a host"),
        ("wss://igtimi.com.evil.example", BASE, "not a host"),
        ("wss://evil.co.uk", "https://sail.co.uk", "not a host"),
        ("wss://live.sail.co.uk", "https://www.sail.co.uk", None),
        ("wss://127.0.0.2", "https://127.0.0.1", "not a host"),
        ("https://www.igtimi.com/live", BASE, "not a websocket"),
        ("wss://user:word@www.igtimi.com", BASE, "a user name"),
        ("wss://[broken", BASE, "not a URL"),
        ("wss://www.igtimi.com:port", BASE, "not a URL"),
        ("", BASE, "not a websocket"),
    ],
)
def test_only_the_configured_services_own_hosts_are_used(
    url: str, base: str, reason: str | None
) -> None:
    usable, refused = usable_servers([url], base)
    if reason is None:
        assert (usable, refused) == ([url], [])
    else:
        assert usable == []
        assert reason in refused[0]


def test_the_configuration_can_name_more() -> None:
    amazon = "ws://ec2-184-169-255-115.us-west-1.compute.amazonaws.com:443"
    host = "ec2-184-169-255-115.us-west-1.compute.amazonaws.com"
    assert usable_servers([amazon], BASE, [host])[0] == []
    assert usable_servers([amazon], BASE, [host], plain=True)[0] == [amazon]


def test_a_second_name_of_a_used_server_on_this_machine_is_left_out_without_a_word() -> None:
    used, again = "ws://127.0.0.1:4000/live", "ws://localhost:4000/live"
    another = ["ws://localhost:4001/live", "ws://localhost:4000/other", "ws://localhost:x/live"]
    usable, refused = usable_servers([used, again, *another], "http://127.0.0.1:4000")
    assert usable == [used]
    assert [one.rsplit(": ", 1)[0] for one in refused] == another
    assert usable_servers([again], "http://127.0.0.1:4000")[1] != [], (
        "where none is used it is said"
    )
