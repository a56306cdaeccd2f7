"""The words of the `guildhall` command, one module each: `add_arguments(parser)` and `run(options)`."""
