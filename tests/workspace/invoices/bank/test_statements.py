"""Statements of banks: what arrived, by whom, and what is the same in another file.

The documents are written for the tests after ISO 20022's message definitions (camt.053.001.02 and
.08) and after the headers of banks' CSV files.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tui.workspace.invoices.bank.camt import read_camt
from tui.workspace.invoices.bank.statement import BankError
from tui.workspace.invoices.bank.tables import read_bank_table
from tui.workspace.invoices.bank_desk import read_statement

DETAIL = """
<TxDtls><Refs><EndToEndId>{end}</EndToEndId></Refs>
<Amt Ccy="EUR">{amount}</Amt>
<RltdPties><Dbtr><Nm>{name}</Nm></Dbtr></RltdPties>
<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"""


def camt(*entries: str, version: str = "053.001.02") -> bytes:
    body = "".join(entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.{version}"><BkToCstmrStmt><Stmt>{body}</Stmt></BkToCstmrStmt></Document>'
    ).encode()


def entry(
    amount: str, *details: str, sign: str = "CRDT", status: str = "BOOK", more: str = ""
) -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-11-20</Dt></BookgDt>{more}"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def detail(amount: str, text: str, *, name: str = "Kestrel", end: str = "NOTPROVIDED") -> str:
    return DETAIL.format(amount=amount, text=text, name=name, end=end)


def test_an_entry_is_a_movement_with_who_paid_and_what_for() -> None:
    found = read_camt(camt(entry("119.00", detail("119.00", "Invoice 2026-0003", end="E2E 7"))))
    (one,) = found.movements
    assert (one.day, one.amount, one.currency) == (date(2026, 11, 20), Decimal("119.00"), "EUR")
    assert (one.name, one.text) == ("Kestrel", "Invoice 2026-0003 E2E 7")
    assert one.reference, "it has one of its own where the bank gives none"


def test_a_batch_is_its_parts_with_their_own_amounts() -> None:
    batch = entry("300.00", detail("100.00", "one"), detail("200.00", "two"),
                  more="<AcctSvcrRef>B-1</AcctSvcrRef>")  # fmt: skip
    found = read_camt(camt(batch, version="053.001.08"))
    assert [(one.amount, one.text, one.reference) for one in found.movements] == [
        (Decimal("100.00"), "one", "B-1/1"),
        (Decimal("200.00"), "two", "B-1/2"),
    ]


def test_parts_that_are_not_the_whole_are_told_and_not_taken() -> None:
    found = read_camt(camt(entry("300.00", detail("100.00", "a"), detail("100.00", "b"))))
    assert found.movements == []
    assert "its parts come to 200.00, the entry itself to 300.00" in found.unread[0].why


def test_what_arrived_counts_where_the_bank_kept_charges() -> None:
    kept = '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">1.50</TtlChrgsAndTaxAmt></Chrgs>'
    (one,) = read_camt(camt(entry("98.50", detail("100.00", "x"), more=kept))).movements
    assert (one.amount, one.charges) == (Decimal("98.50"), Decimal("1.50"))


def test_what_went_out_is_below_nothing_and_what_is_pending_has_not_arrived() -> None:
    found = read_camt(camt(entry("5.00", sign="DBIT"), entry("7.00", status="PDNG"),
                           entry("8.00", status="<Cd>PDNG</Cd>")))  # fmt: skip
    assert [one.amount for one in found.movements] == [Decimal("-5.00")]


def test_two_alike_are_two_and_the_same_file_again_has_the_same_references() -> None:
    twice = camt(entry("5.00", detail("5.00", "coffee")), entry("5.00", detail("5.00", "coffee")))
    first, again = read_camt(twice).movements, read_camt(twice).movements
    assert len({one.reference for one in first}) == 2
    assert first == again


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<a/>", "no statement of a bank"),
        (b"not xml", "not valid XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "declares entities"),
    ],
)
def test_other_files_are_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(BankError, match=words):
        read_camt(content)


def test_an_entry_that_cannot_be_read_is_told_and_the_rest_is_read() -> None:
    found = read_camt(camt(entry("many"), entry("5.00").replace("2026-11-20", "soon"),
                           entry("6.00")))  # fmt: skip
    assert [one.amount for one in found.movements] == [Decimal("6.00")]
    assert [one.where for one in found.unread] == ["entry 1", "entry 2"]


GERMAN = """Konto;DE02
Zeitraum;November

