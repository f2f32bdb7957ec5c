"""Pictures as cameras and phones make them, drawn here."""

import io
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS_IFD, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
TURNED_RIGHT = 6  # the camera was held upright


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saved: Any
) -> bytes:
    """A red picture."""
    written = io.BytesIO()
    Image.new(mode, size, "red" if mode != "RGBA" else (255, 0, 0, 0)).save(written, kind, **saved)
    return written.getvalue()


def photo(size: tuple[int, int] = (400, 300)) -> bytes:
    """A photo that tells where and with what it was taken, and how it was held."""
    exif = Image.Exif()
    exif[MAKER] = "Camera of Anna"
    exif[ORIENTATION] = TURNED_RIGHT
    exif.get_ifd(GPS_IFD)[1] = "N"
    return picture("JPEG", size, exif=exif, comment=b"taken at home")


def opened(content: bytes) -> Image.Image:
    """A picture, read."""
    return Image.open(io.BytesIO(content))
