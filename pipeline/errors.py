"""The errors a person must act on; their text is Vietnamese and can be forwarded as it stands."""

from __future__ import annotations

from collections.abc import Sequence


class GiaobanError(Exception):
    """Something a user must mend: says where, what was found and what to do."""


class UsageError(GiaobanError):
    """A command was given a word it does not know; the text lists what exists."""


class ProgrammeError(GiaobanError):
    """A definition under raw/ cannot be used; lists every mistake with file, line and column."""

    def __init__(self, programme_id: str, mistakes: Sequence[str]) -> None:
        self.programme_id = programme_id
        self.mistakes = tuple(mistakes)
        lines = "\n".join(f"  - {mistake}" for mistake in self.mistakes)
        super().__init__(
            f"Chương trình '{programme_id}' có {len(self.mistakes)} lỗi trong phần khai báo:\n{lines}\n"
            "Đề nghị sửa các dòng trên rồi chạy lại; các chương trình khác không bị ảnh hưởng."
        )
