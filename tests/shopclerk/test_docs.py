"""The documentation: its links lead somewhere, and its map is of this house."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)\s#]*)(#[^)\s]*)?\)")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {"#" + each.strip().replace(" ", "-") for each in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    """Files exist, and so do the headings that are named."""
    for file, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / file).resolve() if file else page

        assert target.exists(), f"{page.name}: {file}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{page.name}: {file}{anchor}"


def test_the_readme_is_read_in_one_sitting():
    """About 120 lines; what is longer has a page of its own."""
    assert 130 > len((ROOT / "README.md").read_text(encoding="utf-8").splitlines())


def test_the_newcomers_map_is_of_this_house():
    """Every path on it is there, and every room of the four packages is on it."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = page.partition("### A newcomer's map")[2].partition("```\n\nHow")[0]
    branches = re.findall(
        r"\b((?:bot|feedback|training|serving|shopclerk)/[\w./]*)(\{.*?\})?", drawn
    )
    paths = {
        head + name for head, names in branches for name in (names.strip("{}") or "").split(",")
    }
    rooms = {
        f"{package}/{face.parent.name}"
        for package in ("bot", "feedback", "training", "serving")
        for face in (ROOT / package).glob("*/__init__.py")
    }

    assert [] == sorted(path for path in paths if not (ROOT / path).exists())
    assert [] == sorted(
        room for room in rooms if not any(f"{path}/".startswith(f"{room}/") for path in paths)
    )
