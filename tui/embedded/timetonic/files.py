"""Files by URL, and their objects in messages and cells.

Source: reference TimeTonic, 3.2 (docs, medias), 5.6 (fileUpload's answer), 7 (paths). Sizes are
a path segment: full, norm, _tb, tb. The embedded service keeps one size and answers it for all.
"""

from __future__ import annotations

import hmac
import mimetypes
import re
import sqlite3
from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from tui.embedded.context import Context
from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call
from tui.embedded.timetonic.envelope import (
    JsonObject,
    Refusal,
    environment,
    json_response,
    refused,
)
from tui.embedded.timetonic.parameters import read_parameters
from tui.embedded.timetonic.sessions import authenticate

SIZES = ("full", "norm", "_tb", "tb")

FILE_COLUMNS = (
    "id, uuid, book_id, row_id, field_id, smid, user, name, ext, kind, size, access_key, public,"
    " created, sstamp"
)
"""All but the content, which only a download reads."""

_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/", "video/", "text/plain")


def message_file(row: sqlite3.Row) -> JsonObject:
    """One of docs[] or medias[] of a message."""
    shown: JsonObject = {
        "id": row["id"],
        "ext": row["ext"],
        "originName": row["name"],
        "internName": f"{row['uuid']}.{row['ext']}",
        "uuid": row["uuid"],
        "size": row["size"],
        "type": row["kind"],
        "del": False,
    }
    if row["kind"] == "media":
        shown["emailCid"] = ""
    return shown


def cell_file(call: Call, row: sqlite3.Row, *, readable: bool = False) -> JsonObject:
    """One file of a cell. `readable` addresses carry a key and need no session, which is what
    skipAuthorizationForFiles is taken to mean."""
    return {
        "id": row["id"],
        "uuid": row["uuid"],
        "type": row["kind"],
        "ext": row["ext"],
        "originName": row["name"],
        "internName": f"{row['uuid']}.{row['ext']}",
        "name": row["name"],
        "utilisateur_code": row["user"],
        "filesize": str(row["size"]),
        **addresses(call, row, readable=readable),
    }


def addresses(call: Call, row: sqlite3.Row, *, readable: bool = False) -> JsonObject:
    """url, gallery and preview."""
    key = f"?k={row['access_key']}" if readable else ""
    end = f"{row['uuid']}/{quote(row['name'], safe='')}{key}"
    base = f"{call.site}/{call.environment}/dbi/in"
    return {
        "url": f"{base}/full/{end}",
        "gallery": f"{base}/norm/{end}",
        "preview": f"{base}/_tb/{end}",
    }


async def serve(context: Context, request: Request) -> Response:
    """GET (or a POST form with the session) of one file."""
    where = environment(request.scope["path"])
    try:
        parameters = await read_parameters(request)
        row = _readable(Call(context, "file", where, parameters), request.path_params)
    except Refusal as refusal:
        return json_response(refused(refusal, "file", where, older=context.quirks))
    return _content(row, request.headers.get("range", ""))


def _readable(call: Call, path: dict[str, str]) -> sqlite3.Row:
    """The file, when who asks may read it. Raises Refusal."""
    row = call.one("SELECT * FROM timetonic_file WHERE uuid = ?", path["uuid"])
    if row is not None and path["size"] in SIZES:
        key = call.parameters.text("k")
        if row["public"] or (key and hmac.compare_digest(key.encode(), row["access_key"].encode())):
            return row
        session = authenticate(call.context, call.parameters)
        books = {book["id"] for book in access.books(replace(call, session=session))}
        if row["book_id"] in books or (row["book_id"] is None and row["user"] == session.user):
            return row
    raise Refusal("not_found", "there is no such file, or it is not yours to read")


def _content(row: sqlite3.Row, asked: str) -> Response:
    content: bytes = row["content"]
    kind = mimetypes.guess_type(row["name"])[0] or "application/octet-stream"
    shown = "inline" if kind.startswith(_INLINE) else "attachment"
    headers = {
        "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(row['name'], safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "bytes",
    }
    part = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", asked, re.ASCII)
    if part is None or part.group(0) == "bytes=-":
        return Response(content, media_type=kind, headers=headers)
    first, last = _range(part[1], part[2], len(content))
    if first >= len(content) or first > last:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return Response(b"", 416, headers, kind)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, kind)


def _range(first: str, last: str, size: int) -> tuple[int, int]:
    """First and last byte, both included."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
