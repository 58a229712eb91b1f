"""Publications looked at by people: compared, approved, restored, shown to a colleague by a link."""
