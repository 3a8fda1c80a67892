"""What banks call the columns of their tables, in small letters and without a currency.

English, German, French, Dutch, Swedish, Norwegian, Danish and Finnish; of several names that a file
has, the one that stands first here is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

COLUMNS: Mapping[str, Sequence[str]] = {
    "day": ("date", "booking date", "completed date", "date completed", "settlement date",
            "value date", "transaction date", "posting date", "post date", "booked at",
            "buchungstag", "buchungsdatum", "buchung", "wertstellung",
            "date de comptabilisation", "date operation", "date d'opération", "date opération",
            "date de l'opération", "dateop", "date de la valeur", "boekdatum", "transactiedatum",
            "transactiondate", "datum", "rentedatum", "bokföringsdag", "bokföringsdatum",
            "bogføringsdato", "bokføringsdato", "bokført dato", "dato", "kirjauspäivä",
            "valuta", "valutadatum"),
    "amount": ("amount", "betrag", "umsatz", "montant", "montant de l'opération",
               "montant operation", "montant opération", "bedrag", "transactiebedrag", "belopp",
               "beløb", "beløp", "määrä", "credit/debit amount", "total amount", "montant total",
               "value"),
    "credit": ("credit", "credit amount", "paid in", "money in", "into account", "haben",
               "gutschrift", "crédit", "bij", "inn på konto", "inn"),
    "debit": ("debit", "debit amount", "paid out", "money out", "out of account", "soll",
              "lastschrift", "belastung", "débit", "af", "ut fra konto", "ut"),
    "sign": ("af bij", "debit/credit", "credit/debit", "debit or credit", "dr/cr", "cr/dr", "d/c",
             "c/d", "credit debit indicator", "credit/debit indicator", "debit/credit indicator",
             "soll/haben", "s/h", "cdtdbtind"),
    "text": ("description", "transaction description", "details", "reference",
             "payment reference", "memo", "narrative", "notifications", "title",
             "verwendungszweck", "vorgang/verwendungszweck", "zahlungszweck", "buchungstext",
             "avisierungstext", "text", "beschreibung1", "libellé", "libelle operation", "libelle",
             "détail de l'écriture", "label", "communication", "mededelingen", "omschrijving",
             "omschrijving-1", "beskrivning", "text/mottagare", "rubrik", "forklaring",
             "beskrivelse", "tekst", "otsikko"),
    "name": ("name", "payer", "payer name", "payee", "partner name", "name / description",
             "counterparty name", "counter party", "counterparty",
             "beguenstigter/zahlungspflichtiger", "begünstigter / auftraggeber",
             "auftraggeber / begünstigter", "auftraggeber/empfänger",
             "empfänger/zahlungspflichtiger", "name zahlungsbeteiligter", "zahlungspflichtige*r",
             "auftraggeber", "empfänger", "nom de la contrepartie", "nom", "contrepartie",
             "naam / omschrijving", "naam tegenpartij", "namn", "navn", "nimi"),
    "currency": ("currency", "payment currency", "währung", "waehrung", "whg", "devise", "munt",
                 "muntsoort", "mutationcode", "valuta-code", "valutakod", "valuutta", "valuta"),
    "reference": ("transaction id", "id", "transferwise id", "bank reference", "umsatz-id",
                  "transaktions-nr.", "zkb-referenz", "identifiant de transaction"),
    "state": ("state", "status", "statut", "info"),
}  # fmt: skip
"""The names of each column that is read."""

OF_THE_PAYER = (
    "reference", "payment reference", "customer reference", "kundenreferenz",
    "kundenreferenz (end-to-end)", "zahlungszweck", "beschreibung2", "beschreibung3", "référence",
    "informations complementaires", "détail de l'écriture", "transactiereferentie",
    "betalingskenmerk", "gestructureerde mededeling", "vrije mededeling", "omschrijving-2",
    "omschrijving-3", "referens", "viitenumero",
)  # fmt: skip
"""What the payer gave, beside the text: it may name an invoice. It tells no movement from another:
two parts of one invoice have the same, and most have only a word for none."""

NOT_ARRIVED = frozenset({
    "pending", "processing", "declined", "reverted", "failed", "canceled", "cancelled", "rejected",
    "reserved", "vorgemerkt", "umsatz vorgemerkt", "en attente", "en cours", "refusé", "annulé",
    "reserverat", "reserveret", "reservert", "venter", "väntar", "varaus",
})  # fmt: skip
"""States of what has not arrived, which some write where the day would stand."""

OUT = frozenset({"af", "debit", "dbit", "dr", "s", "soll", "d", "out", "-"})
IN = frozenset({"bij", "credit", "crdt", "cr", "h", "haben", "c", "k", "in", "+"})
"""What says of an amount without a sign which way it went."""

ABN_AMRO = (
    "accountnumber", "mutationcode", "transactiondate", "startsaldo", "endsaldo", "valuedate",
    "amount", "description",
)  # fmt: skip
"""The columns of the tables of ABN AMRO, which name none."""
IS_ABN_AMRO = re.compile(r"[0-9]{8,}\t[A-Z]{3}\t20[0-9]{6}\t[^\t]*\t[^\t]*\t20[0-9]{6}\t")

_CURRENCY = re.compile(
    r"(?P<name>.+?) ?(?:\((?P<round>[a-z]{3}|[€$£]|euros?)\)| in (?P<plain>[a-z]{3})| euros?"
    r"| (?P<bare>chf|dkk|eur|gbp|nok|sek|usd))\Z"
)
_REMARK = re.compile(r" ?\((?:utc|local|incl\. vat|ttc|dd/mm/yyyy|mm/dd/yyyy)\)\Z")
_SIGNS = {"€": "EUR", "$": "", "£": "GBP"}
"""A dollar may be of several countries."""
_AMOUNTS = ("amount", "credit", "debit")


def names_of(cells: Sequence[str]) -> list[str]:
    """The names as `COLUMNS` has them, yet with a currency where they have one."""
    names = (" ".join(cell.strip().strip("\ufeff").casefold().split()) for cell in cells)
    return [_REMARK.sub("", name) for name in names]


def columns_of(cells: Sequence[str]) -> dict[str, int]:
    """The place of each column of `COLUMNS` in what may be a header."""
    names = names_of(cells)
    bare = [told["name"] if (told := _CURRENCY.match(name)) else name for name in names]
    found: dict[str, int] = {}
    for what, known in COLUMNS.items():
        among = bare if what in _AMOUNTS else names
        places = (among.index(name) for name in known if name in among)
        place = next((one for one in places if one not in found.values()), None)
        if place is not None:
            found[what] = place
    return found


def currency_in(name: str) -> str:
    """The currency in the name of a column; "" for none that is plain."""
    found = _CURRENCY.match(name)
    if found is None:
        return ""
    told = found["round"] or found["plain"] or found["bare"] or "euro"
    return currency_told(told if len(told) == 3 or told in _SIGNS else "eur")


def currency_told(text: str) -> str:
    """The code that a sign or a code of three letters is; "" for anything else."""
    word = text.strip()
    code = _SIGNS.get(word, word.upper())
    return code if re.fullmatch(r"[A-Z]{3}", code) else ""
