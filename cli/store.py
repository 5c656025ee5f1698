"""`fuwuma init`, `backup` and `verify`: the registry as a whole."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from cli.context import current, give, say
from codes.messages import text

HASH = re.compile(r"[0-9A-Fa-f]{64}")


def add_to(root: typer.Typer) -> None:
    """Hang the three commands on the root."""
    root.command("init", help=text("db.help.init"))(_init)
    root.command("backup", help=text("db.help.backup"))(_backup)
    # the list of commands cuts a long sentence, which without spaces is all of it
    brief = text("audit.help.verify_brief")
    root.command("verify", help=text("audit.help.verify"), short_help=brief)(_verify)


def _init() -> None:
    from registry.db import create_registry, shown
    from registry.revision import head_revision

    engine = create_registry(current.db)
    where = shown(engine.url)
    engine.dispose()
    say("db.ready", db=where, revision=head_revision())
    if current.json:
        give({"db": where, "revision": head_revision()})


def _backup(
    file: Annotated[str, typer.Argument(metavar="FILE", help=text("db.help.backup_file"))],
    force: Annotated[bool, typer.Option("--force", help=text("db.help.backup_force"))] = False,
) -> None:
    from registry.backup import backup
    from registry.db import open_registry

    engine = open_registry(current.db)
    try:
        made = backup(engine, file, overwrite=force)
    finally:
        engine.dispose()
    say("db.backed_up", target=made.target, facilities=made.facilities, entries=made.entries)
    if current.json:
        give(vars(made))


def _verify(
    expect: Annotated[
        str | None, typer.Option(metavar="HASH", help=text("audit.help.expect"))
    ] = None,
) -> None:
    from codes.errors import UsageError
    from codes.spec_check import check_spec
    from registry.audit import verify
    from registry.db import open_registry, reading

    if expect is not None and not HASH.fullmatch(expect):
        raise UsageError("audit.expect_malformed", seen=expect)
    engine = open_registry(current.db)
    with reading(engine) as session:
        report = verify(session, expect)
    engine.dispose()
    mistakes = [str(mistake) for mistake in check_spec()]
    for mistake in mistakes:
        say("audit.spec_mistake", mistake=mistake)
    counts = {"entries": report.entries, "rows": report.rows, "facilities": report.facilities}
    for fault in report.faults:
        say(f"audit.fault.{fault.kind}", **fault.params)
    say("audit.unsound" if report.faults else "audit.sound", count=len(report.faults), **counts)
    say("audit.head", hash=report.head_hash)
    if current.json:
        faults = [{"kind": f.kind, "message": str(f), **f.params} for f in report.faults]
        give({**counts, "head_hash": report.head_hash, "faults": faults, "spec": mistakes})
    raise typer.Exit(1 if report.faults or mistakes else 0)
