"""Reminders are in the client's language, of what is open, and firmer from level to level."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tui.store.papers import Reminded
from tui.workspace.invoices.documents.document import Bank, Document, Language, Party
from tui.workspace.invoices.reminder import LEVELS, next_level, reminder_text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            Language.ENGLISH,
            [
                "invoice 2026-0007",
                "was due on 3 November 2026",
                "On 29 November 2026, EUR 1,990.50",
            ],
        ),
        (
            Language.GERMAN,
            ["Rechnung 2026-0007", "03.11.2026 fällig", "am 29.11.2026 noch 1.990,50 EUR"],
        ),
        (Language.FRENCH, ["facture 2026-0007", "03/11/2026. Au 29/11/2026, il reste 1", "990,50"]),
        (
            Language.DUTCH,
            ["factuur 2026-0007", "03-11-2026", "Op 29-11-2026 staat nog EUR 1.990,50"],
        ),
    ],
)
def test_a_reminder_is_of_what_is_open_in_the_clients_language(
    language: Language, words: list[str]
) -> None:
    document = Document(
        number="2026-0007", issued=date(2026, 10, 20), due=date(2026, 11, 3), lines=(),
        seller=Party(name="Loft\x1b[31m"), buyer=Party(), language=language,
        bank=Bank(iban="DE89370400440532013000"),
    )  # fmt: skip
    day = date(2026, 11, 29)
    texts = [
        reminder_text(document, Decimal("1990.50"), level, day) for level, _ in enumerate(LEVELS)
    ]
    assert len(set(texts)) == 3
    for text in texts:
        assert all(word in text for word in words), text
        assert "DE89370400440532013000" in text
        assert "\x1b" not in text


def test_the_next_is_a_level_firmer_and_the_final_one_stays() -> None:
    noted: list[Reminded] = []
    for level in (0, 1, 2, 2):
        assert next_level(noted) == level
        noted.append(
            Reminded(invoice=3, day=date(2026, 11, level + 1), level=level, amount=Decimal(9),
                     currency="EUR")
        )  # fmt: skip
