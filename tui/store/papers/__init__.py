"""What is kept of invoices beside the service: documents, numbers, what they bill, payments."""

from tui.store.papers.paper import Claimed, NumberTaken, Paper, PaperState, Payment, Payments
from tui.store.papers.papers import Papers
from tui.store.papers.recurring import PeriodKey, Recurring, Reminded, RemindedAlready

__all__ = [
    "Claimed", "NumberTaken", "Paper", "PaperState", "Papers", "Payment", "Payments", "PeriodKey",
    "Recurring", "Reminded", "RemindedAlready",
]  # fmt: skip
