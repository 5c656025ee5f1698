"""The public site: Datasette on a release, in our words and our looks."""
