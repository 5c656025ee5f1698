"""The check of `registry.bulk` on a Spark cluster: the same conditions, in Spark's SQL.

The driver proves and numbers the lines, the workers judge them, DuckDB on the driver counts what
they found; rows that SQL cannot tell are judged by the path of small files, as in DuckDB.
"""
