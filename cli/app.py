"""Put the commands together, importing only the group asked for, so that starting is quick.

Each module named in COMMANDS has `add_to(root)`, which hangs its command or group on the root.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import typer
from typer.exceptions import TyperException

from cli.help import speak
from codes.messages import text

COMMANDS: Final = {
    "init": "cli.store",
    "backup": "cli.store",
    "verify": "cli.store",
    "demo": "cli.demo",
    "spec": "cli.spec",
    "code": "cli.code",
    "division": "cli.division",
    "facility": "cli.facility",
    "template": "cli.template",
    "upload": "cli.upload",
    "population": "cli.population",
    "observation": "cli.observation",
    "evaluate": "cli.evaluate",
    "publish": "cli.publish",
    "site": "cli.site",
    "opinion": "cli.opinion",
}
"""Command as typed -> the module that holds it."""

INTERRUPTED: Final = 130


def build_app(wanted: str | None = None) -> typer.Typer:
    """Return the app with the one command `wanted`, or with all of them when it is unknown."""
    root = typer.Typer(
        name="fuwuma",
        help=text("cli.help.fuwuma"),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    root.callback()(_root)
    modules = [COMMANDS[wanted]] if wanted in COMMANDS else list(dict.fromkeys(COMMANDS.values()))
    for module in modules:
        import_module(module).add_to(root)
    return root


def run_app(arguments: list[str]) -> int:
    """Run the command and return its exit code; a wrong command line is 2, with our words."""
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    command = typer.main.get_command(build_app(wanted))
    speak(command)
    try:
        result = command.main(args=arguments, prog_name="fuwuma", standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except TyperException as error:
        from cli.usage import explain

        return explain(error)
    if result == INTERRUPTED:
        raise KeyboardInterrupt  # as it was before the parser took it
    return result if isinstance(result, int) else 0


def _root() -> None:
    pass
