"""The eleven functions: form fields in, the documented answer out.

Answers hold the documented types (ids and totals as numbers, `started_at` and the day total of
a tracker as text); the wire form is made of them elsewhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn
from zoneinfo import ZoneInfo

from tui.embedded.context import Context
from tui.embedded.trackmypeople import fields
from tui.embedded.trackmypeople.fields import Fields, Refusal, wall
from tui.embedded.trackmypeople.ledger import Ledger
from tui.embedded.trackmypeople.versions import newest
from tui.embedded.zones import midnight, next_midnight

Answer = dict[str, object]
Action = Callable[[Context, Fields], Answer]

_WORKDAY_BEGINS = timedelta(hours=9)
_ARROW = "→"
_QUIRKY_ARROW = "->"


def trackers(context: Context, _fields: Fields) -> Answer:
    """The tree of trackers that the person can track for."""
    arrow = _QUIRKY_ARROW if context.quirks else _ARROW
    return {
        str(branch.id): f"{arrow * branch.depth} {branch.name}".strip()
        for branch in Ledger(context).tree()
    }


def status(context: Context, _fields: Fields) -> Answer:
    """What runs. The documented note for `result` is a copy of start's: see `quirks`."""
    ledger = Ledger(context)
    running = ledger.running()
    result = 0 if context.quirks and running is not None else 1
    answer = _state(ledger, result)
    default = ledger.default_tracker
    if default is not None:
        answer["default_tracker"] = _tracker(ledger, default)
    return answer


def start(context: Context, given: Fields) -> Answer:
    """Begin a block now, on the default tracker unless one is named."""
    ledger = Ledger(context)
    with context.database.write():
        if ledger.running() is not None:
            return {**_state(ledger, 0), "error": "You are already started."}
        tracker = _tracker_to_book(ledger, given)
        ledger.insert(tracker, ledger.now, None, version=fields.client_version(given))
    return _state(ledger, 1)


def switch(context: Context, given: Fields) -> Answer:
    """End the running block, which the description is for, and begin another."""
    ledger = Ledger(context)
    with context.database.write():
        running = ledger.running()
        if running is None:
            return {**_state(ledger, 0), "error": "You are not started."}
        tracker = _tracker_to_book(ledger, given)
        ledger.close(running, fields.description(given))
        ledger.insert(tracker, ledger.now, None, version=fields.client_version(given))
    return _state(ledger, 1)


def stop(context: Context, given: Fields) -> Answer:
    """End the running block."""
    ledger = Ledger(context)
    with context.database.write():
        running = ledger.running()
        if running is None:
            return {"result": 0, "error": "You are already stopped."}
        ledger.close(running, fields.description(given))
    return {"result": 1}


def total(context: Context, _fields: Fields) -> Answer:
    """Seconds of the blocks that began today."""
    seconds = Ledger(context).day_total()
    return {"total": seconds if context.quirks else str(seconds)}


def add(context: Context, given: Fields) -> Answer:
    """Book time; without a stop the block stays open."""
    ledger = Ledger(context)
    zone = ledger.zone
    time_in = fields.moment(given, "start", zone)
    time_out = fields.moment(given, "stop", zone)
    if time_in is None:
        raise Refusal("Please give a start.")
    if time_out is not None and time_out <= time_in:
        raise Refusal("Start is after stop." if time_out < time_in else "Start equals stop.")
    if time_out is None and time_in > ledger.now:
        raise Refusal("An open block can not start in the future.")
    with context.database.write():
        tracker = _tracker_to_book(ledger, given)
        # Only one block can be open, so a running one is in the way of a second.
        block = ledger.running() if time_out is None else None
        block = block or ledger.in_the_way(time_in, time_out or ledger.now)
        if block is not None:
            _overlap(context, ledger, block)
        block = ledger.insert(
            tracker,
            time_in,
            time_out,
            description=fields.description(given) or "",
            version=fields.client_version(given),
        )
    return {"result": 1, "added_block": _block(ledger, block, zone)}


def addfree(context: Context, given: Fields) -> Answer:
    """Book free hours on a day, in the first gap from nine o'clock on that holds them."""
    ledger = Ledger(context)
    zone = ledger.zone
    seconds = _hours(given)
    day = fields.day(given, "date", zone) or midnight(context.now().astimezone(zone))
    with context.database.write():
        tracker = _tracker_to_book(ledger, given)
        begin = _gap(context, ledger, day, seconds)
        block = ledger.insert(
            tracker,
            begin,
            begin + seconds,
            description=fields.description(given) or "",
            free=True,
            version=fields.client_version(given),
        )
    return {"result": 1, "added_block": _block(ledger, block, zone)}


def reportees(context: Context, _fields: Fields) -> Answer:
    """The profiles whose reporting the person can see."""
    return {
        f"reportee_{row['id']}": {
            "Id": row["id"],
            "Title": row["title"],
            "Namefirst": row["first_name"],
            "Namefamily": row["family_name"],
            "Email": row["email"],
            "Phone": row["phone"],
            "Gsm": row["mobile"],
            "Timezone": row["timezone"],
            "Culture": row["culture"],
            "DefaultTrackerId": row["default_tracker_id"],
        }
        for row in Ledger(context).reportees()
    }


