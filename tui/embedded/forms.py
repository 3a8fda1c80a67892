"""Reading the form fields that a request carries, whoever wrote it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

_MOST_FIELDS = 200


class FormError(Exception):
    """The body is not a form that can be read; the text says why."""


async def form_fields(request: Request) -> dict[str, str]:
    """Fields by name; of a repeated one the last counts. Raises FormError, HTTPException.

    A body of another type carries no fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form(max_fields=_MOST_FIELDS, max_files=0) as form:
            return {name: value for name, value in form.items() if isinstance(value, str)}
    body = await request.body()
    if kind not in ("application/x-www-form-urlencoded", ""):
        return {}
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise FormError("The form is not URL-encoded UTF-8.") from error
    except ValueError as error:
        raise FormError("The form has too many fields.") from error
    return dict(pairs)
