"""What every page shares: the request's transaction, language, security headers, error pages, static files.

Nothing here knows a course or a person; the slices above bring those.
"""
