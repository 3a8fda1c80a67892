"""What the address of a source of real boats may be, in words: reference and help have it here."""

from __future__ import annotations

from collections.abc import Mapping

FORMS: Mapping[str, str] = {
    "udp://HOST:PORT": (
        "listens to datagrams of NMEA 0183, as OpenCPN and multiplexers send them to port 10110; "
        "all that one host sends is one boat, with `?boats=tag` all under one source of TAG blocks"
    ),
    "tcp-listen://HOST:PORT": "lets others connect and send NMEA 0183; boats as with udp",
    "tcp://HOST:PORT": "connects to who sends NMEA 0183: a multiplexer, Signal K's port 8375",
    "gpsd://HOST:PORT": "connects to gpsd (2947) for position, speed, course and satellites",
    "signalk://HOST:PORT": "connects to a Signal K server (3000) for all vessels that it knows of",
    "serial:///dev/NAME?baud=4800": "reads NMEA 0183 of a serial device",
    "file:///PATH?speed=10": (
        "plays a log once as if it were said now, its pauses shorter by the speed"
    ),
    "riot://HOST:PORT": (
        "lets WindBots and YachtBots connect (6000) that are set to `riot server_address HOST "
        "PORT`; `?serials=A,B` and those of the device groups of `?tokens=C,D` are taken at once, "
        "others wait until a person accepts them: `c` on Sessions and on Live's Health, or "
        "`tockdeck listen --accept SERIAL`. The same key, and `--tell SERIAL COMMAND`, have an "
        "accepted unit say its battery, switch its GPS, or go off; `--withdraw` takes no more of it"
    ),
}
"""Each form and what it does."""

OPTIONS = (
    "`?boat=NAME` names the boat where it is one, `?lenient=1` reads sentences without a "
    "checksum, and those whose checksum is of the address only. AIS among NMEA 0183 (`!AIVDM`) "
    "is a boat for each vessel, where `tockdeck[ais]` is installed. What listens is bound to "
    "127.0.0.1 unless another number is written: whoever reaches that port can send boats. A "
    "host may send 256 kB a second, and a source hears 64 hosts and 500 boats. A source that "
    "breaks is tried again after 1, 2, 4 up to 60 seconds; Live's Health (`i`) has its state, "
    "rate, clock and last error, and `tockdeck listen` alone lists them all. A boat is the same "
    "device from day to day as long as its source's address and its own are the same."
)
"""What holds for all of them."""
