"""Speaks to the embedded TimeTonic as its public clients do: forms, bare dictionaries back."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness import Answer, EmbeddedServer

ROW = 19_975_015
"""A row of the sample's table that has a field of every type."""

LIVE = "/timetonic/live/api.php"
DATA = Path(__file__).resolve().parents[2] / "data" / "timetonic"


def sample(name: str) -> Any:
    """A real answer that was saved."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass
class Caller:
    """A person with a session: by default the key that was made ahead."""

    server: EmbeddedServer
    sesskey: str = ""
    user: str = ""

    def __post_init__(self) -> None:
        credentials = self.server.credentials
        self.sesskey = self.sesskey or credentials.timetonic_sesskey
        self.user = self.user or credentials.timetonic_login

    def post(self, **form: object) -> Answer:
        """A form without a session."""
        fields = {
            name: json.dumps(value) if isinstance(value, dict | list) else value
            for name, value in form.items()
        }
        return self.server.http("POST", LIVE, form=fields)

    def send(self, request: str, **form: object) -> dict[str, Any]:
        """A request with the session, whatever its answer."""
        named = {"req": request, "o_u": self.user, "u_c": self.user, "sesskey": self.sesskey}
        answer = self.post(**(named | form))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/json"
        content: dict[str, Any] = answer.json()
        return content

    def ok(self, request: str, **form: object) -> dict[str, Any]:
        """A request that must succeed."""
        answer = self.send(request, **form)
        assert answer["status"] == "ok", answer
        assert answer["req"] == request
        return answer

    def nok(self, request: str, **form: object) -> dict[str, Any]:
        """A request that must be refused, with nothing of a payload in the answer."""
        answer = self.send(request, **form)
        assert answer["status"] == "nok", answer
        told = {"status", "errorCode", "errorMsg", "error", "req", "createdVNB", "transactionId"}
        assert set(answer) <= told
        return answer

    def log_in(self, **restrictions: object) -> Caller:
        """The three requests of every app; answers a caller with the new session."""
        appkey = self.post(req="createAppkey", appname="api").json()["appkey"]
        oauth = self.post(
            req="createOauthkey",
            login=self.user,
            pwd=self.server.credentials.timetonic_password,
            appkey=appkey,
        ).json()
        made = self.post(
            req="createSesskey",
            o_u=oauth["o_u"],
            oauthkey=oauth["oauthkey"],
            restrictions=restrictions or "",
        ).json()
        assert made["status"] == "ok", made
        return Caller(self.server, made["sesskey"], self.user)

    def upload(
        self, request: str, part: str, name: str, content: bytes, **form: object
    ) -> dict[str, Any]:
        """A multipart request with one file."""
        fields = {"req": request, "o_u": self.user, "u_c": self.user, "sesskey": self.sesskey}
        body, kind = multipart({**fields, **form}, part, name, content)
        answer = self.server.http("POST", LIVE, body=body, headers={"Content-Type": kind})
        assert answer.status == 200
        read: dict[str, Any] = answer.json()
        return read

    def book(self, code: str) -> dict[str, Any]:
        """One book of getAllBooks."""
        books = self.ok("getAllBooks")["allBooks"]["books"]
        found: dict[str, Any] = next(book for book in books if book["b_c"] == code)
        return found

    def table(self, book: str, name: str) -> Table:
        """A table of a book, by its name."""
        owner = self.book(book)["b_o"]
        answer = self.ok("getBookTables", b_c=book, b_o=owner, includeFields=1)
        categories = answer["bookTables"]["categories"]
        return Table(next(table for table in categories if table["name"] == name))


@dataclass(frozen=True)
class Table:
    """A table's description."""

    raw: dict[str, Any]

    @property
    def id(self) -> int:
        """catId."""
        found: int = self.raw["id"]
        return found

    def field(self, name: str) -> int:
        """A field's id."""
        found: int = next(field["id"] for field in self.raw["fields"] if field["name"] == name)
        return found

    def view(self, name: str) -> int:
        """A view's id."""
        found: int = next(view["id"] for view in self.raw["views"] if view["name"] == name)
        return found


def multipart(fields: dict[str, object], part: str, name: str, content: bytes) -> tuple[bytes, str]:
    """Body and content type."""
    boundary = secrets.token_hex(12)
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    lines.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = "".join(lines).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def column(values: dict[str, Any], name: str) -> dict[int, Any]:
    """Row id to value, of one field of tableValues in columns."""
    found = next(field for field in values["fields"] if field["name"] == name)
    return {cell["id"]: cell["value"] for cell in found["values"]}


def shape(value: Any) -> Any:
    """Keys and JSON types, without the values."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return type(value).__name__


def cell(caller: Caller, table: Table, row: int, name: str) -> Any:
    """What a cell holds now."""
    answer = caller.ok("getTableValues", catId=table.id, filterRowIds=str(row))
    return column(answer["tableValues"], name)[row]


def count(caller: Caller, table: Table) -> int:
    """How many rows a table has now."""
    answer = caller.ok("getTableValues", catId=table.id, maxRows=1)
    total: int = answer["tableValues"]["totalRowCount"]
    return total
