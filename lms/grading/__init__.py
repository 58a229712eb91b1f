"""Grades that people give: essays and uploads, and what a corrected key changes."""
