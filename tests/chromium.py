"""Debian's Chromium, driven by Playwright: one for the whole run, a fresh profile for each test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
INSTALL = "apt-get install -y chromium && uv pip install playwright axe-playwright-python"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SLOW = 120_000  # milliseconds for what takes a tenth of a second: beside a training, 12 s


@contextmanager
def launched() -> Iterator[Any]:
    """Chromium without a window.

    Only one at a time in a process: Playwright keeps an event loop running in the thread that
    started it, and refuses to start a second one there.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("Playwright")
    if not CHROMIUM.exists():
        _missing(str(CHROMIUM))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


def _missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing: {INSTALL}")
    pytest.skip(f"needs {what}: {INSTALL}")
