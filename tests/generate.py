"""Make every generated file again (`make docs`); `tests/test_generated.py` fails when one is stale.

`generated()` maps a path from the repository's root to its bytes. Add a page by adding a maker.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from codes.messages import LANGUAGES
from codes.outline_file import INDEX
from codes.update.outlines import index_rows
from codes.warning_colours import css_rules
from exports.site.api import openapi
from tests.pages.spec_pages import data_dictionary, rule_catalogue

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "codes" / "locale"
SITE_CSS = ROOT / "exports" / "site" / "static" / "site.css"
COLOURS = re.compile(
    r"(/\* warning colours: .*\*/\n).*(/\* end of warning colours \*/\n)", re.DOTALL
)
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # Babel would write the present moment otherwise


def generated() -> Iterator[tuple[Path, bytes]]:
    """Yield (path, content) of every generated file, in a fixed order."""
    yield from _compiled_messages()
    yield INDEX, index_rows()
    document = json.dumps(openapi(), ensure_ascii=False, indent=1) + "\n"
    yield ROOT / "docs" / "openapi.json", document.encode()
    yield SITE_CSS, _with_colours(SITE_CSS.read_text("utf-8")).encode()
    for lang in LANGUAGES:
        yield ROOT / "docs" / f"rules.{lang}.md", rule_catalogue(lang).encode()
        yield ROOT / "docs" / f"dictionary.{lang}.md", data_dictionary(lang).encode()
        yield ROOT / "docs" / f"cli.{lang}.md", _command_reference(lang)


def _compiled_messages() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        yield path.with_suffix(".mo"), compiled.getvalue()


def _with_colours(css: str) -> str:
    """Put the rules of the warning colours between the two marks of a style sheet."""
    made, times = COLOURS.subn(
        lambda found: f"{found[1]}{css_rules('w-', 'full')}\n{found[2]}", css
    )
    assert times == 1, "site.css has lost the marks around the warning colours"
    return made


def _command_reference(lang: str) -> bytes:
    environment = {**os.environ, "FUWUMA_LANG": lang}
    command = [sys.executable, "-m", "tests.pages.cli_reference"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout


def main() -> None:
    """Write what has changed and name it."""
    for path, content in generated():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(path.relative_to(ROOT))  # noqa: T201  a developer's tool


if __name__ == "__main__":
    main()
