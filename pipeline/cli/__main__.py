"""`python -m pipeline.cli`, the same as `giaoban`."""

from pipeline.cli import main

main()
