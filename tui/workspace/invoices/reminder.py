"""The text of a reminder, in the language of the client's document. It is shown to be copied:
nothing is sent and no fee is asked for. That it was sent is noted by level and day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from tui.store.papers import Reminded
from tui.store.papers.recurring import LEVELS
from tui.workspace.invoices.documents import figures
from tui.workspace.invoices.documents.document import Document, Language
from tui.workspace.text import clean

__all__ = ["LEVELS", "next_level", "reminder_text"]

MOST = len(LEVELS) - 1
_SUBJECTS: Mapping[Language, tuple[str, str, str]] = {
    Language.ENGLISH: ("Reminder: invoice {0}", "Second reminder: invoice {0}",
                       "Final reminder: invoice {0}"),
    Language.GERMAN: ("Zahlungserinnerung: Rechnung {0}", "2. Mahnung: Rechnung {0}",
                      "Letzte Mahnung: Rechnung {0}"),
    Language.FRENCH: ("Rappel : facture {0}", "Deuxième rappel : facture {0}",
                      "Dernier rappel : facture {0}"),
    Language.DUTCH: ("Herinnering: factuur {0}", "Tweede herinnering: factuur {0}",
                     "Laatste aanmaning: factuur {0}"),
}  # fmt: skip
_OPEN: Mapping[Language, str] = {
    Language.ENGLISH: "Invoice {0} was due on {1}. On {3}, {2} of it is still open.",
    Language.GERMAN: "die Rechnung {0} war am {1} fällig. Davon sind am {3} noch {2} offen.",
    Language.FRENCH: "La facture {0} était payable le {1}. Au {3}, il reste {2} à régler.",
    Language.DUTCH: "Factuur {0} moest uiterlijk {1} betaald zijn. Op {3} staat nog {2} open.",
}
_ASKS: Mapping[Language, tuple[str, str, str]] = {
    Language.ENGLISH: (
        "It may have slipped your mind: please look into it. If you have paid, thank you.",
        "We have written of it before. Please pay it now, or tell us what stands in the way.",
        "We have written of it more than once. Please pay it within seven days.",
    ),
    Language.GERMAN: (
        "Vielleicht ist sie Ihnen entgangen: bitte sehen Sie nach. Haben Sie schon bezahlt, "
        "danken wir Ihnen.",
        "Wir haben Sie schon daran erinnert. Bitte zahlen Sie nun, oder sagen Sie uns, was dem "
        "entgegensteht.",
        "Wir haben Sie mehrmals daran erinnert. Bitte zahlen Sie innerhalb von sieben Tagen.",
    ),
    Language.FRENCH: (
        "Il s'agit peut-être d'un oubli : merci de vérifier. Si vous avez déjà réglé, merci.",
        "Nous vous l'avons déjà rappelé. Merci de régler maintenant, ou de nous dire ce qui "
        "l'empêche.",
        "Nous vous l'avons rappelé à plusieurs reprises. Merci de régler sous sept jours.",
    ),
    Language.DUTCH: (
        "Misschien is het u ontgaan: wilt u het nakijken? Hebt u al betaald, dan danken wij u.",
        "Wij hebben u er al aan herinnerd. Wilt u nu betalen, of ons laten weten wat in de weg "
        "staat?",
        "Wij hebben u er meermaals aan herinnerd. Wilt u binnen zeven dagen betalen?",
    ),
}
_GREETS: Mapping[Language, tuple[str, str]] = {
    Language.ENGLISH: ("Hello,", "Kind regards"),
    Language.GERMAN: ("Guten Tag,", "Mit freundlichen Grüßen"),
    Language.FRENCH: ("Bonjour,", "Cordialement"),
    Language.DUTCH: ("Goedendag,", "Met vriendelijke groet"),
}


def next_level(noted: Sequence[Reminded]) -> int:
    """How firm the next one is: a level above the firmest that was noted."""
    return min(MOST, 1 + max((one.level for one in noted), default=-1))


def reminder_text(document: Document, left: Decimal, level: int, day: date) -> str:
    """Subject, then the text; `left` is what is open on `day`, `level` a place in LEVELS."""
    language = document.language
    number, seller = clean(document.number), clean(document.seller.name)
    due = figures.day(document.due or document.issued, language)
    hello, bye = _GREETS[language]
    amount = figures.money(left, document.currency, language)
    lines = [
        _SUBJECTS[language][level].format(number),
        "",
        hello,
        "",
        _OPEN[language].format(number, due, amount, figures.day(day, language)),
        _ASKS[language][level],
    ]
    if document.bank is not None and (account := document.bank.iban or document.bank.account):
        lines += ["", f"{clean(document.bank.holder or seller)}, {clean(account)}, {number}"]
    return "\n".join([*lines, "", bye, seller])