Buchungstag;Verwendungszweck;Beguenstigter/Zahlungspflichtiger;Betrag;Waehrung
20.11.26;RE 2026-0003;Kestrel GmbH;1.234,50;EUR
21.11.2026;Miete;Hausverwaltung;-900,00;EUR
"""
DUTCH = (
    '"Datum","Naam / Omschrijving","Af Bij","Bedrag (EUR)","Mededelingen"\n'
    '"20261120","Kestrel BV","Bij","119,00","Factuur 2026-0003"\n'
    '"20261121","Huur","Af","900,00","November"\n'
)
ENGLISH = (
    "Date,Description,Paid out,Paid in,Status\n"
    '20/11/2026,INV 2026-0003,,"1,234.50",COMPLETED\n'
    "03/11/2026,Rent,900.00,,COMPLETED\n"
    "21/11/2026,Later,,5.00,PENDING\n"
)
FRENCH = (
    "sep=;\r\nDate;Libellé;Montant\r\n2026-11-20;Facture 3;119,00\r\n2026-11-21;Loyer;-900,00\r\n"
)


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        (GERMAN, ["1234.50", "-900.00"]),
        (DUTCH, ["119.00", "-900.00"]),
        (ENGLISH, ["1234.50", "-900.00"]),
        (FRENCH, ["119.00", "-900.00"]),
    ],
    ids=["de", "nl", "en", "fr"],
)
def test_banks_write_tables_their_own_way(text: str, amounts: list[str]) -> None:
    found = read_bank_table(text)
    assert [one.amount for one in found.movements] == [Decimal(one) for one in amounts]
    assert found.movements[0].day == date(2026, 11, 20)
    assert found.unread == []


def test_days_that_can_be_read_in_two_ways_are_asked_for() -> None:
    text = "Date,Amount\n03/04/2026,5.00\n05/06/2026,6.00\n"
    with pytest.raises(BankError, match="03/04/2026 can be read in two ways"):
        read_bank_table(text)
    told = read_bank_table(text, day_first=False).movements
    assert [one.day for one in told] == [date(2026, 3, 4), date(2026, 5, 6)]
    with pytest.raises(BankError, match="month first and others the day"):
        read_bank_table("Date,Amount\n13/04/2026,5.00\n04/13/2026,6.00\n")


def test_amounts_that_disagree_and_files_without_columns_are_refused() -> None:
    with pytest.raises(BankError, match="decimal comma and others a point"):
        read_bank_table('Date,Amount\n2026-11-20,"5,00"\n2026-11-21,6.00\n')
    with pytest.raises(BankError, match="No line names its columns"):
        read_bank_table("a,b\n1,2\n")


def test_a_row_that_cannot_be_read_is_told_by_its_line() -> None:
    found = read_bank_table("Date,Amount\nsoon,5.00\n2026-11-20,6.00\n2026-11-20,\n")
    assert [one.amount for one in found.movements] == [Decimal("6.00")]
    assert [one.where for one in found.unread] == ["line 2", "line 4"]


SPARKASSE = """Buchungstag;Buchungstext;Verwendungszweck;Kundenreferenz (End-to-End);\
Beguenstigter/Zahlungspflichtiger;Betrag;Waehrung;Info
20.11.26;GUTSCHR. UEBERWEISUNG;RE 2026-0003;NOTPROVIDED;Kestrel GmbH;1.250,00;EUR;Umsatz gebucht
21.11.26;GUTSCHR. UEBERWEISUNG;RE 2026-0004;NOTPROVIDED;Kestrel GmbH;99,50;EUR;Umsatz gebucht
22.11.26;GUTSCHR. UEBERWEISUNG;Teil 1;2026-0005;Kestrel GmbH;10,00;EUR;Umsatz gebucht
23.11.26;GUTSCHR. UEBERWEISUNG;Teil 2;2026-0005;Kestrel GmbH;20,00;EUR;Umsatz gebucht
24.11.26;GUTSCHR. UEBERWEISUNG;RE 2026-0006;NOTPROVIDED;Kestrel GmbH;5,00;EUR;Umsatz vorgemerkt
""".replace("\\\n", "")


def test_what_the_payer_calls_a_payment_tells_it_from_no_other() -> None:
    found = read_bank_table(SPARKASSE).movements
    assert [str(one.amount) for one in found] == ["1250.00", "99.50", "10.00", "20.00"], (
        "what is noted before it is booked has not arrived"
    )
    assert len({one.reference for one in found}) == 4, "each of them is a payment of its own"
    assert [one.reference for one in read_bank_table(SPARKASSE).movements] == [
        one.reference for one in found
    ]
    assert [one.text for one in found] == [
        "RE 2026-0003", "RE 2026-0004", "Teil 1 2026-0005", "Teil 2 2026-0005",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '"Buchungsdatum";"Status";"Zahlungspflichtige*r";"Verwendungszweck";"Betrag (€)"\n'
            '"20.11.26";"Gebucht";"Kestrel";"RE 3";"29,9 €"\n'
            '"21.11.26";"Vorgemerkt";"Kestrel";"RE 4";"5"\n',
            ("29.9", "EUR", "RE 3", "Kestrel"),
        ),
        (
            '"Buchungstag";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
            '"20.11.2026";"Übertrag";"Auftraggeber: Kestrel RE 3";"1.250,00";\n',
            ("1250.00", "EUR", "Auftraggeber: Kestrel RE 3", ""),
        ),
        (
            "Datum;Bewegungstyp;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF\n"
            "20.11.2026;Gutschrift;RE 3;12.5;\n",
            ("12.5", "CHF", "RE 3", ""),
        ),
        (
            "Date;Libellé;Débit euros;Crédit euros;\n20/11/2026;Facture 3;;1 250,00;\n",
            ("1250.00", "EUR", "Facture 3", ""),
        ),
        (
            '"Munt","Datum","Bedrag","Naam tegenpartij","Transactiereferentie","Omschrijving-1",'
            '"Omschrijving-2"\n"EUR","2026-11-20","+119,00","Kestrel","","Factuur","2026-0003"\n',
            ("119.00", "EUR", "Factuur 2026-0003", "Kestrel"),
        ),
        (
            "Date started (UTC),Date completed (UTC),ID,State,Description,Reference,Payer,"
            "Payment currency,Amount\n2026-11-20,2026-11-20,a,COMPLETED,Payment,2026-0003,Kestrel,"
            "GBP,119.00\n2026-11-20,,b,PENDING,Payment,2026-0003,Kestrel,GBP,119.00\n",
            ("119.00", "GBP", "Payment 2026-0003", "Kestrel"),
        ),
        (
            '"Booking Date","Partner Name","Payment Reference","Amount (EUR)"\n'
            '2026-11-20,"Kestrel",INV 3,119.0\n',
            ("119.0", "EUR", "INV 3", "Kestrel"),
        ),
    ],
    ids=["dkb", "comdirect", "postfinance", "agricole", "rabobank", "revolut", "n26"],
)
def test_a_currency_in_a_column_s_name_and_all_that_the_payer_wrote_are_read(
    text: str, told: tuple[str, str, str, str]
) -> None:
    (one,) = read_bank_table(text).movements
    assert one.day == date(2026, 11, 20)
    assert (str(one.amount), one.currency, one.text, one.name) == told


@pytest.mark.parametrize("status", ["INFO", "FUTR", "<Cd>FUTR</Cd>"])
def test_what_is_told_without_a_booking_has_not_arrived(status: str) -> None:
    found = read_camt(camt(entry("5.00", status=status), entry("6.00", status="<Cd>BOOK</Cd>")))
    assert [str(one.amount) for one in found.movements] == ["6.00"]


def test_the_number_of_an_invoice_may_have_a_field_of_its_own() -> None:
    part = (
        '<TxDtls><Amt Ccy="EUR">5.00</Amt><RmtInf><Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd>'
        "</CdOrPrtry></Tp><Nb>2026-0003</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf>"
        "</Strd></RmtInf></TxDtls>"
    )
    (one,) = read_camt(camt(entry("5.00", part))).movements
    assert one.text == "2026-0003 RF18"


def test_a_row_may_lack_what_is_empty_at_its_end_and_is_told_by_its_line() -> None:
    found = read_bank_table(
        'Date;Libellé;Débit;Crédit;Status\n20/11/2026;"Facture\n3";;119,00\n21/11/2026;Loyer;900,00\n'
        "soon;Facture;;5,00;\nThis is a remark of the bank.\n"
    )
    assert [str(one.amount) for one in found.movements] == ["119.00", "-900.00"]
    assert [one.where for one in found.unread] == ["line 5"]


def test_a_cell_without_an_end_is_told() -> None:
    text = 'Date,Description,Amount\n2026-11-20,"Facture,5.00\n' + "2026-11-21,x,6.00\n" * 9_000
    with pytest.raises(BankError, match="line 2: it is no row of CSV"):
        read_bank_table(text)


def test_what_is_packed_is_called_by_its_name() -> None:
    with pytest.raises(BankError, match="is packed"):
        read_statement(b"PK\x03\x04\x14")


def test_a_table_in_utf_16_is_read() -> None:
    text = "Date\tLibellé\tAmount\n2026-11-20\tFacture 3\t5.00\n"
    (one,) = read_statement(text.encode("utf-16")).movements
    assert (one.text, str(one.amount)) == ("Facture 3", "5.00")


def test_what_undoes_another_is_told_and_a_part_without_words_has_those_of_its_entry() -> None:
    back = entry("5.00", more="<RvslInd>true</RvslInd>")
    told = entry(
        "6.00",
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs></TxDtls>",
        more="<AddtlNtryInf>VIR RECU Kestrel Facture 2026-0003</AddtlNtryInf>",
    )
    found = read_camt(camt(back, told)).movements
    assert [(one.is_reversal, one.text) for one in found] == [
        (True, ""),
        (False, "VIR RECU Kestrel Facture 2026-0003"),
    ]


BANKS = {
    "hsbc": "Date,Type,Description,Paid out,Paid in,Balance\n"
    '20 Nov 2026,CR,KESTREL 2026-0003,,"1,119.00",1\n21-Nov-26,DD,RENT,900.00,,1\n',
    "hsbcnet": "Bank reference,Narrative,Customer reference,Value date (dd/mm/yyyy),Credit amount,"
    "Debit amount,Post date\nNONREF,INV,2026-0003,20/11/2026,1119.00,,20/11/2026\n"
    "NONREF,RENT,RENT,21/11/2026,,-900.00,21/11/2026\n",
    "boursorama": "dateOp;dateVal;label;category;amount;comment;accountNum;accountbalance\n"
    '2026-11-20;2026-11-20;"VIR 2026-0003";V;"1 119,00";;1;2,00\n'
    "2026-11-21;2026-11-21;Loyer;L;-900,00;;1;1,00\n",
    "qonto": "Statut;Date de la valeur (UTC);Date de l'opération (UTC);Nom de la contrepartie;"
    "Montant total (TTC);Débit;Crédit;Devise;Référence;Identifiant de transaction\n"
    "Exécuté;20-11-2026 10:00:00;20-11-2026 10:00:00;Kestrel;1119,00;;1119,00;EUR;2026-0003;a\n"
    "Exécuté;21-11-2026 10:00:00;21-11-2026 10:00:00;Rent;-900,00;900,00;;EUR;Loyer;b\n"
    "Refusé;;22-11-2026 10:00:00;Kestrel;5,00;;5,00;EUR;x;c\n",
    "abn-amro": "12345678\tEUR\t20261120\t1000,00\t2119,00\t20261120\t1119,00\t/NAME/Kestrel/REMI"
    "/2026-0003\n12345678\tEUR\t20261121\t1000,00\t1000,00\t20261121\t-900,00\tHuur\n",
    "n26": '"Datum","Empfänger","Kontonummer","Verwendungszweck","Betrag (EUR)",'
    '"Betrag (Fremdwährung)"\n"2026-11-20","Kestrel","DE","RE 2026-0003","1119.00","5"\n'
    '"2026-11-21","Rent","DE","","-900.00","6"\n',
    "wise": '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Payer Name"\n'
    "TRANSFER-1,20-11-2026,1119.00,EUR,Received,INV 2026-0003,Kestrel\n"
    "TRANSFER-1,21-11-2026,-900.00,EUR,Sent,,\n",
    "nordea": "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;\n"
    "Reserverat;-5,00;;;;Kort;1,00;SEK;\n2026/11/20;1 119,00;;;Kestrel;2026-0003;1,00;SEK;\n"
    "2026/11/21;-900,00;;;;Hyra;1,00;SEK;\n",
    "dnb": '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"\n'
    '"20.11.2026";"Giro 2026-0003";"20.11.2026";"";"1.119,00"\n'
    '"21.11.2026";"Husleie";"21.11.2026";"900,00";""\n',
    "danske": '"Dato";"Tekst";"Beløb";"Saldo";"Status"\n"20.11.2026";"2026-0003";"1.119,00";"2";'
    '"Udført"\n"21.11.2026";"Leje";"-900,00";"1";"Udført"\n"22.11.2026";"x";"5,00";"1";"Venter"\n',
    "gls": "Buchungstag;Valuta;Empfänger/Zahlungspflichtiger;Vorgang/Verwendungszweck;Währung;"
    "Umsatz; \n20.11.2026;20.11.2026;Kestrel;RE 2026-0003;EUR;1.119,00;H\n"
    "21.11.2026;21.11.2026;V;Miete;EUR;900,00;S\n",
    "ubs": "Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Transaktions-Nr.;Beschreibung1;"
    "Beschreibung2\n2026-11-20;2026-11-20;CHF;;1'119.00;T1;Kestrel;2026-0003\n"
    "2026-11-21;2026-11-21;CHF;-900.00;;T2;Miete;\n",
    "zkb": '"Datum";"Buchungstext";"Whg";"Belastung CHF";"Gutschrift CHF";"Zahlungszweck"\n'
    '"20.11.2026";"Gutschrift";"";"";"1119.00";"2026-0003"\n'
    '"21.11.2026";"Belastung";"";"900.00";"";"Miete"\n',
    "natwest": 'Date, Type, Description, Value, Balance\n20 Nov 2026,BAC,"KESTREL , 2026-0003",'
    '1119.00,1\n"Nov 21, 2026",D/D,RENT,-900.00,1\n',
}


@pytest.mark.parametrize("bank", BANKS)
def test_banks_of_many_countries_are_read(bank: str) -> None:
    found = read_statement(BANKS[bank].encode())
    assert [(one.day, one.amount) for one in found.movements] == [
        (date(2026, 11, 20), Decimal("1119.00")),
        (date(2026, 11, 21), Decimal("-900.00")),
    ]
    assert found.unread == []
    assert "2026-0003" in found.movements[0].text
    assert len({one.reference for one in found.movements}) == 2
    currencies = {one.currency for one in found.movements}
    assert currencies <= {"", "EUR", "CHF", "SEK"}
    assert len(currencies) == 1


def test_what_could_be_a_thousand_or_the_way_that_it_went_is_never_guessed() -> None:
    head = "Date,Amount,Currency,Debit/credit\n"
    found = read_bank_table(head + "2026-11-20,1.250,EUR,\n2026-11-20,5,EUR,Sideways\n")
    assert [one.where for one in found.unread] == ["line 2", "line 3"]
    assert "two ways" in found.unread[0].why
    assert "came in or went out" in found.unread[1].why
    (one,) = read_bank_table(head + "2026-11-20,1.250,BHD,credit\n").movements
    assert one.amount == Decimal("1.250"), "there are three digits"


@pytest.mark.parametrize(
    "text",
    [
        "Buchungstag;Text;Umsatz;\n20.11.2026;R 3;900,00;S\n20.11.2026;R 4;1,00;H\n"
        "30.11.2026;Endsaldo;1.000,00;\n",
        "Buchungstag;Text;Umsatz;\n20.11.2026;R 3;900,00;S\n20.11.2026;R 4;1,00;H\n"
        "30.11.2026;Endsaldo;1.000,00\n",
        "Date,Text,Amount,D/C\n2026-11-20,R 3,900.00,D\n2026-11-20,R 4,1.00,C\n"
        "2026-11-30,Balance,1000.00,\n",
        "Date,Text,Amount,Transaction Type\n2026-11-20,R 3,900.00,debit\n"
        "2026-11-20,R 4,1.00,credit\n2026-11-30,Balance,1000.00,\n",
    ],
    ids=["no name", "no cell", "a name", "a type"],
)
def test_a_row_that_does_not_say_which_way_it_went_lets_the_others_say_it(text: str) -> None:
    found = read_bank_table(text)
    assert [one.amount for one in found.movements] == [Decimal("-900.00"), Decimal("1.00")]
    assert [(one.where, one.why) for one in found.unread] == [
        ("line 4", "whether it came in or went out is not said")
    ]


def test_a_type_says_nothing_of_amounts_that_have_signs_of_their_own() -> None:
    found = read_bank_table(
        "Date,Text,Amount,Type\n2026-11-20,Rent,-900.00,debit\n2026-11-20,Back,5.00,debit\n"
    )
    assert [one.amount for one in found.movements] == [Decimal("-900.00"), Decimal("5.00")]


def test_an_amount_that_a_comma_cut_in_two_is_told() -> None:
    found = read_bank_table(
        "Date,Amount,Text\n2026-11-20,1,000.00,R 3\n2026-11-20,5,50,R 4\n2026-11-20,7,R 5, more\n"
    )
    assert [one.amount for one in found.movements] == [Decimal(7)]
    assert [one.where for one in found.unread] == ["line 2", "line 3"]
    assert "'1,000.00'" in found.unread[0].why
