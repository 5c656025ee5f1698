"""Every sentence exists in both languages, takes the same parameters, and is used."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "codes" / "locale"
PACKAGES = ("codes", "registry", "exports", "cli")
READERS = (*PACKAGES, "tests/pages")  # the generated pages have sentences too
ID = re.compile(r"^[a-z]+(\.[a-z0-9_]+)+$")


def _catalogue(lang: str) -> dict[str, str]:
    sentences: dict[str, str] = {}
    for path in sorted((LOCALE / lang / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    assert message.id.startswith(f"{path.stem}."), f"{path.name}: {message.id}"
                    assert message.id not in sentences, f"{path.name}: {message.id} stands twice"
                    sentences[message.id] = message.string
    return sentences


def _parameters(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _string_literals() -> set[str]:
    found: set[str] = set()
    for package in READERS:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(node.value)
        for path in (ROOT / package).rglob("*.html"):
            found.update(
                re.findall(r"[\"']([a-z]+(?:\.[a-z0-9_]+)+)[\"']", path.read_text("utf-8"))
            )
    return found


def test_both_languages_say_the_same_things() -> None:
    zh, en = _catalogue("zh"), _catalogue("en")
    assert sorted(zh) == sorted(en)
    assert all(zh.values())
    assert all(en.values())
    different = {key for key in zh if _parameters(zh[key]) != _parameters(en[key])}
    assert not different


def test_chinese_is_chinese() -> None:
    """A sentence of two Latin words or more without a Chinese character was left untranslated."""
    untranslated = [
        key
        for key, sentence in _catalogue("zh").items()
        if not re.search("[一-鿿]", sentence)
        and re.search(r"[A-Za-z]{2,} +[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", sentence))
    ]
    assert not untranslated


def test_chinese_has_chinese_punctuation() -> None:
    half_width = [
        key for key, sentence in _catalogue("zh").items() if re.search("[一-鿿][,:;?!]", sentence)
    ]
    assert not half_width


@pytest.mark.parametrize("package", PACKAGES)
def test_every_id_in_the_code_has_a_sentence(package: str) -> None:
    known = set(_catalogue("zh"))
    domains = {key.partition(".")[0] for key in known}
    missing = []
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            first = node.args[0]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in {"text", "say"} and not name.endswith(("Error", "NotPermitted")):
                continue
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                continue
            meant = ID.match(first.value) or first.value.partition(".")[0] in domains
            if meant and first.value not in known:
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {first.value}")
    assert not missing


def test_every_sentence_is_used() -> None:
    literals = _string_literals()
    prefixes = {literal for literal in literals if literal.endswith((".", "_"))}
    unused = [
        key
        for key in _catalogue("zh")
        if key not in literals and not any(key.startswith(prefix) for prefix in prefixes if prefix)
    ]
    assert not unused
