"""README and docs/: links lead somewhere, and README is what a first visit can read."""

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
README = REPOSITORY / "README.md"
PAGES = [README, *sorted((REPOSITORY / "docs").glob("*.md")), REPOSITORY / "lessons" / "README.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(path: Path) -> set[str]:
    """The fragments that the headings of a page answer to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(REPOSITORY)))
def test_links_lead_to_files_and_headings(page: Path):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_readme_gives_the_two_commands_and_ends_after_two_screens():
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(.+?)\n```", text, re.DOTALL)
    assert blocks == [
        "pip install -r requirements.txt && streamlit run app.py",
        "pip install -r requirements.txt && pytest",
    ]
    assert len(text.splitlines()) <= 80


def test_readme_links_to_every_page_of_the_documentation():
    text = README.read_text(encoding="utf-8")
    for page in (REPOSITORY / "docs").glob("*.md"):
        assert f"](docs/{page.name})" in text, page.name
