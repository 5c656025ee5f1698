"""What every command shares: the database, JSON or words, and the two output streams.

`--db`, `--lang` and `--json` may stand anywhere on the line; `cli.main` takes them off and puts
them here before the command is parsed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from codes.messages import language, text

if TYPE_CHECKING:  # rich is slow to load, and most commands print plain lines
    from rich.console import Console

DEFAULT_DB: Final = "fuwuma.db"

_STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that colour, clear or turn round what a terminal shows."""

_TYPED: Final = re.compile(r"[\w@%+=:,./-]+")
"""What a shell takes as it stands, Chinese characters too."""


@dataclass
class Context:
    """The choices that hold for the whole command."""

    db: str
    json: bool = False


current = Context(db=os.environ.get("FUWUMA_DB") or DEFAULT_DB)


def say(message_id: str, /, **params: Any) -> None:
    """Print one sentence: to standard output, or to standard error when JSON is asked for."""
    stream = sys.stderr if current.json else sys.stdout
    print(harmless(text(message_id, **params)), file=stream)


def harmless(words: str) -> str:
    """Put marks for characters that steer a terminal: the name of a file may hold any."""
    return _STEERING.sub("\ufffd", words)


def typed(path: Path) -> str:
    """Return a path as it is to be typed in a command."""
    return typed_word(f"./{path}" if str(path).startswith("-") else str(path))


def typed_word(written: str) -> str:
    """Return a value of an option as it is to be typed in a command."""
    return written if _TYPED.fullmatch(written) else shlex.quote(written)


def give(document: Any) -> None:
    """Print the command's one JSON document on standard output."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, default=_as_json)
    sys.stdout.write("\n")


def give_parts(document: Mapping[str, Any]) -> None:
    """Print a document as `give` does; of a value that is an iterator, one item after the other.

    A list of a million rows is never held.
    """
    out = sys.stdout.write
    for at, (key, value) in enumerate(document.items()):
        out(f"{',' if at else '{'}\n  {json.dumps(key)}: ")
        if not isinstance(value, Iterator):
            out(_indented(value, 1))
            continue
        empty = True
        for item in value:
            out(f"{'[' if empty else ','}\n    {_indented(item, 2)}")
            empty = False
        out("[]" if empty else "\n  ]")
    out("\n}\n")


def enumerated(items: Iterable[str]) -> str:
    """Return the items as a list within a sentence of the language in use."""
    return (", " if language() == "en" else "、").join(items)


def console(*, to_stderr: bool = False) -> Console:
    """Return a rich console; progress always goes to standard error."""
    from rich.console import Console

    return Console(stderr=to_stderr or current.json, highlight=False, soft_wrap=False)


def _indented(value: Any, depth: int) -> str:
    written = json.dumps(value, ensure_ascii=False, indent=2, default=_as_json)
    return written.replace("\n", "\n" + "  " * depth)


def _as_json(value: Any) -> Any:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    raise TypeError(type(value))
