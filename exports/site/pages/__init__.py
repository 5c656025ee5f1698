"""One module a page: reads what the page shows and hands it to the template."""
