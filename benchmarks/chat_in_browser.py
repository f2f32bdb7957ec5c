"""Answer latency in Chromium, from the press of Enter, against a running shop.

    shopclerk up &
    benchmarks/chat_in_browser.py http://127.0.0.1:8000 --questions 100

Needs the developers' environment (Playwright) and Debian's Chromium. Prints one JSON object.
"""

import argparse
import json
import os
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

QUESTIONS = (
    "can i return it",
    "how long does delivery take",
    "what does delivery cost",
    "do you ship to canada",
    "is there a warranty",
    "how do i pay",
)
# The times are taken inside the page: Playwright's own way there and back is not the shopper's.
WATCH = """() => {
  const root = document.querySelector('shopclerk-chat').shadowRoot;
  const log = root.querySelector('.log');
  window.times = [];
  root.querySelector('textarea').addEventListener('keydown', (event) => {
    if (event.key === 'Enter') window.pressed = performance.now();
  }, true);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) {
      const answer = node.classList?.contains('line') && !node.classList.contains('mine')
        && node.getAttribute('role') !== 'status';
      if (answer && window.pressed) {
        const began = window.pressed;
        window.pressed = null;
        requestAnimationFrame(() => window.times.push(performance.now() - began));
      }
    }
  }).observe(log, { childList: true });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--questions", type=int, default=100)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = chromium.new_page()
        page.goto(asked.address)
        page.get_by_role("button", name="Chat with our clerk").click()
        page.locator(".line").first.wait_for()
        page.evaluate(WATCH)
        for number in range(asked.questions):
            page.get_by_label("Your message").fill(QUESTIONS[number % len(QUESTIONS)])
            page.keyboard.press("Enter")
            page.wait_for_function("n => window.times.length > n", arg=number)
            page.wait_for_timeout(3_100)  # twenty questions a minute are granted
        times = page.evaluate("() => window.times")
        chromium.close()
    print(
        json.dumps(
            {
                "cores": os.cpu_count(),
                "load": round(os.getloadavg()[0], 2),
                "questions": len(times),
                "median_ms": round(median(times), 1),
                "p95_ms": round(quantiles(times, n=20)[-1], 1),
            }
        )
    )


if __name__ == "__main__":
    main()
