"""`python -m tests.demo [--home DIR]`: write the demonstration submissions of every programme that has a story."""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.demo.sending import write_submissions
from tests.demo.story import STORIES


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    options.add_argument("--home", type=Path, default=Path(), help="the folder that holds raw/ (default: here)")
    home: Path = options.parse_args().home
    for story in sorted(STORIES.glob("*/story.yml")):
        programme = home / "raw" / story.parent.name
        if programme.is_dir():
            written = write_submissions(programme)
            print(f"{programme.name}: {len(written)} files under {programme / 'submissions'}")


if __name__ == "__main__":
    main()
