"""PDF files made from scratch, for the tests of those who read them."""

from __future__ import annotations

import zlib

__all__ = ["Line", "paragraph", "pdf"]

Line = tuple[float, float, float, str]
"""From the left, from the bottom, size of the letters in points, words."""


def pdf(*pages: list[Line], encrypted: bool = False, packed: bytes | None = None) -> bytes:
    """Return a PDF of these pages; ``packed`` is the first one's content, compressed already."""
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids ["
        f"{' '.join(f'{4 + 2 * n} 0 R' for n in range(len(pages)))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F1 {size} Tf {left} {bottom} Td ({words}) Tj ET\n"
            for left, bottom, size, words in lines
        )
        content = zlib.compress(drawn.encode("cp1252")) if packed is None else packed
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n".encode()
            + content
            + b"\nendstream",
        ]
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    lock = ""
    if encrypted:
        secret = "<" + "ab" * 32 + ">"
        lock = (
            f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O {secret} /U {secret} >> "
            "/ID [<00> <00>]"
        )
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {lock} >>\n".encode()
    return out + f"startxref\n{start}\n%%EOF\n".encode()


def paragraph(top: float, *lines: str, left: float = 72) -> list[Line]:
    return [(left, top - 14 * number, 11, line) for number, line in enumerate(lines)]
