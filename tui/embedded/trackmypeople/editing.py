"""The page that an overlap's `url` opens in a browser: the block that is in the way, to change.

Plain HTML, so that it works in w3m as well. What of the form is as the page showed it stays as it
is kept: a wall time of the hour that exists twice would be another moment when read again, and a
block that was stopped since would run again.
"""

from __future__ import annotations

import html
import sqlite3

from starlette.requests import Request
from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.forms import FormError, form_fields
from tui.embedded.pages import Page, page_of, page_response
from tui.embedded.trackmypeople import fields
from tui.embedded.trackmypeople.access import CHALLENGE, authenticated
from tui.embedded.trackmypeople.fields import Fields, Refusal, wall
from tui.embedded.trackmypeople.ledger import Ledger

DELETE = "Delete"
SHOWN = "shown_"
"""Before the name of a field: what the page showed in it."""


async def edit_page(context: Context, request: Request) -> Response:
    """Show the block; on a page that a person opened, with a form, which is taken here, too."""
    page = page_of(request)
    if page is None and not (request.method == "GET" and authenticated(context, request)):
        refused = page_response(
            "Log in", "<p>This page opens by the address in the answer.</p>", 401
        )
        refused.headers.update(CHALLENGE)
        return refused
    number = int(request.path_params["number"])
    ledger = Ledger(context)
    block = ledger.block(number) if number < 2**62 else None
    if block is None:
        return page_response("No such block", "<p>It may have been deleted.</p>", 404)
    if request.method == "GET" or page is None:
        return _shown(ledger, block, page)
    try:
        given = await form_fields(request)
        if given.get("act") == DELETE:
            if given.get("sure") != "yes":
                raise Refusal("Tick the box to delete the block.")
            ledger.delete(block)
            return page_response(f"Block {number}", "<p><strong>Deleted.</strong></p>")
        with context.database.write():
            _change(ledger, block, given)
    except (Refusal, FormError) as refusal:
        return _shown(ledger, block, page, f"Not changed: {refusal}", 400)
    changed = ledger.block(number)
    assert changed is not None, "it was changed in this very call"
    return _shown(ledger, changed, page, "Saved.")


def _shown(
    ledger: Ledger, block: sqlite3.Row, page: Page | None, said: str = "", status: int = 200
) -> Response:
    tracker = ledger.tracker(block["tracker_id"])
    name = str(tracker["name"]) if tracker is not None else ""
    words = f"{name}: {block['description']} ({ledger.total(block)} seconds)"
    content = f"<p>{html.escape(words)}</p>"
    if said:
        content = f"<p><strong>{html.escape(said)}</strong></p>{content}"
    if page is not None:
        inputs = (
            f'<p><label>{label} <input name="{field}" value="{html.escape(value)}"></label></p>'
            f'<input type="hidden" name="{SHOWN}{field}" value="{html.escape(value)}">'
            for (field, value), label in zip(
                _texts(ledger, block).items(), ("Start", "Stop", "Description"), strict=True
            )
        )
        content += page.form(
            _trackers(ledger, block["tracker_id"])
            + "".join(inputs)
            + f"<p>Times are in {html.escape(str(ledger.zone))}; a block without a stop runs.</p>"
            + '<p><input type="submit" value="Save"></p>'
            '<p><label><input type="checkbox" name="sure" value="yes"> The block goes for good'
            f'</label> <input type="submit" name="act" value="{DELETE}"></p>'
        )
    return page_response(f"Block {block['id']}", content, status)


def _trackers(ledger: Ledger, chosen: int) -> str:
    """The choice of the tracker, as a tree; the block's own is there whatever may be booked."""
    tree = [(one.id, "\u2002" * one.depth + one.name) for one in ledger.tree()]
    if chosen not in [number for number, _ in tree]:
        own = ledger.tracker(chosen)
        tree.insert(0, (chosen, "" if own is None else str(own["name"])))
    options = (
        f'<option value="{number}"{" selected" if number == chosen else ""}>{html.escape(name)}'
        "</option>"
        for number, name in tree
    )
    return f'<p><label>Tracker <select name="tracker">{"".join(options)}</select></label></p>'


def _texts(ledger: Ledger, block: sqlite3.Row) -> dict[str, str]:
    """What the form shows of a block."""
    out = block["time_out"]
    return {
        "start": wall(block["time_in"], ledger.zone),
        "stop": "" if out is None else wall(out, ledger.zone),
        "description": str(block["description"]),
    }


def _change(ledger: Ledger, block: sqlite3.Row, given: Fields) -> None:
    """Raises Refusal."""
    now = _texts(ledger, block)
    shown = {name: given.get(f"{SHOWN}{name}", text) for name, text in now.items()}
    wanted = {name: given.get(name, text).strip() for name, text in shown.items()}
    changed = {name: text for name, text in wanted.items() if text != shown[name].strip()}
    if any(shown[name] != now[name] for name in changed):
        raise Refusal("It was changed elsewhere meanwhile, and is shown as it is now.")
    begin, end = int(block["time_in"]), block["time_out"]
    if "start" in changed:
        begin = fields.moment(changed, "start", ledger.zone) or 0
        if not begin:
            raise Refusal("Please give a start.")
    if "stop" in changed:
        end = fields.moment(changed, "stop", ledger.zone)
        running = ledger.running()
        if end is None and running is not None and running["id"] != block["id"]:
            raise Refusal("Another block is running: please give a stop.")
    if end is not None and end <= begin:
        raise Refusal("Start is after stop." if end < begin else "Start equals stop.")
    if end is None and begin > ledger.now:
        raise Refusal("An open block can not start in the future.")
    if "start" in changed or "stop" in changed:
        other = ledger.in_the_way(begin, ledger.now if end is None else end, but=block["id"])
        if other is not None:
            raise Refusal(
                f"It would overlap block {other['id']}, which began at"
                f" {wall(other['time_in'], ledger.zone)}."
            )
    description = fields.description(changed)
    tracker = fields.number(given, "tracker")
    if tracker is None or tracker == block["tracker_id"]:
        tracker = int(block["tracker_id"])
    elif not ledger.can_track(tracker):
        raise Refusal("You can not book time there.")
    if changed or tracker != block["tracker_id"]:
        ledger.change(block, tracker, begin, end, description)
