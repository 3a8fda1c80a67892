"""Before many rows are written: over what others wrote meanwhile only who wants that writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.screens.asking import Asking
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Confirm
from tui.words import counted, were
from tui.workspace.books.bulk import write_over, written_meanwhile
from tui.workspace.books.cells import Field, TableRow
from tui.workspace.books.into.plan import Plan


async def agreed(
    asker: Asking,
    plan: Plan,
    rows: Iterable[TableRow],
    gone: Sequence[int],
    fields: Iterable[Field],
) -> bool:
    """Whether there is something to send of a plan, once a person has said what becomes of cells
    that others have changed since it was made. `rows` and `gone` are as `written_meanwhile` takes
    them.
    """
    theirs = written_meanwhile(plan, rows, gone, fields)
    if theirs:
        cells = counted(sum(map(len, theirs.values())), "cell")
        question = Confirm(
            "Changed meanwhile",
            f"Somebody else has changed {cells} of these meanwhile. Write over them?",
            loses=f"{key_for('deck.undo')} brings theirs back.",
            yes="write mine",
            no="leave theirs",
        )
        mine = await asker.ask(question)
        write_over(plan, theirs, mine=bool(mine))
    told = ""
    if gone:
        told = f"{counted(len(gone), 'row')} {were(len(gone))} deleted by somebody else meanwhile."
    if plan.nothing:
        asker.flash(f"{told} Nothing was written.".strip(), "warn" if gone else "text")
    elif gone:
        asker.flash(f"{told} The others are written.", "warn")
    return not plan.nothing
