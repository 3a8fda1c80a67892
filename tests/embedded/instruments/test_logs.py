"""Whole files: sentences without a time, and which of several that say the same stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.embedded.instruments.boats import BOAT, NOON, sentence
from tui.embedded.instruments.choosing import chosen
from tui.embedded.instruments.logs import UnreadableLog, read_log
from tui.embedded.instruments.readings import Loss, Reading, Tally


def fix(seconds: int) -> bytes:
    return sentence(f"GPRMC,1200{seconds:02},A,3649.1106,S,17452.0278,E,4.4,100.0,291126,,,A")


def times(content: bytes, kind: int) -> list[int]:
    return [stamp - NOON for stamp, _ in read_log(content, "a.nmea").samples["", kind]]


def test_what_has_no_time_is_spread_between_those_that_have() -> None:
    wind, heading = sentence("WIMWV,330.0,R,10.0,N,A"), sentence("HCHDG,1.0,,,,")
    content = wind + fix(10) + wind + heading + wind + fix(12) + heading
    assert times(content, 11) == times(content, 12) == [9500, 10500, 11500]
    assert times(content, 7) == [11000, 12500]
    # A pause of the log is not filled: what stood before it was said before it.
    assert times(fix(10) + wind + fix(40) + wind, 11) == [10500, 40500]


def test_a_clock_goes_on_where_there_is_no_fix() -> None:
    wind, zda = sentence("WIMWV,330.0,R,10.0,N,A"), "GPZDA,1200{:02},29,11,2026,00,00"
    lost = "".join(sentence(zda.format(second)).decode() + wind.decode() for second in (12, 13, 14))
    content = fix(10) + wind + fix(11) + wind + lost.encode() + fix(40) + wind
    assert times(content, 11) == [10500, 11500, 12500, 13500, 14500, 40500]
    assert times(content, 1) == [10_000, 11_000, 40_000], "a clock is no place"
    # Beside fixes, and behind the time, it moves nothing.
    told = fix(10) + sentence(zda.format(10)) + wind + wind + fix(11) + sentence(zda.format(9))
    assert times(told + wind, 11) == times(fix(10) + wind + wind + fix(11) + wind, 11)
    only = b"".join(sentence(zda.format(second)) + wind for second in (1, 2))
    assert times(only, 11) == [1500, 2500], "a log without any position"


def test_times_before_the_first_date_take_theirs_from_it() -> None:
    early = sentence("GPGLL,3649.1106,S,17452.0278,E,115959,A,A")
    assert times(early + fix(0), 1) == [-1000, 0]
    clock = sentence("GPZDA,120001,29,11,2026,00,00")
    assert times(early + clock, 1) == [-1000]
    log = read_log(sentence("HEHDT,1.0,T"), "a.nmea")
    assert (log.samples, log.tally.lost) == ({}, {Loss.NO_DATE: 1})


def test_a_better_sentence_takes_over_and_a_lesser_one_waits_for_silence() -> None:
    def said(name: str, *seconds: float) -> list[Reading]:
        return [Reading(9, (0.0,), round(at * 1000), f"GN.{name}") for at in seconds]

    def stands(*readings: list[Reading]) -> list[tuple[str, int | None]]:
        ordered = sorted((r for part in readings for r in part), key=lambda r: r.stamp or 0)
        return [(one.origin[3:], one.stamp) for one in chosen(ordered, Tally())]

    slow, fast = said("VTG", 0, 1, 2, 3, 4), said("RMC", 0.5, 1.5, 2.5, 3.5)
    assert stands(slow, fast) == [
        ("VTG", 0), ("VTG", 1000), ("VTG", 2000), ("RMC", 2500), ("RMC", 3500)
    ]  # fmt: skip
    late = said("VTG", 4, 8.4, 8.6, 9)
    assert stands(fast, late)[4:] == [("VTG", 8600), ("VTG", 9000)]


@pytest.mark.parametrize("name", ["unit.IPB", "UNIT.ipb"])
def test_a_units_own_file_is_refused_whatever_is_in_it(name: str) -> None:
    with pytest.raises(UnreadableLog, match="not documented"):
        read_log(BOAT, name)


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*BOAT.splitlines(keepends=True)[:30], b"{", b"$,\n", b"\xff\n"])))
def test_any_order_of_lines_gives_ordered_series_or_a_reason(lines: list[bytes]) -> None:
    try:
        log = read_log(b"".join(lines), "a.nmea")
    except UnreadableLog:
        return
    for (_, kind), samples in log.samples.items():
        assert samples
        assert len({len(values) for _, values in samples}) == 1, kind
