"""Run the `guildhall` command as `python -m guildhall`."""

from guildhall.config.command import main

main()
