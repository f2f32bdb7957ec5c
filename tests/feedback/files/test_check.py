"""What becomes of a file before it is kept."""

import contextlib
import zlib

import pytest
from hypothesis import given, strategies as st

from feedback.files.check import LARGEST, LONGEST_SIDE, FileRefused, checked_file
from tests.feedback.files.pictures import PDF, opened, photo, picture


def refused(content: bytes) -> str:
    with pytest.raises(FileRefused) as refusal:
        checked_file(content)
    return refusal.value.kind


class TestPictures:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_each_kind_is_encoded_anew(self, kind):
        """
        Whatever kind a picture is, a JPEG of ours is kept, with a thumbnail.
        """
        kept = checked_file(picture(kind))

        assert ("image/jpeg", ".jpg", 40, 30) == (
            kept.media_type,
            kept.suffix,
            kept.width,
            kept.height,
        )
        assert "JPEG" == opened(kept.content).format == opened(kept.thumbnail or b"").format

    def test_nothing_of_where_it_was_taken_stays(self):
        """
        Place, camera and comments are gone; the picture stands as it was held.
        """
        kept = checked_file(photo())

        for content in (kept.content, kept.thumbnail or b""):
            assert {} == dict(opened(content).getexif())
            assert b"Anna" not in content
            assert b"at home" not in content
        assert (300, 400) == (kept.width, kept.height)

    def test_a_large_one_becomes_smaller(self):
        """
        A side has at most 2,560 pixels, in its proportion.
        """
        kept = checked_file(picture(size=(6_000, 3_000)))

        assert (LONGEST_SIDE, LONGEST_SIDE // 2) == (kept.width, kept.height)

    def test_what_is_transparent_is_white(self):
        """
        A drawing without a background is seen on white.
        """
        kept = checked_file(picture("PNG", mode="RGBA"))

        assert (255, 255, 255) == opened(kept.content).getpixel((3, 3))

    def test_a_small_file_of_a_billion_pixels_is_refused(self):
        """
        What a picture says of its size is looked at before it is decoded.
        """
        head = b"IHDR" + (40_000).to_bytes(4) + (40_000).to_bytes(4) + b"\x08\x02\x00\x00\x00"
        bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)
        data = zlib.compress(b"")
        chunk = b"IDAT" + data
        bomb += len(data).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)

        assert "file-broken" == refused(bomb)

    def test_half_a_picture_is_refused(self):
        """
        A picture that ends too early is broken.
        """
        whole = picture("PNG", (300, 300))

        assert "file-broken" == refused(whole[: len(whole) // 2])

    @given(st.binary(max_size=60), st.integers(0, 400))
    def test_damage_is_refused_or_mended(self, rubbish, at):
        """
        Rubbish in the middle of a picture gives a picture or a refusal, and nothing else.
        """
        whole = picture("GIF", (30, 30))
        with contextlib.suppress(FileRefused):
            kept = checked_file(whole[:at] + rubbish + whole[at:])
            assert kept.media_type in ("image/jpeg", "application/pdf")


class TestOtherFiles:
    def test_a_pdf_is_kept_as_it_is(self):
        """
        A PDF is told by its first line.
        """
        kept = checked_file(PDF)

        assert ("application/pdf", PDF, None) == (kept.media_type, kept.content, kept.thumbnail)

    @pytest.mark.parametrize(
        "content", [b"MZ\x90\x00", b"<svg onload='alert(1)'/>", b"<html>", b"PK\x03\x04", b"hello"]
    )
    def test_others_are_refused(self, content):
        """
        Programs, pages, drawings with scripts and archives are not taken, whatever they are called.
        """
        assert "file-kind" == refused(content)

    def test_an_empty_one_is_refused(self):
        """
        Nothing is no file.
        """
        assert "file-broken" == refused(b"")

    def test_more_than_ten_megabytes_are_refused(self):
        """
        The limit is told in the refusal.
        """
        assert "too-large" == refused(PDF + bytes(LARGEST))
