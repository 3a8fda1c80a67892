"""The document that is being read, and what a person has answered or chosen in it. No widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.workspace.widget.answers import Answers, Question
    from tui.workspace.widget.documents import Entry, Listing, WidgetDocument


class Reading:
    """One document; its panes share it."""

    def __init__(self, document: WidgetDocument) -> None:
        from tui.workspace.widget.answers import questions
        from tui.workspace.widget.documents import CustomForm, listing_of

        self.document = document
        self.listing: Listing | None = listing_of(document)
        self.questions: list[Question] = (
            questions(document) if isinstance(document.data, CustomForm) else []
        )
        self.answers: Answers = {}
        self.choice = ""
        """The choice of a bookstore's menu whose books are shown; empty for all of them."""
        self.as_json = False
        """Whether all of the document is shown as it was read."""

    @property
    def is_form(self) -> bool:
        """Whether the questions of a form are shown."""
        return bool(self.questions) and not self.as_json

    @property
    def is_table(self) -> bool:
        """Whether entries are shown."""
        return self.listing is not None and not self.as_json

    @property
    def note(self) -> str:
        """What it is, in a few words."""
        from tui.workspace.widget.documents import CustomForm

        document = self.document
        note = document.kind.heading if document.kind else "kept as JSON"
        if isinstance(document.data, CustomForm):
            note = f"goes to {document.data.email.address or 'nobody'}"
        return " · ".join(filter(None, (document.type or "no type", document.id, note)))

    def entries(self, text: str) -> list[Entry]:
        """The entries that have a text, of the choice that was made."""
        return self.listing.matching(text, self.choice) if self.listing is not None else []
