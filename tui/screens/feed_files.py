"""What boats measured as a file that other programs read: which form, which file, what came of it.

Of the live screen, which has a feed already, and of a past session, which is fetched for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tui.screens.asking import Asking
from tui.screens.saving import ask_path, tell_where
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.workspace.as_it_was import written_news
from tui.workspace.problems import EXPECTED, ConnectionFailed, describe
from tui.workspace.saved_files import proposed_name
from tui.workspace.text import in_order

if TYPE_CHECKING:
    from tui.workspace.live.export import Exported
    from tui.workspace.live.export_forms import ExportForm

Found = TypeVar("Found")


class Wanted(NamedTuple):
    """What a person wants written."""

    form: ExportForm
    path: Path
    only: tuple[str, ...] = ()
    """Serial numbers of the devices that are written; all of them where it is empty."""


Boats = Callable[[], Awaitable[Mapping[str, str] | None]]
"""What there is to write, names by serial number; None where nobody waits for it any more."""


async def ask_file(asker: Asking, name: str, boats: Boats) -> Wanted | None:
    """Ask for the form, of a form without names for boats for one of the `boats`, and for the
    file, which is called after `name`; None: given up.
    """
    # The writers as well, before they are wanted; in a thread: they must not hold up the keys.
    await asyncio.to_thread(import_module, "tui.workspace.live.export")
    from tui.workspace.live.export_forms import ENDINGS, FORMS, OF_ONE

    chosen = await asker.ask(
        Choice("Export", [Node(form, title, detail=what) for form, (title, what) in FORMS.items()])
    )
    form = next((one for one in FORMS if one == chosen), None)
    if form is None:
        return None
    only: tuple[str, ...] = ()
    if form in OF_ONE:
        there = await boats()
        if there is None:
            return None
        if len(there) > 1:
            ranked = sorted(there.items(), key=lambda one: in_order(one[1]))
            boat = await asker.ask(
                Choice(
                    f"Export {FORMS[form][0]}: of which boat?",
                    [
                        Node(serial, called, detail=serial, is_name=True)
                        for serial, called in ranked
                    ],
                )
            )
            if boat is None:
                return None
            only, name = (boat,), f"{name} {there[boat]}"
    ending = ENDINGS.get(form, form)
    path = await ask_path(asker, "Export", proposed_name(name, ending=ending))
    return None if path is None else Wanted(form, path, only)


async def exported(asker: Asking, work: Awaitable[Found]) -> Found | None:
    """What was written, or found for it; None where that failed, which is said. Where a service
    was not reached that begins with what became of the file: a narrow window shows no more.
    """
    from tui.live.parquet import ParquetMissing

    try:
        return await work
    except ParquetMissing as error:
        asker.flash(f"{error}. Nothing was written.", "bad")
    except ConnectionFailed as error:
        asker.flash(
            "Nothing was written: what was measured is not kept here, and "
            f"{describe(error).happened}",
            "bad",
        )
    except EXPECTED as error:
        asker.flash_error(error)
    return None


def tell(asker: Asking, wanted: Wanted, written: Exported, since: str = "") -> None:
    """Say what was written, and what is missing of it; `since` when what was kept begins."""
    from tui.workspace.live.export_forms import counted_in

    def news(path: str) -> str:
        count, age = counted_in(wanted.form, written.count), since and f"kept since {since}"
        return written_news(count, path, None, age=age, remarks=written.remarks)

    tell_where(asker, wanted.path, news, "warn" if written.remarks else "good")
