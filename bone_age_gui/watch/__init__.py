"""A folder or an archive watched by itself: every new film estimated once, its report written and sent."""
