"""The ledgers 人口账 and observations: several sources side by side, one of them preferred.

A file is read and checked as uploads are; one mistake and nothing of it is recorded. Every figure
keeps its source, and whoever asks for one is told how it was chosen.
"""
