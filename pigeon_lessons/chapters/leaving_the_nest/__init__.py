"""Chapter 09's room: what it asks. It has no panel: what is explored there is the student's own code."""
