"""What leaves: workbooks, releases and the public site. Each module writes one artefact."""
