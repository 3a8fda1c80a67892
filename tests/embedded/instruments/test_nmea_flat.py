"""The flat reader of frequent sentences against the one that reads all, on the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import NOON, SAMPLES, sentence, tagged
from tui.embedded.instruments import nmea_flat
from tui.embedded.instruments.lines import Lines
from tui.embedded.instruments.live import NmeaBoats
from tui.embedded.instruments.nmea import Lenient
from tui.embedded.instruments.readings import Reading, Said, Tally
from tui.embedded.instruments.sentences import FOLDED, checksum, folded
from tui.embedded.instruments.timing import Timing

LOGS = {one.name: one.read_bytes() for one in sorted(SAMPLES.glob("*.nmea"))}

Chunk = tuple[int, bytes, bool]
"""Milliseconds after the one before, bytes, and whether they are a datagram."""


def state(boats: NmeaBoats) -> object:
    """All that a later line can depend on, and all that a person is told."""
    told = [
        (
            name,
            one.timing.offset,
            one.timing.has_clock,
            one.reader.dated,
            one.reader.first_dated,
            one.reader.moment,
            one.reader.declination,
            one.reader.heading,
            {kind: (voice.origin, voice.said, voice.newest) for kind, voice in own(one.timing)},
            dict(one.timing._chooser.spoken),
        )
        for name, one in boats._boats.items()
    ]
    tally = boats.tally
    return told, tally.lines, +tally.lost, tally.passed_over, boats.clock_offset


def own(timing: Timing) -> list[tuple[int, object]]:
    return sorted(timing._own.items())


def hear(chunks: list[Chunk], *, tags: bool, lenient: bool) -> list[tuple[dict[str, Said], object]]:
    boats = NmeaBoats(Lenient(lenient, lenient), tagged=tags)
    arrival, found = NOON, []
    for later, chunk, whole in chunks:
        arrival += later
        boats.feed(chunk, arrival, whole=whole)
        found.append((boats.take(), state(boats)))
    return found


def held(chunks: list[Chunk], *, tags: bool, lenient: bool) -> None:
    """Both ways tell the same, in the same order, and stand the same after each chunk."""
    flat = hear(chunks, tags=tags, lenient=lenient)
    with patch.dict(nmea_flat._READERS, clear=True):
        assert flat == hear(chunks, tags=tags, lenient=lenient)


def number(low: int, high: int, digits: int = 1) -> st.SearchStrategy[str]:
    good = st.integers(low * 10**digits, high * 10**digits).map(
        lambda value: f"{value / 10**digits:.{digits}f}"
    )
    strange = st.sampled_from(
        ("", "0", "360", "360.0", "-1.5", "1e3", "nan", "+7", " 5", "5 ", "1_0", "٣", "9999", ".")
    )
    return st.one_of(good, good, good, good, strange)


TIMES = st.one_of(
    st.integers(0, 86_399).map(lambda s: f"{s // 3600:02}{s // 60 % 60:02}{s % 60:02}"),
    st.integers(0, 30).map(lambda tenth: f"1200{tenth // 10:02}.{tenth % 10}"),
    st.sampled_from(("", "235960", "240000", "126000", "12:00", "120000.123456789")),
)
DATES = st.sampled_from(("291126", "291126", "291126", "281126", "", "320126", "150407", "290280"))
PLACES = st.one_of(
    st.integers(0, 799).map(lambda step: f"3649.{1106 + step},S,17452.0278,E"),
    st.sampled_from(
        (",,,", "0000.0,N,00000.0,E", "9100.0,N,00000.0,E", "3660.0,S,17452.0,E", "36,S,17452,W",
         "3649.1,X,17452.0,E", "3649.1,S,18100.0,E", "5430.5,N,01000.5,W", "3649.1,,17452.0,")
    ),
)  # fmt: skip
SIDES = st.sampled_from(("E", "W", "E", "", "X"))
UNITS = st.sampled_from(("N", "N", "M", "K", "", "X"))
VALID = st.sampled_from(("A", "A", "A", "V", ""))
MODES = st.sampled_from(("", ",A", ",D", ",E", ",N", ",S", ",A,V", ",A,"))
TALKERS = st.sampled_from(("GP", "GN", "II", "HC", "WI", "VW", "P", "", "A1", "gp", "GPX"))
ANGLES, SPEEDS, SMALL = number(0, 359), number(0, 60), number(-30, 190)


def body(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(TALKERS, *parts).map(lambda values: form.format(*values))


LABELS = st.sampled_from(("T", "T", "T", "M", ""))
BODIES = st.one_of(
    body("{}RMC,{},{},{},{},{},{},{},{}{}", TIMES, VALID, PLACES, SPEEDS, ANGLES, DATES, SMALL,
         SIDES, MODES),
    body("{}GGA,{},{},{},{},{},{},{},,M,,", TIMES, PLACES, st.sampled_from("112450678x"), SPEEDS,
         SPEEDS, SMALL, st.sampled_from("MF")),
    body("{}VTG,{},{},{},M,{},N,{},K{}", ANGLES, LABELS, ANGLES, SPEEDS, SPEEDS, MODES),
    body("{}HDG,{},{},{},{},{}", ANGLES, SMALL, SIDES, SMALL, SIDES),
    body("{}HDM,{},{}", ANGLES, st.sampled_from("MMT")),
    body("{}HDT,{},{}", ANGLES, LABELS),
    body("{}VHW,{},{},{},M,{},N,{},K", ANGLES, LABELS, ANGLES, SPEEDS, SPEEDS),
    body("{}MWV,{},{},{},{},{}", ANGLES, st.sampled_from("RRTTX"), SPEEDS, UNITS, VALID),
    body("{}VWR,{},{},{},N,,,,", ANGLES, st.sampled_from("LR"), SPEEDS),
    body("{}GLL,{},{},A,A", PLACES, TIMES),
    body("{}XDR,A,{},D,heel", SMALL),
)  # fmt: skip


def cut_short(line: str) -> str:
    return line.rpartition(",")[0]


DAMAGE: list[Callable[[str], str]] = [
    *[lambda line: line] * 12,
    cut_short,
    lambda line: line + ",",
    lambda line: line.replace(",", ", ", 1),
    lambda line: line + "\t",
    lambda line: line + "\x1f",
    lambda line: line + "!x",
    lambda line: line + "*",
    lambda line: line + "\\s:B\\",
    lambda line: line + "ü",
    lambda line: line + "," + "9" * 130,
]


def summed(line: str) -> bytes:
    return f"${line}*{checksum(line):02X}\r\n".encode()


SUMS: list[Callable[[str], bytes]] = [
    *[summed] * 12,
    lambda line: f"${line}*{checksum(line):02x}\n".encode(),
    lambda line: f"${line}\r\n".encode(),
    lambda line: f"${line}*00\r\n".encode(),
    lambda line: f"${line}*{checksum(line.split(',', maxsplit=1)[0]):02X}\r\n".encode(),
    lambda line: f" ${line}*{checksum(line):02X} \r\n".encode(),
    lambda line: f"${line}*{checksum(line):02X}\x1c\r".encode(),
    lambda line: f"$GPHDT,1.0,T*{0:02X}${line}*{checksum(line):02X}\0".encode(),
]
FRONTS: list[Callable[[bytes], bytes]] = [
    *[lambda line: line] * 4,
    *[lambda line: tagged("A", line)] * 3,
    *[lambda line: tagged("B", line)] * 3,
    lambda line: tagged("A,c:1795953600", line),
    lambda line: tagged("g:1-2-3,s:B,c:1795953601500", line),
    lambda line: tagged("A,c:9999999999999", line),
    lambda line: tagged("B,c:0000000001", line),
    lambda line: b"\\s:A*00\\" + line,
    lambda line: b"\\s:A" + line,
    lambda line: b"2026-11-29T12:00:02Z " + line,
    lambda line: b"\\g:1*00\\" + tagged("B", line),
    lambda line: "\\s:Ü\\".encode() + line,
]
LINES = st.tuples(
    BODIES, st.sampled_from(DAMAGE), st.sampled_from(SUMS), st.sampled_from(FRONTS)
).map(lambda drawn: drawn[3](drawn[2](drawn[1](drawn[0]))))
CHUNKS = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 100, 1000, 6000, 700_000)),
        st.lists(LINES, min_size=1, max_size=6).map(b"".join),
        st.booleans(),
    ),
    max_size=10,
)


@settings(deadline=None, max_examples=50)
@given(CHUNKS, st.booleans(), st.booleans())
@example([(0, sentence("IIHDT,1.0,T") + sentence("IIMWV,359.5,T,1.0,N,A"), True)], False, False)
def test_flat_and_whole_tell_the_same(chunks: list[Chunk], tags: bool, lenient: bool) -> None:
    held(chunks, tags=tags, lenient=lenient)


@settings(deadline=None, max_examples=25)
@given(CHUNKS, st.lists(st.integers(0, 2000), max_size=12), st.binary(max_size=40), st.booleans())
def test_torn_anywhere_and_with_rubbish_between_they_tell_the_same(
    chunks: list[Chunk], cuts: list[int], rubbish: bytes, tags: bool
) -> None:
    content = b"".join(chunk for _, chunk, _ in chunks)
    places = sorted({0, len(content), *(cut for cut in cuts if cut < len(content))})
    torn = [(50, content[start:end], False) for start, end in pairwise(places)]
    held(torn, tags=tags, lenient=True)
    if torn:
        torn.insert(len(torn) // 2, (0, rubbish, True))
        held(torn, tags=tags, lenient=False)


@pytest.mark.parametrize("name", LOGS)
def test_samples_are_told_the_same(name: str) -> None:
    lines = LOGS[name].splitlines(keepends=True)
    for tags in (False, True):
        held([(20, line, True) for line in lines], tags=tags, lenient=True)
        held(
            [(1000, b"".join(lines[at : at + 7]), False) for at in range(0, len(lines), 7)],
            tags=tags,
            lenient=False,
        )


def test_frequent_sentences_are_read_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    boats = NmeaBoats(Lenient(), tagged=True)
    slow: list[bytes] = []
    whole = nmea_flat.NmeaBoat.read_any

    def read_any(boat: nmea_flat.NmeaBoat, line: bytes, arrival: int) -> None:
        slow.append(line)
        whole(boat, line, arrival)

    monkeypatch.setattr(nmea_flat.NmeaBoat, "read_any", read_any)
    for step in range(10):
        for text in (
            f"GPRMC,12000{step},A,3649.1106,S,17452.0278,E,4.4,100.0,291126,,,A",
            f"GPGGA,12000{step},3649.1106,S,17452.0278,E,1,08,1.1,5.0,M,,,,",
            "GPVTG,100.0,T,,M,4.4,N,8.1,K,A",
            "HCHDG,101.1,,,19.2,E",
            "HCHDM,101.1,M",
            "HEHDT,120.3,T",
            "VWVHW,120.3,T,101.1,M,4.3,N,,K",
            "WIMWV,330.0,R,10.0,N,A",
            "WIMWV,330.0,T,10.0,N,A",
        ):
            boats.feed(tagged("A", sentence(text)), NOON + 1000 * step, whole=True)
    # The first of all makes the boat and has its TAG block remembered.
    assert len(slow) == 1
    (said,) = boats.take().values()
    assert sorted(said) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 22, 23]
    assert {len(samples.stamps) for kind, samples in said.items() if kind != 7} == {10}


@given(st.binary(max_size=FOLDED), st.binary(max_size=3 * FOLDED))
def test_sums_are_those_of_one_byte_after_the_other(short: bytes, long: bytes) -> None:
    def slowly(raw: bytes) -> int:
        found = 0
        for byte in raw:
            found ^= byte
        return found

    assert folded(short) == slowly(short)
    text = long.decode("latin-1")
    assert checksum(text) == slowly(text.encode())


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.text("ab ,$\r\n\0\x1c", max_size=12).map(str.encode), st.booleans()),
        max_size=8,
    )
)
def test_lines_are_those_of_one_character_after_the_other(chunks: list[tuple[bytes, bool]]) -> None:
    limit = 9
    tally = Tally()
    lines = Lines(limit, tally)
    found, pending = [], b""
    expected: list[bytes] = []
    count = 0

    def ended() -> None:
        nonlocal pending, count
        if len(pending) > limit:
            count += 1
        elif pending.strip():
            count += 1
            expected.append(pending.strip())
        pending = b""

    for chunk, whole in chunks:
        found += lines.feed(chunk)
        for byte in chunk:
            if byte in b"\r\n\0":
                ended()
            else:
                pending += bytes((byte,))
        if whole:
            found += lines.end()
            ended()
    assert (found, tally.lines) == (expected, count)


def test_readings_of_so_many_boats_that_some_are_forgotten_are_not_lost() -> None:
    timing = Timing(Tally())
    with patch("tui.embedded.instruments.choosing.VOICES", 2):
        timing.take_in(
            [Reading(1, (1.0, 2.0), NOON + n, "AI.VDM", boat) for n in range(2) for boat in "abc"],
            NOON,
        )
    found: dict[str, Said] = {}
    timing.take(found)
    assert {boat: said[1].stamps for boat, said in found.items()} == {
        boat: [NOON, NOON + 1] for boat in "abc"
    }
