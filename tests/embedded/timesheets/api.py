"""A signed-in caller of the embedded Timesheets, over a real socket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.harness import Answer, EmbeddedServer

PREFIX = "/timesheets/api/demo"


@dataclass
class Api:
    """POST with a token; refusals are answers too."""

    server: EmbeddedServer
    token: str = ""

    def send(self, path: str, body: object = None, **options: Any) -> Answer:
        """The raw answer. A path that begins with / is taken as it is."""
        target = path if path.startswith("/") else f"{PREFIX}/{path}"
        if self.token:
            options.setdefault("bearer", self.token)
        return self.server.http("POST", target, json_body={} if body is None else body, **options)

    def call(self, path: str, **body: object) -> Any:
        """The JSON of an answer that must succeed, packed data unpacked."""
        answer = self.send(path, body)
        content = answer.json()
        assert answer.status == 200, content
        assert content["status"] not in ("ERROR",), content
        if isinstance(content.get("data"), str):
            content["data"] = json.loads(content["data"])
        return content

    def refused(self, path: str, **body: object) -> tuple[int, Any, str]:
        """HTTP status, error_code and message of an answer that must not succeed."""
        answer = self.send(path, body)
        content = answer.json()
        assert content["status"] == "ERROR", content
        return answer.status, content.get("error_code"), content["message"]


def owner(server: EmbeddedServer) -> Api:
    """The administrator whose credentials the deck holds."""
    api = Api(server)
    answer = api.call(
        "login",
        email=server.credentials.timesheets_email,
        password=server.credentials.timesheets_password,
    )
    return Api(server, answer["token"])


def member(server: EmbeddedServer, email: str = "member@example.org") -> tuple[Api, int]:
    """A new user without rights, signed in, and the user's id."""
    token = owner(server).call("register", email=email, password="correct-horse")["token"]
    api = Api(server, token)
    return api, api.call("user")["data"]["id"]
