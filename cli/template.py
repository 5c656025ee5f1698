"""`fuwuma template`: the workbook a department fills in."""

from __future__ import annotations

from pathlib import Path

import typer

from cli.context import current, give, say
from codes.errors import UsageError
from codes.messages import language, text
from codes.names import name_of


def add_to(root: typer.Typer) -> None:
    """Hang the command on the root."""
    root.command("template", help=text("workbook.help.template"))(template)


def template(
    facility_type: str = typer.Argument(..., metavar="TYPE", help=text("workbook.help.type")),
    output: Path = typer.Option(..., "--output", "-o", help=text("workbook.help.output")),
    city: str | None = typer.Option(None, "--city", help=text("workbook.help.city")),
    force: bool = typer.Option(False, "--force", help=text("workbook.help.force")),
) -> None:
    """Write the template; refuse to replace a file, which may hold somebody's work."""
    from exports.workbooks.template import write_template

    if output.suffix.lower() != ".xlsx":
        raise UsageError("workbook.suffix", seen=output, near=output.with_suffix(".xlsx"))
    if output.exists() and not force:
        raise UsageError("workbook.exists", path=output)
    written = write_template(facility_type, output, language(), city)
    if current.json:
        give({"path": str(output), "type": written.code, "name_zh": written.name_zh})
    else:
        say("workbook.written", type=name_of(written), code=written.code, path=output)
