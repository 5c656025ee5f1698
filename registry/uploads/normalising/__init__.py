"""Bring cells into the form the spec asks for, and say each time that something was changed.

What cannot be read stays as it stands, so that the check names it with the value the sender sees.
"""
