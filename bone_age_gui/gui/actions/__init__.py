"""What a person may do: actions, menus, and why one is disabled."""
