"""For those who edit the lessons: refresh, check, student edition. Nothing here is imported by a notebook."""
