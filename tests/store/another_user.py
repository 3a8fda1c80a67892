"""Somebody for whom rights count, whoever runs the tests."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def as_another_user(work: Callable[[], Any]) -> Any:
    """What `work` answers where rights count, which they do not for the superuser."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            answer = work()
        except OSError as error:
            answer = [type(error).__name__, error.strerror, Path(str(error.filename)).name]
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answered:
        answer = json.loads(answered.read() or b'"nothing"')
    os.waitpid(child, 0)
    return answer
