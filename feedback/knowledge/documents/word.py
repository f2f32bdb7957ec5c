"""Word documents (.docx) to HTML."""

import io
import re
import zipfile
from typing import Final, NamedTuple

import mammoth

from feedback.knowledge.documents.document import Unreadable

MOST_BYTES: Final = 100 * 1024 * 1024  # unpacked: a small archive may hold gigabytes
PROPERTIES: Final = "docProps/core.xml"
# Word's own names for what is a heading though it is styled otherwise.
STYLES: Final = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


class WordPage(NamedTuple):
    """A Word document as HTML, with what its properties say of it."""

    html: str
    title: str
    dated: str


def read_word(content: bytes) -> WordPage:
    """Read a document.

    Raises:
        Unreadable: it is none, or is larger unpacked than any.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise Unreadable(
                    f"the Word document unpacks to over {MOST_BYTES >> 20} MB; divide it."
                )
            names = archive.namelist()
            properties = (
                archive.read(PROPERTIES).decode("utf-8", "replace") if (PROPERTIES in names) else ""
            )
        html = mammoth.convert_to_html(
            io.BytesIO(content),
            style_map=STYLES,
            convert_image=mammoth.images.img_element(_no_image),
        ).value
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RecursionError) as wrong:
        raise Unreadable(
            "it is no Word document (.docx); old .doc files are to be saved as .docx first."
        ) from wrong
    return WordPage(html, _property(properties, "title"), _property(properties, "modified"))


def _no_image(_: object) -> dict[str, str]:
    return {"src": ""}


def _property(xml: str, name: str) -> str:
    found = re.search(rf"<[a-z]+:{name}[^>]*>([^<]*)<", xml)
    return found[1].strip() if found else ""
