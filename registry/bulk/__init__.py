"""Check large files: the rules compiled to SQL and run by DuckDB under a memory limit."""
