"""What became of the work of a draft since it was drafted: it bills what was there then."""

from __future__ import annotations

from collections.abc import Sequence

from tui.services.timesheets.records import TimeEntry
from tui.words import counted
from tui.workspace.invoices.documents.document import Document
from tui.workspace.times import length_text

THEN = "Deleting the draft and drafting anew bills what is there now."


def since_drafted(document: Document, ids: Sequence[int], entries: Sequence[TimeEntry]) -> str:
    """In sentences; "" where all is as it was. `ids` are the entries that a draft bills, `entries`
    those of them that are there now.
    """
    billed = sum(line.seconds or 0 for line in document.lines)
    now = sum(one.duration or 0 for one in entries)
    open_again = sum(one.status != "approved" for one in entries)
    said = []
    if gone := len(ids) - len(entries):
        said.append(f"{counted(gone, 'entry')} of its work {_is(gone)} not there any more")
    if billed != now:
        said.append(f"it bills {length_text(billed)}, and its entries come to {length_text(now)}")
    if open_again:
        said.append(f"{counted(open_again, 'entry')} of it {_is(open_again)} not approved any more")
    if not said:
        return ""
    return f"Since it was drafted its work was changed: {'; '.join(said)}. {THEN}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
