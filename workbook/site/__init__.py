"""The reading site: pages from the lessons and the stored outputs, which nothing here runs."""
