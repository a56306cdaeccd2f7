"""Drawing documents: Markdown to safe HTML, HTML to Markdown, CSV that no spreadsheet can be tricked by.

Everything here is a function of its arguments: no tables, no clock, nobody known.
"""
