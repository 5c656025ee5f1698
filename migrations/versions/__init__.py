"""Numbered revisions; they import nothing of ours, since history must not follow the code."""
