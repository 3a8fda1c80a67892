"""A document as one HTML file that needs nothing else: no script, no picture, no address."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tui.workspace.invoices.documents.page import Fact, Page, Row

_STYLE = """\
body { font: 14px/1.45 system-ui, sans-serif; color: #1a1a1a; max-width: 52em; margin: 2em auto; }
header, .parties { display: flex; justify-content: space-between; gap: 3em; }
h1 { font-size: 1.5em; } p { margin: .4em 0; }
table { border-collapse: collapse; width: 100%; margin: 1.5em 0; }
th, td { padding: .35em .5em; text-align: right; vertical-align: top; }
td, p, dd { overflow-wrap: anywhere; }
th { border-bottom: 2px solid #1a1a1a; } td { border-bottom: 1px solid #ddd; }
th:nth-child(2), td:nth-child(2) { text-align: left; }
.sums { width: auto; margin-left: auto; } .sums td:first-child { text-align: left; }
.due td { font-weight: bold; border-top: 2px solid #1a1a1a; }
small, dl { color: #555; } dl { display: grid; grid-template-columns: auto 1fr; gap: .2em 1em; }
dd { margin: 0; } small { display: block; }
@media print { body { margin: 0; } tr { break-inside: avoid; } }
"""


def html(page: Page) -> str:
    """The whole document; what is data means nothing in it."""
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in page.heads)
    return f"""\
<!DOCTYPE html>
<html lang="{escape(page.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
<header>
<div><p>{_broken(page.seller)}</p></div>
{_listed(page.seller_facts)}
</header>
<h1>{escape(page.title)}</h1>
<div class="parties">
<div><small>{escape(page.buyer_title)}</small><p>{_broken(page.buyer)}</p></div>
{_listed(page.facts)}
</div>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{"".join(map(_row, page.rows))}</tbody>
</table>
<table class="sums">
<tbody>
{"".join(_sum(one) for one in page.sums)}{_sum(page.due, ' class="due"')}</tbody>
</table>
{"".join(f"<p>{escape(note)}</p>" for note in page.notes)}
{_listed(page.payment)}
</body>
</html>
"""


def _row(row: Row) -> str:
    notes = "".join(f"<small>{escape(note)}</small>" for note in row.notes)
    texts = (row.quantity, row.price, row.vat, row.amount)
    return (
        f"<tr><td>{escape(row.number)}</td><td>{escape(row.text)}{notes}</td>"
        + "".join(f"<td>{escape(one)}</td>" for one in texts)
        + "</tr>\n"
    )


def _sum(fact: Fact, mark: str = "") -> str:
    return f"<tr{mark}><td>{escape(fact.name)}</td><td>{escape(fact.value)}</td></tr>\n"


def _broken(lines: Iterable[str]) -> str:
    return "<br>".join(map(escape, lines))


def _listed(facts: Iterable[Fact]) -> str:
    parts = "".join(f"<dt>{escape(one.name)}</dt><dd>{escape(one.value)}</dd>" for one in facts)
    return f"<dl>{parts}</dl>" if parts else ""
