"""Say in the user's language what is wrong with a command line.

Typer raises its own exceptions with English sentences; each kind has a sentence of ours here.
"""

from __future__ import annotations

import sys
from typing import Any

from typer.exceptions import TyperException

from codes.messages import text


def explain(error: TyperException) -> int:
    """Print what is wrong and where the help is; return exit code 2."""
    context = getattr(error, "ctx", None)
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
        near = ", ".join(error.possibilities or ()) or "-"
        return text("cli.usage.option_unknown", seen=error.option_name, near=near)
    if kind == "MissingParameter":
        return text("cli.usage.parameter_missing", name=_name_of(error))
    if kind == "BadParameter":
        return text("cli.usage.parameter_wrong", name=_name_of(error), detail=error.message)
    return text("cli.usage.wrong", detail=error.format_message())


def _name_of(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "-")
    return str(hint).replace("'", "")
