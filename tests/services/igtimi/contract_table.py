"""The table of Igtimi's operations: how each is called, and what of it goes over the wire.

Source: Igtimi API document, the chapter of each row (see tests/data/igtimi/document.jsonl). Rows
whose answer the document does not show say what stands for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.services.igtimi.samples import DATA, END, ENDS, START, STARTS

ACCOUNT, APPLICATION, OPEN = "account", "application", "open"
CODE = {"access_token": "abc", "token_type": "bearer"}
"""Not in the document; the reference has the keys from a real client."""

Pairs = list[tuple[str, str]]


@dataclass
class Row:
    id: str
    path: str
    arguments: dict[str, Any] = field(default_factory=dict)
    query: Pairs = field(default_factory=list)
    form: Pairs | None = None
    signed: str = ACCOUNT
    answer: Any = None
    """What stands for an answer that the document does not show."""


API = "/api/v1"
ONE = [("user_id", "5")]
CONTENT = [("content", "notes & more")]
BLOB = b"\x00 any bytes \xff"


def blobs(resource: str, path: str, key: str, value: object) -> list[Row]:
    return [
        Row(
            f"igtimi.{resource}.save_blob",
            f"{API}/{path}/blob",
            {key: value, "content": CONTENT[0][1]},
            form=CONTENT,
        ),
        # The document shows no blob: it is whatever was saved.
        Row(f"igtimi.{resource}.get_blob", f"{API}/{path}/blob", {key: value}, answer=BLOB),
    ]


TABLE = [
    Row(
        "igtimi.oauth.authorize",
        "/oauth/authorize",
        {"response_type": "code", "client_id": "app", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"},
        [
            ("response_type", "code"),
            ("client_id", "app"),
            ("redirect_uri", "urn:ietf:wg:oauth:2.0:oob"),
        ],
        signed=OPEN,
        answer=b"<html>Log in, please</html>",
    ),
    Row(
        "igtimi.oauth.token",
        "/oauth/token",
        {"grant_type": "authorization_code", "code": "c0de", "redirect_uri": "http://127.0.0.1/"},
        form=[
            ("grant_type", "authorization_code"),
            ("code", "c0de"),
            ("redirect_uri", "http://127.0.0.1/"),
            ("client_id", "app"),
            ("client_secret", "hush"),
        ],
        signed=OPEN,
        answer=CODE,
    ),
    Row(
        "igtimi.devicegroups.create",
        f"{API}/devicegroups",
        {
            "prefix": "AA-AA",
            "create_devices": True,
            "create_tokens": False,
            "expiry": END,
            "recipient": "2",
            "default_owner_id": 7,
        },
        form=[
            ("prefix", "AA-AA"),
            ("create_devices", "true"),
            ("create_tokens", "false"),
            ("expiry", ENDS),
            ("recipient", "2"),
            ("default_owner_id", "7"),
        ],
        signed=APPLICATION,
    ),
    Row("igtimi.devicegroup_tokens.list", f"{API}/devicegroup_tokens", signed=APPLICATION),
    Row(
        "igtimi.devicegroups.list",
        f"{API}/devicegroups",
        {"devicegroup_tokens": ["x", "y"], "show_expired": True, "show_subgroups": False},
        [
            ("devicegroup_tokens[]", "x"),
            ("devicegroup_tokens[]", "y"),
            ("show_expired", "true"),
            ("show_subgroups", "false"),
        ],
        signed=OPEN,
    ),
    Row("igtimi.server_listers.web_sockets", "/server_listers/web_sockets"),
    Row("igtimi.account.show", f"{API}/account"),
    Row("igtimi.users.list", f"{API}/users"),
    Row("igtimi.users.show", f"{API}/users/2", {"user_id": 2}),
    *blobs("users", "users/2", "user_id", 2),
    Row(
        "igtimi.resources.list",
        f"{API}/resources",
        {
            "permission": "modify",
            "start_time": START,
            "end_time": END,
            "serial_numbers": ["AA-AA-AAAA"],
            "stream_ids": [3],
        },
        [
            ("permission", "modify"),
            ("start_time", STARTS),
            ("end_time", ENDS),
            ("serial_numbers[]", "AA-AA-AAAA"),
            ("stream_ids[]", "3"),
        ],
    ),
    *blobs("resources", "resources/1", "resource_id", 1),
    Row(
        "igtimi.data.list",
        f"{API}/resources/data",
        {
            "start_time": START,
            "end_time": END,
            "serial_numbers": ["AA-AA-AAAA", "FA-AA-AAAM"],
            "types": {1: 0.00009, 9: 0},
            "sids": {13: "0-10,20"},
            "restore_archives": True,
        },
        [
            ("start_time", STARTS),
            ("end_time", ENDS),
            ("serial_numbers[]", "AA-AA-AAAA"),
            ("serial_numbers[]", "FA-AA-AAAM"),
            ("types[1]", "0.00009"),
            ("types[9]", "0"),
            ("sids[13]", "0-10,20"),
            ("restore_archives", "true"),
        ],
    ),
    Row(
        "igtimi.data.list_imports",
        f"{API}/resources/data/upload",
        {"file_id": "0000032A_f6.IPB"},
        [("file_id", "0000032A_f6.IPB")],
    ),
    # The document leaves the answer empty; Rails writes lists this way everywhere else.
    Row(
        "igtimi.data_types.list",
        f"{API}/data_types",
        answer={"data_types": [{"data_type": {"id": 9, "name": "SOG"}}]},
    ),
    Row(
        "igtimi.sessions.list",
        f"{API}/sessions",
        {
            "ids": [1, 2],
            "public": False,
            "limit": 20,
            "include_incomplete": True,
            "start_time": START,
            "end_time": END,
            "blob_content": False,
        },
        [
            ("ids[]", "1"),
            ("ids[]", "2"),
            ("public", "false"),
            ("limit", "20"),
            ("include_incomplete", "true"),
            ("start_time", STARTS),
            ("end_time", ENDS),
            ("blob_content", "false"),
        ],
    ),
    Row("igtimi.sessions.create", f"{API}/sessions"),
    Row("igtimi.sessions.get", f"{API}/sessions/1", {"session_id": 1}),
    Row("igtimi.sessions.delete", f"{API}/sessions/1", {"session_id": 1}),
    *blobs("sessions", "sessions/1", "session_id", 1),
    # The document refers to a guide, whose example this is.
    Row(
        "igtimi.session_logs.list",
        f"{API}/sessions/1/logs",
        {"session_id": 1, "start_time": START},
        [("start_time", STARTS)],
        answer=(DATA / "session_log_get_doc_example.xml").read_bytes(),
    ),
    Row(
        "igtimi.devices.list",
        f"{API}/devices",
        {"serial_numbers": ["AA-AA-AAAA"], "blob": True, "blob_content": True, "device_info": True},
        [
            ("serial_numbers[]", "AA-AA-AAAA"),
            ("blob", "true"),
            ("blob_content", "true"),
            ("device_info", "true"),
        ],
    ),
    Row(
        "igtimi.devices.create",
        f"{API}/devices",
        {"prefix": "AA", "date": "AB", "uid": "u1", "imei": "35", "register": False},
        form=[
            ("prefix", "AA"),
            ("date", "AB"),
            ("uid", "u1"),
            ("imei", "35"),
            ("register", "false"),
        ],
        signed="devicegroup",
    ),
    Row(
        "igtimi.devices.register",
        f"{API}/devices/register",
        {"serial_number": "AA-AA-AAAA", "service_tag": "AAAA"},
        form=[("serial_number", "AA-AA-AAAA"), ("service_tag", "AAAA")],
    ),
    Row(
        "igtimi.devices.unregister",
        f"{API}/devices/AA-AA-AAAA/unregister",
        {"serial_number": "AA-AA-AAAA"},
    ),
    Row(
        "igtimi.devices.update",
        f"{API}/devices/AA-AA-AAAA",
        {"serial_number": "AA-AA-AAAA", "name": "Boat é"},
        form=[("name", "Boat é")],
    ),
    *blobs("devices", "devices/AA-AA-AAAA", "serial_number", "AA-AA-AAAA"),
    Row(
        "igtimi.devices.info",
        f"{API}/devices/AA-AA-AAAA/device_info",
        {"serial_number": "AA-AA-AAAA"},
    ),
    Row(
        "igtimi.data_access_windows.list",
        f"{API}/devices/data_access_windows",
        {"type": "read", "start_time": START, "end_time": END, "serial_numbers": ["AA-AA-AAAA"]},
        [
            ("type", "read"),
            ("start_time", STARTS),
            ("end_time", ENDS),
            ("serial_numbers[]", "AA-AA-AAAA"),
        ],
    ),
    Row(
        "igtimi.data_access_windows.create",
        f"{API}/devices/AA-AA-AAAA/data_access_windows",
        {
            "serial_number": "AA-AA-AAAA",
            "start_time": START,
            "end_time": END,
            "read": True,
            "modify": False,
            "group_id": 4,
        },
        form=[
            ("start_time", STARTS),
            ("end_time", ENDS),
            ("read", "true"),
            ("modify", "false"),
            ("group_id", "4"),
        ],
    ),
    Row(
        "igtimi.groups.list",
        f"{API}/groups",
        {"hidden": True, "group_id": 3, "blob_content": True},
        [("hidden", "true"), ("group_id", "3"), ("blob_content", "true")],
    ),
    Row("igtimi.groups.create", f"{API}/groups", {"name": "my_group"}, form=[("name", "my_group")]),
    Row("igtimi.groups.delete", f"{API}/groups/4", {"group_id": 4}),
    Row(
        "igtimi.groups.grant_modify",
        f"{API}/groups/4/grant_modify",
        {"group_id": 4, "user_id": 5},
        form=ONE,
    ),
    Row(
        "igtimi.groups.revoke_modify",
        f"{API}/groups/4/revoke_modify",
        {"group_id": 4, "user_id": 5},
        ONE,
    ),
    *blobs("groups", "groups/4", "group_id", 4),
    Row(
        "igtimi.group_members.list",
        f"{API}/groups/4/members",
        {"group_id": 4, "hidden": False},
        [("hidden", "false")],
    ),
    Row(
        "igtimi.group_members.add",
        f"{API}/groups/4/members",
        {"group_id": 4, "user_id": 5},
        form=ONE,
    ),
    Row(
        "igtimi.group_members.remove", f"{API}/groups/4/members", {"group_id": 4, "user_id": 5}, ONE
    ),
    Row("igtimi.groups.make_public", f"{API}/groups/4/make_public", {"group_id": 4}),
    Row("igtimi.groups.make_private", f"{API}/groups/4/make_private", {"group_id": 4}),
]
