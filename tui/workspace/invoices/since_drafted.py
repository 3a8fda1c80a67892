"""What became of the work of a draft since it was drafted: it bills what was there then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tui.words import counted
from tui.workspace.invoices.amounts import money
from tui.workspace.invoices.documents.document import NOTHING, Document, Vat
from tui.workspace.invoices.documents.reckoning import rounded, true_value, work_line
from tui.workspace.invoices.pricing import Price, Priced
from tui.workspace.times import length_text

THEN = "Deleting the draft and drafting anew bills what is there now."


def since_drafted(document: Document, ids: Sequence[int], priced: Sequence[Priced]) -> str:
    """In sentences; "" where all is as it was. `ids` are the entries that a draft bills, `priced`
    those of them that are there now, by the rates of now.
    """
    entries = [one.entry for one in priced]
    billed = sum(line.seconds or 0 for line in document.lines)
    now = sum(one.duration or 0 for one in entries)
    open_again = sum(one.status != "approved" for one in entries)
    said = []
    if gone := len(ids) - len(entries):
        said.append(f"{counted(gone, 'entry')} of its work {_is(gone)} not there any more")
    if billed != now:
        said.append(f"it bills {length_text(billed)}, and its entries come to {length_text(now)}")
    elif dearer := _dearer(document, priced):
        more = "more" if dearer > 0 else "less"
        said.append(
            f"by the rates of now its work comes to {money(abs(dearer), document.currency)} {more}"
        )
    if open_again:
        said.append(f"{counted(open_again, 'entry')} of it {_is(open_again)} not approved any more")
    if not said:
        return ""
    return f"Since it was drafted its work was changed: {'; '.join(said)}. {THEN}"


def _dearer(document: Document, priced: Iterable[Priced]) -> Decimal:
    """By how much the same work comes to more by the rates of now, without discounts and VAT;
    nothing where some of it has none now, as of who was deleted: nobody knows then.
    """
    then, now = Counter[Price](), Counter[Price]()
    for line in document.lines:
        if line.seconds is not None:
            then[Price(line.price / line.price_base, line.unit)] += line.seconds
    for one in priced:
        if one.price is None:
            return NOTHING
        now[one.price] += one.entry.duration or 0
    changed = ((price, now[price] - then[price]) for price in {*then, *now})
    return rounded(sum((_worth(*one) for one in changed), NOTHING), document.currency)


def _worth(price: Price, seconds: int) -> Decimal:
    """What worked seconds come to, exact; negative where there are fewer of them."""
    return true_value(work_line("", seconds, price.amount, "", vat=Vat(), unit=price.unit))


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
