"""Draws a report's picture in a process of its own: JSON on standard input, PNG on standard output.

Its one argument is the language.
"""

import json
import sys

from feedback.report import Report, report_png


def main() -> None:
    """Draw."""
    report = Report.from_json(json.load(sys.stdin))
    sys.stdout.buffer.write(report_png(report, sys.argv[1] if len(sys.argv) > 1 else "en"))


if __name__ == "__main__":
    main()
