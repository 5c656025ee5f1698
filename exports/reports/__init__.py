"""Reports for people: self-contained HTML that prints, and the same figures as CSV."""
