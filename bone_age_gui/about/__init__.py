"""What runs here, and under which licences."""
