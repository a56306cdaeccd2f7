"""Pages: urls, views, forms and templates, by area."""
