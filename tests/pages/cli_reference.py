"""Print the command reference in one language (FUWUMA_LANG).

Help is put together at import, so each language needs a process of its own.
"""

from __future__ import annotations

import sys
from typing import Any

import typer

from cli.app import build_app
from cli.help import said_of
from codes.messages import text


def main() -> None:
    """Print one Markdown page with every command, its parameters and its help."""
    root = typer.main.get_command(build_app())
    lines = [f"# {text('cli.reference.title')}", "", text("cli.reference.common"), ""]
    for path, command in _commands(root, ()):
        lines += _section(path, command)
    sys.stdout.write("\n".join(lines).rstrip() + "\n")


def _commands(command: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if not children:
        return [(path, command)]
    return [found for name, child in children.items() for found in _commands(child, (*path, name))]


def _section(path: tuple[str, ...], command: Any) -> list[str]:
    usage = " ".join(["fuwuma", *path, *(_shown(parameter) for parameter in _parameters(command))])
    rows = [_row(parameter) for parameter in _parameters(command)]
    title = text("cli.reference.parameter")
    table = [f"| {title} | |", "|---|---|", *rows, ""] if rows else []
    return [
        f"## fuwuma {' '.join(path)}",
        "",
        f"    {usage}",
        "",
        (command.help or "").strip(),
        "",
        *table,
    ]


def _row(parameter: Any) -> str:
    if _is_option(parameter):
        name = " ".join([*parameter.opts, *parameter.secondary_opts])
    else:
        name = parameter.display_name_raw
    return f"| `{name}` | {said_of(parameter).replace('|', '/')} |"


def _parameters(command: Any) -> list[Any]:
    return [parameter for parameter in command.params if parameter.name != "help"]


def _is_option(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "option")


def _shown(parameter: Any) -> str:
    name = parameter.opts[0] if _is_option(parameter) else parameter.display_name_raw
    if _is_option(parameter) and not getattr(parameter, "is_flag", False):
        name += " …"
    return name if parameter.required else f"[{name}]"


if __name__ == "__main__":
    main()
