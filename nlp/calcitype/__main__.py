"""``python -m calcitype``."""

from calcitype.cli import main

main()
