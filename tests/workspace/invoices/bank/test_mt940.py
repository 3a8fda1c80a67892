"""Statements as MT940: what arrived, by whom and what for, in the forms of several countries.

The documents are written for the tests, after what banks give their customers.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.workspace.invoices.bank.matching import Open, matched
from tui.workspace.invoices.bank.statement import BankError, Movement, Statement
from tui.workspace.invoices.bank_desk import read_statement

GERMAN = """
:20:STARTUMSE
:25:10020030/1234567
:28C:00001/001
:60F:C261119EUR1000,00
:61:2611201120CR1234,50NTRFKREF+//2026112000000815
:86:166?00GUTSCHRIFT?109251?20EREF+KD-1001?21KREF+NONREF?22SVWZ+Rechnu
ngsbetrag 2026-0?23003 vom 3.11. Danke?30BANKDEFF?31DE02120300000000202051?
32KESTREL INSTRUMENTS AND SAIL?33S GMBH?34997
:61:2611211121DR900,NMSCNONREF
:86:005?00DAUERAUFTRAG?20Miete?32Hausverwaltung
:62F:C261121EUR1334,50
-
"""
DUTCH = """ABNANL2A
940
ABNANL2A
:20:ABN AMRO BANK NV
:25:155430750
:28:17301/1
:60F:C261119EUR0,
:61:2611201120C119,00N654NONREF//00000000001
:86:/TRTP/SEPA OVERBOEKING/IBAN/NL88INGB0793113504/BIC/INGBNL2A/N
AME/Kestrel BV/REMI/Factuur 2026-0003/EREF/NOTPROVIDED
:61:2611201120C30,00NTRFEREF//00000000002
:86:/EREF/E2E 7//CNTP/NL32INGB0000012345/INGBNL2A/Old Mill BV/Delft///REMI
/USTD//Factuur 2026-0004/
:61:2611201120D11,00N426NONREF
:86:SEPA OVERBOEKING                 IBAN: NL91ABNA0417164300
BIC: ABNANL2A                    NAAM: Verhuur
OMSCHRIJVING: Huur               KENMERK: NOTPROVIDED
:62F:C261120EUR138,00
"""
NORDIC = """{1:F01NDEASESSAXXX0000000000}{2:O9400000}{4:
:20:STMT
:25:SE1234
:28C:220/1
:60F:C261119SEK10,00
:61:2611201120CK2500,00NTRF2026-0003//BG 5050-1055 00001
INSÄTTNING BANKGIRO
:86:Kestrel Instruments AB
OCR 2026-0003
:62F:C261120SEK2510,00
-}
"""
POLISH = (
    ":20:1\n:25:PL1\n:28C:1\n:60F:C261119PLN0,\n:61:2611201120CN45,00S911\n"
    ":86:911^00PRZELEW^20FV 2026-0003^32KESTREL SP Z OO\n:62F:C261120PLN45,00\n-\n"
)


def read(text: str) -> Statement:
    return read_statement(text.strip().replace("\n", "\r\n").encode())


def told(one: Movement) -> tuple[str, str, str, str]:
    return str(one.amount), one.currency, one.name, one.text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (GERMAN, [("1234.50", "EUR", "KESTREL INSTRUMENTS AND SAILS GMBH",
                   "Rechnungsbetrag 2026-0003 vom 3.11. Danke KD-1001"),
                  ("-900", "EUR", "Hausverwaltung", "Miete")]),
        (DUTCH, [("119.00", "EUR", "Kestrel BV", "Factuur 2026-0003"),
                 ("30.00", "EUR", "Old Mill BV", "Factuur 2026-0004 E2E 7"),
                 ("-11.00", "EUR", "Verhuur", "Huur")]),
        (NORDIC, [("2500.00", "SEK", "", "Kestrel Instruments AB OCR 2026-0003")]),
        (POLISH, [("45.00", "PLN", "KESTREL SP Z OO", "FV 2026-0003")]),
    ],
)  # fmt: skip
def test_banks_of_several_countries_are_read(
    text: str, rows: list[tuple[str, str, str, str]]
) -> None:
    found = read(text)
    assert [told(one) for one in found.movements] == rows
    assert {one.day for one in found.movements} <= {date(2026, 11, 20), date(2026, 11, 21)}
    assert found.unread == []
    assert [one.reference for one in read(text).movements] == [
        one.reference for one in found.movements
    ]


def booked(line: str, *more: str) -> str:
    return "\n".join((":20:A", ":25:DE1", ":60F:C261231EUR0,", f":61:{line}", *more))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("2612310102C5,00NTRFNONREF", date(2027, 1, 2)),
        ("2701011231C5,00NTRFNONREF", date(2026, 12, 31)),
        ("261231C5,00NTRFNONREF", date(2026, 12, 31)),
        ("2602300302C5,00NTRFNONREF", date(2026, 3, 2)),
    ],
)
def test_the_day_is_that_of_the_booking_in_the_year_that_is_near(line: str, day: date) -> None:
    assert read(booked(line)).movements[0].day == day


def test_what_was_taken_back_went_the_other_way() -> None:
    back, again = read(booked("261231RC5,00NTRFNONREF", ":61:261231RD7,NTRFNONREF")).movements
    assert (str(back.amount), back.is_reversal) == ("-5.00", True)
    assert (str(again.amount), again.is_reversal) == ("7", True)


def test_a_counter_tells_no_movement_from_another_and_a_reference_of_the_bank_does() -> None:
    first, again = (read(booked(f"261231C5,NTRFNONREF//0000000000{one}")) for one in "12")
    assert first.movements == again.movements
    other, more = (read(booked(f"261231C5,NTRFNONREF//20261231000081{one}")) for one in "12")
    assert other.movements[0].reference != more.movements[0].reference
    twice = read(booked("261231C5,NTRFNONREF", ":61:261231C5,NTRFNONREF")).movements
    assert len({one.reference for one in twice}) == 2


def test_movements_that_do_not_come_to_what_the_balances_say_are_told() -> None:
    found = read(GERMAN.replace("1334,50", "1434,50"))
    assert len(found.movements) == 2
    assert "its movements come to 334.50, its balances differ by 434.50" in found.unread[0].why


def test_money_is_of_the_account_whose_balances_stand_about_it() -> None:
    euros = ":25:DE1\n:60F:C261231EUR0,\n:61:261231C5,NTRFNONREF\n:62F:C261231EUR5,"
    dollars = euros.replace("EUR", "USD").replace("DE1", "DE2")
    both = read(f":20:A\n{euros}\n{dollars}\n-")
    assert [one.currency for one in both.movements] == ["EUR", "USD"]
    assert both.unread == []
    for torn in (":60F:C261231USD0,\n", "C261231USD0,"):
        (one,) = read(f":20:A\n{dollars.replace(torn, '')}").movements
        assert one.currency == "USD", "the closing balance tells it, too"


def test_numbered_parts_that_begin_on_the_second_line_are_read() -> None:
    lines = [":86:166", "?00GUTSCHRIFT", "?20SVWZ+Rechnung 2026-0003?32KESTREL"]
    (one,) = read(booked("261231C5,NTRFNONREF", *lines)).movements
    assert told(one)[2:] == ("KESTREL", "Rechnung 2026-0003")


def test_it_is_known_in_utf_16() -> None:
    assert read_statement(POLISH.encode("utf-16")).movements == read(POLISH).movements


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    found = read(booked("261231C1.234,56NTRFNONREF", ":61:261331C1,NTRF", ":61:261231C1,NTRFX"))
    assert [str(one.amount) for one in found.movements] == ["1"]
    assert [one.where for one in found.unread] == ["line 4", "line 5"]
    assert "'261331' is no day" not in found.unread[0].why
    assert "'261331' is no day" in found.unread[1].why


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (":20:A\n:25:DE1\n:13D:2611201200+0100\n:61:261120C5,NTRFNONREF", "it is MT942"),
        (":20:A\n:25:DE1\n:60F:C261231EUR0,", "there is no movement"),
        (":20:A\n:25:DE1\n:61:soon", "Nothing of it can be taken: line 3"),
    ],
)
def test_what_tells_of_no_booking_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BankError, match=words):
        read(text)


@given(
    st.text("abcdefgh ", max_size=60), st.integers(1, 9999),
    st.sampled_from(["numbered", "slashed"]),
)  # fmt: skip
def test_a_number_is_found_wherever_the_bank_cuts_the_text(
    before: str, number: int, form: str
) -> None:
    invoice = f"2026-{number:04}"
    words = " ".join(f"{before} {invoice} of november".split())
    if form == "numbered":
        parts = [f"SVWZ+{words}"[at : at + 27].rstrip() for at in range(0, len(words) + 5, 27)]
        text = "166?00GUTSCHRIFT" + "".join(f"?{20 + at}{one}" for at, one in enumerate(parts))
        lines = [text[at : at + 65] for at in range(0, len(text), 65)]
    else:
        text = f"/NAME/Kestrel/REMI/{words}/EREF/NOTPROVIDED"
        cuts = [0, *range(61, len(text), 65), len(text)]
        lines = [text[at:to].rstrip() for at, to in pairwise(cuts)]
    found = read(booked("261231C5,00NTRFNONREF", ":86:" + "\n".join(lines)))
    (match,) = matched(found.movements, [Open(1, invoice, "", Decimal(5), "EUR")])
    assert match.fit == "whole", found.movements
