"""The learner's app as text and as modules, with the reference in place of what is not right."""
