"""Workbooks that go to a department: the template to fill in, and its own file back with marks."""
