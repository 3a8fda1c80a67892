"""Accounts: tried before they are kept, and done away with; what the deck forgets with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.deck import locations_in, service_settings
from tests.harness import EmbeddedServer
from tui.config.load import load
from tui.config.settings import SERVICES
from tui.services.errors import AuthenticationFailed, ConnectionFailed, InvalidArgument
from tui.store.mirror.shape import Shape
from tui.workspace.accounts import standing
from tui.workspace.workspace import Workspace

FOUND = {
    "timetonic": "demo, ",
    "ticktocker": "demo, ",
    "igtimi": "@",
    "trackmypeople": "trackers",
    "timesheets": "app demo",
}
SECRET = {
    "timetonic": "password",
    "ticktocker": "api_key",
    "igtimi": "access_token",
    "trackmypeople": "password",
    "timesheets": "password",
}


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """The services that accounts are set up on."""
    with EmbeddedServer() as running:
        yield running


async def connect(workspace: Workspace, service: str, values: dict[str, str]) -> str:
    """Try an account and keep it; what was found."""
    tried = await workspace.accounts.try_out(service, values)
    await workspace.accounts.keep(tried)
    return tried.found


def typed(server: EmbeddedServer, service: str) -> dict[str, str]:
    """What a person would type to connect a service on the server."""
    asked = {"base_url", "login", "user", "password", "api_key", "application_token",
             "access_token", "app", "email"}  # fmt: skip
    return {
        name: value
        for key, value in service_settings(server).items()
        for section, _, name in [key.partition(".")]
        if section == service and name in asked
    }


def workspace_in(folder: Path, **flags: str) -> Workspace:
    """A workspace that nobody has set up, with its own empty directories."""
    places = locations_in(folder)
    loaded = load(
        places.config_file(None),
        kept=places.connections_file,
        environment={},
        flags={
            "network.retries": "0",
            **{key.replace("__", "."): one for key, one in flags.items()},
        },
    )
    return Workspace(loaded, places)


@asynccontextmanager
async def nobody(folder: Path, **flags: str) -> AsyncIterator[Workspace]:
    """The same, closed at the end."""
    workspace = workspace_in(folder, **flags)
    try:
        yield workspace
    finally:
        await workspace.close()


def files_in(folder: Path) -> dict[str, bytes]:
    """All that lies there, but for what locks and databases come and go with."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "ticktocker" not in path.name
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_an_account_is_tried_and_what_was_found_is_said(
    server: EmbeddedServer, tmp_path: Path, service: str
) -> None:
    async with nobody(tmp_path) as workspace:
        values = typed(server, service)
        found = await connect(workspace, service, {**values, "user": values.get("user", "")})
        assert FOUND[service] in found, found
        kept = tomllib.loads(workspace.locations.connections_file.read_text())
        assert kept == {service: values}
        assert workspace.loaded.again().configured(service)


@pytest.mark.parametrize("service", SERVICES)
async def test_an_account_that_is_refused_changes_nothing(
    server: EmbeddedServer, tmp_path: Path, service: str
) -> None:
    async with nobody(tmp_path) as workspace:
        before = files_in(tmp_path)
        values = {**typed(server, service), SECRET[service]: "rosebud"}
        with pytest.raises(AuthenticationFailed) as refused:
            await connect(workspace, service, values)
        assert "rosebud" not in f"{refused.value} {refused.value.advice}"
        assert files_in(tmp_path) == before
        assert not workspace.loaded.again().any_service_configured


