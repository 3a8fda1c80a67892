"""What is asked about an invoice names its money as the list does."""

from __future__ import annotations

import asyncio
from datetime import UTC
from types import SimpleNamespace
from typing import Any

from tests.workspace.invoices.test_owed import bill, paper
from tui.screens.invoices.dialogs import change_invoice, delete_invoice
from tui.screens.invoices.texts import invoice_text
from tui.workspace.invoices.book import Book

YEN = Book({9: paper(9, "485", "JPY")}, {}, frozenset(), {})
"""485 with a tenth of VAT on it."""


class Asker:
    """Somebody who reads what is asked, and says no."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        deck = SimpleNamespace(currency="€")
        self.workspace = SimpleNamespace(zone=UTC, settings=SimpleNamespace(deck=deck))

    async def ask(self, question: Any) -> None:
        """A question."""
        self.asked.append(vars(question)["_question"])

    async def ask_form(
        self, _id: str, _title: str, fields: Any, *_more: Any, **_words: Any
    ) -> None:
        """A form."""
        self.asked.append(fields[0])


def test_a_draft_in_another_currency_is_asked_about_in_that() -> None:
    asker: Any = Asker()
    nothing: Any = None
    invoice = bill(9, "485")
    asyncio.run(change_invoice(asker, nothing, invoice, YEN))
    asyncio.run(delete_invoice(asker, nothing, invoice, YEN))
    amount, question = asker.asked
    assert amount.digits == 0
    assert "JPY" in amount.help
    assert question == "Delete invoice 9 of JPY 534?"
    text = invoice_text(invoice, YEN, "Lark", [], UTC, "€")
    assert "JPY 485: it is told the amount without VAT" in text
    assert "€" not in text


def test_one_from_elsewhere_is_asked_about_in_what_is_usual() -> None:
    asker: Any = Asker()
    nothing: Any = None
    asyncio.run(delete_invoice(asker, nothing, bill(3, "4.5"), YEN))
    assert asker.asked[0] == "Delete invoice 3 of € 4.50?"
