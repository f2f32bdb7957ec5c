"""Checks a file by its content: pictures are encoded again, without metadata; the rest is a PDF.

What a file is called, and what its sender says it is, counts for nothing here.
"""

import io
import threading
from typing import Final, Literal, NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from feedback.db import FeedbackError

LARGEST: Final = 10_000_000  # bytes of a file as it comes
PICTURES: Final = ("JPEG", "PNG", "WEBP", "GIF")
LONGEST_SIDE: Final = 2_560  # pixels; a scratch is seen in half of that
THUMBNAIL_SIDE: Final = 480
# A JPEG is decoded smaller than it is, where it may be; the others are held whole, 4 bytes a pixel.
MOST_PIXELS: Final = {"JPEG": 120_000_000}
MOST_PIXELS_OF_OTHERS: Final = 30_000_000
QUALITY: Final = 88
PDF_HEAD: Final = b"%PDF-"
HEAD_CHARS: Final = 1_024  # readers look so far for a PDF's first line
PAPER: Final = (255, 255, 255)

Refusal = Literal["too-large", "file-kind", "file-broken", "file-unsafe", "file-unchecked"]


class FileRefused(FeedbackError):
    """A file is not taken; `kind` says why in a word, the message in a sentence."""

    def __init__(self, kind: Refusal, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class CheckedFile(NamedTuple):
    """A file as it is kept."""

    media_type: str
    suffix: str  # what its name ends with, whatever it ended with
    content: bytes
    thumbnail: bytes | None = None
    width: int | None = None
    height: int | None = None


# A picture of 120 million pixels takes 200 MB for a second: one at a time.
_one_at_a_time = threading.Lock()


def checked_file(content: bytes) -> CheckedFile:
    """The file as it may be kept.

    Raises:
        FileRefused: it is too large, of a kind that is not taken, or broken.
    """
    if len(content) > LARGEST:
        raise FileRefused(
            "too-large", f"The file has {len(content) / 1e6:.1f} MB; send one of at most 10 MB."
        )
    if not content:
        raise FileRefused("file-broken", "The file is empty; choose it once more.")
    if PDF_HEAD in content[:HEAD_CHARS]:
        return CheckedFile("application/pdf", ".pdf", content)
    with _one_at_a_time:
        return _picture(content)


def _picture(content: bytes) -> CheckedFile:
    try:
        with Image.open(io.BytesIO(content), formats=PICTURES) as picture:
            _refuse_huge(picture)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            whole = _on_paper(upright)
    except FileRefused:
        raise
    except UnidentifiedImageError:
        raise FileRefused(
            "file-kind",
            "This is no JPEG, PNG, WebP or GIF picture and no PDF; save it as one of these.",
        ) from None
    except Exception as error:  # a broken picture fails anywhere in Pillow, with anything
        raise FileRefused(
            "file-broken", f"The picture cannot be read ({type(error).__name__}); save it anew."
        ) from None
    small = whole.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return CheckedFile("image/jpeg", ".jpg", _jpeg(whole), _jpeg(small), *whole.size)


def _refuse_huge(picture: Image.Image) -> None:
    """A few kB may say that they are a picture of a billion pixels."""
    pixels = picture.width * picture.height
    most = MOST_PIXELS.get(picture.format or "", MOST_PIXELS_OF_OTHERS)
    if pixels > most:
        raise FileRefused(
            "file-broken",
            f"The picture has {pixels / 1e6:.0f} million pixels; send one of at most"
            f" {most / 1e6:.0f} million.",
        )


def _on_paper(picture: Image.Image) -> Image.Image:
    """Its colours on white, where it is transparent, and nothing else of it."""
    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    coloured = picture.convert("RGBA")
    paper = Image.new("RGB", picture.size, PAPER)
    paper.paste(coloured, mask=coloured)
    return paper


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.info.clear()  # comments and profiles would be written along
    picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()
