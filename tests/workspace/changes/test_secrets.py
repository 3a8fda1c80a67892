"""No secret of any change ever comes to the disk: not into its file, its log or a backup."""

from __future__ import annotations

import contextlib
import json
import types
import typing
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin
from urllib.parse import quote, quote_plus

import httpx
import msgspec
import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.config.locations import Locations
from tui.config.settings import SERVICES
from tui.services import registry
from tui.services.errors import Refused, ServiceError
from tui.services.operation import Operation
from tui.workspace.backup.backup import back_up
from tui.workspace.changes.quiet import quietly

MARK = "rose/bud 0451"
FORMS = {MARK, quote(MARK), quote(MARK, safe=""), quote_plus(MARK)}
PLAIN = "kept-0452"
SECRETS = {
    "appkey", "client_secret", "code", "encrypted_field_passwords", "oauthkey", "password", "pwd",
    "registration_id", "service_tag", "token",
}  # fmt: skip
"""The parameters of changes that the documents call secret, or that open something."""
UNLOCKED = {
    "timetonic.updateTableValue": {"field_id": 7, "value": MARK},
    "timetonic.createOrUpdateTableRow": {"field_values": {"7": MARK, "8": PLAIN}},
    "timetonic.createOrUpdateTableRows": {"rows": {"5": {"7": MARK, "8": PLAIN}}},
}
"""What an encrypted field is to hold, where its password is given."""


def value_of(hint: Any, text: str, folder: Path) -> Any:
    """A value that an operation takes, with this text in it where it may have one."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return value_of(next(part for part in parts if part is not type(None)), text, folder)
    if origin is Literal:
        return parts[0]
    if origin is dict:
        # As a record of the service's own, with what people put there.
        return {"7": text, "password": MARK, "nested": {"access_token": MARK}}
    if origin is list:
        return [value_of(parts[0], text, folder)]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return made_of(hint, text, folder)
    if hint is Path:
        (folder / "file.txt").write_text(PLAIN)
        return folder / "file.txt"
    simple = {
        str: text, int: 7, bool: True, float: 1.5, Decimal: Decimal("1.5"),
        date: date(2026, 1, 5), datetime: datetime(2026, 1, 5, 9, tzinfo=UTC), Any: text,
    }  # fmt: skip
    return simple[hint]


def made_of(kind: type[msgspec.Struct], text: str, folder: Path) -> Any:
    hints = typing.get_type_hints(kind)
    needed = [one.name for one in msgspec.structs.fields(kind) if one.required]
    return kind(**{name: value_of(hints[name], text, folder) for name in needed})


def arguments(operation: Operation, folder: Path) -> dict[str, Any]:
    given = {
        one.name: value_of(one.hint, MARK if one.name in SECRETS else PLAIN, folder)
        for one in operation.parameters
    }
    if "encrypted_field_passwords" in given:
        given["encrypted_field_passwords"] = {"7": MARK}
    return given | UNLOCKED.get(operation.id, {})


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


def no_secret_in(locations: Locations, folder: Path) -> None:
    """Searched byte by byte, in the archive as it is unpacked too."""
    files = [file for file in locations.data.parent.rglob("*") if file.is_file()]
    assert {"changes.db", "changes.db-wal"} <= {file.name for file in files}
    contents = {file.name: file.read_bytes() for file in files if "embedded" not in file.parts}
    back_up(folder / "backup.zip", locations)
    with zipfile.ZipFile(folder / "backup.zip") as archive:
        contents |= {f"backup {name}": archive.read(name) for name in archive.namelist()}
    assert PLAIN.encode() in contents["backup changes.db"]
    found = {name for name, content in contents.items() for one in FORMS if one.encode() in content}
    assert found == set()


def echoes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that refuses and says in its own words all that it was sent."""

    async def answer(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        stream: Any = request.stream
        sent = b"".join([part async for part in stream]).decode(errors="replace")
        words = f"cannot {request.url} {sent}"
        content = {"status": "nok", "errorMsg": words, "error": words, "message": words, "code": 0}
        packed = httpx.ByteStream(json.dumps(content).encode())
        kind = {"content-type": "application/json"}
        return httpx.Response(422, headers=kind, stream=packed, request=request)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer)


@pytest.mark.parametrize("refused", [False, True], ids=["made", "refused"])
@pytest.mark.parametrize("service", SERVICES)
async def test_no_secret_argument_comes_to_the_disk(
    server: EmbeddedServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    refused: bool,
) -> None:
    workspace = workspace_of(server, tmp_path / "home")
    operations = [
        one
        for one in registry.operations().values()
        if one.service == service and one.effect != "read"
    ]
    try:
        client = await workspace.connections.of(service)
        if refused:
            echoes(monkeypatch)
        for operation in operations:
            given = arguments(operation, tmp_path)
            call = partial(client.methods[operation.id], **given)
            with contextlib.suppress(ServiceError, ValueError):
                await workspace.history.write(f"Change by {operation.id}", call)
        noted = {one.operation: one for one in workspace.history.changes.newest(500)}
        assert set(noted) == {one.id for one in operations}, "each was noted"
        for operation in operations:
            hidden = {one.name for one in operation.parameters} & SECRETS
            assert hidden <= set(noted[operation.id].hidden), operation.id
        no_secret_in(workspace.locations, tmp_path)
    finally:
        await workspace.close()


def test_every_parameter_that_sounds_secret_is_known() -> None:
    """Who adds one decides whether it is a secret."""
    sounds = ("pass", "pwd", "secret", "token", "key", "code", "tag", "registration")
    harmless = {"tags", "cat_code", "create_tokens", "bypass_url_trigger"}
    found = {
        one.name
        for operation in registry.operations().values()
        if operation.effect != "read"
        for one in operation.parameters
        if any(word in one.name for word in sounds)
    }
    assert found - harmless == SECRETS


async def test_a_short_secret_of_a_call_leaves_the_services_words_whole() -> None:
    async def shared(token: str) -> None:
        raise Refused(f"the token {token} is not one of a shared view")

    with pytest.raises(Refused) as caught:
        await quietly(partial(shared, token="tok"), ["token"])()
    assert caught.value.message == "the token ••• is not one of a shared view"
