"""Drawing documents: Markdown to safe HTML, HTML to Markdown, CSV that no spreadsheet can be tricked by.

And papers: PDF for the archive, set right in the writings of the hall's people, with fonts that it brings.
Everything here is a function of its arguments: no tables, no clock, nobody known.
"""
