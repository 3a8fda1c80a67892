"""What stands behind work and invoices: people, groups, schedules, rates, links, what recurs."""
