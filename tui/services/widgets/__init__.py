"""iBuildApp widget documents: read, checked, and a form's questions and answers."""

from tui.services.widgets.checks import check, is_address
from tui.services.widgets.document import (
    KINDS,
    LARGEST,
    WidgetDocument,
    WidgetKind,
    document_of,
    read_document,
)
from tui.services.widgets.findings import Finding
from tui.services.widgets.questions import (
    Answers,
    Question,
    answers_json,
    answers_text,
    questions_of,
    shown_answer,
)

__all__ = [
    "KINDS",
    "LARGEST",
    "Answers",
    "Finding",
    "Question",
    "WidgetDocument",
    "WidgetKind",
    "answers_json",
    "answers_text",
    "check",
    "document_of",
    "is_address",
    "questions_of",
    "read_document",
    "shown_answer",
]
