"""Draw QR codes, with the library segno: the extra `sayso[qr]`, loaded on first use.

Source: ISO/IEC 18004.
"""

from typing import Final

from sayso.errors import LIMIT_EXCEEDED, UNDECIDABLE, SaysoError

MAX_BYTES: Final = 1024
"""The longest text that is drawn: a code of more is finer than what a telephone reads from a screen."""


def svg(text: str) -> str:
    """Draw a QR code as SVG text, to stand in a page; the same text gives the same drawing.

    Raises:
        SaysoError: LIMIT_EXCEEDED for what is too long to be read by a telephone, such as a request by value; UNDECIDABLE, without the
            library segno.
    """
    if len(text.encode()) > MAX_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a QR code holds at most {MAX_BYTES} bytes here: let the request be fetched by its URL")
    try:
        import segno
    except ModuleNotFoundError:
        raise SaysoError.of(UNDECIDABLE, 'a QR code needs the library segno, which comes with an extra: pip install "sayso[qr]"') from None
    return segno.make_qr(text, error="m").svg_inline(scale=4, border=4)
