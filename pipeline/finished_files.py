"""The web interface hands out the finished files of a quarter, at the address where it hands out the logs of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from dagster._core.storage.local_compute_log_manager import LocalComputeLogManager

MODULE = __name__


def address(programme_id: str, label: str, name: str) -> str:
    """Where the interface gives a file of build/<programme>/<label>: the same behind any host name and port."""
    file = PurePosixPath(name)
    return "/".join(["/logs", programme_id, label, *file.parent.parts, file.stem, file.suffix.removeprefix(".")])


class LogsAndFinishedFiles(LocalComputeLogManager):
    """The logs of runs as Dagster keeps them, in build/dagster/storage, and read-only the complete sets of build/.

    A browser opens no file:// link from a web page, and a server of our own would need a second port and a second
    login. Only files below the link build/<programme>/<quarter> are given: not the warehouse, not what was sent.
    """

    def __init__(self, base_dir: str, polling_timeout: float | None = None, inst_data: Any = None) -> None:
        super().__init__(base_dir, polling_timeout, inst_data)
        self._build = Path(base_dir).parents[1].resolve()

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> LogsAndFinishedFiles:
        return cls(inst_data=inst_data, **config_value)

    def get_captured_local_path(self, log_key: Sequence[str], extension: str, partial: bool = False) -> str:
        finished = None if partial else self._finished(log_key, extension)
        return str(finished) if finished else super().get_captured_local_path(log_key, extension, partial)

    def _finished(self, log_key: Sequence[str], extension: str) -> Path | None:
        """The file [programme, quarter, folders..., stem] + extension of a complete set, or None."""
        if len(log_key) < 3:
            return None
        programme_id, label, *folders, stem = log_key
        folder = (self._build / programme_id / label).resolve()
        file = folder.joinpath(*folders, f"{stem}.{extension}").resolve()
        is_complete_set = folder.parent == self._build / programme_id / ".sets"
        return file if is_complete_set and file.is_relative_to(folder) and file.is_file() else None