def report(context: Context, given: Fields) -> Answer:
    """Blocks by profile, tracker with all below it, span, and kind; the person's own by default."""
    ledger = Ledger(context)
    zone = fields.zone_field(given, "timezone") or ledger.zone
    profile = fields.number(given, "profile_id")
    if profile is None:
        profile = ledger.profile
    elif profile not in {row["id"] for row in ledger.reportees()}:
        raise Refusal(f"You can not see reporting for profile {profile}.")
    tracker = fields.number(given, "tracker_id")
    if tracker is not None and ledger.tracker(tracker) is None:
        raise Refusal(f"There is no tracker {tracker}.")
    begin = fields.moment(given, "start", zone)
    end = fields.moment(given, "stop", zone, end_of_day=True)
    if begin is not None and end is not None and end < begin:
        raise Refusal("Start is after stop.")
    rows = ledger.report(
        profile,
        tracker=tracker,
        begin=begin,
        end=end,
        free=fields.flag(given, "free"),
        include_open=bool(fields.flag(given, "include_open")),
    )
    return {f"block_{row['id']}": _block(ledger, row, zone) for row in rows}


def version(context: Context, given: Fields) -> Answer:
    """Is there a newer widget for this platform?"""
    passed = given.get("version", "")
    state = newest(passed)
    if state is None:
        return {"result": 0, "error": f"invalid version passed: {passed}"}
    if state:
        return {"result": 1}
    return {"result": 0, "url": context.page("/trackmypeople/download")}


ACTIONS: dict[str, Action] = {
    "trackers": trackers,
    "status": status,
    "start": start,
    "switch": switch,
    "stop": stop,
    "total": total,
    "add": add,
    "addfree": addfree,
    "reportees": reportees,
    "report": report,
    "version": version,
}


def _state(ledger: Ledger, result: int) -> Answer:
    answer: Answer = {"result": result, "daytotal": ledger.day_total()}
    running = ledger.running()
    if running is not None:
        answer["last_block"] = {
            "started_at": str(running["time_in"]),
            "total": str(ledger.day_total(running["tracker_id"])),
            "tracker": _tracker(ledger, running["tracker_id"]),
        }
    return answer


def _tracker(ledger: Ledger, number: int) -> Answer:
    row = ledger.tracker(number)
    assert row is not None, "blocks and profiles refer to trackers that are there"
    return {
        "Id": row["id"],
        "Name": row["name"],
        "Abbreviation": row["abbreviation"],
        "Trackable": int(ledger.can_track(number)),
    }


def _block(ledger: Ledger, row: sqlite3.Row, zone: ZoneInfo) -> Answer:
    out = row["time_out"]
    return {
        "Id": row["id"],
        "ProfileId": row["profile_id"],
        "TrackerId": row["tracker_id"],
        "Description": row["description"],
        "TimeIn": wall(row["time_in"], zone),
        "TimeOut": "" if out is None else wall(out, zone),
        "Total": ledger.total(row),
        "Free": bool(row["free"]),
    }


def _tracker_to_book(ledger: Ledger, given: Fields) -> int:
    number = fields.number(given, "tracker_id")
    if number is None:
        number = ledger.default_tracker
    if number is None:
        raise Refusal("You have no default tracker. Please give a tracker_id.")
    if ledger.tracker(number) is None:
        raise Refusal(f"There is no tracker {number}.")
    if not ledger.can_track(number):
        raise Refusal(f"You can not track for tracker {number}.")
    return number


def _overlap(context: Context, ledger: Ledger, block: sqlite3.Row) -> NoReturn:
    zone = ledger.zone
    until = "now" if block["time_out"] is None else wall(block["time_out"], zone)
    raise Refusal(
        f"This block would overlap the one from {wall(block['time_in'], zone)} to {until}.",
        url=context.page(f"/trackmypeople/block/edit/id/{block['id']}"),
    )


def _hours(given: Fields) -> int:
    text = given.get("hours", "").strip()
    if not text:
        raise Refusal("Please give the hours.")
    try:
        hours = Decimal(text)
    except InvalidOperation as error:
        raise Refusal(f"Hours must be a number, and {text[:40]} is none.") from error
    if not hours.is_finite() or not 0 < hours <= 24:
        raise Refusal("Hours must be more than 0 and at most 24.")
    # A third of an hour cannot be written exactly.
    return max(1, round(hours * 3600))


def _gap(context: Context, ledger: Ledger, day: datetime, seconds: int) -> int:
    end_of_day = int(next_midnight(day).timestamp())
    begin = int((day + _WORKDAY_BEGINS).timestamp())
    # A long absence starts earlier, so that the whole of it stays on its day.
    begin = max(int(day.timestamp()), min(begin, end_of_day - seconds))
    last: sqlite3.Row | None = None
    for block in ledger.between(begin, end_of_day):
        if block["time_in"] - begin >= seconds:
            break
        last = block
        begin = max(begin, ledger.now if block["time_out"] is None else int(block["time_out"]))
    if begin + seconds > end_of_day and last is not None:
        _overlap(context, ledger, last)
    return begin
