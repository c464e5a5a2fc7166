"""Running the command line as a user does, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from inquit.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def inquit(capsys: pytest.CaptureFixture[str], *arguments: object) -> Ran:
    """Run ``inquit`` with arguments; a traceback is a failure of the test."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    code = ended.value.code
    return Ran(code if isinstance(code, int) else int(code is not None), out, err)
