"""`tockdeck changes`: what was changed and what waits; send it, drop it, take a change back."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from tui.cli import DONE, REFUSED, UNKNOWN, UNREACHABLE, add_configuration_arguments, fail
from tui.cli.narration import narrate, narrated
from tui.cli.numbers import whole_number
from tui.cli.output import print_json
from tui.cli.settings import read_settings
from tui.cli.statuses import report, to_its_end
from tui.cli.tables import print_table
from tui.config.load import ConfigError
from tui.config.settings import SERVICES
from tui.store.changes import Change, State, Wanted
from tui.words import counted
from tui.workspace.changes.errors import Conflict
from tui.workspace.own_steps import own_to_undo
from tui.workspace.problems import EXPECTED, SERVICE_TITLES, ServiceError
from tui.workspace.text import clean
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.folded import Line
    from tui.workspace.changes.plans import Plan

SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which change; and what of the list is shown."""
    parser.add_argument(
        "what",
        nargs="?",
        default="list",
        choices=["list", "send", "drop", "undo"],
        help="list them (the default), send what waits, drop one, or take one back",
    )
    parser.add_argument("id", nargs="?", help="number of a change, as the list has it")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="take it back where the deck would ask; to send: it was not made, send it again",
    )
    parser.add_argument("--json", action="store_true", help="the list, each change whole, as JSON")
    parser.add_argument("--state", choices=get_args(State), help="only changes in this state")
    parser.add_argument("--service", choices=SERVICES, help="only changes of this service")
    parser.add_argument("--text", default="", help="only changes that hold this text")
    parser.add_argument(
        "--most",
        type=whole_number(1),
        default=SHOWN,
        metavar="NUMBER",
        help="the newest so many (default: 50)",
    )
    add_configuration_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Do it, and close what was opened."""
    if options.id and options.what == "list":
        return fail("say what to do with it: send, drop or undo")
    if options.what == "drop" and not options.id:
        return fail("which one? `tockdeck changes` lists them with their numbers")
    try:
        loaded, locations = read_settings(options)
    except ConfigError as error:
        return report(error, as_json=False)
    workspace = narrated(loaded, locations)

    async def work() -> int:
        try:
            status: int = await _DO[options.what](options, workspace)
            return status
        except EXPECTED as error:
            return report(error, as_json=False)
        finally:
            await workspace.close()

    return to_its_end(work())


async def _list(options: argparse.Namespace, workspace: Workspace) -> int:
    changes = workspace.history.changes
    await asyncio.to_thread(changes.recover)
    wanted = Wanted(
        service=options.service or "",
        states=(options.state,) if options.state else (),
        text=options.text,
    )
    most = max(0, options.most)
    if options.json:
        found = await asyncio.to_thread(changes.newest, most, wanted)
        print_json([_as_object(one) for one in found])
        return DONE
    from tui.workspace.changes.folded import count, lines

    shown = await asyncio.to_thread(lines, changes, most, wanted)
    total = await asyncio.to_thread(count, changes, wanted)
    rows = [_row(one, workspace) for one in shown]
    names = ["number", "state", "when", "service", "change", "reason"]
    print_table(names, rows, f"{len(shown):,} of {counted(total, 'change')}")
    return DONE


def _row(line: Line, workspace: Workspace) -> dict[str, Any]:
    change = line.change
    return {
        "number": change.id,
        "state": line.state,
        "when": moment_text(change.time, workspace.zone),
        "service": SERVICE_TITLES.get(change.service, change.service),
        "change": line.title,
        "reason": change.reason,
    }


def _as_object(change: Change) -> dict[str, Any]:
    """A change as plain values; what takes it back by its operation and arguments."""
    import msgspec

    # All of its fields: what is as usual is not kept, but is said.
    fields = {name: getattr(change, name) for name in change.__struct_fields__}
    return {"service": change.service, **msgspec.to_builtins(fields, enc_hook=dict)}


async def _send(options: argparse.Namespace, workspace: Workspace) -> int:
    outbox = workspace.history.outbox
    if options.id:
        change = await _named(options.id, workspace)
        if change is None:
            return _no_such(options.id)
        parts = await asyncio.to_thread(workspace.history.changes.alike, change)
        # In another account there would be nothing of it, or something else of that name.
        ours = workspace.connections.account(change.service) == change.owner
        unknown = [one for one in parts if ours and one.state == "unknown"]
        if unknown:
            return await _look(change.title, unknown, workspace, again=options.yes)
        if not any([await outbox.send(one.id) for one in parts if one.state == "waiting"]):
            return fail(
                f"{change.title}: it is {change.state}, waits for an earlier change of its"
                " record, or is for another account; nothing was sent",
                REFUSED,
            )
        print(f"Sent: {change.title}.")
        return DONE
    unknown = await outbox.recover()
    before = {one.id for one in await outbox.still_open() if one.state == "waiting"}
    result = await outbox.send_round()
    print(f"{counted(result.sent, 'change')} sent.")
    left = [one for one in await outbox.still_open() if one.id in before]
    refused = await _settled(before, "refused", workspace)
    # What cannot be sent at all is no more made than what a service refused.
    refused += await _settled(before, "dropped", workspace)
    for one in (*left, *refused):
        narrate(f"{one.id} {one.title}: {one.reason or 'it waits'}")
    for one in unknown:
        narrate(f"{one.id} {one.title}: whether it was done is not known. {outbox.look_at(one)}")
    if unknown or any(one.state == "unknown" for one in left):
        return UNKNOWN
    if result.closed:
        return UNREACHABLE
    return REFUSED if left or refused else DONE


async def _look(title: str, parts: Sequence[Change], workspace: Workspace, *, again: bool) -> int:
    """Look for what of a change is not known, as the deck does; what is not there is sent once
    more where `again` says that it was not made.
    """
    outbox, looked = workspace.history.outbox, {one.id for one in parts}
    for one in parts:
        await outbox.look(one.id)
    missing = await _settled(looked, "unknown", workspace)
    if not missing:
        dropped = await _settled(looked, "dropped", workspace)
        print(clean(f"{'It was not done' if dropped else 'It was done'}: {title}."))
        return DONE
    if not again:
        narrate(f"{title}: {counted(len(missing), 'call')} of it cannot be found.")
        for words in dict.fromkeys(outbox.look_at(one) for one in missing):
            narrate(words)
        narrate("--yes sends it again; `tockdeck changes drop` leaves it.")
        return UNKNOWN
    if not all([await outbox.again(one.id) for one in missing]):
        return fail(f"{title}: not all of it could be sent again", REFUSED)
    print(clean(f"Sent again: {title}."))
    return DONE


async def _settled(ids: set[str], state: State, workspace: Workspace) -> list[Change]:
    """Those of the changes that are in a state by now."""
    changes = workspace.history.changes
    found = [await asyncio.to_thread(changes.get, one) for one in sorted(ids)]
    return [one for one in found if one is not None and one.state == state]


async def _drop(options: argparse.Namespace, workspace: Workspace) -> int:
    change = await _named(options.id, workspace)
    if change is None:
        return _no_such(options.id)
    parts = await asyncio.to_thread(workspace.history.changes.alike, change)
    dropped = [
        await workspace.history.outbox.drop(one.id) for one in parts if one.state == change.state
    ]
    if not any(dropped):
        return fail(
            f"{change.title}: it is {change.state}; only what waits or is not known is dropped",
            REFUSED,
        )
    print(f"Dropped: {change.title}.")
    return DONE


async def _undo(options: argparse.Namespace, workspace: Workspace) -> int:
    """Nobody is asked: what the deck would ask about is refused, unless --yes is said."""
    undoing = workspace.history.undoing
    plan: Plan | None
    # What a command that was ended left is looked for: an undo of it goes on.
    await workspace.history.outbox.recover()
    if options.id:
        change = await _named(options.id, workspace)
        if change is None:
            return _no_such(options.id)
        plan = await undoing.plan_of(change)
    else:
        plan = await undoing.next_undo_once_sent()
        own = await asyncio.to_thread(own_to_undo, workspace.reminders, plan)
        if own is not None:
            await asyncio.to_thread(workspace.reminders.undo)
            print(clean(f"Undone: {own.title}."))
            return DONE
    if plan is None:
        return fail("there is nothing to undo: nothing was changed yet", REFUSED)
    if plan.cannot:
        return fail(f"{plan.title}: {plan.cannot} Name another one by its number.", REFUSED)
    why = _asked_about(plan)
    if why and not options.yes:
        return fail(f"{plan.title}: {why} Nothing was taken back; --yes does it.", REFUSED)

    async def written_over(conflict: Conflict) -> Mapping[str, Any]:
        return conflict.mine

    if options.yes:
        workspace.history.sender.resolve = written_over
    try:
        news = await undoing.undo(plan)
    except Conflict as error:
        return _refused(error, workspace)
    except ServiceError as error:
        if error.progress:
            narrate(error.progress)
        raise
    print(f"Undone: {plan.title}. {news}".strip())
    return DONE


def _refused(conflict: Conflict, workspace: Workspace) -> int:
    """Say what somebody else made of it; the deck would show that and ask."""
    from tui.workspace.changes.words import field_text, value_text

    where = workspace.zone
    each = (
        f"{field_text(name, conflict.called)} was left as"
        f" {value_text(conflict.seen.get(name), where)} and is {value_text(now, where)} by now"
        for name, now in conflict.theirs.items()
    )
    said = clean(f"{conflict.progress} {conflict.message} {'; '.join(each)}.".strip())
    return fail(f"{said} It was not taken back; --yes does it all the same.", REFUSED)


def _asked_about(plan: Plan) -> str:
    """Why the deck would ask. That another command made it means nothing here: all were."""
    from msgspec.structs import replace

    from tui.workspace.changes.standing import asks

    return asks(replace(plan, elsewhere=False), datetime.now(UTC))


async def _named(id: str, workspace: Workspace) -> Change | None:
    return await asyncio.to_thread(workspace.history.changes.get, id)


def _no_such(id: str) -> int:
    return fail(f"there is no change {id}; `tockdeck changes` lists them", REFUSED)


_DO: Mapping[str, Any] = {"list": _list, "send": _send, "drop": _drop, "undo": _undo}
