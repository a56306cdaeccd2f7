"""Pages about contracts: what waits for you, the workroom and its verbs, cases, feedback and files."""
