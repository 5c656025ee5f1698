"""JSON Schema 2020-12, the subset the elements use, compiled to SQL expressions with SQLGlot.

A compiled schema is a boolean expression over the columns of one normalised row, true where
`jsonschema` finds the row valid; it is never NULL. A column is text; NULL means that the row lacks
the property. A property declared `number` or `integer` holds a number where its text has the shape
of one (`values.NUMBER`), and text where it has not; all others hold text without line breaks.
"""
