"""AIS as boats: what a message has and what it says is not available, in parts, and rubbish."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import NOON, SAMPLES, fix, said
from tui.embedded.instruments import ais
from tui.embedded.instruments.ais import AisReader
from tui.embedded.instruments.live import NmeaBoats
from tui.embedded.instruments.logs import read_log
from tui.embedded.instruments.nmea import Lenient, NmeaReader
from tui.embedded.instruments.readings import Loss, Reading, Tally
from tui.embedded.instruments.sentences import checksum

LINES = (SAMPLES / "ais.nmea").read_bytes()
BOAT, MARK = "338123456", "993381234"


def heard(content: bytes) -> tuple[list[Reading], AisReader, Tally]:
    tally = Tally()
    reader = AisReader(tally, wait=True)
    return NmeaReader(ais=reader, tally=tally).feed(content), reader, tally


def signed(body: str) -> bytes:
    return f"!{body}*{checksum(body):02X}\r\n".encode()


def test_a_message_gives_what_it_has_and_nothing_that_is_not_available() -> None:
    readings, reader, tally = heard(LINES)
    told = [(one.boat, one.kind, one.values) for one in readings]
    place = (174.867132, -36.818512)
    # The first speed means "102.2 or more"; the second message has no course and no heading.
    assert [one for one in told if one[0] == BOAT] == [
        (BOAT, 1, place),
        (BOAT, 6, (359.9,)),
        (BOAT, 8, (359.0,)),
        (BOAT, 1, place),
        (BOAT, 9, (round(5.2 * 1.852, 6),)),
    ]
    assert [one for one in told if one[0] != BOAT] == [(MARK, 1, (174.8, -36.8))]
    assert tally.lost[Loss.VOID] == 4
    assert tally.passed_over == {"AIS 5": 1}
    assert list(reader.names.values()) == ["RACE MARK 1", "EVER DIADEM"]


def test_parts_that_do_not_belong_together_are_no_message() -> None:
    first, second = LINES.splitlines(keepends=True)[-2:]
    _, reader, tally = heard(first + first + second)
    assert (len(reader.names), tally.lost[Loss.UNREADABLE]) == (1, 1)
    # Of another channel, of a number that has come round again, of no place that there is.
    other = signed(second.decode()[1:].partition("*")[0].replace(",A,", ",B,", 1))
    assert other != second
    _, reader, tally = heard(first + other)
    assert (reader.names, len(reader._parts)) == ({}, 2)
    later = b"".join(signed(f"AIVDM,2,1,{n},B,55?MbV02;H;s<HtKR20E,0") for n in range(4, 10))
    _, reader, tally = heard(first + later + second)
    assert (reader.names, len(reader._parts)) == ({}, ais.PARTS)
    assert tally.lost[Loss.UNREADABLE] == 3
    for count, place in (("2", "3"), ("2", "0"), ("2", ""), ("23", "1"), ("", "1"), ("x", "1")):
        _, reader, tally = heard(signed(f"AIVDM,{count},{place},1,B,55?MbV02;H;s<HtKR20E,0"))
        assert (reader._parts, tally.lost[Loss.UNREADABLE]) == ({}, 1)


def test_the_parts_of_a_message_come_in_any_order() -> None:
    """Datagrams overtake one another."""
    first, second = LINES.splitlines(keepends=True)[-2:]
    _, reader, tally = heard(second + LINES.splitlines(keepends=True)[0] + first)
    assert list(reader.names.values()) == ["EVER DIADEM"]
    assert not tally.lost[Loss.UNREADABLE]


def test_a_mark_says_what_it_is_called_and_ones_own_transponder_is_no_loss() -> None:
    _, reader, _ = heard(LINES)
    assert reader.names[MARK] == "RACE MARK 1"
    readings, reader, tally = heard(LINES.replace(b"AIVDM", b"AIVDO"))
    assert readings == []
    assert Loss.AIS not in tally.lost


def test_files_and_connections_have_other_vessels_as_boats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = read_log(fix(0) + LINES, "harbour.nmea")
    assert {boat for boat, kind in log.samples if kind == 1} == {"", BOAT, MARK}
    connection = NmeaBoats(Lenient())
    # What is imported is there, though a thread that was to import it has not ended.
    assert ais.decoder(wait=True)
    monkeypatch.setattr(ais, "_imports", [threading.current_thread()])
    found = said(connection, LINES)
    assert {one.boat for one in found} == {BOAT, MARK}
    assert {one.stamp for one in found} == {NOON}
    assert connection.take_names()
    assert not connection.take_names()


def test_without_the_library_it_is_counted_with_what_installs_it() -> None:
    tally = Tally()
    reader = NmeaReader(ais=AisReader(tally), tally=tally)
    ais._missing.set()
    try:
        assert reader.feed(LINES) == []
    finally:
        ais._missing.clear()
    assert tally.lost == {Loss.AIS: 9}
    assert "tockdeck[ais]" in Loss.AIS.value


@settings(deadline=None, max_examples=50)
@given(st.text("0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw,", max_size=70))
def test_no_payload_breaks_anything(payload: str) -> None:
    readings, _, _ = heard(signed(f"AIVDM,1,1,,A,{payload},0") + LINES.splitlines(True)[6])
    assert [one.boat for one in readings][-1] == MARK
