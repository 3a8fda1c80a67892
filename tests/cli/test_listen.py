"""`tockdeck listen`: a source begun, heard, told and ended; and configured ones."""

from __future__ import annotations

from pathlib import Path
from socket import socket

import pytest

from tests.cli.conftest import ROOT, Shell
from tests.harness import EmbeddedServer
from tui.cli import DONE, REFUSED, UNREACHABLE, USAGE
from tui.cli import listen as verb

LOG = ROOT / "tests/data/instruments/boat.nmea"


def test_a_boat_is_heard_told_and_there_afterwards(
    shell: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.use(server)
    monkeypatch.setattr(verb, "EVERY", 0.01)
    heard = shell.run("listen", f"file:{LOG}?speed=100&boat=Kestrel")
    assert heard.status == DONE, heard.err
    assert "played to its end" in heard.err
    assert "of 1 boat: SO-AA-AAAA" in heard.err
    assert f"file:{LOG}" in heard.out
    devices = shell.run("call", "igtimi.devices.list").out
    assert '"Kestrel"' in devices
    assert "0 sources" in shell.run("listen").err
    monkeypatch.chdir(LOG.parent)
    again = shell.run("listen", f"file:{LOG.name}?speed=100")
    assert (again.status, f"file://{LOG}?speed=100" in again.out) == (DONE, True)

    named = shell.run("listen", f"file:{LOG}?speed=100&boat=N%C3%A4h%1B")
    assert (named.status, "boat=Näh␛  " in named.out, "%" in named.out) == (DONE, True, False)

    for address, said in (("udp://nobody", "has a number"), ("x", "begins with none of")):
        refused = shell.run("listen", address)
        assert (refused.status, said in refused.err) == (USAGE, True)
        assert "refused" not in refused.err
    gone = shell.run("listen", "--stop", "999")
    assert (gone.status, "no source 999" in gone.err) == (REFUSED, True)


def test_who_heard_nobody_did_not_do_it_and_says_what_was_tried(
    shell: Shell, server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.use(server)
    monkeypatch.setattr(verb, "EVERY", 0.01)
    with socket() as held:
        # Bound and not listening: whoever connects is refused.
        held.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{held.getsockname()[1]}"
        away = shell.run("listen", address, "--for", "0.5")
    assert away.status == UNREACHABLE
    assert f"could not be reached: {address}, tried for 0.5 s" in away.err

    with socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        begun = verb.Sources.stay

        async def until_connected(sources: verb.Sources, number: int) -> verb.Source:
            while (found := await begun(sources, number)).state == "starting":
                pass
            return found

        monkeypatch.setattr(verb.Sources, "stay", until_connected)
        quiet = shell.run("listen", address, "--for", "0.1")
    assert quiet.status == REFUSED
    assert f"nothing was heard: {address}, tried for 0.1 s" in quiet.err

    log = tmp_path / "no-boat.nmea"
    log.write_text("not a sentence\n")
    none = shell.run("listen", f"file:{log}")
    assert (none.status, f"nothing was heard: file:{log}" in none.err) == (REFUSED, True)


def test_units_are_listed_accepted_told_and_accepted_no_more(
    shell: Shell, server: EmbeddedServer
) -> None:
    shell.use(server)
    assert "0 units" in shell.run("listen", "--units").err
    refused = shell.run("listen", "--accept", "no serial")
    assert (refused.status, "no serial number" in refused.err) == (REFUSED, True)
    accepted = shell.run("listen", "--accept", "DC-GD-ABCD")
    assert (accepted.status, "--withdraw DC-GD-ABCD" in accepted.err) == (DONE, True)
    listed = shell.run("listen", "--units")
    assert ("DC-GD-ABCD" in listed.out, "not connected" in listed.out) == (True, True)
    for serial, command, said in (
        ("DC-GD-ABCD", "DANCE", "is told one of BATTERY_VOLTAGE"),
        ("DC-GD-ZZZZ", "GPS ON", "no unit that was accepted"),
    ):
        refused = shell.run("listen", "--tell", serial, command)
        assert (refused.status, said in refused.err) == (REFUSED, True), refused.err
    told = shell.run("listen", "--tell", "DC-GD-ABCD", "battery_voltage")
    assert told.status == REFUSED
    assert told.out == "BATTERY_VOLTAGE: not told, it is not connected (0 s ago)\n"
    assert shell.run("listen", "--withdraw", "DC-GD-ABCD").status == DONE
    assert shell.run("listen", "--withdraw", "DC-GD-ABCD").status == REFUSED
    assert "0 units" in shell.run("listen", "--units").err


def test_igtimi_elsewhere_is_told_before_anything_is_sent(shell: Shell) -> None:
    shell.set({"TOCKDECK_IGTIMI_BASE_URL": "https://igtimi.example"})
    refused = shell.run("listen", "udp://:0")
    assert (refused.status, "set up elsewhere" in refused.err) == (REFUSED, True)


def test_an_address_that_is_none_is_told_before_any_service_is_asked(
    shell: Shell, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.use(server)
    wrong = shell.run("listen", "frob")
    assert (wrong.status, "udp, tcp-listen, tcp, gpsd" in wrong.err) == (USAGE, True)
    # One too many is the service's own no: nothing is wrong with the address.
    monkeypatch.setattr("tui.embedded.igtimi.sources.hub.MOST", 0)
    full = shell.run("listen", f"file:{LOG}")
    assert (full.status, "0 sources already" in full.err) == (REFUSED, True)
    shell.set({"TOCKDECK_IGTIMI_BASE_URL": "http://127.0.0.1:9"})
    nobody = shell.run("listen", "frob")
    assert (nobody.status, "begins with none of" in nobody.err) == (USAGE, True)
