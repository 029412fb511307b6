"""The HTML edition builds from the committed notebooks without a warning, and without a network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    out = tmp_path_factory.mktemp("book")
    build = subprocess.run([sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-c", "book", ".",
                            str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    return out


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_is_a_page_with_its_figures(book, chapter):
    page = (book / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
    assert "data:image/png;base64" in page
    images = re.findall(r"<img\b[^>]*>", page)
    assert all('alt="' in image for image in images)


def test_the_sliders_without_a_kernel_carry_their_runs_and_their_javascript(book):
    page = (book / "book" / "try_it.html").read_text(encoding="utf-8")
    assert "vegaEmbed" in page
    assert '"val_loss"' not in page
    assert page.count('"curve": "validation"') == 18 * 16  # 18 settings, 16 points each


def test_no_page_needs_the_network(book):
    for page in book.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img)\b[^>]*?(?:src|href)=\"(https?://[^\"]+)\"", text)
        assert loaded == [], page.name
