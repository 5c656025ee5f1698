"""Pages that stand alone: a template with its styles, in the language in use."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from codes.messages import language, text

TEMPLATES: Final = Path(__file__).parent / "templates"


def page(name: str, *more_css: str, **shown: Any) -> str:
    """Return `templates/<name>.html` with `<name>.css` and more rules in it, and what it shows."""
    css = "\n".join([(TEMPLATES / f"{name}.css").read_text("utf-8"), *more_css])
    lang = "zh-CN" if language() == "zh" else "en"
    template = _environment().get_template(f"{name}.html")
    return str(template.render(t=text, lang=lang, css=css, **shown))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
