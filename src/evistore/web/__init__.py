"""The shell of HTTP: application, problems, access, health. It knows no evidence."""
