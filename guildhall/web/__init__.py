"""Pages: urls, views, forms and templates, by area.

A view loads through a query that contains the asker, calls at most one verb, and answers with
`page.page`. Templates are Jinja2, extend ``base.html`` and ask the database nothing.
"""
