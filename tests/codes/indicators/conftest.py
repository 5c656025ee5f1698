"""Where the documents are, when they are beside the repository."""

from pathlib import Path

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"


def seed_lines(file_name: str) -> list[str]:
    """Return the non-blank lines of a document, trimmed; empty when it is not there."""
    path = SEEDS / file_name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").replace("\xa0", " ").splitlines()
    return [line.strip() for line in lines if line.strip()]
