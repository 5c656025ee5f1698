"""Say in the user's language what is wrong with a command line.

Typer raises its own exceptions with English sentences; each kind has a sentence of ours here.
"""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from errno import EACCES
from typing import Any, Final

from typer.exceptions import TyperException

from codes.messages import text
from codes.system_errors import reason_of

MEANT: Final = {
    "--name": ("--text",),
    "--who": ("--by",),
    "--user": ("--by",),
    "--dept": ("--department",),
    "--date": ("--on", "--as-of"),
    "--field": ("--set",),
    "--output": ("--report",),
    "--out": ("--report",),
}
"""What people call an option -> the options that do it; offered where the command has them."""


EXTRA: Final = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)$", re.DOTALL)
UNKNOWN_COMMAND: Final = re.compile(r"No such command '(.*?)'\.", re.DOTALL)
UNUSABLE: Final = re.compile(r".*path '(.*)' is not (?:readable|writable)\.$", re.DOTALL)
"""What the parser has no exception of its own for, and tells in words only."""

VALUE_SAID: Final = {
    "int_parsing": "no_integer",
    "int_from_float": "no_integer",
    "int_parsing_size": "no_integer",
    "float_parsing": "no_number",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
}
"""Kind of mistake in a value -> what is said of it."""


def explain(error: TyperException) -> int:
    """Print what is wrong and where the help is; return exit code 2, 4 for a file not readable."""
    context = getattr(error, "ctx", None)
    if unusable := UNUSABLE.match(error.format_message()):
        denied = reason_of(PermissionError(EACCES, ""))
        print(text("cli.file_unusable", path=unusable[1], detail=denied), file=sys.stderr)
        return 4
    if type(error).__name__ == "NoArgsIsHelpError":
        print(error.format_message())
        return 0
    if context is not None:
        print(context.get_usage(), file=sys.stderr)
    print(_sentence(error), file=sys.stderr)
    if context is not None:
        print(text("cli.usage.help_hint", command=context.command_path), file=sys.stderr)
    return 2


def _sentence(error: Any) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = _near(error)
        known = "option_unknown" if near else "option_unknown_none"
        return text(f"cli.usage.{known}", seen=error.option_name, near=near)
    if kind == "MissingParameter":
        said = error.param.help if error.param else None
        known = "parameter_missing" if said else "parameter_missing_none"
        return text(f"cli.usage.{known}", name=_name_of(error), said=said)
    if kind == "BadParameter":
        return text("cli.usage.parameter_wrong", name=_name_of(error), detail=_value_wrong(error))
    if kind == "BadOptionUsage" and error.option_name:
        missing = error.message.endswith("requires an argument.")
        said = "cli.option_needs_value" if missing else "cli.usage.no_value_taken"
        return text(said, option=error.option_name)
    return _told_in_words(error)


def _told_in_words(error: Any) -> str:
    if extra := EXTRA.match(error.message):
        return text("cli.usage.extra", seen=extra[1])
    if unknown := UNKNOWN_COMMAND.match(error.message):
        return _command_unknown(error, unknown[1])
    return text("cli.usage.wrong", detail=error.format_message())


def _command_unknown(error: Any, seen: str) -> str:
    known = error.ctx.command.list_commands(error.ctx) if error.ctx else ()
    near = ", ".join(get_close_matches(seen, known))
    known_id = "command_unknown" if near else "command_unknown_none"
    return text(f"cli.usage.{known_id}", seen=seen, near=near)


def _value_wrong(error: Any) -> str:
    """Say what is wrong with a value; the kinds are those of pydantic, which typer asks."""
    cause = error.__cause__
    if not hasattr(cause, "errors"):
        return str(error.message)
    first = cause.errors()[0]
    said = VALUE_SAID.get(first["type"])
    if said is None:
        return str(error.message)
    bounds = first.get("ctx", {})
    bound = bounds.get("ge", bounds.get("le"))
    return text(f"cli.usage.{said}", seen=first["input"], bound=bound)


def _near(error: Any) -> str:
    """Return the options that may be meant: alike in letters, or in meaning."""
    context = error.ctx
    own = {one for param in context.command.params for one in param.opts} if context else set()
    meant = [one for one in MEANT.get(error.option_name, ()) if one in own]
    return ", ".join(dict.fromkeys([*meant, *(error.possibilities or ())]))


def _name_of(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "-")
    return str(hint).replace("'", "")
