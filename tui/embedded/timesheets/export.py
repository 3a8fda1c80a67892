"""The two answers that are files: text/csv instead of the envelope."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response


def csv_file(
    name: str, headers: Sequence[str] | None, lines: Iterable[Sequence[object]]
) -> Response:
    """CSV in UTF-8 with CRLF, quoted where a value needs it; what is not set is an empty cell."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    if headers is not None:
        writer.writerow(headers)
    writer.writerows(lines)
    return Response(
        written.getvalue().encode("utf-8"),
        headers={
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": f'attachment; filename="{name}"',
        },
    )
