"""Who calls: HTTP basic authentication with the person's name and password."""

from __future__ import annotations

import base64
import binascii
import hmac

from starlette.requests import Request

from tui.embedded.context import Context

CHALLENGE = {"WWW-Authenticate": 'Basic realm="TrackMyPeople", charset="UTF-8"'}


def authenticated(context: Context, request: Request) -> bool:
    """True for the person whose blocks these are."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        pair = base64.b64decode(given.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    known = context.credentials
    wanted = f"{known.trackmypeople_user}:{known.trackmypeople_password}".encode()
    return hmac.compare_digest(pair, wanted)
