"""Drawing documents: Markdown to safe HTML, HTML to Markdown, CSV that no spreadsheet can be tricked by."""
