"""Say in the user's language what is wrong with a command line.

Typer raises its own exceptions with English sentences; each kind has a sentence of ours here.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from typer.exceptions import TyperException

from codes.messages import text

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
        near = _near(error)
        known = "option_unknown" if near else "option_unknown_none"
        return text(f"cli.usage.{known}", seen=error.option_name, near=near)
    if kind == "MissingParameter":
        return text("cli.usage.parameter_missing", name=_name_of(error))
    if kind == "BadParameter":
        return text("cli.usage.parameter_wrong", name=_name_of(error), detail=error.message)
    return text("cli.usage.wrong", detail=error.format_message())


def _near(error: Any) -> str:
    """Return the options that may be meant: alike in letters, or in meaning."""
    context = error.ctx
    own = {one for param in context.command.params for one in param.opts} if context else set()
    meant = [one for one in MEANT.get(error.option_name, ()) if one in own]
    return ", ".join(dict.fromkeys([*meant, *(error.possibilities or ())]))


def _name_of(error: Any) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else "-")
    return str(hint).replace("'", "")
