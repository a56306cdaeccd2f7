"""Is this text or link fit to be seen? Asked before anyone sees it."""
