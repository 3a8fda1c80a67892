"""What the address of a source means, and what is none."""

from __future__ import annotations

import pytest

from tui.embedded.igtimi.sources.addresses import Address, NoAddress, read_address


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("udp://", Address("udp", "127.0.0.1", 10110)),
        ("udp://:2000?boats=tag", Address("udp", "127.0.0.1", 2000, boats="tag")),
        ("tcp-listen://0.0.0.0:0", Address("tcp-listen", "0.0.0.0", 0)),
        ("tcp://mux.local", Address("tcp", "mux.local", 10110)),
        ("gpsd://[::1]", Address("gpsd", "::1", 2947)),
        ("signalk://10.0.0.9:3001", Address("signalk", "10.0.0.9", 3001)),
        ("serial:///dev/ttyUSB0?baud=38400", Address("serial", path="/dev/ttyUSB0", baud=38400)),
        ("file:/a%20b.nmea?speed=10", Address("file", path="/a b.nmea", speed=10.0)),
        ("tcp://a?lenient=1&boat=%C5%8D", Address("tcp", "a", 10110, boat="ō", lenient=True)),
    ],
)  # fmt: skip
def test_an_address_says_where_and_how(text: str, meant: Address) -> None:
    assert read_address(text) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with none of udp"),
        ("http://a", "begins with none of udp"),
        ("tcp://", "names no host"),
        ("tcp://a b", "names no host"),
        ("udp://boat.local:1", "what listens has a number"),
        ("tcp://a:99999", "out of range"),
        ("tcp://a:1/path", "nothing stands behind the port"),
        ("udp:10110", "^udp:10110: // stands behind udp:, as udp://HOST:PORT$"),
        ("TCP:mux.local:10110?lenient=1", "as tcp://HOST:PORT"),
        ("riot:/6000?tokens=secret", "^riot:/6000.tokens=•••: // .*, as riot://HOST:PORT"),
        ("tcp://me@a:1", "no user"),
        ("tcp://a#b", "no user"),
        ("tcp://a?baud=4800", "baud is no option of tcp"),
        ("serial:///dev/x?baud=1", "baud is one of"),
        ("serial:dev/x", "names a whole path"),
        ("file://host/x", "names a whole path"),
        ("file:/x?speed=0", "speed is a number above 0"),
        ("file:/x?speed=nan", "speed is a number above 0"),
        ("udp://?boats=all", "boats is host or tag"),
        ("udp://?lenient=maybe", "lenient is 1 or 0"),
        ("udp://\x1b[2J", "printable"),
        ("file:/" + "x" * 500, "at most 500"),
    ],
)
def test_what_is_no_address_is_told_why(text: str, said: str) -> None:
    with pytest.raises(NoAddress, match=said):
        read_address(text)


def test_a_place_is_the_same_however_it_is_read() -> None:
    assert (
        read_address("udp://:1?lenient=1&boat=a").place == read_address("udp://127.0.0.1:1").place
    )
