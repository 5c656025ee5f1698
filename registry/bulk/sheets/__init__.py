"""Read the sheets of a workbook too long to be held in memory, row by row, from its own XML.

What a cell says is what the reader of small workbooks says it is; tests hold the two together.
"""