async def test_who_is_tried_and_not_kept_leaves_nothing(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with nobody(tmp_path) as workspace:
        before = files_in(tmp_path)
        for service in SERVICES:
            tried = await workspace.accounts.try_out(service, typed(server, service))
            assert FOUND[service] in tried.found
        assert files_in(tmp_path) == before


async def test_a_kept_session_says_nothing_of_a_wrong_password(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with nobody(tmp_path) as workspace:
        await connect(workspace, "timetonic", typed(server, "timetonic"))
    async with nobody(tmp_path) as workspace:
        await (await workspace.connections.timetonic()).get_user_info()
        assert workspace.connections.session_file.read()
        with pytest.raises(AuthenticationFailed):
            await connect(
                workspace, "timetonic", {**typed(server, "timetonic"), "password": "wrong"}
            )
        assert workspace.connections.session_file.read(), "it still stands"


async def test_nobody_there_is_a_reason_too(tmp_path: Path) -> None:
    async with nobody(tmp_path) as workspace:
        with pytest.raises(ConnectionFailed):
            await connect(
                workspace,
                "trackmypeople",
                {"base_url": "http://127.0.0.1:9/api", "user": "u", "password": "p"},
            )
        assert not workspace.locations.connections_file.exists()


async def test_what_stands_over_it_is_named(server: EmbeddedServer, tmp_path: Path) -> None:
    file = tmp_path / "config" / "config.toml"
    file.parent.mkdir()
    file.write_text('[trackmypeople]\nuser = "somebody"\n')
    async with nobody(tmp_path) as workspace:
        with pytest.raises(InvalidArgument) as refused:
            await connect(workspace, "trackmypeople", typed(server, "trackmypeople"))
        assert f"{file} sets trackmypeople.user" in str(refused.value)
        assert standing(workspace.accounts.stands_elsewhere("trackmypeople")) == f"{file} sets user"
    file.write_text('[trackmypeople]\npassword_command = "echo other"\n')
    async with nobody(tmp_path) as workspace:
        with pytest.raises(InvalidArgument, match="password_command"):
            await connect(workspace, "trackmypeople", typed(server, "trackmypeople"))
        assert not workspace.locations.connections_file.exists()


async def test_a_pasted_page_is_kept_as_the_address_that_is_meant(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with nobody(tmp_path) as workspace:
        values = typed(server, "trackmypeople")
        pasted = values["base_url"].removeprefix("http://") + "/trackers.json?x=1"
        await connect(workspace, "trackmypeople", {**values, "base_url": pasted})
        kept = tomllib.loads(workspace.locations.connections_file.read_text())
        assert kept["trackmypeople"]["base_url"] == values["base_url"]
        with pytest.raises(InvalidArgument, match=r"secure\.trackmypeople\.com/api"):
            await connect(
                workspace,
                "trackmypeople",
                {**values, "base_url": "https://www.trackmypeople.com/faq"},
            )


async def test_disconnecting_removes_what_the_deck_keeps_and_nothing_else(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with nobody(tmp_path) as workspace:
        for service in ("timetonic", "trackmypeople"):
            await connect(workspace, service, typed(server, service))
    async with nobody(tmp_path) as workspace:
        await workspace.today.part("books")
        await workspace.timers.overview()
        assert await workspace.today.kept("books")
        assert (tmp_path / "state" / "status.json").exists()
        for name in ("timetonic", "trackmypeople"):
            owner = workspace.connections.account(name)
            workspace.mirror.collection(owner, "things").begin(Shape(()))
        await workspace.accounts.disconnect("timetonic")
        assert [one.owner for one in workspace.mirror.size().collections] == [owner]
        assert await workspace.today.kept("books") is None
        assert await workspace.timers.kept(), "another service's"
        assert not workspace.connections.session_file.read()
        assert workspace.accounts.is_kept("trackmypeople")
        assert not workspace.accounts.is_kept("timetonic")
        again = workspace.loaded.again()
        assert (again.configured("timetonic"), again.configured("trackmypeople")) == (False, True)
        await workspace.accounts.disconnect("trackmypeople")
        assert not (tmp_path / "state" / "status.json").exists()
        assert not workspace.loaded.again().any_service_configured


async def test_whether_the_embedded_services_will_be_hidden_is_known(tmp_path: Path) -> None:
    for use, hidden in (("auto", True), ("always", False), ("never", False)):
        async with nobody(tmp_path, embedded__use=use) as workspace:
            assert workspace.accounts.hides_embedded("timetonic") is hidden


async def test_the_test_environment_is_spoken_to(server: EmbeddedServer, tmp_path: Path) -> None:
    values = typed(server, "timetonic")
    accounts = set()
    flags = {f"timetonic__{name}": value for name, value in values.items()}
    address = values["base_url"]
    for pasted, environment in (
        (f"{address}/dev/api.php?doc", "dev"),
        (f"{address}/live/api.php", "live"),
        (address, "live"),
    ):
        async with nobody(tmp_path, **flags | {"timetonic__base_url": pasted}) as workspace:
            client = await workspace.connections.timetonic()
            assert client.environment == environment
            assert client.transport.base_url == address
            accounts.add(workspace.connections.account("timetonic"))
    assert len(accounts) == 2, "what is kept of one is not the other's"


async def test_an_application_without_a_user_is_tried_by_what_it_may_ask(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with nobody(tmp_path) as workspace:
        found = await connect(
            workspace, "igtimi", {"base_url": server.url("/igtimi"), "client_id": "deck"}
        )
        assert re.fullmatch(r"no access token, \d live servers", found)
