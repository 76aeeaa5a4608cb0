"""The pinned font files: found, compared with their hashes, and asked which characters they have."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import yaml

from pipeline.errors import GiaobanError

_CONTEXT = 24
_UNPRINTED = {"script", "style", "title"}


@dataclass(frozen=True)
class Face:
    """One font file as it stands on disk; data is exactly the pinned bytes."""

    file: str
    weight: str
    style: str
    sha256: str
    data: bytes


@dataclass(frozen=True)
class Fonts:
    """The only fonts of the document; `family` is the name the style sheets use."""

    family: str
    folder: Path
    faces: tuple[Face, ...]

    @cached_property
    def characters(self) -> frozenset[int]:
        """Code points that every face can print."""
        from fontTools.ttLib import TTFont

        maps = [set(TTFont(io.BytesIO(face.data), lazy=True).getBestCmap()) for face in self.faces]
        return frozenset(set.intersection(*maps))

    def printable(self, text: str) -> str:
        """Text somebody sent, with what cannot be printed named instead: '[U+1F600]'."""
        clean = "".join(" " if letter.isspace() else letter for letter in text)
        return "".join(
            letter if ord(letter) in self.characters and letter.isprintable() else f"[U+{ord(letter):04X}]"
            for letter in clean
        )

    def check(self, text: str, where: str) -> None:
        """GiaobanError naming the first character that the font lacks, with the words around it."""
        for place, letter in enumerate(text):
            if not letter.isspace() and ord(letter) not in self.characters:
                around = text[max(0, place - _CONTEXT) : place + _CONTEXT].strip()
                raise GiaobanError(
                    f"Phông chữ của báo cáo không có ký tự '{letter}' (U+{ord(letter):04X}) trong {where}: "
                    f'"…{around}…". Đề nghị thay ký tự này trong nguồn rồi in lại.'
                )


def load_fonts(reports: Path) -> Fonts:
    """Read reports/fonts.yml and the files it pins; GiaobanError where one is missing or has other bytes."""
    pinned = yaml.safe_load((reports / "fonts.yml").read_text(encoding="utf-8"))
    folders = [reports.parent / name for name in pinned["folders"]]  # an absolute name stays as it is
    wanted = [face["file"] for face in pinned["faces"]]
    folder = next((one for one in folders if all((one / name).is_file() for name in wanted)), None)
    if folder is None:
        raise GiaobanError(
            f"Không tìm thấy phông chữ {', '.join(wanted)}. Đã tìm trong: {', '.join(map(str, folders))}. "
            "Đề nghị cài gói fonts-croscore (hoặc chép bốn tệp vào reports/fonts) rồi in lại."
        )
    faces = []
    for face in pinned["faces"]:
        data = (folder / face["file"]).read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != face["sha256"]:
            raise GiaobanError(
                f"Tệp phông chữ {folder / face['file']} khác bản đã ghim: thấy sha256 {found}, cần {face['sha256']}. "
                "Đề nghị cài đúng phiên bản phông chữ; in bằng phông khác sẽ cho ra văn bản khác."
            )
        faces.append(Face(face["file"], face["weight"], face["style"], face["sha256"], data))
    return Fonts(pinned["family"], folder, tuple(faces))


class _PrintedText(HTMLParser):
    """Collects the text nodes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNPRINTED

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _UNPRINTED

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def printed_texts(html: str) -> list[str]:
    """All texts that a page or a drawing would print, in order."""
    parser = _PrintedText()
    parser.feed(html)
    return [part for part in parser.parts if part.strip()]
