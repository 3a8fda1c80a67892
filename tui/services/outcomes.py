"""Changes whose outcome nobody knows: what a person looks at before sending one again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tui.services.errors import OutcomeUnknown, ServiceError

SENT = "it was sent, and whether it was done is not known"

_BLOCK = "whether the day's list has the block"
_TIMER = "which timer runs now and since when"
_KEY = "whether you are logged in"
_GROUP = "who is in the group"
_BLOB = "what is saved there now"
_COMMENT = "whether the comment stands there"
_RATE = "what the rates are now"
_SCHEDULE = "what the schedule says now"
_BOOKKEEPING = "what has arrived in the bookkeeping service"

LOOK: Mapping[str, str] = MappingProxyType(
    {
        "timetonic.createAppkey": _KEY,
        "timetonic.createOauthkey": _KEY,
        "timetonic.createSesskey": _KEY,
        "timetonic.dropAllSessions": "whether the other devices are still logged in",
        "timetonic.updatePushId": "which devices are registered in the profile",
        "timetonic.getOrCreateSessKey": _KEY,
        "timetonic.sendMsg": "whether the message stands in the book",
        "timetonic.deleteMsg": "whether the message still stands in the book",
        "timetonic.markBooksMessagesAsRead": "how many messages are unread",
        "timetonic.copyOrMoveMessage": "in which of the books the message stands",
        "timetonic.updateTableValue": "what the cell holds now",
        "timetonic.createOrUpdateTableRow": "whether the table has the row, and with which values",
        "timetonic.createOrUpdateTableRows": "which of the rows the table has",
        "timetonic.deleteTableRow": "whether the table still has the row",
        "timetonic.rollBackBeforeChange": "what the row holds now",
        "timetonic.editTableValueComments": _COMMENT,
        "timetonic.deleteTableValueComments": "whether the comment still stands there",
        "timetonic.addNewTableRowByViewToken": "whether the table has the row",
        "timetonic.updateTableRowByToken": "what the row holds now",
        "timetonic.fileUpload": "whether the file hangs there",
        "timetonic.resumableUpload": "whether the file hangs there",
        "timetonic.socket.attach": _KEY,
        "timetonic.socket.send_message": "whether the message stands in the book",
        "timetonic.socket.update_value": "what the cell holds now",
        "timetonic.socket.send_system": "whether those whom it is for have it",
        "ticktocker.follow": "whether the author is followed: the same call takes it back",
        "ticktocker.submit": "whether the tock is among your own",
        "igtimi.oauth.token": _KEY,
        "igtimi.devicegroups.create": "whether the device group is listed",
        "igtimi.users.save_blob": _BLOB,
        "igtimi.sessions.create": "whether the session is listed",
        "igtimi.sessions.delete": "whether the session is still listed",
        "igtimi.sessions.save_blob": _BLOB,
        "igtimi.session_logs.create": "whether the entries stand in the session's log",
        "igtimi.devices.create": "whether the device is listed",
        "igtimi.devices.register": "whether the device is among yours",
        "igtimi.devices.unregister": "whether the device is still among yours",
        "igtimi.devices.update": "what the device is called now",
        "igtimi.devices.save_blob": _BLOB,
        "igtimi.resources.save_blob": _BLOB,
        "igtimi.data.upload_file": "whether the file is in the resource",
        "igtimi.data.upload_import": "in some minutes, whether the data has been imported",
        "igtimi.data_access_windows.create": "whether the access window is listed",
        "igtimi.groups.create": "whether the group is listed",
        "igtimi.groups.delete": "whether the group is still listed",
        "igtimi.groups.grant_modify": "who may modify the group",
        "igtimi.groups.revoke_modify": "who may modify the group",
        "igtimi.groups.save_blob": _BLOB,
        "igtimi.groups.make_public": _GROUP,
        "igtimi.groups.make_private": _GROUP,
        "igtimi.group_members.add": _GROUP,
        "igtimi.group_members.remove": _GROUP,
        "trackmypeople.start": _TIMER,
        "trackmypeople.switch": _TIMER,
        "trackmypeople.stop": _TIMER,
        "trackmypeople.add": _BLOCK,
        "trackmypeople.addfree": _BLOCK,
        "timesheets.login": _KEY,
        "timesheets.register": "whether the new account can log in",
        "timesheets.user.create": "whether the user is listed",
        "timesheets.user.update": "what the user's record says now",
        "timesheets.user.delete": "whether the user is still listed",
        "timesheets.group.create": "whether the group is listed",
        "timesheets.group.update": "what the group is called now",
        "timesheets.group.add_user": _GROUP,
        "timesheets.group.delete_user": _GROUP,
        "timesheets.group.delete": "whether the group is still listed",
        "timesheets.client.create": "whether the client is listed",
        "timesheets.client.update": "what the client's record says now",
        "timesheets.client.delete": "whether the client is still listed",
        "timesheets.invoice.create": "whether the invoice is listed",
        "timesheets.invoice.update": "what the invoice says now",
        "timesheets.invoice.set_payed": "whether the invoice is paid",
        "timesheets.invoice.delete": "whether the invoice is still listed",
        "timesheets.invoice.add_comment": _COMMENT,
        "timesheets.task.create": "whether the task is listed",
        "timesheets.task.update": "what the task says now",
        "timesheets.task.delete": "whether the task is still listed",
        "timesheets.task.add_user": "who has the task",
        "timesheets.task.delete_user": "who has the task",
        "timesheets.task.add_comment": _COMMENT,
        "timesheets.project.create": "whether the project is listed",
        "timesheets.project.update": "what the project says now",
        "timesheets.project.delete": "whether the project is still listed",
        "timesheets.schedule.create": _SCHEDULE,
        "timesheets.schedule.update": _SCHEDULE,
        "timesheets.schedule.delete": _SCHEDULE,
        "timesheets.rate.create": _RATE,
        "timesheets.rate.update": _RATE,
        "timesheets.rate.delete": _RATE,
        "timesheets.ts.create": "whether the time entry is listed",
        "timesheets.ts.update": "what the time entry says now",
        "timesheets.ts.delete": "whether the time entry is still listed",
        "timesheets.ts.approve": "which of the time entries are approved",
        "timesheets.ts.add_comment": _COMMENT,
        "timesheets.ts.start": "whether time is tracked now",
        "timesheets.ts.stop": "whether time is tracked now",
        "timesheets.ts.break_start": "whether a break runs now",
        "timesheets.ts.break_stop": "whether a break runs now",
        "timesheets.integration.update": "what the link is set to now",
        "timesheets.integration.disconnect": "whether the link is still there",
        "timesheets.integration.import_employees": "whether the employees are listed",
        "timesheets.integration.import_customers": "whether the customers are listed",
        "timesheets.integration.export_timeentries": _BOOKKEEPING,
    }
)
"""By operation, what shows whether it was done."""


def advice_on(operation: str) -> str:
    """What to do before an operation whose outcome is not known is sent again."""
    look = LOOK.get(operation)
    return f"Look {look} before you send it again." if look else OutcomeUnknown.default_advice


def outcome_unknown(operation: str, error: Exception) -> OutcomeUnknown:
    """That an operation was sent, and that `error` keeps its outcome from being known."""
    if isinstance(error, OutcomeUnknown):
        return error
    if not isinstance(error, ServiceError):
        return OutcomeUnknown(f"{SENT}: {error}", operation=operation, advice=advice_on(operation))
    return OutcomeUnknown(
        f"{SENT}: {error.message}",
        service=error.service,
        operation=error.operation,
        advice=f"{error.progress} {advice_on(operation)}".strip(),
        code=error.code,
        status=error.status,
        link=error.link,
    )
