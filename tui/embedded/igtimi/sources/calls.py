"""OUR OWN CALLS, which Igtimi never had: sources of real boats begin, stay and end by these.

`GET /local/sources` lists them. `POST /local/sources` with `address` begins one (or finds it);
it ends half a minute after its last `POST /local/sources/{id}/stay`, or by
`DELETE /local/sources/{id}`. `PUT /local/sources` with `addresses[]` says which are configured:
those stay without being asked for, and those that were before end.

`GET /local/units` lists units of RIoT: those that wait, those that were accepted, and what each
answered last. `POST /local/units/{serial}` accepts one, `DELETE` does so no more, and
`POST /local/units/{serial}/commands` with `command` has one do something and gives its answer.
"""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from tui.embedded.igtimi.answers import Refused, json_answer, success
from tui.embedded.igtimi.living import living_answer
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.sources.addresses import SERIAL, NoAddress
from tui.embedded.igtimi.sources.hub import Hub, TooManySources
from tui.embedded.igtimi.sources.riot_commands import COMMANDS
from tui.embedded.igtimi.sources.source import Source
from tui.embedded.igtimi.sources.units import Allowed

_ALL = "/local/sources"


def _hub(call: Call) -> Hub:
    return runtime(call.context).hub


def _refused(error: Exception) -> Refused:
    # Of one too many nothing is wrong with the address.
    status = 409 if isinstance(error, TooManySources) else 422
    return Refused(status, "address", str(error))


def list_sources(call: Call) -> Response:
    """How all of them stand."""
    return json_answer({"sources": _hub(call).wires(call.user)})


async def begin_source(call: Call) -> Response:
    """Begin one, or find it."""
    hub = _hub(call)
    try:
        found = await hub.begin(call.parameters.required("address"), call.user, kept=False)
    except (NoAddress, TooManySources) as error:
        raise _refused(error) from None
    return json_answer({"source": hub.wire(found)})


async def configure_sources(call: Call) -> Response:
    """Say which are configured."""
    hub = _hub(call)
    try:
        await hub.configure(call.parameters.array("addresses") or [], call.user)
    except (NoAddress, TooManySources) as error:
        raise _refused(error) from None
    return list_sources(call)


def _found(call: Call) -> Source:
    found = _hub(call).find(call.path_id("source_id"), call.user)
    if found is None:
        raise Refused(404, "source", "there is no such source any more")
    return found


def stay_source(call: Call) -> Response:
    """Say that it is still wanted, and how it stands."""
    hub, found = _hub(call), _found(call)
    hub.stay(found)
    return json_answer({"source": hub.wire(found)})


def list_units(call: Call) -> Response:
    """How all units stand."""
    now = asyncio.get_running_loop().time()
    return json_answer({"units": _hub(call).units.wires(call.user, now)})


def accept_unit(call: Call) -> Response:
    """Take a unit's data from now on."""
    serial = call.path["serial"]
    if not SERIAL.fullmatch(serial):
        raise Refused(422, "serial", "that is no serial number of a unit")
    if not _hub(call).units.accept(serial, call.user):
        raise Refused(422, "serial", f"{serial} is another user's device")
    return success()


def withdraw_unit(call: Call) -> Response:
    """Take a unit's data no more."""
    serial = call.path["serial"]
    try:
        found = _hub(call).units.withdraw(serial, call.user)
    except Allowed as error:
        raise Refused(422, "serial", str(error)) from None
    if not found:
        raise Refused(404, "unit", f"{serial} is no unit that was accepted")
    return success()


async def command_unit(call: Call) -> Response:
    """Have a unit do something, and wait for its answer; blanks before it say that this one lives,
    since a unit may take longer than who asks waits for a byte.
    """
    serial, command = call.path["serial"], call.parameters.required("command")
    if command not in COMMANDS:
        raise Refused(422, "command", f"a unit is told one of {', '.join(COMMANDS)}")
    desk = _hub(call).units
    if not desk.accepted(serial, call.user):
        raise Refused(404, "unit", f"{serial} is no unit that was accepted")

    async def answer() -> Response:
        return json_answer({"answer": desk.wire_of(await desk.command(serial, command, call.user))})

    return await living_answer(answer())


async def end_source(call: Call) -> Response:
    """End it, and say how it stood."""
    hub, found = _hub(call), _found(call)
    await hub.end(found)
    return json_answer({"source": hub.wire(found)})


OPERATIONS = (
    Operation("local.sources.list", "GET", _ALL, list_sources),
    Operation("local.sources.begin", "POST", _ALL, begin_source),
    Operation("local.sources.configure", "PUT", _ALL, configure_sources),
    Operation("local.sources.stay", "POST", _ALL + "/{source_id}/stay", stay_source),
    Operation("local.units.list", "GET", "/local/units", list_units),
    Operation("local.units.accept", "POST", "/local/units/{serial}", accept_unit),
    Operation("local.units.withdraw", "DELETE", "/local/units/{serial}", withdraw_unit),
    Operation("local.units.command", "POST", "/local/units/{serial}/commands", command_unit),
    Operation("local.sources.end", "DELETE", _ALL + "/{source_id}", end_source),
)
