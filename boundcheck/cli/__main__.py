"""`python -m boundcheck.cli`."""

from boundcheck.cli import run

run()
